"""Ruled tables of a PDF page as rows of cells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from review.extract.pdf.items import Handle, Matrix, moved
from review.extract.pdf.rulings import TURNS, Grid
from review.extract.pdf.sight import box_of
from review.extract.pdf.text import PageText

_MIN_CELLS: Final = 4
_MIN_COLUMNS: Final = 2


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows, and where in the text of the page it begins."""

    start: int
    rows: tuple[tuple[str, ...], ...]


def tables_of(
    textpage: Handle,
    text: PageText,
    grids: Sequence[Grid],
    *,
    rotation: int,
    taken: Mapping[int, object],
) -> dict[int, Table]:
    """Return the table of each place in the text that stands in a ruled one.

    `rotation` is how the page is shown turned, in degrees; `taken` are places that
    a reader does not see.
    """
    if not grids:
        return {}
    turn = TURNS.get(rotation, TURNS[0])
    filled: list[dict[tuple[int, int], list[int]]] = [defaultdict(list) for _ in grids]
    for place, spot in _spots(textpage, text, turn, taken):
        for grid, cells in zip(grids, filled, strict=True):
            cell = grid.place(*spot)
            if cell is not None:
                cells[cell].append(place)
                break
    found: dict[int, Table] = {}
    for grid, cells in zip(grids, filled, strict=True):
        columns = {column for _, column in cells}
        # A box around text is no table.
        if len(cells) < _MIN_CELLS or len(columns) < _MIN_COLUMNS:
            continue
        places = [place for several in cells.values() for place in several]
        table = Table(min(places), _rows(grid, cells, text.text))
        found.update(dict.fromkeys(places, table))
    return found


def _spots(
    textpage: Handle, text: PageText, turn: Matrix, taken: Mapping[int, object]
) -> list[tuple[int, tuple[float, float]]]:
    """Return the middle of each character that is seen, turned as the page is."""
    spots = []
    for place, character in enumerate(text.text):
        if character.isspace() or place in taken:
            continue
        box = box_of(textpage, text.at[place])
        if box is not None:
            upright = moved(box, turn)
            spots.append(
                (
                    place,
                    (
                        (upright.left + upright.right) / 2,
                        (upright.bottom + upright.top) / 2,
                    ),
                )
            )
    return spots


def _rows(
    grid: Grid, cells: Mapping[tuple[int, int], Sequence[int]], text: str
) -> tuple[tuple[str, ...], ...]:
    """Return the rows; a cell over several places stands in its first one."""
    columns = range(len(grid.edges) - 1)
    used = [c for c in columns if any(column == c for _, column in cells)]
    return tuple(
        tuple(_cell(cells.get((row, column), ()), text) for column in used)
        for row in range(len(grid.levels) - 1)
    )


def _cell(places: Sequence[int], text: str) -> str:
    """Join the characters of a cell; broken lines as in a paragraph."""
    total = ""
    for index, place in enumerate(places):
        between = text[places[index - 1] + 1 : place] if index else ""
        total += _glue(total, between, text[place]) + text[place]
    return total


def _glue(before: str, between: str, following: str) -> str:
    """Return what parts two characters of a cell: a space, or nothing."""
    if not before or not between:
        return ""
    latin = before[-1].isascii() and following.isascii()
    if "\n" in between:
        return " " if latin else ""
    return " " if between.isspace() else ""
