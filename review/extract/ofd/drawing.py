"""What an OFD page draws, in the order of painting: pieces of text, fills, pictures."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from lxml import etree

from review.extract.ofd.parts import child, children
from review.extract.ofd.resources import BLACK, Colour, Resources
from review.extract.ofd.space import (
    IDENTITY,
    Box,
    Matrix,
    around,
    box_of,
    combined,
    deltas,
    matrix_of,
    moved,
    number,
    placed,
    placed_box,
    rectangles,
)
from review.extract.ooxml.ooxml import local

Direction: TypeAlias = Literal["across", "down", "slanted"]

_SIZE: Final = 3.5
_DEEP: Final = 12
_WIDE: Final = "\u1100"
_BARELY: Final = 0.15
_CONTAINERS: Final = frozenset({"Layer", "PageBlock", "Content", "Appearance"})
_FALSE: Final = frozenset({"false", "0"})
OFF: Final = "设为不显示的文字"
CLEAR: Final = "完全透明的文字"
UNPAINTED: Final = "没有填充也没有描边的文字"
CLIPPED: Final = "被裁剪掉、页面上看不见的文字"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters in a row; `x` and `y` are where their base line begins."""

    text: str
    x: float
    y: float
    end: float
    size: float
    direction: Direction
    box: Box
    order: int
    colour: Colour | None = BLACK
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle."""

    box: Box
    colour: Colour | None
    order: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in its place."""

    resource: str
    box: Box
    order: int
    opaque: bool
    visible: bool


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for everything inside a layer, a block or a composite object."""

    matrix: Matrix = IDENTITY
    why: str | None = None
    alpha: float = 1.0
    parameter: str | None = None
    depth: int = 0
    units: tuple[str, ...] = ()  # the composite units around it


@dataclass(slots=True)
class Drawing:
    """Everything that one page draws.

    `budget` is how many objects may still be drawn, `again` how many of them by units
    that are used again and again; `spent` tells that one ran out, or that objects nest
    without end.
    """

    resources: Resources
    budget: int
    again: int
    pieces: list[Piece] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    paths: int = 0
    seen: set[etree._Element] = field(default_factory=set)
    spent: bool = False
    _order: int = 0

    def add(
        self, container: etree._Element, *, at: Box | None = None, hidden: bool = False
    ) -> None:
        """Draw what stands in a layer, a page's contents or an appearance."""
        why = OFF if hidden else None
        matrix = moved(IDENTITY, at.left, at.top) if at else IDENTITY
        self._container(container, _Context(matrix, why))

    def _container(self, container: etree._Element, above: _Context) -> None:
        context = self._inside(container, above)
        for element in container:
            self.again -= bool(context.units)
            if self.budget <= 0 or (context.units and self.again < 0):
                self.spent = True
                return
            self._element(element, context)

    def _inside(
        self, element: etree._Element, above: _Context, matrix: Matrix | None = None
    ) -> _Context:
        alpha = element.get("Alpha")
        return _Context(
            matrix=above.matrix if matrix is None else matrix,
            why=above.why or (OFF if _is_off(element) else None),
            alpha=above.alpha * number(alpha, 255.0) / 255.0 if alpha else above.alpha,
            parameter=element.get("DrawParam") or above.parameter,
            depth=above.depth + 1,
            units=above.units,
        )

    def _element(self, element: etree._Element, context: _Context) -> None:
        kind = local(element)
        if context.depth > _DEEP:
            self.spent = True
            return
        if kind in _CONTAINERS:
            self._container(element, context)
        elif kind.endswith("Object"):
            self._object(kind, element, context)

    def _object(self, kind: str, element: etree._Element, context: _Context) -> None:
        self.budget -= 1
        self._order += 1
        box = box_of(element.get("Boundary"))
        left, top = (box.left, box.top) if box else (0.0, 0.0)
        matrix = own = moved(context.matrix, left, top)
        if (raw := element.get("CTM")) is not None:
            own = combined(matrix, matrix_of(raw))
        inner = self._inside(element, context, own)
        if kind == "TextObject":
            frame = box and placed_box(context.matrix, box)
            self._text(element, inner, frame, matrix)
        elif kind == "PathObject":
            self._path(element, inner)
        elif kind == "ImageObject":
            self._picture(element, inner)
        elif kind == "CompositeObject":
            self._composite(element, inner)

    def _composite(self, element: etree._Element, context: _Context) -> None:
        name = element.get("ResourceID") or ""
        if name in context.units:
            self.spent = True
            return
        inside = replace(context, units=(*context.units, name))
        for content in children(self.resources.units.get(name), "Content"):
            self._container(content, inside)
        for content in children(element, "Content"):
            self._container(content, context)

    def _picture(self, element: etree._Element, context: _Context) -> None:
        self.pictures.append(
            Shown(
                resource=element.get("ResourceID") or "",
                box=placed_box(context.matrix, Box(0.0, 0.0, 1.0, 1.0)),
                order=self._order,
                opaque=context.alpha > 0.98,  # noqa: PLR2004 - next to nothing shines through
                visible=context.why is None and context.alpha > 0.04,  # noqa: PLR2004 - as Colour.invisible
            )
        )

    def _path(self, element: etree._Element, context: _Context) -> None:
        self.paths += 1
        if context.why is not None:
            return
        found = rectangles(_data_of(element))
        if found is None:
            return
        boxes = [placed_box(context.matrix, box) for box in found]
        self.rules.extend(boxes)
        if (element.get("Fill") or "false").lower() not in {"true", "1"}:
            return
        colour = self.resources.colour(element, "FillColor", context.parameter)
        if colour is not None:
            colour = replace(colour, alpha=colour.alpha * context.alpha)
        self.fills.extend(Fill(box, colour, self._order) for box in boxes)

    def _text(
        self,
        element: etree._Element,
        context: _Context,
        frame: Box | None,
        outer: Matrix,
    ) -> None:
        colour, why = self._ink(element, context)
        clip = _clip_of(element, context.matrix, outer)
        size = number(element.get("Size"), _SIZE)
        x = y = 0.0
        for code in children(element, "TextCode"):
            self.seen.add(code)
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            for run in _runs(element, code, x, y, size):
                piece = _piece(run, context.matrix, size, self._order)
                self.budget -= 1
                hidden = why or _clipped(piece, frame, clip)
                self.pieces.append(replace(piece, colour=colour, why=hidden))

    def _ink(
        self, element: etree._Element, context: _Context
    ) -> tuple[Colour | None, str | None]:
        """Return the colour of a text, and why nobody sees it."""
        filled = (element.get("Fill") or "true").lower() not in _FALSE
        stroked = (element.get("Stroke") or "false").lower() not in _FALSE
        kind = "FillColor" if filled else "StrokeColor"
        colour = self.resources.colour(element, kind, context.parameter)
        if colour is not None:
            colour = replace(colour, alpha=colour.alpha * context.alpha)
        why = context.why
        if why is None and not filled and not stroked:
            why = UNPAINTED
        clear = context.alpha <= 0.04 if colour is None else colour.invisible  # noqa: PLR2004 - as Colour.invisible
        if why is None and clear:
            why = CLEAR
        return colour, why


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters of one text code that follow each other evenly."""

    text: str
    first: tuple[float, float]
    last: tuple[float, float]


def _runs(
    element: etree._Element, code: etree._Element, x: float, y: float, size: float
) -> Iterator[_Run]:
    """Split the characters of a text code where they jump."""
    text = "".join(map(str, code.itertext())).strip("\r\n\t")
    if not text:
        return
    count = len(text) - 1
    across, down = deltas(code.get("DeltaX"), count), deltas(code.get("DeltaY"), count)
    wide = number(element.get("HScale"), 1.0)
    vertical = number(element.get("ReadDirection"), 0.0) % 180 == 90  # noqa: PLR2004 - degrees
    # A letter-spaced heading is even; a jump inside a line leads to another cell.
    usual = sorted(across)[len(across) // 2] if across else size
    far = max(2.0 * size * wide, 1.8 * usual)
    start, first, last, kind = 0, (x, y), (x, y), ""
    for index in range(count):
        plain = size if text[index] >= _WIDE else size / 2
        dx = across[index] if index < len(across) else 0.0
        dy = down[index] if index < len(down) else 0.0
        if index >= len(across) and index >= len(down):
            dx, dy = (0.0, plain) if vertical else (plain * wide, 0.0)
        x, y = x + dx, y + dy
        new = _kind_of(dx, dy, size, far)
        if new == "jump" or (kind and new != kind):
            yield _Run(text[start : index + 1], first, last)
            start, first, last, kind = index + 1, (x, y), (x, y), ""
            continue
        kind, last = new, (x, y)
    yield _Run(text[start:], first, last)


def _kind_of(dx: float, dy: float, size: float, far: float) -> str:
    if abs(dy) <= abs(size) * 0.3:
        return "across" if -size * 0.3 <= dx <= far else "jump"
    if abs(dx) <= abs(size) * 0.3:
        return "down" if 0 < dy <= 3 * size else "jump"
    return "slanted" if abs(dx) <= far and abs(dy) <= far else "jump"


def _piece(run: _Run, matrix: Matrix, size: float, order: int) -> Piece:
    start, last = run.first, run.last
    dx, dy = last[0] - start[0], last[1] - start[1]
    if start == last:
        dx, dy = size, 0.0
    length = math.hypot(dx, dy) or 1.0
    a, b, c, d, _, _ = matrix
    along = (a * dx + c * dy) / length, b * dx / length + d * dy / length
    high = math.hypot(c, d) or 1.0
    advance = size if run.text[-1] >= _WIDE else size / 2
    end = last[0] + advance * dx / length, last[1] + advance * dy / length
    box = around(
        [
            placed(matrix, x, y + shift)
            for x, y in (start, end)
            for shift in (-0.85 * size, 0.15 * size)
        ]
    )
    left, base = placed(matrix, *start)
    direction: Direction = "slanted"
    if abs(along[1]) <= _BARELY * abs(along[0]) and along[0] > 0:
        direction = "across"
    elif abs(along[0]) <= _BARELY * abs(along[1]):
        direction = "down"
    right = placed(matrix, *end)[0]
    return Piece(run.text, left, base, right, abs(size) * high, direction, box, order)


def _clipped(piece: Piece, frame: Box | None, clip: Box | None) -> str | None:
    """Tell a text that lies outside its own frame or its clipping area."""
    if clip is not None and piece.box.area and not piece.box.shared(clip):
        return CLIPPED
    if frame is None or not frame.area:
        return None
    room = 1.5 * piece.size
    wide = Box(
        frame.left - room, frame.top - room, frame.right + room, frame.bottom + room
    )
    return None if piece.box.shared(wide) or not piece.box.area else CLIPPED


def _clip_of(element: etree._Element, inner: Matrix, outer: Matrix) -> Box | None:
    """Return the box around all clipping areas of an object."""
    clips = child(element, "Clips")
    if clips is None:
        return None
    matrix = outer if clips.get("TransFlag") in _FALSE else inner
    boxes = []
    for area in clips.iter("{*}Area"):
        own = combined(matrix, matrix_of(area.get("CTM")))
        path = child(area, "Path")
        box = box_of(path.get("Boundary")) if path is not None else None
        if box is None:
            return None
        boxes.append(placed_box(own, box))
    corners = [(b.left, b.top) for b in boxes] + [(b.right, b.bottom) for b in boxes]
    return around(corners) if corners else None


def _data_of(element: etree._Element) -> str:
    data = child(element, "AbbreviatedData")
    return (data.text or "") if data is not None else ""


def _is_off(element: etree._Element) -> bool:
    raw = element.get("Visible")
    return raw is not None and raw.strip().lower() in _FALSE
