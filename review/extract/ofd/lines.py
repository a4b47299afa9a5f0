"""Pieces of text on an OFD page become lines in reading order."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Final

from review.extract.ofd.drawing import Piece

_SAME_LINE: Final = 0.45
_CELL: Final = 1.6
_ASCII_GAP: Final = 0.3
_HAN_GAP: Final = 0.8
_EVEN: Final = 1.35
_HOLE: Final = 2.7
_COLUMN_LINES: Final = 5
_FULL: Final = 0.6
_PROSE: Final = 8.0
_FEWEST: Final = 3
_APART: Final = 0.4
_STRIPS: Final = 200


@dataclass(frozen=True, slots=True)
class Stretch:
    """What stands together on one line: a cell, or a line of a column."""

    text: str
    left: float
    right: float
    base: float
    size: float


def stretches(pieces: Sequence[Piece]) -> list[list[Stretch]]:
    """Return the lines from top to bottom, each as its stretches from left to right."""
    across = [piece for piece in pieces if piece.direction != "down"]
    lines = [_split(band) for band in _bands(across)]
    lines = [line for line in lines if line]
    down = _columns_down([piece for piece in pieces if piece.direction == "down"])
    return _stacked(_merged(lines, down))


def in_order(lines: Sequence[Sequence[Stretch]]) -> list[list[Stretch]]:
    """Return the lines as they are read, two columns one after the other.

    What comes out are runs of lines; a paragraph never goes on in the next run.
    """
    gutter = _gutter(lines)
    if gutter is None:
        return _without_holes([_joined(line) for line in lines])
    found: list[list[Stretch]] = []
    left: list[Stretch] = []
    right: list[Stretch] = []
    for line in lines:
        first = [one for one in line if one.right <= gutter]
        second = [one for one in line if one.left >= gutter]
        if len(first) + len(second) < len(line):
            found += [left, right, [_joined(line)]]
            left, right = [], []
            continue
        left += [_joined(first)] if first else []
        right += [_joined(second)] if second else []
    runs = [*found, left, right]
    return [part for run in runs for part in _without_holes(run)]


def _without_holes(run: Sequence[Stretch]) -> list[list[Stretch]]:
    """Part lines that stand too far from each other for one paragraph."""
    found: list[list[Stretch]] = []
    for one in run:
        if found and one.base - found[-1][-1].base <= _HOLE * one.size:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def _bands(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Gather the pieces that stand on one base line."""
    bands: list[list[Piece]] = []
    base = 0.0
    for piece in sorted(pieces, key=lambda one: (one.y, one.x)):
        size = piece.size
        if bands and piece.y - base <= _SAME_LINE * min(size, bands[-1][0].size * 1.5):
            bands[-1].append(piece)
        else:
            bands.append([piece])
            base = piece.y
    return bands


def _split(band: Sequence[Piece]) -> list[Stretch]:
    """Join the pieces of a line, and part them where there is much room."""
    ordered = sorted(
        (piece for piece in band if piece.text.strip()), key=lambda one: one.x
    )
    ordered = _without_doubles(ordered)
    even = _is_letter_spaced(ordered)
    found: list[Stretch] = []
    for piece in ordered:
        text = "".join(piece.text.split()) if even else " ".join(piece.text.split())
        last = found[-1] if found else None
        gap = 0.0 if last is None else piece.x - last.right
        size = piece.size if last is None else min(piece.size, last.size)
        if last is None or (gap > _CELL * size and not even):
            found.append(Stretch(text, piece.x, piece.end, piece.y, piece.size))
            continue
        space = "" if even else _space(last.text, text, gap, size)
        found[-1] = Stretch(
            f"{last.text}{space}{text}",
            last.left,
            max(last.right, piece.end),
            last.base,
            max(last.size, piece.size),
        )
    return found


def _without_doubles(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave out what is painted twice in one place to look bold."""
    found: list[Piece] = []
    for piece in pieces:
        again = any(
            one.text == piece.text and abs(one.x - piece.x) < 0.3 * piece.size
            for one in found[-2:]
        )
        if not again:
            found.append(piece)
    return found


def _is_letter_spaced(pieces: Sequence[Piece]) -> bool:
    """Tell single characters at even, wide distances: one word, as in a heading."""
    few = 3
    if len(pieces) < few or any(len(one.text.strip()) > 1 for one in pieces):
        return False
    steps = [after.x - before.x for before, after in pairwise(pieces)]
    return min(steps) > 0 and max(steps) <= _EVEN * min(steps)


def _space(before: str, after: str, gap: float, size: float) -> str:
    latin = before[-1].isascii() and after[0].isascii()
    return " " if gap > (_ASCII_GAP if latin else _HAN_GAP) * size else ""


def _joined(line: Sequence[Stretch]) -> Stretch:
    first, last = line[0], line[-1]
    text = " ".join(one.text for one in line)
    size = max(one.size for one in line)
    return Stretch(text, first.left, last.right, first.base, size)


def _columns_down(pieces: Sequence[Piece]) -> list[Stretch]:
    """Return vertical lines, from right to left; those on top of each other are one."""
    found: list[Stretch] = []
    bottom = 0.0
    for piece in sorted(pieces, key=lambda one: (-round(one.x, 1), one.y)):
        text = "".join(piece.text.split())
        if not text:
            continue
        last = found[-1] if found else None
        if (
            last is not None
            and abs(last.left - piece.x) < 0.3 * piece.size
            and 0 <= piece.box.top - bottom < 2 * piece.size
        ):
            found[-1] = Stretch(
                last.text + text, last.left, last.right, last.base, last.size
            )
        else:
            found.append(
                Stretch(text, piece.x, piece.x + piece.size, piece.y, piece.size)
            )
        bottom = piece.box.bottom
    return found


def _merged(lines: list[list[Stretch]], down: Sequence[Stretch]) -> list[list[Stretch]]:
    """Put vertical lines where they begin among the others."""
    alone = [*lines, *([one] for one in down)]
    return sorted(alone, key=lambda line: line[0].base)


def _stacked(lines: list[list[Stretch]]) -> list[list[Stretch]]:
    """Join single characters that stand closely below each other: a vertical word."""
    found: list[list[Stretch]] = []
    open_: dict[int, tuple[int, int, float]] = {}
    for line in lines:
        kept: list[Stretch] = []
        for one in line:
            key = round(one.left / (one.size or 1.0) * 2)
            above = next(
                (open_[k] for k in (key, key - 1, key + 1) if k in open_), None
            )
            if len(one.text) == 1 and one.text > "\u2e80" and above is not None:
                row, at, base = above
                head = found[row][at]
                if (
                    abs(head.left - one.left) < 0.2 * one.size
                    and abs(head.size - one.size) < 0.1 * one.size
                    and 0 < one.base - base < 1.4 * one.size
                ):
                    found[row][at] = Stretch(
                        head.text + one.text,
                        head.left,
                        head.right,
                        head.base,
                        head.size,
                    )
                    open_[key] = (row, at, one.base)
                    continue
            kept.append(one)
            if len(one.text) == 1:
                open_[key] = (len(found), len(kept) - 1, one.base)
        if kept:
            found.append(kept)
    return found


def _gutter(lines: Sequence[Sequence[Stretch]]) -> float | None:
    """Return where two columns part; `None` where there are none.

    Columns are filled by their lines, or their lines stand at different heights;
    otherwise it is a table without rulings, which is read row by row.
    """
    every = [one for line in lines for one in line]
    gutter = _emptiest(every)
    if gutter is None:
        return None
    left = [one for one in every if one.right <= gutter]
    right = [one for one in every if one.left >= gutter]
    few = min(len(left), len(right))
    if few < _FEWEST or len(left) + len(right) < len(every) * 0.8:
        return None
    together = sum(
        line[0].right <= gutter and line[-1].left >= gutter for line in lines
    )
    if together <= few * _APART or (few >= _COLUMN_LINES and _full(left, right)):
        return gutter
    return None


def _emptiest(every: Sequence[Stretch]) -> float | None:
    """Return the upright strip near the middle that the fewest lines cross."""
    if len(every) < 2 * _FEWEST:
        return None
    edge, far = min(one.left for one in every), max(one.right for one in every)
    step = (far - edge) / _STRIPS
    if step <= 0:
        return None
    changes = [0] * (_STRIPS + 2)
    for one in every:
        changes[int((one.left - edge) / step)] += 1
        changes[int((one.right - edge) / step) + 1] -= 1
    crossed = list(accumulate(changes))
    inner = range(_STRIPS // 4, _STRIPS * 3 // 4)
    least = min(crossed[at] for at in inner)
    if least > len(every) * 0.15:
        return None
    strips = [at for at in inner if crossed[at] == least]
    middle = strips[len(strips) // 2]
    return edge + (middle + 0.5) * step


def _full(*columns: Sequence[Stretch]) -> bool:
    """Tell whether most lines of each column fill it."""
    for column in columns:
        room = max(one.right for one in column) - min(one.left for one in column)
        full = sum(
            one.right - one.left > max(_FULL * room, _PROSE * one.size)
            for one in column
        )
        if full < len(column) * _FULL:
            return False
    return True
