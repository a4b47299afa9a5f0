"""The rulings of a PDF page, and the grids that they make."""

import ctypes
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pypdfium2.raw as pdfium

from review.extract.pdf.items import (
    SAME,
    Box,
    Item,
    Items,
    Matrix,
    matrix_of,
    moved,
    point,
    times,
)

_THIN: Final = 2.5
_SHORT: Final = 6.0
_NEAR: Final = 2.5
_RECTANGLE: Final = 5
_TWO: Final = 2  # fewer rulings make no cell
_MAX_SEGMENTS: Final = 8_000
_MAX_CROSSINGS: Final = 400_000
_MAX_COLUMNS: Final = 80
_MAX_ROWS: Final = 600
# How a page that is shown turned is turned upright: a, b, c, d, e, f.
TURNS: Final[dict[int, Matrix]] = {
    0: SAME,
    90: (0, -1, 1, 0, 0, 0),
    180: (-1, 0, 0, -1, 0, 0),
    270: (0, 1, -1, 0, 0, 0),
}


class Ruling(NamedTuple):
    """A straight line: across at height `at`, or upright at `at`, from low to high."""

    at: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns from left to right, the rows from the top, and which are one cell.

    `regions` names for each place (row, column) the first place of its cell.
    """

    edges: tuple[float, ...]
    levels: tuple[float, ...]
    regions: tuple[tuple[tuple[int, int], ...], ...]

    @property
    def box(self) -> Box:
        """Return the box around it."""
        return Box(self.edges[0], self.levels[-1], self.edges[-1], self.levels[0])

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """Return the first place of the cell that a point lies in."""
        column = bisect_right(self.edges, x) - 1
        row = bisect_right(self.levels, -y, key=_negative) - 1
        if 0 <= column < len(self.edges) - 1 and 0 <= row < len(self.levels) - 1:
            return self.regions[row][column]
        return None


def grids_of(items: Items, rotation: int, sheet: float) -> tuple[Grid, ...]:
    """Return the grids of a page, turned as it is shown; `sheet` is the page's area."""
    ruled, filled = _Rulings(), _Rulings()
    turn = TURNS.get(rotation, TURNS[0])
    left = _MAX_SEGMENTS
    for item in items.of(pdfium.FPDF_PAGEOBJ_PATH):
        if item.box.area > sheet * 0.9:
            continue
        left -= _add(item, turn, ruled, filled, left)
    found = _grids(ruled)
    if found or not filled.across:
        return found
    # Cells that are only filled, without a line around them.
    ruled.across.extend(filled.across)
    ruled.upright.extend(filled.upright)
    return _grids(ruled)


class _Rulings:
    """Rulings in both directions."""

    def __init__(self) -> None:
        self.across: list[Ruling] = []
        self.upright: list[Ruling] = []

    def add(self, box: Box) -> None:
        """Add a thin box as the line that it looks like."""
        if box.height <= box.width:
            if box.width >= _SHORT:
                middle = (box.bottom + box.top) / 2
                self.across.append(Ruling(middle, box.left, box.right))
        elif box.height >= _SHORT:
            middle = (box.left + box.right) / 2
            self.upright.append(Ruling(middle, box.bottom, box.top))

    def frame(self, box: Box) -> None:
        """Add the four sides of a box."""
        self.across.append(Ruling(box.bottom, box.left, box.right))
        self.across.append(Ruling(box.top, box.left, box.right))
        self.upright.append(Ruling(box.left, box.bottom, box.top))
        self.upright.append(Ruling(box.right, box.bottom, box.top))


def _add(item: Item, turn: Matrix, ruled: _Rulings, filled: _Rulings, left: int) -> int:
    """Add what a path draws; return how many of its pieces were looked at."""
    box = moved(item.box, turn)
    if min(box.width, box.height) <= _THIN:
        ruled.add(box)
        return 0
    count = int(pdfium.FPDFPath_CountSegments(item.handle))
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item.handle, mode, stroke)
    if count <= _RECTANGLE:
        if min(box.width, box.height) >= _SHORT and count >= 4:  # noqa: PLR2004 - four sides
            (ruled if stroke.value else filled).frame(box)
        elif stroke.value:
            _pieces(item, turn, ruled, count)
        return count
    if count > left:
        return 0
    _pieces(item, turn, ruled if stroke.value else filled, count)
    return count


def _pieces(item: Item, turn: Matrix, into: _Rulings, count: int) -> None:
    """Add the straight pieces of a path that draws several lines."""
    matrix = times(times(matrix_of(item.handle), item.matrix), turn)
    x, y = ctypes.c_float(), ctypes.c_float()
    last = begin = (0.0, 0.0)
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item.handle, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        here = point(matrix, x.value, y.value)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            _piece(last, here, into)
        if pdfium.FPDFPathSegment_GetClose(segment):
            _piece(here, begin, into)
        last = here


def _piece(one: tuple[float, float], other: tuple[float, float], to: _Rulings) -> None:
    box = Box(
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[0], other[0]),
        max(one[1], other[1]),
    )
    if min(box.width, box.height) <= _THIN:
        to.add(box)


def _grids(rulings: _Rulings) -> tuple[Grid, ...]:
    across, upright = _joined(rulings.across), _joined(rulings.upright)
    if (
        len(across) * len(upright) > _MAX_CROSSINGS
        or min(len(across), len(upright)) < _TWO
    ):
        return ()
    found = (_grid(a, u) for a, u in _connected(across, upright))
    # A table in a cell of another one comes first: its words are its own.
    return tuple(
        sorted((grid for grid in found if grid), key=lambda grid: grid.box.area)
    )


def _joined(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Join pieces that lie on one line and touch."""
    joined: list[Ruling] = []
    for run in _runs(sorted(rulings), [one.at for one in sorted(rulings)]):
        at = sum(one.at for one in run) / len(run)
        low, high = None, 0.0
        for one in sorted(run, key=lambda each: each.low):
            if low is not None and one.low <= high + _NEAR:
                high = max(high, one.high)
                continue
            if low is not None:
                joined.append(Ruling(at, low, high))
            low, high = one.low, one.high
        if low is not None:
            joined.append(Ruling(at, low, high))
    return joined


def _runs(rulings: Sequence[Ruling], places: Sequence[float]) -> list[list[Ruling]]:
    """Put rulings together that stand at nearly the same place."""
    runs: list[list[Ruling]] = []
    for index, one in enumerate(rulings):
        if index and places[index] - runs[-1][0].at <= _NEAR:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _connected(
    across: list[Ruling], upright: list[Ruling]
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Part the rulings into sets that hang together by crossings."""
    parent = list(range(len(across) + len(upright)))

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for i, line in enumerate(across):
        for j, post in enumerate(upright, len(across)):
            if (
                line.low - _NEAR <= post.at <= line.high + _NEAR
                and post.low - _NEAR <= line.at <= post.high + _NEAR
            ):
                parent[root(i)] = root(j)
    sets: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for index in range(len(parent)):
        lines, posts = sets.setdefault(root(index), ([], []))
        if index < len(across):
            lines.append(across[index])
        else:
            posts.append(upright[index - len(across)])
    return list(sets.values())


def _grid(across: list[Ruling], upright: list[Ruling]) -> Grid | None:
    """Return the grid of rulings that hang together, or nothing for a mere frame."""
    if not across or not upright:
        return None
    # A table open at its sides ends where its lines end.
    edges = _places(
        [one.at for one in upright],
        min(one.low for one in across),
        max(one.high for one in across),
    )
    levels = _places(
        [one.at for one in across],
        min(one.low for one in upright),
        max(one.high for one in upright),
    )[::-1]
    columns, rows = len(edges) - 1, len(levels) - 1
    if not (1 < columns <= _MAX_COLUMNS and 0 < rows <= _MAX_ROWS):
        return None
    return Grid(tuple(edges), tuple(levels), _regions(edges, levels, across, upright))


def _places(places: list[float], low: float, high: float) -> list[float]:
    """Return the places apart from each other, with the ends where none is."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    if low < found[0] - _SHORT:
        found.insert(0, low)
    if high > found[-1] + _SHORT:
        found.append(high)
    return found


def _regions(
    edges: list[float],
    levels: list[float],
    across: list[Ruling],
    upright: list[Ruling],
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Join the places that no ruling parts; each is named by its first place."""
    columns, rows = len(edges) - 1, len(levels) - 1
    first = {(r, c): (r, c) for r in range(rows) for c in range(columns)}
    for c in range(columns):
        parting = _parting(across, (edges[c] + edges[c + 1]) / 2)
        for r in range(rows - 1):
            if not _stands(parting, levels[r + 1]):
                _unite(first, (r, c), (r + 1, c))
    for r in range(rows):
        parting = _parting(upright, (levels[r] + levels[r + 1]) / 2)
        for c in range(columns - 1):
            if not _stands(parting, edges[c + 1]):
                _unite(first, (r, c), (r, c + 1))
    return tuple(
        tuple(_root(first, (r, c)) for c in range(columns)) for r in range(rows)
    )


def _root(
    first: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int]
) -> tuple[int, int]:
    while first[one] != one:
        first[one] = first[first[one]]
        one = first[one]
    return one


def _parting(rulings: list[Ruling], middle: float) -> list[float]:
    """Return where the rulings stand that pass the middle of a row or a column."""
    return [one.at for one in rulings if one.low - _NEAR <= middle <= one.high + _NEAR]


def _stands(places: list[float], place: float) -> bool:
    return any(abs(one - place) <= _NEAR * 2 for one in places)


def _unite(
    first: dict[tuple[int, int], tuple[int, int]],
    one: tuple[int, int],
    other: tuple[int, int],
) -> None:
    low, high = sorted((_root(first, one), _root(first, other)))
    first[high] = low


def _negative(value: float) -> float:
    return -value
