"""Walk a Word story (body, header, note …) and give its blocks in order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from review.extract.interface import Block, Role
from review.extract.ooxml.ooxml import chosen, left_out, local, note
from review.extract.word.asides import Aside, control_of, cropped
from review.extract.word.fields import Fields, is_outside
from review.extract.word.runs import (
    Inline,
    Piece,
    mark_deleted,
    paragraph_hidden,
    signed,
)
from review.extract.word.styles import Styles, W, child, is_on, size_of, value
from review.spans import Location, Part

_WRAPPERS: Final = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"}
)
_ROW_CHANGES: Final[tuple[tuple[str, Part, str], ...]] = (
    ("del", "deletion", "修订删除的行"),
    ("ins", "insertion", "修订插入的行"),
)
_CELL_CHANGES: Final[tuple[tuple[str, Part, str], ...]] = (
    ("cellDel", "deletion", "修订删除的单元格"),
    ("cellIns", "insertion", "修订插入的单元格"),
)
_TITLE_REACH: Final = 12
_TITLE_HALF_POINTS: Final = 36
_TITLE_LENGTH: Final = 80


@dataclass(slots=True)
class Numbers:
    """What counts through a whole document."""

    tables: int = 0
    outside: int = 0
    titled: bool = False


@dataclass(slots=True)
class Story:
    """One run of paragraphs and tables, read into `blocks`.

    `pictures` names the files that the relationships of its part stand for.
    """

    part: Part
    styles: Styles
    numbers: Numbers
    hidden: bool = False
    role: Role | None = None
    detail: str | None = None
    pictures: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    _fields: Fields = field(default_factory=Fields)
    _paragraph: int = 0
    _carried: list[Piece] = field(default_factory=list)

    def walk(self, element: etree._Element) -> None:
        """Read the children of `element` in order."""
        for part in element:
            name = local(part)
            if name == "p":
                self._read_paragraph(part)
            elif name == "tbl":
                self._read_table(part)
            elif name == "AlternateContent":
                self.walk(chosen(part))
                for text in left_out(part):
                    self.blocks.append(note(text, Location(part="hidden"), "备用内容"))
            elif name == "sdtPr":
                where = Location(part=self.part)
                self._asides(tuple(control_of(part)), where)
            elif name and name not in {"sectPr", "tblPr", "tblGrid", "sdtEndPr"}:
                self.walk(part)

    def finish(self) -> tuple[Block, ...]:
        """Return the blocks, a paragraph whose end was deleted included."""
        if self._carried:
            where = self._next_place()
            self._emit(self._carried, where, self.role or "paragraph")
            self._carried = []
        return tuple(self.blocks)

    def _read_paragraph(self, paragraph: etree._Element) -> None:
        inline = self._inline(paragraph)
        self._carried.extend(inline.pieces)
        if mark_deleted(paragraph):
            self._beside(inline, Location(part=self.part))
            return
        pieces, self._carried = self._carried, []
        shown = any(p.kind in {"text", "insertion"} and p.text.strip() for p in pieces)
        where = self._next_place() if shown else replace(self._place(), paragraph=None)
        role = self.role or self._role(paragraph, pieces)
        self._emit(pieces, where, role)
        self._beside(inline, where)

    def _inline(self, paragraph: etree._Element) -> Inline:
        hidden = paragraph_hidden(paragraph, self.styles)
        inline = Inline(self.styles, self._fields, hidden_style=hidden)
        inline.read(paragraph)
        return inline

    def _place(self) -> Location:
        return Location(part=self.part, paragraph=self._paragraph or None)

    def _next_place(self) -> Location:
        self._paragraph += 1
        return self._place()

    def _role(self, paragraph: etree._Element, pieces: list[Piece]) -> Role:
        properties = child(paragraph, "pPr")
        role = self.styles.role(properties)
        if self.part != "body" or role == "heading":
            return role
        if role == "title":
            if self.numbers.titled:
                return "heading"
            self.numbers.titled = True
            return role
        text = "".join(
            p.text for p in pieces if p.kind in {"text", "insertion"}
        ).strip()
        if not self.numbers.titled and self._looks_like_title(paragraph, text):
            self.numbers.titled = True
            return "title"
        return role

    def _looks_like_title(self, paragraph: etree._Element, text: str) -> bool:
        """Tell the first centred big line that is no letterhead (红头)."""
        if self._paragraph > _TITLE_REACH or not 4 <= len(text) <= _TITLE_LENGTH:  # noqa: PLR2004 - 通知 alone is no title
            return False
        if text.endswith(("文件", "。", "；", "：")) or "\u3014" in text:
            return False
        if value(child(child(paragraph, "pPr"), "jc")) != "center":
            return False
        sizes = [
            size
            for run in paragraph.iter(f"{W}r")
            if (size := size_of(child(run, "rPr"))) is not None
        ]
        return bool(sizes) and max(sizes) >= _TITLE_HALF_POINTS

    def _emit(self, pieces: list[Piece], where: Location, role: Role) -> None:
        shown = "".join(p.text for p in pieces if p.kind in {"text", "insertion"})
        if shown.strip():
            self.blocks.append(
                Block(shown.strip(), where, self.hidden, role, detail=self.detail)
            )
        self.blocks.extend(_traces(pieces, where))

    def _beside(self, inline: Inline, where: Location) -> None:
        """Add what hangs on a paragraph: boxes, shapes, other texts, fields."""
        drawn = inline.drawn
        for box in drawn.boxes:
            hidden = self.hidden or box.why is not None
            why = box.why or self.detail
            story = Story("textbox", self.styles, self.numbers, hidden, None, why)
            story.pictures = self.pictures
            story.walk(box.content)
            self.blocks.extend(story.finish())
        for text, why in dict.fromkeys(drawn.shapes):
            at = replace(where, part="textbox")
            hidden = self.hidden or why is not None
            detail = "，".join(one for one in ("艺术字或图形文字", why) if one)
            self.blocks.append(Block(text, at, hidden, detail=detail))
        self._asides(dict.fromkeys(drawn.asides), where)
        for text in inline.codes:
            self.numbers.outside += is_outside(text)
            self.blocks.append(note(text, replace(where, part="hidden"), "域代码"))
        self._asides(inline.asides, where)

    def _asides(self, asides: Iterable[Aside], where: Location) -> None:
        for aside in asides:
            text, part, detail = cropped(aside, self.pictures)
            self.blocks.append(note(text, replace(where, part=part), detail))

    def _read_table(self, table: etree._Element) -> None:
        if self._carried:
            self.finish()
        self.numbers.tables += 1
        number = self.numbers.tables
        for tag in ("tblCaption", "tblDescription"):
            said = value(child(child(table, "tblPr"), tag)) or ""
            if said.strip():
                where = Location(part="hidden", table=number)
                self.blocks.append(note(said.strip(), where, "表格的替代文字"))
        for index, row in enumerate(_through(table, "tr"), 1):
            where = Location(part="table", table=number, row=index)
            if self.part not in {"body", "textbox"}:
                where = replace(where, part=self.part)
            self._read_row(row, where)

    def _read_row(self, row: etree._Element, where: Location) -> None:
        cells: list[str] = []
        away: list[tuple[str, Part, str]] = []
        below: list[tuple[etree._Element, list[Piece], Inline | None]] = []
        for cell in _through(row, "tc"):
            lines = []
            for part in _cell_parts(cell):
                if local(part) != "p":
                    below.append((part, [], None))
                    continue
                inline = self._inline(part)
                below.append((part, inline.pieces, inline))
                lines.append(_shown(below[-1][1]))
            text = " ".join(" ".join(lines).split())
            change = _cell_change(cell)
            if change is not None and text:
                away.append((text, *change))
            gone = change is not None and change[0] != "insertion"
            cells.append("" if gone else text)
        self._emit_row(row, where, tuple(cells))
        for text, part_name, detail in away:
            self.blocks.append(note(text, replace(where, part=part_name), detail))
        self._below(below, where)

    def _below(
        self,
        below: list[tuple[etree._Element, list[Piece], Inline | None]],
        where: Location,
    ) -> None:
        """Add what the cells of a row hold beside their text: changes, tables."""
        for _part, pieces, _inline in below:
            self.blocks.extend(_traces(pieces, where))
        for _part, _pieces, inline in below:
            if inline is not None:
                self._beside(inline, where)
        for part, _pieces, _inline in below:
            if local(part) == "tbl":
                self._read_table(part)
            elif local(part) == "sdtPr":
                self._asides(tuple(control_of(part)), where)

    def _emit_row(
        self, row: etree._Element, where: Location, cells: tuple[str, ...]
    ) -> None:
        if not any(cells):
            return
        text, properties = "\t".join(cells), child(row, "trPr")
        hidden, detail = self.hidden, self.detail
        if is_on(child(properties, "hidden")):
            hidden, detail = True, "隐藏的表格行"
            where = replace(where, part="hidden")
        for tag, part, what in _ROW_CHANGES:
            change = child(properties, tag)
            if change is not None:
                at = replace(where, part=part)
                why = signed(what, change)
                self.blocks.append(Block(text, at, True, "row", cells, why))  # noqa: FBT003 - hidden
                if part == "deletion":
                    return
        self.blocks.append(Block(text, where, hidden, "row", cells, detail))


def _shown(pieces: list[Piece]) -> str:
    return "".join(p.text for p in pieces if p.kind in {"text", "insertion"})


def _traces(pieces: list[Piece], where: Location) -> Iterator[Block]:
    """Yield a hidden block for each change and each hidden stretch."""
    for piece in pieces:
        if piece.kind != "text" and piece.text.strip():
            place = replace(where, part=piece.kind)
            yield note(piece.text.strip(), place, piece.detail or "")


def _cell_change(cell: etree._Element) -> tuple[Part, str] | None:
    """Return why a cell's text is not simply seen: a change, or a cell over it."""
    properties = child(cell, "tcPr")
    merge = child(properties, "vMerge")
    if merge is not None and value(merge) != "restart":
        return "hidden", "合并单元格盖住的文字"
    for tag, part, what in _CELL_CHANGES:
        change = child(properties, tag)
        if change is not None:
            return part, signed(what, change)
    return None


def _through(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows or cells below, looking through transparent wrappers."""
    for part in element:
        if local(part) == name:
            yield part
        elif local(part) in _WRAPPERS or local(part) in {"del", "moveFrom"}:
            yield from _through(part, name)


def _cell_parts(cell: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs, nested tables and control settings of a cell."""
    for part in cell:
        name = local(part)
        if name in {"p", "tbl", "sdtPr"}:
            yield part
        elif name == "AlternateContent":
            yield from _cell_parts(chosen(part))
        elif name and name not in {"tcPr", "sdtEndPr"}:
            yield from _cell_parts(part)
