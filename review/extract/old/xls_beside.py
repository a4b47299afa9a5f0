"""What an old workbook holds beside its cells: boxes, headers, links, caches, names."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from review.extract.interface import Block, Gap
from review.extract.old.xls_records import (
    BOF,
    BOUND_SHEET,
    CONTINUE,
    Record,
    formula_strings,
    is_wide,
    letters,
    records_in,
    string_at,
)
from review.extract.ole.art import blips_in, shape_texts
from review.extract.ooxml.media import Media
from review.spans import Location, Part

_DRAWING, _DRAWINGS, _OBJECT, _BOX = 0xEC, 0xEB, 0x5D, 0x1B6
_NOTE_OBJECT: Final = 0x19
_FORMULA_AT: Final = 20
_MACRO_SHEET: Final = 1
_AWAY: Final = 3  # the bits of a sheet that is hidden, or deeply so
_LONGEST: Final = 50_000  # letters of one block of a cache
_MOST: Final = 200_000  # strings that one book may keep beside its cells
_SELF, _ADD_IN = 0x0401, 0x3A01
_HEADER_CODES: Final = (
    r"&(?:\"[^\"]*\"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[BIUESXYPNDTGFAZ&])"
)
_PATH_CODES: Final = {1: "", 2: "/", 3: "/", 4: "../", 5: "/", 6: "/", 7: "/", 8: "/"}


@dataclass(slots=True)
class BesideCells:
    """Everything beside the cells of one workbook, as its records are gone through."""

    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    _wide: bool = True
    _sheet: str | None = None
    _names: dict[int, str] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)
    _macros: set[str] = field(default_factory=set)
    _object: int = 0
    _box: int = 0
    _cell: tuple[int, int] = (0, 0)
    _cells_of_charts: list[str] = field(default_factory=list)
    _drawing: bytearray = field(default_factory=bytearray)
    _joins: int = 0

    def read(self, stream: bytes) -> None:
        """Go through the records of the book."""
        self._wide = is_wide(stream)
        for record in records_in(stream):
            if len(self.blocks) > _MOST:
                message = "表格单元格之外的内容过多，未全部读取。"
                self.gaps.append(Gap(Location(), "too_large", message))
                break
            self._take(record)
        self._end_drawing()
        self._end_chart()
        self.blocks[:] = dict.fromkeys(map(self._as_seen, self.blocks))

    def _as_seen(self, block: Block) -> Block:
        """Return a block as hidden as the sheet that it stands on."""
        if block.hidden or block.where.sheet not in self._hidden:
            return block
        where = replace(block.where, part="hidden")
        detail = block.detail or "隐藏的工作表"
        return replace(block, where=where, hidden=True, detail=detail)

    def read_cache(self, stream: bytes) -> None:
        """Read the strings of one pivot cache: the source may be all in there."""
        texts = dict.fromkeys(
            text
            for record in records_in(stream)
            if record.kind == 0xCD  # noqa: PLR2004 - SXString
            and (text := string_at(record.data, 0, size=2)[0].strip())
        )
        total = "\n".join(texts)
        for at in range(0, len(total), _LONGEST):
            self._note(total[at : at + _LONGEST], "hidden", "数据透视表缓存")

    def _take(self, record: Record) -> None:
        if record.kind == CONTINUE:
            self._continued(record.data)
            return
        if record.kind not in {_DRAWING, _DRAWINGS}:
            self._box = 0
        # One drawing may stand in many records, with objects between them.
        if record.kind in {_DRAWING, _DRAWINGS}:
            self._joins = record.kind
            self._drawing += record.data
        elif record.kind == BOF:
            self._part_begins(record)
        else:
            self._joins = 0
            act = _ACTS.get(record.kind)
            if act is not None:
                act(self, record.data)

    def _part_begins(self, record: Record) -> None:
        self._joins = 0
        self._end_drawing()
        if record.depth == 1:
            self._end_chart()
            self._sheet = self._names.get(record.at)
            if self._sheet in self._macros:
                message = f"工作表“{self._sheet}”是宏表，宏未经检查。"
                where = Location(part="sheet", sheet=self._sheet)
                self.gaps.append(Gap(where, "macro", message))

    def _end_drawing(self) -> None:
        if not self._drawing:
            return
        raw = bytes(self._drawing)
        self._drawing.clear()
        where = Location(part="image", sheet=self._sheet)
        self.blocks.extend(shape_texts(raw, where))
        for blip in blips_in(raw):
            self.media.take(blip.data, "", where)

    def _end_chart(self) -> None:
        texts = "\n".join(dict.fromkeys(self._cells_of_charts))
        self._cells_of_charts.clear()
        if texts:
            where = Location(part="image", sheet=self._sheet)
            self.blocks.append(
                Block(texts[:_LONGEST], where, role="note", detail="图表")
            )

    def _continued(self, data: bytes) -> None:
        if self._joins:
            self._drawing += data
        elif self._box:
            self._box_text(data)

    def _note(self, text: str, part: Part, detail: str) -> None:
        line = text.replace("\0", " ").strip()
        if line:
            where = Location(part=part, sheet=self._sheet)
            self.blocks.append(Block(line, where, True, "note", (), detail))  # noqa: FBT003 - hidden

    def _bound_sheet(self, data: bytes) -> None:
        name, _ = string_at(data, 6, size=1, wide=self._wide)
        at = int.from_bytes(data[:4], "little")
        self._names[at] = name
        if len(data) > 4 and data[4] & _AWAY:  # noqa: PLR2004 - where it says so
            self._hidden.add(name)
        if len(data) > 5 and data[5] == _MACRO_SHEET:  # noqa: PLR2004 - where its kind stands
            self._macros.add(name)

    def _object_kind(self, data: bytes) -> None:
        self._object = int.from_bytes(data[4:6], "little")

    def _box_head(self, data: bytes) -> None:
        count = int.from_bytes(data[10:12], "little")
        # The boxes of notes are read with their cells.
        self._box = 0 if self._object == _NOTE_OBJECT else count
        self._object = 0
        if self._box:
            where = Location(part="textbox", sheet=self._sheet)
            self.blocks.append(Block("", where))

    def _box_text(self, data: bytes) -> None:
        """Add a part of a box's text; each begins with the width of its letters."""
        wide = bool(data[:1] == b"\x01")
        count = min(self._box, (len(data) - 1) // (2 if wide else 1))
        text, _ = letters(data, 1, count, wide=wide)
        self._box -= count
        last = self.blocks.pop()
        whole = (last.text + text).replace("\r", "\n")
        if self._box:
            self.blocks.append(Block(whole, last.where))
        elif whole.strip():
            self.blocks.append(Block(whole.strip(), last.where))

    def _running(self, part: Part) -> Callable[[bytes], None]:
        def read(data: bytes) -> None:
            size = 2 if self._wide else 1
            text, _ = string_at(data, 0, size=size, wide=self._wide)
            text = re.sub(r"&[LCR]", "\t", re.sub(_HEADER_CODES, "", text)).strip()
            if text:
                where = Location(part=part, sheet=self._sheet)
                self.blocks.append(Block(text, where))

        return read

    def _header(self, data: bytes) -> None:
        self._running("header")(data)

    def _footer(self, data: bytes) -> None:
        self._running("footer")(data)

    def _writer(self, data: bytes) -> None:
        size = 2 if self._wide else 1
        name, _ = string_at(data, 0, size=size, wide=self._wide)
        if name.strip():
            self._note(f"最后保存者：{name.strip()}", "metadata", "文件属性")

    def _validation(self, data: bytes) -> None:
        at = 4
        for _ in range(4):
            text, at = string_at(data, at, size=2)
            self._note(text, "hidden", "单元格提示或选项")
        for _ in range(2):
            size = int.from_bytes(data[at : at + 2], "little")
            for text in formula_strings(data[at + 4 : at + 4 + size]):
                self._note(text.replace("\0", "\n"), "hidden", "单元格提示或选项")
            at += 4 + size

    def _other_book(self, data: bytes) -> None:
        if int.from_bytes(data[2:4], "little") in {_SELF, _ADD_IN} or len(data) <= 4:  # noqa: PLR2004 - nothing but its head
            return
        path, at = string_at(data, 2, size=2)
        names = []
        for _ in range(min(int.from_bytes(data[:2], "little"), len(data))):
            name, at = string_at(data, at, size=2)
            names.append(name)
        plain = "".join(_PATH_CODES.get(ord(one), one) for one in path)
        self._note(" ".join([plain, *filter(None, names)]), "hidden", "外部引用")
        message = "表格引用了其他文件的内容，那些文件未经检查。"
        gap = Gap(Location(), "external", message)
        if gap not in self.gaps:
            self.gaps.append(gap)

    def _other_name(self, data: bytes) -> None:
        text, _ = string_at(data, 6, size=1, wide=self._wide)
        self._note(text, "hidden", "外部引用")

    def _other_cells(self, data: bytes) -> None:
        """Read the values that were once taken over from another book."""
        texts, at = [], 4
        while at < len(data):
            if data[at] == 2:  # noqa: PLR2004 - a string
                text, at = string_at(data, at + 1, size=2)
                texts.append(text)
            else:
                at += 9
        self._note("\t".join(texts), "hidden", "外部工作簿缓存")

    def _printer(self, data: bytes) -> None:
        name = data[2:66].decode("utf-16-le", "replace").split("\0", 1)[0]
        if name.isprintable():
            self._note(name, "metadata", "打印机")

    def _cache_string(self, data: bytes) -> None:
        self._note(string_at(data, 0, size=2)[0], "hidden", "查询或数据源")

    def _chart_text(self, data: bytes) -> None:
        text, _ = string_at(data, 2, size=1, wide=self._wide)
        if text.strip():
            self._cells_of_charts.append(text.strip())

    def _formula(self, data: bytes) -> None:
        if self._wide:
            size = int.from_bytes(data[_FORMULA_AT : _FORMULA_AT + 2], "little")
            start = _FORMULA_AT + 2
            for text in formula_strings(data[start : start + size]):
                if len(text.strip()) > 1:
                    self._note(text, "hidden", "公式里的文字")


def caches_of(streams: Mapping[tuple[str, ...], bytes]) -> Iterator[bytes]:
    """Yield the streams that are pivot caches."""
    for path, data in streams.items():
        if path[0].lower() in {"_sx_db_cur", "_sx_db"}:
            yield data


_ACTS: Final[Mapping[int, Callable[[BesideCells, bytes], None]]] = {
    BOUND_SHEET: BesideCells._bound_sheet,  # noqa: SLF001 - this class's own table
    _OBJECT: BesideCells._object_kind,  # noqa: SLF001 - as above
    _BOX: BesideCells._box_head,  # noqa: SLF001 - as above
    0x14: BesideCells._header,  # noqa: SLF001 - as above
    0x15: BesideCells._footer,  # noqa: SLF001 - as above
    0x5C: BesideCells._writer,  # noqa: SLF001 - as above
    0x1BE: BesideCells._validation,  # noqa: SLF001 - as above
    0x1AE: BesideCells._other_book,  # noqa: SLF001 - as above
    0x23: BesideCells._other_name,  # noqa: SLF001 - as above
    0x5A: BesideCells._other_cells,  # noqa: SLF001 - as above
    0x4D: BesideCells._printer,  # noqa: SLF001 - as above
    0xCD: BesideCells._cache_string,  # noqa: SLF001 - as above
    0x100D: BesideCells._chart_text,  # noqa: SLF001 - as above
    0x06: BesideCells._formula,  # noqa: SLF001 - as above
}
