"""Matrices and boxes on a PDF page."""

from collections.abc import Iterable
from typing import Final, NamedTuple


class Matrix(NamedTuple):
    """x' = ax + cy + e, y' = bx + dy + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def times(self, other: "Matrix") -> "Matrix":
        """Return this matrix, and the other one after it."""
        return Matrix(
            self.a * other.a + self.b * other.c,
            self.a * other.b + self.b * other.d,
            self.c * other.a + self.d * other.c,
            self.c * other.b + self.d * other.d,
            self.e * other.a + self.f * other.c + other.e,
            self.e * other.b + self.f * other.d + other.f,
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point comes to lie."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


class Box(NamedTuple):
    """A rectangle in points."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Tell whether a point lies in it."""
        return (
            self.left - slack <= x <= self.right + slack
            and self.bottom - slack <= y <= self.top + slack
        )

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes share any area."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def within(self, other: "Box", slack: float = 0.5) -> bool:
        """Tell whether it lies wholly in the other one."""
        return other.holds(self.left, self.bottom, slack) and other.holds(
            self.right, self.top, slack
        )

    @property
    def area(self) -> float:
        """Return its area."""
        return max(self.right - self.left, 0.0) * max(self.top - self.bottom, 0.0)


UNIT: Final = Box(0.0, 0.0, 1.0, 1.0)


def around(points: Iterable[tuple[float, float]]) -> Box:
    """Return the smallest box that holds the points."""
    found = list(points)
    across, up = [x for x, _ in found], [y for _, y in found]
    return Box(min(across), min(up), max(across), max(up))


def moved(box: Box, matrix: Matrix) -> Box:
    """Return the box around a box that a matrix has moved."""
    corners = ((box.left, box.bottom), (box.right, box.bottom))
    corners += ((box.left, box.top), (box.right, box.top))  # type: ignore[assignment]  # four points now
    return around(matrix.point(x, y) for x, y in corners)
