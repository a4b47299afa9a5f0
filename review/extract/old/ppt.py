"""Old presentations (ppt, pps, pot, dps): slides, notes, comments and what is left behind.

Everything is read from the file's own records; no conversion is needed.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from review.errors import CorruptError, UnreadableError
from review.extract.interface import Block, Embedded, Extraction, Gap
from review.extract.limits import Limits
from review.extract.old import ppt_file as kinds
from review.extract.old.ole_parts import (
    holds,
    macros_of,
    object_files,
    opened,
    parts_of,
    with_parts,
)
from review.extract.old.ppt_file import Record, SlideFile
from review.extract.old.ppt_shapes import Slide, Text, string_of, texts_in
from review.extract.ole.art import blips_in
from review.extract.ole.ole import CompoundFile
from review.extract.ooxml.media import Media
from review.spans import Location, Part

_SLIDES, _MASTERS, _NOTES = 0, 1, 2  # instances of the lists of slides
_HIDDEN_FLAG: Final = 4
_LEFT_BEHIND: Final = "早先保存时留下的内容"
_HEADER_LABELS: Final = {0: "日期", 1: "页眉", 2: "页脚"}
_OTHERS: Final = {
    **dict.fromkeys((kinds.OLE_LINK, *kinds.MOVIES), "外部引用"),
    kinds.NAMED_SHOWS: "自定义放映",
}
_PACKED: Final = 1  # instance of an object that is deflated
_SHORTEST_NAME: Final = 20  # where the name stands in the record of who saved


class Ppt:
    """Presentations of the old binary kind, those of WPS included."""

    format = "ppt"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a compound file with a presentation in it."""
        return holds(data, "PowerPoint Document")

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read all slides in order, hidden ones too, and what hangs on them.

        Raises:
            EncryptedError: It opens only with a password.
            CorruptError: It is damaged.
        """
        container = opened(data)
        own = _Reading(SlideFile(container), limits).run()
        return with_parts(own, parts_of(container, limits))


@dataclass(frozen=True, slots=True)
class _Place:
    """One entry of a list of slides."""

    name: int
    slide: int
    outline: tuple[Text, ...]


@dataclass(slots=True)
class _Reading:
    """One presentation while it is read."""

    file: SlideFile
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    size: tuple[int, int] | None = None
    _pages: dict[int, int] = field(default_factory=dict)
    _taken: set[int] = field(default_factory=set)
    _left: int = 0

    def run(self) -> Extraction:
        """Read the slides first, then what stands beside and behind them."""
        document = self.file.document
        if document is None:
            raise CorruptError("演示文稿里找不到正文，文件已损坏，请重新保存后再提交。")
        self._left = self.limits.unpacked_bytes
        self._size(document)
        self._slides(document)
        self._beside(document)
        self._top_level()
        self._who()
        for blip in blips_in(self.file.pictures):
            self.media.take(blip.data, "", Location(part="image"))
        if self.file.is_endless:
            message = "演示文稿的内容过多，未全部读取，请拆分后再提交。"
            self.gaps.append(Gap(Location(), "too_large", message))
        return Extraction(
            (*self.blocks, *self.media.blocks),
            (*self.gaps, *self.media.gaps()),
            tuple(self.embedded),
            tuple(self.media.pictures),
        )

    def _size(self, document: Record) -> None:
        for record in self.file.inside(document):
            if record.kind == kinds.DOCUMENT_ATOM:
                width, height = (self.file.number(record, at) for at in (0, 4))
                self.size = (width, height) if width and height else None
                return

    def _slides(self, document: Record) -> None:
        lists = {
            record.instance: tuple(self._places(record))
            for record in self.file.inside(document)
            if record.kind == kinds.TEXTS
        }
        for number, place in enumerate(lists.get(_SLIDES, ()), 1):
            if number > self.limits.pages:
                message = f"演示文稿超过 {self.limits.pages} 页，后面的未读取。"
                self.gaps.append(Gap(Location(), "too_large", message))
                break
            self._pages[place.slide] = number
            self._slide(place, number)
        for place in lists.get(_MASTERS, ()):
            self._master(place)
        for place in lists.get(_NOTES, ()):
            self._notes(place)

    def _places(self, listed: Record) -> Iterator[_Place]:
        """Yield the slides of a list, with the texts that follow each."""
        head: Record | None = None
        records: list[Record] = []
        for record in (*self.file.inside(listed), None):
            if record is not None and record.kind != kinds.SLIDE_PLACE:
                records.append(record)
                continue
            texts = tuple(texts_in(self.file, records))
            if head is not None or texts:
                name = self.file.number(head) if head else -1
                slide = self.file.number(head, 12) if head else -1
                yield _Place(name, slide, texts)
            head, records = record, []

    def _object(self, name: int) -> Record | None:
        """Return an object that no list has named before."""
        if name in self._taken:
            return None
        self._taken.add(name)
        return self.file.record(self.file.objects.get(name, -1))

    def _slide(self, place: _Place, number: int) -> None:
        record = self._object(place.name)
        where = Location(page=number)
        if record is None or record.kind != kinds.SLIDE:
            message = f"第 {number} 张幻灯片的内容缺失，未能读取。"
            self.gaps.append(Gap(where, "unreadable_part", message))
            record = None
        hidden = "隐藏的幻灯片" if self._is_hidden(record) else None
        slide = Slide(self.file, where, place.outline, hidden, self.size)
        self.blocks.extend(slide.read(record))
        if record is not None:
            self._comments(record, number)
            self._strings(record, where)

    def _is_hidden(self, record: Record | None) -> bool:
        return record is not None and any(
            inner.kind == kinds.SLIDE_SHOW
            and bool(self.file.number(inner, 10, 2) & _HIDDEN_FLAG)
            for inner in self.file.inside(record)
        )

    def _master(self, place: _Place) -> None:
        record = self._object(place.name)
        if record is not None:
            slide = Slide(self.file, Location(), skip_placeholders=True)
            self.blocks.extend(slide.read(record))
            self._strings(record, Location())

    def _notes(self, place: _Place) -> None:
        record = self._object(place.name)
        if record is None:
            return
        owner = 0
        for inner in self.file.inside(record):
            if inner.kind == kinds.NOTES_ATOM:
                owner = self.file.number(inner)
        where = Location(part="notes", page=self._pages.get(owner))
        slide = Slide(self.file, where, place.outline, "演讲者备注")
        self.blocks.extend(slide.read(record))
        self._strings(record, where)

    def _comments(self, record: Record, number: int) -> None:
        for comment in self.file.below(record):
            if comment.kind != kinds.COMMENT:
                continue
            texts: dict[int, str] = {}
            day = ""
            for inner in self.file.inside(comment):
                if inner.kind == kinds.STRING:
                    texts[inner.instance] = string_of(self.file, inner)
                elif inner.kind == kinds.COMMENT_ATOM:
                    parts = [self.file.number(inner, at, 2) for at in (4, 6, 10)]
                    day = f"{parts[0]}-{parts[1]:02}-{parts[2]:02}" if parts[0] else ""
            detail = f"{texts.get(0, '')} {day}".strip() or "批注"
            where = Location(part="comment", page=number)
            if text := texts.get(1, "").replace("\r", "\n").strip():
                self.blocks.append(Block(text, where, True, "note", (), detail))  # noqa: FBT003 - hidden

    def _strings(self, record: Record, where: Location) -> None:
        """Read the headers, footers and tags of a slide or of the whole file."""
        for inner in self.file.below(record):
            if inner.kind == kinds.HEADERS:
                for one in self.file.inside(inner):
                    text = string_of(self.file, one).strip()
                    if one.kind == kinds.STRING and text:
                        part: Part = "header" if one.instance == 1 else "footer"
                        at = Location(part, page=where.page)
                        detail = _HEADER_LABELS.get(one.instance)
                        self.blocks.append(Block(text, at, detail=detail))
            elif inner.kind == kinds.TAG:
                texts = self._inner_strings(inner)
                self._note("：".join(texts.values()), "标签", where.page)

    def _inner_strings(self, record: Record) -> dict[int, str]:
        return {
            one.instance: text
            for one in self.file.inside(record)
            if one.kind == kinds.STRING
            and (text := " ".join(string_of(self.file, one).split()))
        }

    def _note(self, text: str, detail: str, page: int | None = None) -> None:
        text = " ".join(text.replace("\0", " ").split())
        if text:
            where = Location(part="hidden", page=page)
            self.blocks.append(Block(text, where, True, "note", (), detail))  # noqa: FBT003 - hidden

    def _beside(self, document: Record) -> None:
        """Read links, media, shows and tags of the whole file."""
        self._strings(document, Location())
        media = False
        for record in self.file.below(document):
            media = media or record.kind in kinds.MOVIES
            if record.kind == kinds.HYPERLINK:
                for text in self._inner_strings(record).values():
                    self._note(text, "链接地址")
            elif (detail := _OTHERS.get(record.kind)) is not None:
                for inner in self.file.below(record):
                    if inner.kind == kinds.STRING:
                        self._note(string_of(self.file, inner), detail)
        if media:
            message = "演示文稿里有音频或视频，未经检查，请人工播放查看。"
            self.gaps.append(Gap(Location(), "unsupported_part", message))

    def _top_level(self) -> None:
        """Read embedded objects, and slides that an earlier save left behind."""
        live = set(self.file.objects.values())
        known = {block.text for block in self.blocks}
        for record in self.file.inside(None):
            if record.kind == kinds.OBJECT:
                self._embedded(record)
            elif record.kind in {kinds.SLIDE, kinds.NOTES} and record.at not in live:
                self._left_behind(record, known)
            elif record.kind == kinds.DOCUMENT and record.at not in live:
                for inner in self.file.below(record):
                    if inner.kind == kinds.TEXTS:
                        self._left_texts(tuple(self.file.inside(inner)), known)
            elif record.kind == kinds.HANDOUT or (
                record.kind == kinds.NOTES and self._is_notes_master(record)
            ):
                slide = Slide(
                    self.file, Location(), (), "讲义或备注母版", skip_placeholders=True
                )
                self.blocks.extend(slide.read(record))

    def _is_notes_master(self, record: Record) -> bool:
        return not any(
            self.file.number(inner)
            for inner in self.file.inside(record)
            if inner.kind == kinds.NOTES_ATOM
        )

    def _left_behind(self, record: Record, known: set[str]) -> None:
        slide = Slide(self.file, Location(part="hidden"), (), _LEFT_BEHIND)
        for block in slide.read(record):
            if block.text not in known:
                known.add(block.text)
                self.blocks.append(block)

    def _left_texts(self, records: tuple[Record, ...], known: set[str]) -> None:
        for text in texts_in(self.file, records):
            for line in text.text.split("\r"):
                if line.strip() and line.strip() not in known:
                    known.add(line.strip())
                    self._note(line, _LEFT_BEHIND)

    def _embedded(self, record: Record) -> None:
        name = f"object{record.at}"
        where = Location(part="attachment")
        raw = self.file.bytes_of(record)
        try:
            data = self._unpacked(raw) if record.instance == _PACKED else raw
            self._left -= len(data)
            macros = macros_of(CompoundFile(data))
            if macros is not None:
                self.blocks.extend(macros.blocks)
                self.gaps.extend(macros.gaps)
                return
            found = object_files(data, name, self.limits)
        except UnreadableError as error:
            message = f"内嵌对象“{name}”未能读取：{error.message}"
            self.gaps.append(Gap(where, "unreadable_part", message))
            return
        self.blocks.extend(found.blocks)
        self.gaps.extend(found.gaps)
        self.embedded.extend(found.embedded)

    def _unpacked(self, raw: bytes) -> bytes:
        try:
            unpacking = zlib.decompressobj()
            data = unpacking.decompress(raw[4:], max(1, self._left))
        except zlib.error as fault:
            raise CorruptError("内嵌对象已损坏。") from fault
        if unpacking.unconsumed_tail:
            raise CorruptError("内嵌对象过大。")
        return data

    def _who(self) -> None:
        """Tell who saved the file last."""
        length = int.from_bytes(self.file.current[20:22], "little")
        start = _SHORTEST_NAME + 8 + length + 4
        raw = self.file.current[start : start + 2 * length]
        name = raw[: len(raw) & ~1].decode("utf-16-le", "replace")
        narrow = self.file.current[28 : 28 + length].decode("gb18030", "replace")
        name = " ".join((name or narrow).replace("\0", " ").split())
        if name:
            where = Location(part="metadata")
            text = f"最后保存者：{name}"
            self.blocks.append(Block(text, where, True, "note", (), "文件属性"))  # noqa: FBT003 - hidden
