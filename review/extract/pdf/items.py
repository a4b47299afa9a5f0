"""What is painted on a PDF page, in painting order, each thing with its box."""

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

import pypdfium2.raw as pdfium

# A hostile page paints the same form in the form again and again.
_MAX_ITEMS: Final = 20_000
_MAX_DEPTH: Final = 8

# A thing that pdfium owns; it lives as long as its page.
Handle: TypeAlias = Any
# a, b, c, d, e, f: x' = ax + cy + e, y' = bx + dy + f
Matrix: TypeAlias = tuple[float, float, float, float, float, float]

# What changes nothing.
SAME: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Box(NamedTuple):
    """A rectangle in points; `bottom` is below `top`."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Return how wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Return how high it is."""
        return self.top - self.bottom

    @property
    def area(self) -> float:
        """Return its area in square points."""
        return max(self.width, 0.0) * max(self.height, 0.0)

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in it."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def meets(self, other: "Box") -> bool:
        """Tell whether both share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def within(self, other: "Box", slack: float) -> bool:
        """Tell whether it lies in the other one, give or take `slack` points."""
        return (
            self.left >= other.left - slack
            and self.bottom >= other.bottom - slack
            and self.right <= other.right + slack
            and self.top <= other.top + slack
        )


@dataclass(frozen=True, slots=True)
class Item:
    """One painted thing: its kind in pdfium's numbers and its box on the page.

    `matrix` leads from where it was painted to the page; it differs from the
    identity in a form only, and `depth` counts the forms around it.
    """

    handle: Handle
    kind: int
    box: Box
    matrix: Matrix = SAME
    depth: int = 0

    @property
    def address(self) -> int:
        """Return what tells this thing from all others of its page."""
        return ctypes.addressof(self.handle.contents)


@dataclass(slots=True)
class Items:
    """All things of a page, in painting order; `cut` when there are too many."""

    all: list[Item] = field(default_factory=list)
    cut: bool = False

    def of(self, kind: int) -> Iterator[Item]:
        """Yield the things of one kind."""
        return (item for item in self.all if item.kind == kind)


def items_of(page: Handle) -> Items:
    """Return what a page paints, the contents of its forms instead of the forms."""
    items = Items()
    count = pdfium.FPDFPage_CountObjects(page)
    corners = tuple(ctypes.c_float() for _ in range(4))
    for index in range(min(count, _MAX_ITEMS)):
        _take(pdfium.FPDFPage_GetObject(page, index), SAME, 0, items, corners)
    items.cut = items.cut or count > _MAX_ITEMS
    return items


def matrix_of(handle: Handle) -> Matrix:
    """Return the matrix of a thing: what leads to the space it is painted in."""
    raw = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(handle, raw):
        return SAME
    return (raw.a, raw.b, raw.c, raw.d, raw.e, raw.f)


def point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return where a matrix leads a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def times(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that does `first` and then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def moved(box: Box, matrix: Matrix) -> Box:
    """Return the upright box around a box that a matrix moves."""
    if matrix is SAME:
        return box
    corners = [
        point(matrix, x, y)
        for x in (box.left, box.right)
        for y in (box.bottom, box.top)
    ]
    return around(corners)


def around(points: Iterable[tuple[float, float]]) -> Box:
    """Return the smallest box that holds the points, of which there is at least one."""
    across, up = zip(*points, strict=True)
    return Box(min(across), min(up), max(across), max(up))


def _take(
    handle: Handle,
    matrix: Matrix,
    depth: int,
    items: Items,
    corners: tuple[ctypes.c_float, ...],
) -> None:
    if len(items.all) >= _MAX_ITEMS or not handle:
        items.cut = items.cut or bool(handle)
        return
    kind = pdfium.FPDFPageObj_GetType(handle)
    if kind == pdfium.FPDF_PAGEOBJ_FORM:
        if depth >= _MAX_DEPTH:
            items.cut = True
            return
        inner = times(matrix_of(handle), matrix)
        count = pdfium.FPDFFormObj_CountObjects(handle)
        for index in range(min(max(count, 0), _MAX_ITEMS)):
            child = pdfium.FPDFFormObj_GetObject(handle, index)
            _take(child, inner, depth + 1, items, corners)
        return
    if not pdfium.FPDFPageObj_GetBounds(handle, *corners):
        # It paints nothing by itself, and yet its text may be there.
        box = Box(0.0, 0.0, 0.0, 0.0)
    else:
        left, bottom, right, top = corners
        box = Box(left.value, bottom.value, right.value, top.value)
    items.all.append(Item(handle, kind, moved(box, matrix), matrix, depth))
