"""Tables: where each text stands among the cells, whatever grid it was drawn on."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from review.contents.flow import Flow
from review.contents.interface import Piece
from review.errors import TooLargeError

_WIDEST: Final = 1000
_LARGEST: Final = 2_000_000


@dataclass(slots=True)
class Cell:
    """One cell while its table is read; spans as the source gives them."""

    pieces: tuple[Piece, ...] = ()
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Table:
    """One table while it is read."""

    rows: list[list[Cell]] = field(default_factory=list)

    def add_row(self) -> None:
        """Begin a row."""
        self.rows.append([])

    def add_cell(self, cell: Cell) -> None:
        """Add a cell to the row at hand."""
        if not self.rows:
            self.add_row()
        self.rows[-1].append(cell)


def write(table: Table, flow: Flow) -> None:
    """Add a table to the flow; a single cell is a box, no table.

    Raises:
        TooLargeError: The table claims more cells than anything real has.
    """
    cells = [cell for row in table.rows for cell in row]
    if len(cells) == 1:
        flow.extend(cells[0].pieces)
        return
    if not cells:
        return
    spans = _spans(table.rows)
    flow.put("table")
    for row in filter(None, table.rows):
        flow.put("row")
        for cell in row:
            flow.put("cell", next(spans))
            for piece in cell.pieces:
                flow.add(piece)
    flow.put("end", "table")


def write_rows(rows: Iterable[Sequence[str]], flow: Flow) -> None:
    """Add rows of plain texts as a table."""
    table = Table()
    for row in rows:
        table.add_row()
        for text in row:
            inner = Flow()
            inner.text(text)
            table.add_cell(Cell(inner.finish()))
    write(table, flow)


def _spans(rows: list[list[Cell]]) -> Iterator[str]:
    """Yield each cell's span, counted in columns and rows that a cell begins in.

    Office programs draw tables on finer grids than the eye sees: where every
    cell spans two columns, none does.
    """
    kept = [number for number, row in enumerate(rows) if row]
    places = _places(rows)
    starts = sorted({column for _, column, _ in places})
    for number, column, cell in places:
        across = bisect_left(starts, column + cell.columns)
        across -= bisect_left(starts, column)
        down = bisect_left(kept, number + cell.rows) - bisect_left(kept, number)
        yield "" if (across, down) == (1, 1) else f"{across}x{down}"


def _places(rows: list[list[Cell]]) -> list[tuple[int, int, Cell]]:
    """Return every cell with the row and the column that it begins in."""
    found: list[tuple[int, int, Cell]] = []
    taken: dict[int, int] = {}
    budget = _LARGEST
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            cell.columns = min(max(cell.columns, 1), _WIDEST)
            cell.rows = min(max(cell.rows, 1), len(rows) - number)
            while taken.get(column, 0) > number:
                column += 1
                budget -= 1
            found.append((number, column, cell))
            for covered in range(column, column + cell.columns):
                taken[covered] = number + cell.rows
            column += cell.columns
            budget -= cell.columns
            if budget < 0:
                raise TooLargeError("表格过大，请拆分后再提交。")
    return found
