"""Plans bordered tables: repeated headers, rows that break over pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.units import mm

from review.paper.layout import UNITS, Align, Cell, Row, Table
from review.paper.pdf_lines import Type, wrapped
from review.paper.pdf_pages import LEFT, WIDTH, Box, Code, Pages, Words, anchor

_UNIT: Final = WIDTH / UNITS
_PAD: Final = 3.0
_CODE: Final = 34 * mm
_SIZE: Final = 10.5
_SMALL: Final = 9.0
# A row up to this share of a page is kept whole, a taller one breaks.
_KEPT: Final = 1 / 3
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell with its text broken into lines; `least` in lines."""

    x: float
    width: float
    lines: tuple[tuple[str, Align], ...]
    shaded: bool
    least: int
    code: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A row broken into lines, set in one type."""

    boxes: tuple[_Box, ...]
    type: Type

    def height(self) -> float:
        """Return the height with borders' room, in points."""
        count = max(max(len(box.lines), box.least) for box in self.boxes)
        code = _CODE if any(box.code for box in self.boxes) else 0
        return max(count * self.type.leading, code) + 2 * _PAD

    def parted(self, height: float) -> tuple["_Row", "_Row | None"]:
        """Return what of the row goes into `height`, and the rest."""
        count = int((height - 2 * _PAD) / self.type.leading)
        rest = tuple(
            _Box(
                box.x,
                box.width,
                box.lines[count:],
                box.shaded,
                max(box.least - count, 0),
                "",
            )
            for box in self.boxes
        )
        first = tuple(
            _Box(
                box.x,
                box.width,
                box.lines[:count],
                box.shaded,
                min(box.least, count),
                box.code,
            )
            for box in self.boxes
        )
        left_over = any(box.lines for box in rest)
        return _Row(first, self.type), _Row(rest, self.type) if left_over else None


def plan_table(plan: Pages, table: Table) -> None:
    """Plan the table from `plan.y` on; its header is repeated on each page."""
    rows = _rows(plan, table)
    header, body = rows[: table.header], rows[table.header :]
    if plan.room() < first_height(plan, table):
        plan.turn()
    for row in header:
        _put(plan, row)
    for row in body:
        _place(plan, row, header)


def first_height(plan: Pages, table: Table) -> float:
    """Return the height without which the table should not begin on a page."""
    rows = _rows(plan, Table(table.rows[: table.header + 1], table.header, table.small))
    header = sum(row.height() for row in rows[: table.header])
    first = min((row.height() for row in rows[table.header :]), default=0.0)
    return header + min(first, plan.whole() * _KEPT)


def _rows(plan: Pages, table: Table) -> list[_Row]:
    set_in = plan.type(_SMALL if table.small else _SIZE)
    return [_broken(row, set_in) for row in table.rows]


def _broken(row: Row, set_in: Type) -> _Row:
    boxes = []
    x = LEFT
    for cell in row.cells:
        boxes.append(_box(cell, x, set_in))
        x += cell.span * _UNIT
    return _Row(tuple(boxes), set_in)


def _box(cell: Cell, x: float, set_in: Type) -> _Box:
    width = cell.span * _UNIT
    lines = tuple(
        (text, line.align)
        for line in cell.lines
        for text in wrapped(line.text, set_in, width - 2 * _PAD)
    )
    return _Box(x, width, lines, cell.label, cell.height, cell.code)


def _place(plan: Pages, row: _Row, header: Sequence[_Row]) -> None:
    """Put the row on this page, on the next, or part of it on each."""
    rest: _Row | None = row
    while rest is not None:
        if rest.height() <= plan.room():
            _put(plan, rest)
            return
        if _breaks(plan, rest):
            part, rest = rest.parted(plan.room())
            _put(plan, part)
        plan.turn()
        for one in header:
            _put(plan, one)


def _breaks(plan: Pages, row: _Row) -> bool:
    """Return whether a row that does not fit should begin here all the same."""
    least = max(
        _FEWEST * row.type.leading, _CODE if any(box.code for box in row.boxes) else 0
    )
    return row.height() > plan.whole() * _KEPT and plan.room() >= least + 2 * _PAD


def _put(plan: Pages, row: _Row) -> None:
    """Draw the row here; texts stand in the middle of their cells."""
    height = row.height()
    leading = row.type.leading
    for box in row.boxes:
        plan.add(Box(box.x, plan.y, box.width, height, box.shaded))
        top = plan.y - (height - len(box.lines) * leading) / 2
        for number, (text, align) in enumerate(box.lines):
            x = anchor(align, box.x + _PAD, box.width - 2 * _PAD)
            plan.add(Words(text, row.type, x, top - number * leading, align))
        if box.code:
            x = box.x + (box.width - _CODE) / 2
            plan.add(Code(box.code, x, plan.y - (height - _CODE) / 2, _CODE))
    plan.y -= height
