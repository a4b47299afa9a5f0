"""Numbers, boxes and transformations of OFD pages; lengths in millimetres, y downwards."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_HUGE: Final = 1e7
# A longer path is a drawing, and one with curves is no table.
_LONG_PATH: Final = 50_000
_CURVES: Final = frozenset("BQA")


class Box(NamedTuple):
    """A rectangle whose sides lie along the axes."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """Return its area, never below zero."""
        return max(self.right - self.left, 0.0) * max(self.bottom - self.top, 0.0)

    def shared(self, other: "Box") -> float:
        """Return the area that two boxes have in common."""
        return Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        ).area

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies inside."""
        return self.left <= x < self.right and self.top <= y < self.bottom


def numbers(raw: str | None) -> tuple[float, ...]:
    """Return the numbers of an attribute; what is no number ends them."""
    if not raw:
        return ()
    try:
        quick = tuple(map(float, raw.split()))
    except ValueError:
        return _careful(raw)
    if all(-_HUGE <= value <= _HUGE for value in quick):
        return quick
    return _careful(raw)


def _careful(raw: str) -> tuple[float, ...]:
    found = []
    for word in raw.replace(",", " ").split():
        try:
            value = float(word)
        except ValueError:
            break
        if not math.isfinite(value) or abs(value) > _HUGE:
            break
        found.append(value)
    return tuple(found)


def number(raw: str | None, default: float) -> float:
    """Return the first number of an attribute."""
    found = numbers(raw)
    return found[0] if found else default


def box_of(raw: str | None) -> Box | None:
    """Return the box `x y width height`; `None` where it is no such thing."""
    match numbers(raw):
        case (left, top, width, height):
            return Box(left, top, left + width, top + height)
        case _:
            return None


def matrix_of(raw: str | None) -> Matrix:
    """Return the transformation `a b c d e f`; the identity where there is none."""
    match numbers(raw):
        case (a, b, c, d, e, f):
            return (a, b, c, d, e, f)
        case _:
            return IDENTITY


def combined(outer: Matrix, inner: Matrix) -> Matrix:
    """Return the transformation that applies `inner` first."""
    a, b, c, d, e, f = inner
    k, m, n, o, p, q = outer
    return (
        a * k + b * n,
        a * m + b * o,
        c * k + d * n,
        c * m + d * o,
        e * k + f * n + p,
        e * m + f * o + q,
    )


def moved(matrix: Matrix, x: float, y: float) -> Matrix:
    """Return a transformation whose origin lies at a point of its space."""
    return combined(matrix, (1.0, 0.0, 0.0, 1.0, x, y))


def placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def placed_box(matrix: Matrix, box: Box) -> Box:
    """Return the box around a box that was transformed."""
    return around(
        [placed(matrix, x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    )


def around(points: Sequence[tuple[float, float]]) -> Box:
    """Return the box around points; there is at least one."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def deltas(raw: str | None, count: int) -> list[float]:
    """Return the steps of an attribute such as `g 3 5.5 2.7`, at most `count`."""
    if not raw or count <= 0:
        return []
    if "g" not in raw and "G" not in raw:
        return list(numbers(raw)[:count])
    found: list[float] = []
    words = iter(raw.replace(",", " ").split())
    for word in words:
        times, value = 1, word
        if word in {"g", "G"}:
            times, value = int(number(next(words, "0"), 0)), next(words, "")
        step = numbers(value)
        if not step or len(found) >= count:
            break
        found.extend([step[0]] * min(max(times, 0), count - len(found)))
    return found


def rectangles(raw: str | None) -> list[Box] | None:
    """Return the rectangles of a path; `None` where it has other shapes or curves."""
    if not raw or len(raw) > _LONG_PATH or not _CURVES.isdisjoint(raw):
        return None
    found: list[Box] = []
    shape: list[tuple[float, float]] = []
    words = iter(raw.split())
    for word in words:
        if word in {"M", "S"}:
            if not _take(shape, found):
                return None
            shape = []
        if word in {"M", "S", "L"}:
            point = numbers(f"{next(words, '')} {next(words, '')}")
            if len(point) != 2:  # noqa: PLR2004 - x and y
                return None
            shape.append((point[0], point[1]))
        elif word != "C":
            return None
    return found if _take(shape, found) else None


def _take(shape: list[tuple[float, float]], found: list[Box]) -> bool:
    """Add the box of a shape, if it has right angles only."""
    if len(shape) < 2:  # noqa: PLR2004 - a point draws nothing
        return True
    box = around(shape)
    small = 0.01 * max(box.right - box.left, box.bottom - box.top)
    for before, after in pairwise((*shape, shape[0])):
        if abs(before[0] - after[0]) > small and abs(before[1] - after[1]) > small:
            return False
    corners = all(
        min(abs(x - box.left), abs(x - box.right)) <= small
        and min(abs(y - box.top), abs(y - box.bottom)) <= small
        for x, y in shape
    )
    if corners:
        found.append(box)
    return corners
