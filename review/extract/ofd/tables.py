"""Tables of OFD pages: rulings make the cells, and text falls into them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from review.extract.ofd.drawing import Piece
from review.extract.ofd.lines import stretches
from review.extract.ofd.space import Box
from review.extract.pdf.lines import join

_THIN: Final = 0.8
_TOUCH: Final = 0.8
_SHORTEST: Final = 2.0
# A page with more rulings is a drawing; its text is then read line by line.
_MOST_RULES: Final = 1500


@dataclass(frozen=True, slots=True)
class Grid:
    """The rulings of one table: levels of its rows, and where uprights stand."""

    levels: tuple[float, ...]
    uprights: tuple[Box, ...]
    box: Box

    def row_of(self, piece: Piece) -> int | None:
        """Return which row a text stands in, from 0."""
        x, y = _middle(piece)
        if not self.box.holds(x, y):
            return None
        return next(
            (at for at, (a, b) in enumerate(pairwise(self.levels)) if a <= y < b), None
        )

    def edges(self, row: int) -> tuple[float, ...]:
        """Return where the cells of a row begin and end."""
        middle = (self.levels[row] + self.levels[row + 1]) / 2
        standing = [one.left for one in self.uprights if one.top <= middle < one.bottom]
        return _levels((self.box.left, *standing, self.box.right))

    def rows(self, pieces: Iterable[Piece]) -> list[tuple[str, ...]]:
        """Return the cells of every row, empty ones too."""
        inside: dict[int, list[Piece]] = {}
        for piece in pieces:
            if (row := self.row_of(piece)) is not None:
                inside.setdefault(row, []).append(piece)
        return [
            tuple(
                _cell([p for p in inside.get(row, ()) if a <= _middle(p)[0] < b])
                for a, b in pairwise(self.edges(row))
            )
            for row in range(len(self.levels) - 1)
        ]


def grids(rules: Sequence[Box]) -> list[Grid]:
    """Return the tables that rulings and frames make; single boxes are none."""
    if len(rules) > _MOST_RULES:
        return []
    lying: list[Box] = []
    standing: list[Box] = []
    for rule in rules:
        _sort(rule, lying, standing)
    lying, standing = _once(lying), _once(standing)
    if len(lying) < 2 or len(standing) < 2:  # noqa: PLR2004 - a cell has two of each
        return []
    found = [_grid(*group) for group in _groups(lying, standing)]
    return sorted(
        (one for one in found if one is not None), key=lambda grid: grid.box.top
    )


def _sort(rule: Box, lying: list[Box], standing: list[Box]) -> None:
    wide, high = rule.right - rule.left, rule.bottom - rule.top
    if high <= _THIN and wide >= _SHORTEST:
        lying.append(rule)
    elif wide <= _THIN and high >= _SHORTEST:
        standing.append(rule)
    elif wide >= _SHORTEST and high >= _SHORTEST:
        left, top, right, bottom = rule
        lying += [Box(left, top, right, top), Box(left, bottom, right, bottom)]
        standing += [Box(left, top, left, bottom), Box(right, top, right, bottom)]


def _once(rules: list[Box]) -> list[Box]:
    """Return rulings that are drawn for two cells only once."""
    return list({tuple(round(edge, 1) for edge in one): one for one in rules}.values())


def _groups(lying: list[Box], standing: list[Box]) -> list[tuple[list[Box], list[Box]]]:
    """Gather the rulings that touch each other."""
    every = [*lying, *standing]
    home = list(range(len(every)))

    def root(at: int) -> int:
        while home[at] != at:
            home[at] = home[home[at]]
            at = home[at]
        return at

    for row, one in enumerate(lying):
        for column, other in enumerate(standing, len(lying)):
            if (
                one.left - _TOUCH <= other.right
                and other.left <= one.right + _TOUCH
                and other.top - _TOUCH <= one.bottom
                and one.top <= other.bottom + _TOUCH
            ):
                home[root(column)] = root(row)
    groups: dict[int, tuple[list[Box], list[Box]]] = {}
    for at, one in enumerate(every):
        pair = groups.setdefault(root(at), ([], []))
        pair[at >= len(lying)].append(one)
    return list(groups.values())


def _grid(lying: list[Box], standing: list[Box]) -> Grid | None:
    levels = _levels(one.top for one in lying)
    columns = _levels(one.left for one in standing)
    if len(levels) < 3 or len(columns) < 3:  # noqa: PLR2004 - two rows of two cells
        return None
    box = Box(columns[0], levels[0], columns[-1], levels[-1])
    return Grid(levels, tuple(standing), box)


def _levels(values: Iterable[float]) -> tuple[float, ...]:
    """Return the values in order, those that nearly fall together once."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOUCH * 1.5:
            found.append(value)
    return tuple(found)


def _cell(pieces: list[Piece]) -> str:
    lines = stretches(pieces)
    return join([" ".join(one.text for one in line) for line in lines])


def _middle(piece: Piece) -> tuple[float, float]:
    box = piece.box
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2
