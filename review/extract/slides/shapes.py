"""The shapes of a slide: where each stands, and which of them nobody sees."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from math import hypot
from typing import Final, NamedTuple

from lxml import etree

from review.extract.ooxml.drawingml import A, Fill, Theme
from review.extract.ooxml.ooxml import below, chosen, is_true, left_out, local

P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_LEAVES: Final = frozenset({"sp", "pic", "graphicFrame", "cxnSp", "contentPart"})
# More shapes than this below one another are not compared one by one.
_MANY: Final = 200


class Box(NamedTuple):
    """A rectangle on the slide, in its units (EMU)."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tell whether two rectangles share any area."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Frame(NamedTuple):
    """How the inner units of a group become those of the slide."""

    scale_x: float = 1.0
    scale_y: float = 1.0
    left: float = 0.0
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape that is no group, with what the groups around it do to it."""

    element: etree._Element
    kind: str
    box: Box | None
    hidden: bool
    aside: str = ""

    @property
    def placeholder(self) -> tuple[str, str] | None:
        """Return type and index of the placeholder that it fills."""
        found = next(self.element.iter(f"{P}ph"), None)
        if found is None:
            return None
        return found.get("type") or "obj", found.get("idx") or "0"

    @property
    def properties(self) -> etree._Element | None:
        """Return `p:spPr`."""
        return below(self.element, f"{P}spPr")


def shapes_of(tree: etree._Element) -> Iterator[Shape]:
    """Yield the shapes of a tree from the lowest to the topmost, groups opened."""
    return _shapes(tree, Frame(), hidden=False)


def _shapes(tree: etree._Element, frame: Frame, *, hidden: bool) -> Iterator[Shape]:
    for part in tree:
        kind = local(part)
        if kind in _LEAVES:
            away = hidden or _is_hidden(part)
            yield Shape(part, kind, box_of(part, frame), away)
        elif kind == "grpSp":
            away = hidden or _is_hidden(part)
            yield Shape(part, kind, None, away)
            yield from _shapes(part, inner_frame(part, frame), hidden=away)
        elif kind == "AlternateContent":
            yield from _shapes(chosen(part), frame, hidden=hidden)
            for text in left_out(part):
                yield Shape(part, "aside", None, hidden=True, aside=text)


def _is_hidden(part: etree._Element) -> bool:
    own = part[0] if len(part) else part
    entry = below(own, f"{P}cNvPr")
    return entry is not None and is_true(entry.get("hidden"))


def _place(part: etree._Element) -> etree._Element | None:
    for own in part.iterchildren(f"{P}spPr", f"{P}grpSpPr"):
        return below(own, f"{A}xfrm")
    return below(part, f"{P}xfrm")


def box_of(shape: etree._Element, frame: Frame) -> Box | None:
    """Return the room that a shape takes, whichever way it is turned."""
    place = _place(shape)
    if place is None:
        return None
    sizes = _pair(place, "off", ("x", "y")) + _pair(place, "ext", ("cx", "cy"))
    if len(sizes) != 4:  # noqa: PLR2004 - left, top, width, height
        return None
    left = frame.left + sizes[0] * frame.scale_x
    top = frame.top + sizes[1] * frame.scale_y
    wide, high = sizes[2] * frame.scale_x, sizes[3] * frame.scale_y
    if place.get("rot") in {None, "", "0"}:
        return Box(left, top, left + wide, top + high)
    reach = hypot(wide, high) / 2
    x, y = left + wide / 2, top + high / 2
    return Box(x - reach, y - reach, x + reach, y + reach)


def inner_frame(group: etree._Element, frame: Frame) -> Frame:
    """Return how the units inside a group become those of the slide."""
    place = _place(group)
    if place is None:
        return frame
    off, ext = _pair(place, "off", ("x", "y")), _pair(place, "ext", ("cx", "cy"))
    start = _pair(place, "chOff", ("x", "y"))
    size = _pair(place, "chExt", ("cx", "cy"))
    if not (off and ext and start and size and size[0] and size[1]):
        return frame
    across = frame.scale_x * ext[0] / size[0]
    down = frame.scale_y * ext[1] / size[1]
    left = frame.left + off[0] * frame.scale_x - start[0] * across
    top = frame.top + off[1] * frame.scale_y - start[1] * down
    return Frame(across, down, left, top)


def _pair(place: etree._Element, name: str, keys: tuple[str, str]) -> tuple[float, ...]:
    entry = below(place, f"{A}{name}")
    if entry is None:
        return ()
    try:
        return tuple(float(int(entry.get(key) or "")) for key in keys)
    except (ValueError, OverflowError):
        return ()


@dataclass(slots=True)
class Canvas:
    """What a slide stands on: its size, its ground, and what was painted on that."""

    size: Box | None
    ground: Fill
    theme: Theme
    painted: list[Box] = field(default_factory=list)
    covered: bool = False

    def copy(self) -> "Canvas":
        """Return the same, to be painted on further."""
        return replace(self, painted=list(self.painted))

    def is_off(self, box: Box | None) -> bool:
        """Tell a shape that stands wholly outside the slide."""
        return box is not None and self.size is not None and not self.size.meets(box)

    def paint(self, shape: Shape, fill: Fill) -> None:
        """Remember what a shape covers, for the texts above it."""
        if shape.hidden or (shape.kind == "sp" and fill == "none"):
            return
        if shape.kind in {"sp", "pic", "graphicFrame"}:
            if shape.box is None or len(self.painted) >= _MANY:
                self.covered = True
            else:
                self.painted.append(shape.box)

    def below(self, box: Box | None) -> Fill:
        """Return the colour that is seen through a shape without a fill."""
        if self.covered or (box is None and self.painted):
            return "unknown"
        if box is not None and any(one.meets(box) for one in self.painted):
            return "unknown"
        return self.ground


def fill_of(shape: Shape, theme: Theme) -> Fill:
    """Return what fills a shape: by its own properties, else by its style."""
    own = theme.fill(shape.properties)
    if own is not None:
        return own
    style = below(shape.element, f"{P}style", f"{A}fillRef")
    if style is None or style.get("idx") in {None, "0"}:
        return "none"
    return theme.colour(style) if style.get("idx") == "1" else "unknown"
