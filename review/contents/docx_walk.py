"""Walk a Word document in reading order and gather what its reader sees.

The body with its tables, text boxes, pictures and automatic numbers; then
the footnotes and endnotes, as pages put them. Headers and footers belong to
the paper, not to the article: they count as hidden.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from review.contents.docx_fields import Fields
from review.contents.docx_marks import Marks
from review.contents.docx_parts import Part, WordFile
from review.contents.docx_runs import Runs, note_sign
from review.contents.flow import Flow
from review.contents.hidden import Hidden
from review.contents.interface import Piece
from review.contents.table import Cell, Table, write
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import R, chosen, local
from review.extract.word.runs import mark_deleted, paragraph_hidden
from review.extract.word.styles import W, child, value

_UNREAD: Final = frozenset(
    {"sectPr", "tblPr", "tblGrid", "sdtPr", "sdtEndPr", "pPr", "rPr", "tcPr", "trPr"}
) | {"del", "moveFrom"}
_NOTES: Final = (("footnotes", "footnote"), ("endnotes", "endnote"))


class _Story(NamedTuple):
    """Where the walk is: the part, its open fields, and the number of a note."""

    part: Part
    fields: Fields
    sign: str = ""


@dataclass(slots=True)
class Walk:
    """One document while it is read."""

    file: WordFile
    hidden: Hidden
    flow: Flow = field(default_factory=Flow)
    notes: dict[str, list[str]] = field(default_factory=dict)

    def run(self) -> tuple[Piece, ...]:
        """Read the body, then the notes in the order in which it names them."""
        self._story(self.file.main.root(), _Story(self.file.main, Fields()))
        for kind, tag in _NOTES:
            part = self.file.notes.get(kind)
            if part is not None and self.notes.get(tag):
                self._notes(part, tag)
        return self.flow.finish()

    def _notes(self, part: Part, tag: str) -> None:
        entries = {
            entry.get(f"{W}id"): entry for entry in part.root().iter(f"{W}{tag}")
        }
        for number, note_id in enumerate(self.notes[tag], 1):
            entry = entries.get(note_id)
            if entry is not None:
                self._story(entry, _Story(part, Fields(), note_sign(tag, number)))

    def _story(self, element: etree._Element, story: _Story) -> None:
        """Read the children of an element."""
        for below in element:
            name = local(below)
            if name == "p":
                self._paragraph(below, story)
            elif name == "tbl":
                self._table(below, story)
            elif name == "AlternateContent":
                self._story(chosen(below), story)
            elif name == "altChunk":
                self.flow.put("object", story.part.target(below.get(f"{R}id")))
            elif name and name not in _UNREAD:
                self._story(below, story)

    def _paragraph(self, paragraph: etree._Element, story: _Story) -> None:
        marks = self.file.marks.paragraph(paragraph)
        runs = Runs(
            flow=self.flow,
            part=story.part,
            file=self.file,
            hidden=self.hidden,
            fields=story.fields,
            paragraph=Marks(marks.raised, marks.strike),
            hidden_style=paragraph_hidden(paragraph, self.file.styles),
            sign=story.sign,
            notes=self.notes,
        )
        self._number(marks)
        runs.read(paragraph)
        if not mark_deleted(paragraph):
            self.flow.gap()
        for box in runs.graphics.boxes:
            self.flow.gap()
            self._story(box, story._replace(fields=Fields()))

    def _number(self, marks: Marks) -> None:
        """Write the number that Word puts before a paragraph by itself."""
        number = marks.list_number
        if number is None or number == "0":
            return
        if written := self.file.numbering.take(number, marks.list_level or 0):
            self.flow.text(f"{written} ")

    def _table(self, element: etree._Element, story: _Story) -> None:
        outer, self.flow = self.flow, Flow()
        table = Table()
        open_cells: dict[int, Cell] = {}
        for row in _through(element, "tr"):
            if child(child(row, "trPr"), "del") is None:
                table.add_row()
                self._row(row, story, table, open_cells)
        self.flow = outer
        write(table, self.flow)

    def _row(
        self,
        row: etree._Element,
        story: _Story,
        table: Table,
        open_cells: dict[int, Cell],
    ) -> None:
        """Read one row; `open_cells` are those above, which may reach down."""
        column = _count(value(child(child(row, "trPr"), "gridBefore")), 0)
        if column:
            table.add_cell(Cell((), column))
        for tag in _through(row, "tc"):
            properties = child(tag, "tcPr")
            width = _count(value(child(properties, "gridSpan")), 1)
            self._story(tag, story)
            cell = Cell(self.flow.finish(), width)
            self.flow = Flow()
            merge, above = child(properties, "vMerge"), open_cells.get(column)
            if merge is not None and value(merge) != "restart" and above is not None:
                above.rows += 1
                self.hidden.pieces(cell.pieces)
            else:
                open_cells[column] = cell
                table.add_cell(cell)
            column += width


def _through(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows or cells below, looking through transparent wrappers."""
    for part in element:
        tag = local(part)
        if tag == name:
            yield part
        elif tag and tag not in _UNREAD:
            yield from _through(part, name)


def _count(raw: str | None, default: int) -> int:
    text = (raw or "").strip()
    if text.isascii() and text.isdigit() and len(text) < 5:  # noqa: PLR2004 - no grid is wider
        return int(text)
    return default


def walk(data: bytes, limits: Limits, hidden: Hidden) -> tuple[Piece, ...]:
    """Return the canonical body of a Word document.

    Raises:
        UnreadableError: A part that is shown is damaged.
    """
    return Walk(WordFile(data, limits), hidden).run()
