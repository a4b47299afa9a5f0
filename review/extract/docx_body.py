"""Walk a Word story (body, header, note …) and give its blocks in order."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from review.extract.docx_runs import (
    Fields,
    Inline,
    Piece,
    all_text,
    chosen,
    left_out,
    mark_deleted,
    paragraph_hidden,
    signature,
)
from review.extract.docx_styles import Styles, W, child, value
from review.extract.interface import Block, Role
from review.extract.ooxml import local, note
from review.spans import Location, Part

_WRAPPERS: Final = frozenset(
    {"sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"}
)
_TITLE_REACH: Final = 12
_TITLE_HALF_POINTS: Final = 36
_TITLE_LENGTH: Final = 80


@dataclass(slots=True)
class Numbers:
    """What counts through a whole document."""

    tables: int = 0
    titled: bool = False


@dataclass(slots=True)
class Story:
    """One run of paragraphs and tables, read into `blocks`."""

    part: Part
    styles: Styles
    numbers: Numbers
    hidden: bool = False
    role: Role | None = None
    detail: str | None = None
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
                self._options(part)
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
        pieces = [*self._carried, *inline.pieces]
        self._carried = []
        if mark_deleted(paragraph):
            self._carried = pieces
            self._beside(inline, Location(part=self.part))
            return
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
            int(size)
            for run in paragraph.iter(f"{W}r")
            if (size := value(child(child(run, "rPr"), "sz"))) and size.isdigit()
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
        for box in inline.boxes:
            story = Story("textbox", self.styles, self.numbers, hidden=self.hidden)
            story.walk(box)
            self.blocks.extend(story.finish())
        for text in dict.fromkeys(inline.shapes):
            at = replace(where, part="textbox")
            self.blocks.append(Block(text, at, self.hidden, detail="艺术字或图形文字"))
        for text in dict.fromkeys(inline.alternatives):
            self.blocks.append(note(text, replace(where, part="image"), "替代文字"))
        for text in inline.codes:
            self.blocks.append(note(text, replace(where, part="hidden"), "域代码"))
        for text in inline.asides:
            self.blocks.append(note(text, replace(where, part="hidden"), "附加内容"))

    def _options(self, properties: etree._Element) -> None:
        for item in properties.iter(f"{W}listItem"):
            if text := (item.get(f"{W}displayText") or "").strip():
                self.blocks.append(note(text, Location(part="hidden"), "下拉选项"))

    def _read_table(self, table: etree._Element) -> None:
        if self._carried:
            self.finish()
        self.numbers.tables += 1
        number = self.numbers.tables
        for index, row in enumerate(_through(table, "tr"), 1):
            where = Location(part="table", table=number, row=index)
            if self.part not in {"body", "textbox"}:
                where = replace(where, part=self.part)
            self._read_row(row, where)

    def _read_row(self, row: etree._Element, where: Location) -> None:
        cells: list[str] = []
        pieces: list[Piece] = []
        nested: list[etree._Element] = []
        inlines: list[Inline] = []
        for cell in _through(row, "tc"):
            lines = []
            for part in _cell_parts(cell):
                if local(part) == "tbl":
                    nested.append(part)
                    continue
                inline = self._inline(part)
                inlines.append(inline)
                pieces.extend(inline.pieces)
                lines.append(_shown(inline.pieces))
            cells.append(" ".join(" ".join(lines).split()))
        self._emit_row(row, where, tuple(cells))
        self.blocks.extend(_traces(pieces, where))
        for inline in inlines:
            self._beside(inline, where)
        for table in nested:
            self._read_table(table)

    def _emit_row(
        self, row: etree._Element, where: Location, cells: tuple[str, ...]
    ) -> None:
        if not any(cells):
            return
        text, properties = "\t".join(cells), child(row, "trPr")
        for tag, part in (("del", "deletion"), ("ins", "insertion")):
            change = child(properties, tag)
            if change is None:
                continue
            at = Location(
                "deletion" if part == "deletion" else "insertion",
                table=where.table,
                row=where.row,
            )
            self.blocks.append(Block(text, at, True, "row", cells, signature(change)))  # noqa: FBT003 - hidden
            if part == "deletion":
                return
        self.blocks.append(Block(text, where, self.hidden, "row", cells, self.detail))


def _shown(pieces: list[Piece]) -> str:
    return "".join(p.text for p in pieces if p.kind in {"text", "insertion"})


def _traces(pieces: list[Piece], where: Location) -> Iterator[Block]:
    """Yield a hidden block for each change and each hidden stretch."""
    for piece in pieces:
        if piece.kind != "text" and piece.text.strip():
            place = replace(where, part=piece.kind)
            yield note(piece.text.strip(), place, piece.detail or "")


def _through(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows or cells below, looking through transparent wrappers."""
    for part in element:
        if local(part) == name:
            yield part
        elif local(part) in _WRAPPERS or local(part) in {"del", "moveFrom"}:
            yield from _through(part, name)


def _cell_parts(cell: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and nested tables of a cell."""
    for part in cell:
        if local(part) in {"p", "tbl"}:
            yield part
        elif local(part) == "AlternateContent":
            yield from _cell_parts(chosen(part))
        elif local(part) not in {"tcPr", "sdtPr", "sdtEndPr"} and all_text(part):
            yield from _cell_parts(part)
