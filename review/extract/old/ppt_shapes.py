"""The texts of one slide of a binary presentation, shape by shape."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from review.extract.interface import Block, Role
from review.extract.old import ppt_file as kinds
from review.extract.old.ppt_file import Record, SlideFile
from review.extract.ole.art import texts_of_shape
from review.spans import Location

_TITLES: Final = frozenset({0, 6})
_TABLE: Final = 0x039F
_SEEN_OR_NOT: Final = 0x03BF
_HIDDEN: Final = 0x00020002
_PROPERTIES: Final = frozenset({0xF00B, 0xF121, 0xF122})
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True)
class Text:
    """Text that belongs together, and what it is for: a title, a list."""

    kind: int
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a shape stands: left, top, right, bottom."""

    left: int
    top: int
    right: int
    bottom: int


@dataclass(slots=True)
class Slide:
    """One slide, notes page or master while it is read."""

    file: SlideFile
    where: Location
    outline: Sequence[Text] = ()
    hidden: str | None = None
    size: tuple[int, int] | None = None
    skip_placeholders: bool = False
    blocks: list[Block] = field(default_factory=list)
    tables: int = 0
    _used: set[int] = field(default_factory=set)

    def read(self, record: Record | None) -> tuple[Block, ...]:
        """Return the texts of all shapes, and those that no shape shows."""
        for inner in () if record is None else self.file.inside(record):
            if inner.kind == kinds.DRAWING:
                for drawing in self.file.inside(inner):
                    self._drawing(drawing, 0)
        for number, text in enumerate(self.outline):
            if number not in self._used:
                self._emit(text, self.hidden)
        return tuple(self.blocks)

    def _drawing(self, record: Record, depth: int) -> None:
        for inner in self.file.inside(record):
            if inner.kind == kinds.GROUP and depth < _DEEPEST:
                if self._is_table(inner):
                    self._table(inner)
                else:
                    self._drawing(inner, depth + 1)
            elif inner.kind == kinds.SHAPE:
                self._shape(inner)

    def _shape(self, shape: Record) -> None:
        parts = tuple(self.file.inside(shape))
        hidden = self.hidden or self._hiding(parts)
        for block in texts_of_shape(self.file.bytes_of(shape), self.where):
            kept = block if block.hidden or not hidden else _hidden(block, hidden)
            self.blocks.append(kept)
        if self.skip_placeholders and self._is_placeholder(parts):
            return
        for text in self._texts(parts):
            self._emit(text, hidden)

    def _texts(self, parts: Sequence[Record]) -> Iterator[Text]:
        for box in parts:
            if box.kind != kinds.TEXTBOX:
                continue
            inner = tuple(self.file.inside(box))
            for one in inner:
                number = self.file.number(one)
                is_new = number < len(self.outline) and number not in self._used
                if one.kind == kinds.OUTLINE_REF and is_new:
                    self._used.add(number)
                    yield self.outline[number]
            yield from texts_in(self.file, inner)

    def _emit(self, text: Text, hidden: str | None) -> None:
        role: Role = "heading" if text.kind in _TITLES else "paragraph"
        if role == "heading" and self.where.page == 1:
            role = "title"
        if hidden and self.where.part == "notes":
            role = "note"
        for line in text.text.split("\r"):
            if line.strip():
                shown = line.replace("\v", "\n").strip()
                block = Block(shown, self.where, False, role)  # noqa: FBT003 - seen
                self.blocks.append(_hidden(block, hidden) if hidden else block)

    def _hiding(self, parts: Sequence[Record]) -> str | None:
        """Say why nobody sees a shape; `None` for one that is seen."""
        if any(
            value & _HIDDEN == _HIDDEN for value in self._values(parts, _SEEN_OR_NOT)
        ):
            return "隐藏的图形"
        frame = self._frame(parts, kinds.PLACE)
        if frame is None or self.size is None:
            return None
        width, height = self.size
        outside = (
            frame.right <= 0
            or frame.bottom <= 0
            or frame.left >= width
            or frame.top >= height
        )
        return "幻灯片页面之外的图形" if outside else None

    def _is_placeholder(self, parts: Sequence[Record]) -> bool:
        return any(
            inner.kind == kinds.PLACEHOLDER
            for part in parts
            if part.kind == kinds.CLIENT
            for inner in self.file.inside(part)
        )

    def _values(self, parts: Sequence[Record], wanted: int) -> Iterator[int]:
        """Yield what the properties of a shape say under one number."""
        for part in parts:
            if part.kind in _PROPERTIES:
                raw = self.file.bytes_of(part)
                for at in range(0, min(6 * part.instance, len(raw) - 5), 6):
                    number, value = struct.unpack_from("<HI", raw, at)
                    if number & 0x3FFF == wanted:
                        yield value

    def _frame(self, parts: Sequence[Record], kind: int) -> Frame | None:
        for part in parts:
            raw = self.file.bytes_of(part) if part.kind == kind else b""
            if kind == kinds.CHILD_PLACE and len(raw) >= 16:  # noqa: PLR2004 - four numbers
                return Frame(*struct.unpack_from("<4i", raw))
            if kind == kinds.PLACE and len(raw) in {8, 16}:
                form = "<4h" if len(raw) == 8 else "<4i"  # noqa: PLR2004 - four short ones
                top, left, right, bottom = struct.unpack(form, raw)
                return Frame(left, top, right, bottom)
        return None

    def _is_table(self, group: Record) -> bool:
        first = next(self.file.inside(group), None)
        if first is None or first.kind != kinds.SHAPE:
            return False
        return any(
            value & 1 for value in self._values(tuple(self.file.inside(first)), _TABLE)
        )

    def _table(self, group: Record) -> None:
        """Put the cells of a table, which are shapes, into their rows."""
        found: dict[int, list[tuple[int, str]]] = {}
        hidden = self.hidden
        for shape in self.file.inside(group):
            parts = tuple(self.file.inside(shape))
            hidden = hidden or self._hiding(parts)
            frame = self._frame(parts, kinds.CHILD_PLACE)
            if frame is None or not any(p.kind == kinds.TEXTBOX for p in parts):
                continue
            text = " ".join(" ".join(t.text for t in self._texts(parts)).split())
            found.setdefault(frame.top, []).append((frame.left, text))
        self.tables += 1
        for number, top in enumerate(sorted(found), 1):
            cells = tuple(text for _, text in sorted(found[top]))
            where = replace(self.where, table=self.tables, row=number)
            if where.part == "body":
                where = replace(where, part="table")
            block = Block("\t".join(cells), where, False, "row", cells)  # noqa: FBT003 - seen
            if any(cells):
                self.blocks.append(_hidden(block, hidden) if hidden else block)


def _hidden(block: Block, detail: str) -> Block:
    return replace(block, hidden=True, detail=detail)


def texts_in(file: SlideFile, records: Sequence[Record]) -> Iterator[Text]:
    """Yield the texts that stand in a row of records, each after its head."""
    kind = 4
    for one in records:
        if one.kind == kinds.TEXT_HEAD:
            kind = file.number(one)
        elif one.kind in {kinds.TEXT_WIDE, kinds.TEXT_BYTES}:
            yield Text(kind, string_of(file, one))


def string_of(file: SlideFile, record: Record) -> str:
    """Return the text of a record: UTF-16, or one byte a letter."""
    raw = file.bytes_of(record)
    if record.kind == kinds.TEXT_BYTES:
        return raw.decode("latin-1")
    return raw[: len(raw) & ~1].decode("utf-16-le", "replace")
