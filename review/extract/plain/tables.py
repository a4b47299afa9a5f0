"""Tables as plain text: rows of cells between commas, tabs, semicolons or bars."""

import csv
import io
from collections import Counter
from typing import Final, TypeAlias

from review.extract.interface import Block
from review.spans import Location

_Rows: TypeAlias = tuple[tuple[str, ...], ...]

SEPARATORS: Final = (",", "\t", ";", "|")
_SENTENCE_MARKS: Final = frozenset("。！？；")
_AGREEMENT: Final = 0.8
_SHORT_CELL: Final = 40
_VERY_SHORT: Final = 20
# So many rows of two cells prove a table, whatever they say.
_PROOF: Final = 3


def table_in(text: str) -> tuple[Block, ...] | None:
    """Return the rows of a text that is plainly a table; `None` for any other text."""
    rows = _table(text)
    return None if rows is None else _blocks(rows)


def _blocks(rows: _Rows) -> tuple[Block, ...]:
    return tuple(
        Block(
            "\t".join(cells),
            Location(part="table", table=1, row=number),
            role="row",
            cells=cells,
        )
        for number, cells in enumerate(rows, 1)
        if any(cells)
    )


def _table(text: str) -> _Rows | None:
    """Return the rows where the text is plainly a separated table."""
    start = text.lstrip("\ufeff")
    if start[:4].lower() == "sep=" and "\n" in start:
        start = start.partition("\n")[2]
    for separator in SEPARATORS:
        if start.count(separator) < 2:  # noqa: PLR2004 - two rows of two cells
            continue
        try:
            parsed = list(
                csv.reader(io.StringIO(start, newline=""), delimiter=separator)
            )
        except csv.Error:
            continue
        rows = tuple(
            tuple(" ".join(cell.split()) for cell in row) for row in parsed if row
        )
        if _is_table(rows):
            return rows
    return None


def _is_table(rows: _Rows) -> bool:
    """Tell rows of a table from prose: of one width, with cells and not sentences."""
    if len(rows) < 2:  # noqa: PLR2004 - a table has at least two rows
        return False
    width, times = Counter(len(row) for row in rows).most_common(1)[0]
    if width < 2 or times < 2 or times < len(rows) * _AGREEMENT:  # noqa: PLR2004 - two rows of two cells
        return False
    cells = [cell for row in rows if len(row) == width for cell in row]
    prose = sum(
        len(cell) > _SHORT_CELL or bool(_SENTENCE_MARKS & set(cell)) for cell in cells
    )
    if width == 2 and times < _PROOF:  # noqa: PLR2004 - two columns need more proof
        return not prose and _is_grid(rows, width)
    return prose <= len(cells) * (0.1 if width == 2 else 0.2)  # noqa: PLR2004 - as above


def _is_grid(rows: _Rows, width: int) -> bool:
    """Tell rows that are all of one width, every cell a few letters and no phrase."""
    return all(
        len(row) == width
        and all(0 < len(cell) <= _VERY_SHORT and " " not in cell for cell in row)
        for row in rows
    )
