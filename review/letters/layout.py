"""Reading order: columns, then rows from above, then cells from the left.

Pieces of one row that stand far apart are cells of a table, and are joined by a tab.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from review.extract.interface import Line
from review.letters.interface import Piece, Ruling

_SAME_ROW: Final = 0.5  # of the lower one's height, by which middles may differ
_CELL: Final = 1.1  # of the height; a wider gap parts two cells
_SPACE: Final = 0.45  # of the height; a wider gap between Latin words is a space
_NEAR: Final = 0.4  # of the height, by which a line's box may reach over a ruling
_GUTTER: Final = 0.8  # of the usual height, the least width between two columns
_FULL: Final = 0.72  # of a column's width: so long are the lines of running text
_LEAST: Final = 4  # lines that make a column
_LETTERS: Final = 8  # so long is a usual line of a column
_MOST_PLACES: Final = 40  # gutters that are tried
_MOST_COLUMNS: Final = 600  # pieces; on a page with more nobody looks for columns


def lines_of(
    pieces: Sequence[Piece], rulings: Sequence[Ruling] = ()
) -> tuple[Line, ...]:
    """Return the lines of a page in the order in which people read them.

    What stands on two sides of a ruling are two cells.
    """
    found: list[Line] = []
    for group in _columns(list(pieces)):
        found.extend(_joined(row, rulings) for row in _rows(group))
    return tuple(one for one in found if one.text)


# --- rows ---


def _rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return the pieces row by row; a piece belongs to the row nearest to its middle."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: one.middle):
        home = next((row for row in rows[-4:] if _belongs(piece, row)), None)
        if home is None:
            rows.append([piece])
        else:
            home.append(piece)
    rows.sort(key=lambda row: sum(one.middle for one in row) / len(row))
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _belongs(piece: Piece, row: Sequence[Piece]) -> bool:
    """Tell whether a piece stands in a row, and beside all that is in it."""
    middle = sum(one.middle for one in row) / len(row)
    height = min(piece.height, *(one.height for one in row))
    if abs(piece.middle - middle) > height * _SAME_ROW:
        return False
    return all(
        min(one.right, piece.right) - max(one.left, piece.left)
        < 0.5 * min(one.width, piece.width)
        for one in row
    )


def _joined(row: Sequence[Piece], rulings: Sequence[Ruling]) -> Line:
    text = row[0].text
    for before, after in pairwise(row):
        near = min(before.height, after.height) * _NEAR
        edges = (before.right, after.left)
        ruled = any(
            one.parts(min(edges) - near, max(edges) + near, before.middle)
            for one in rulings
        )
        text += ("\t" if ruled else _between(before, after)) + after.text
    letters = sum(len(one.text) for one in row)
    total = sum(one.score * len(one.text) for one in row)
    return Line(text.strip(), total / letters if letters else 0.0)


def _between(before: Piece, after: Piece) -> str:
    gap = after.left - before.right
    height = min(before.height, after.height)
    if gap > height * _CELL:
        return "\t"
    latin = before.text[-1:].isascii() and after.text[:1].isascii()
    return " " if latin and gap > height * _SPACE else ""


# --- columns ---


def _columns(pieces: list[Piece]) -> list[list[Piece]]:
    """Return the pieces in groups to be read one after the other.

    A page of running text in two or three columns is cut at its gutters; what runs
    across a gutter (a headline) parts what is above it from what is below.
    """
    if not _LEAST * 2 <= len(pieces) <= _MOST_COLUMNS:
        return [pieces]
    gutter = _gutter(pieces)
    if gutter is None:
        return [pieces]
    groups: list[list[Piece]] = []
    for band, across in _bands(pieces, gutter):
        left, right = _sides(band, gutter)
        if _are_columns(left, right, deep=True):
            groups.extend((*_columns(left), *_columns(right)))
        else:
            groups.append(band)
        groups.append(across)
    return [one for one in groups if one]


def _gutter(pieces: Sequence[Piece], *, deep: bool = True) -> float | None:
    """Return the place where most pieces stand in columns of running text."""
    if len(pieces) < _LEAST * 2:
        return None
    usual = max(sorted(one.height for one in pieces)[len(pieces) // 2], 1.0)
    places = {
        round((one.right + nearest) / 2 / usual): (one.right + nearest) / 2
        for one in pieces
        if (nearest := _next_left(one, pieces)) - one.right > usual * _GUTTER
    }
    best, most = None, 0
    for _, place in sorted(places.items())[:_MOST_PLACES]:
        count = sum(
            len(band)
            for band, _ in _bands(pieces, place)
            if _are_columns(*_sides(band, place), deep=deep)
        )
        if count > most:
            best, most = place, count
    return best


def _sides(band: Sequence[Piece], gutter: float) -> tuple[list[Piece], list[Piece]]:
    left = [one for one in band if one.right <= gutter]
    return left, [one for one in band if one.left >= gutter]


def _are_columns(left: Sequence[Piece], right: Sequence[Piece], *, deep: bool) -> bool:
    """Tell whether both sides are running text; `deep`: one of them in columns itself."""
    texts = [_is_text(one) for one in (left, right)]
    if all(texts):
        return True
    if not deep or not any(texts):
        return False
    return _gutter(right if texts[0] else left, deep=False) is not None


def _next_left(piece: Piece, pieces: Sequence[Piece]) -> float:
    """Return where the next piece beside this one begins; where it ends if none does."""
    beside = [
        one.left
        for one in pieces
        if one.left >= piece.right and abs(one.middle - piece.middle) < piece.height
    ]
    return min(beside, default=piece.right)


def _bands(
    pieces: Sequence[Piece], gutter: float
) -> list[tuple[list[Piece], list[Piece]]]:
    """Return the pieces beside a gutter, band by band, each with what crosses below it."""
    bands: list[tuple[list[Piece], list[Piece]]] = [([], [])]
    for one in sorted(pieces, key=lambda each: each.middle):
        crosses = one.left < gutter < one.right
        if crosses:
            bands[-1][1].append(one)
        elif bands[-1][1] and one.middle > bands[-1][1][-1].bottom:
            bands.append(([one], []))
        else:
            bands[-1][0].append(one)
    return bands


def _is_text(column: Sequence[Piece]) -> bool:
    """Tell whether a column is running text: lines, most of them as long as it is wide."""
    rows = _rows(column)
    if len(rows) < _LEAST:
        return False
    left = min(one.left for one in column)
    width = max(one.right for one in column) - left
    full = sum(row[-1].right - row[0].left > width * _FULL for row in rows)
    letters = sorted(sum(len(one.text) for one in row) for row in rows)
    tight = sum(len(row) == 1 for row in rows)
    return (
        full >= len(rows) * 0.6
        and tight >= len(rows) * 0.6
        and letters[len(letters) // 2] >= _LETTERS
    )
