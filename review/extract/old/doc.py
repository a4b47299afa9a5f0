"""Old Word and WPS documents (doc, dot, wps): every text that the file holds.

The file itself is read to the last of its stories; what it looks like (numbering,
styles, the text of its tables' cells in their frame) comes from its conversion.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from review.errors import UnsupportedError
from review.extract.flow import Flow, Tables, joined
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.old.doc_file import (
    Piece,
    WordFile,
    counted,
    plc,
    strings,
    uncovered,
    utf16,
)
from review.extract.old.doc_looks import Looks, day
from review.extract.old.doc_story import Budget, Story
from review.extract.old.ole_parts import holds, opened, parts_of, with_parts
from review.extract.ole.art import blips_in, shape_texts
from review.extract.ooxml.media import Media
from review.spans import Location, Part

_NOTES, _COMMENTS, _HEADERS = 3, 5, 11
_COMMENT_PLACES, _OWNERS, _COMMENT_DATES = 4, 36, 112
_ENDNOTES, _BOXES, _HEADER_BOXES = 47, 56, 58
_ASSOCIATED, _VARIABLES, _SAVED_BY, _SHAPES = 32, 60, 71, 50
_COMMENT_PLACE, _COMMENT_DATE, _BOX = 30, 18, 22
_OWNER_AT: Final = 20
_SEPARATORS: Final = 6  # stories of the headers that only draw lines
_KINDS: Final[tuple[Part, ...]] = (
    *("header", "header", "footer", "footer", "header", "footer"),
)
_ASSOCIATIONS: Final = {
    1: "模板",
    2: "标题",
    3: "主题",
    4: "关键词",
    5: "备注",
    6: "作者",
    7: "最后修改者",
    8: "邮件合并的数据文件",
    9: "邮件合并的表头文件",
    17: "写保护密码",
}
_REMNANT: Final = 8  # letters in a row that no chance makes
_HAN: Final = "[\u3000-\u3002\uff08-\uff1b0-9A-Za-z\u4e00-\u9fa5]"
_BYTES_OF_TEXT: Final = rb"[\x20-\x7e]{16,}"
_FEW, _DOUBTFUL = 5, 0.02  # unprintable letters: a number, and a share of the text
_GUESSED: Final = "文件里残留的文字（快速保存或删除后留下）"


class Doc:
    """Documents of the old binary Word kind, those of WPS included."""

    format = "doc"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a compound file with a Word document in it."""
        return holds(data, "WordDocument")

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read all stories, what is hidden in them, and what hangs on the file.

        Raises:
            EncryptedError: It opens only with a password.
            CorruptError: It is damaged.
        """
        container = opened(data)
        beside = parts_of(container, limits)
        try:
            own = _Reading(WordFile(container), limits).run()
        except UnsupportedError:
            # Word 6 and 95: only the conversion reads them.
            own = Extraction(())
        return replace(with_parts(own, beside), convert="docx")


@dataclass(slots=True)
class _Reading:
    """One document while it is read."""

    word: WordFile
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    _tables: Tables = field(default_factory=Tables)
    _budget: Budget = field(init=False)
    _looks: Looks = field(init=False)
    _blips: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the properties of the runs."""
        self._looks = Looks(self.word)
        self._budget = Budget(self.limits.characters)

    def run(self) -> Extraction:
        """Read the stories in the order of the file."""
        self._story("main", "body")
        self._parts("footnotes", _NOTES, "footnote")
        self._headers()
        self._story("macros", "hidden", "宏的文字")
        self._comments()
        self._parts("endnotes", _ENDNOTES, "footnote")
        self._parts("boxes", _BOXES, "textbox", _BOX)
        self._parts("header_boxes", _HEADER_BOXES, "textbox", _BOX)
        self._beyond()
        self._drawings()
        self._lists()
        self._remnants()
        self._doubts()
        return Extraction(
            (*self.blocks, *self.media.blocks),
            (*self.gaps, *self.media.gaps()),
            (),
            tuple(self.media.pictures),
        )

    def _new(self, part: Part, detail: str | None = None) -> Story:
        flow = Flow(part, detail is not None, detail=detail, tables=self._tables)
        return Story(self.word, self._looks, self._budget, flow)

    def _story(self, name: str, part: Part, detail: str | None = None) -> None:
        start, end = self.word.stories[name]
        self.blocks.extend(self._new(part, detail).read(start, end))

    def _bounds(self, name: str, index: int, size: int = 0) -> list[tuple[int, int]]:
        """Return the ranges of the texts of one kind; together they cover all of it."""
        start, end = self.word.stories[name]
        bounds, _ = plc(self.word.part(index), size)
        marks = {start, end, *(start + b for b in bounds if start + b < end)}
        places = sorted(marks)
        return list(pairwise(places))

    def _parts(self, name: str, index: int, part: Part, size: int = 0) -> None:
        for start, end in self._bounds(name, index, size):
            story = self._new(part)
            story.flow.role = "note" if part == "footnote" else None
            self.blocks.extend(story.read(start, end))

    def _headers(self) -> None:
        seen: set[tuple[str, ...]] = set()
        start, end = self.word.stories["headers"]
        bounds, _ = plc(self.word.part(_HEADERS), 0)
        if not bounds:
            self._story("headers", "header")
            return
        for number, (one, other) in enumerate(pairwise(bounds)):
            part: Part = "footnote"
            if number >= _SEPARATORS:
                part = _KINDS[(number - _SEPARATORS) % len(_KINDS)]
            blocks = self._new(part).read(
                min(start + one, end), min(start + other, end)
            )
            texts = (part, *(block.text for block in blocks))
            if texts not in seen:
                seen.add(texts)
                self.blocks.extend(blocks)

    def _comments(self) -> None:
        _, places = plc(self.word.part(_COMMENT_PLACES), _COMMENT_PLACE)
        owners = tuple(counted(self.word.part(_OWNERS)))
        dates = self.word.part(_COMMENT_DATES)
        for number, (start, end) in enumerate(self._bounds("comments", _COMMENTS)):
            story = self._new("comment", "批注")
            story.flow.role = "note"
            if number < len(places):
                signed = _signature(places[number], owners)
                when = dates[_COMMENT_DATE * number : _COMMENT_DATE * number + 4]
                story.flow.detail = (
                    f"{signed} {day(int.from_bytes(when, 'little'))}".strip()
                )
            self.blocks.extend(story.read(start, end))

    def _beyond(self) -> None:
        """Read what no story claims."""
        start = self.word.stories["header_boxes"][1]
        end = self.word.pieces[-1].end
        self.blocks.extend(self._new("hidden", "不属于任何部分的文字").read(start, end))

    def _drawings(self) -> None:
        where = Location(part="image")
        streams = (self.word.data, self.word.part(_SHAPES), self.word.body)
        found: list[Block] = []
        for stream in streams:
            found.extend(shape_texts(stream, where))
            for number, blip in enumerate(blips_in(stream), 1):
                self.media.take(blip.data, f"{number}", where)
                if stream is self.word.body:
                    self._blips.append((blip.start, blip.end))
        self.blocks.extend(dict.fromkeys(found))

    def _lists(self) -> None:
        """Read what the file remembers beside its texts: people, places, variables."""
        where = Location(part="metadata")
        for name in self._looks.authors:
            if name.strip() and name != "Unknown":
                self._note(f"修订者：{name}", where, "修订者名单")
        associated, _ = strings(self.word.part(_ASSOCIATED))
        for number, text in enumerate(associated):
            if number in _ASSOCIATIONS and text.strip():
                self._note(f"{_ASSOCIATIONS[number]}：{text}", where, "文件属性")
        saved, _ = strings(self.word.part(_SAVED_BY))
        for who, path in zip(saved[::2], saved[1::2], strict=False):
            self._note(f"{who}：{path}", where, "历次保存者和保存位置")
        raw = self.word.part(_VARIABLES)
        names, at = strings(raw)
        values = counted(raw, at, closed=True)
        for name, value in zip(names, values, strict=False):
            if value.strip():
                self._note(f"{name}：{value}", where, "文档变量")

    def _remnants(self) -> None:
        """Find text in the file that belongs to no piece of it any more."""
        taken = [_range(piece) for piece in self.word.pieces]
        taken += [*self._looks.pages(), *self._blips, (0, self.word.text_start)]
        body = self.word.body
        for start, end in uncovered(taken, 0, len(body)):
            for text in _readable(body[start + start % 2 : end]):
                self._note(text, Location(part="hidden"), _GUESSED)

    def _doubts(self) -> None:
        """Say what of the text is missing or cannot be what its author wrote."""
        if self._budget.left <= 0:
            message = "文件的文字过多，未全部读取，请拆分后再提交。"
            self.gaps.append(Gap(Location(), "too_large", message))
        if self.word.is_cut:
            message = "文件不完整，有的文字已丢失，请用原来的软件另存一份后再提交。"
            self.gaps.append(Gap(Location(), "unreadable_part", message))
        text = "".join(one.text for one in self.blocks if not one.hidden)
        strange = sum(not one.isprintable() and one not in "\n\t" for one in text)
        if strange > _FEW and strange > _DOUBTFUL * len(text):
            message = "有的文字是乱码，文件可能已损坏，请对照原件人工查看。"
            self.gaps.append(Gap(Location(), "garbled_text", message))

    def _note(self, text: str, where: Location, detail: str) -> None:
        """Keep a line of what the file remembers; of damaged ones what can be read."""
        plain = "".join(one if one.isprintable() else " " for one in text)
        if any(one.isalnum() for one in plain.partition("：")[2] or plain):
            line = " ".join(plain.split())
            self.blocks.append(Block(line, where, True, "note", (), detail))  # noqa: FBT003 - hidden


def _signature(place: bytes, owners: tuple[str, ...]) -> str:
    """Return who wrote a comment: the full name, else the initials."""
    number = int.from_bytes(place[_OWNER_AT : _OWNER_AT + 2], "little")
    if number < len(owners) and owners[number].strip():
        return owners[number].strip()
    length = min(int.from_bytes(place[:2], "little"), 9)
    return utf16(place[2 : 2 + 2 * length]).strip() or "批注"


def _range(piece: Piece) -> tuple[int, int]:
    return piece.offset, piece.place(piece.end)


def _readable(raw: bytes) -> Iterator[str]:
    """Yield what is text beyond doubt: Chinese in UTF-16, or a long run of ASCII."""
    wide = utf16(raw)
    for match in re.finditer(f"{_HAN}{{{_REMNANT},}}", wide):
        try:
            match[0].encode("gb2312")
        except UnicodeEncodeError:
            continue
        yield joined(match[0])
    for found in re.finditer(_BYTES_OF_TEXT, raw):
        text = found[0].decode("ascii").strip()
        if " " in text and len(set(text)) > _REMNANT:
            yield text
