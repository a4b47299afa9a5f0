"""Which text of a Word file nobody sees: hidden, tiny, or coloured like its ground."""

from collections.abc import Iterable
from typing import Final, TypeVar

from lxml import etree

from review.extract.ooxml.drawingml import A, Theme, alike, is_pale
from review.extract.ooxml.ooxml import local
from review.extract.word.styles import (
    Children,
    Place,
    Style,
    Styles,
    W,
    child,
    children,
    colour_in,
    ground_in,
    ground_of,
    is_on,
    size_in,
    value,
)

_W14: Final = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_PAPER: Final = "FFFFFF"
_UNKNOWN: Final = "UNKNOWN"
_TINY_HALF_POINTS: Final = 4
_NARROW: Final = 5  # per cent of a letter's width
_GROUPS: Final = frozenset({"wgp", "wpc", "group", "grpSp"})
_OLD_SHAPES: Final = frozenset({"shape", "rect", "roundrect", "oval"})
# Word files carry their theme in a part of its own; these two hardly ever differ.
_THEME: Final = Theme({"lt1": _PAPER, "dk1": "000000"})
_T = TypeVar("_T")
_NAMES: Final = {"white": _PAPER, "black": "000000", "none": "NONE"}


def hiding(run: etree._Element, styles: Styles, *, paragraph: bool) -> str | None:
    """Say in Chinese how a run is hidden; `None` for text that is seen.

    `paragraph` tells that the paragraph's own style hides its text.
    """
    own = children(child(run, "rPr"))
    named = styles.chain(value(own.get(f"{W}rStyle")))
    if _vanishes(own, named, paragraph=paragraph):
        return "隐藏文字"
    place = styles.place(_paragraph(run))
    size = size_in(own)
    if size is None:
        size = _first([*(style.size for style in named), place.size])
    if size is not None and size <= _TINY_HALF_POINTS:
        return "极小字号"
    if drawn := _drawn(own):
        return drawn
    colour = colour_in(own)
    if colour is None:
        colour = _first([*(style.colour for style in named), place.colour])
    if colour is not None and colour != "AUTO":
        ground = ground_in(own) or _first(style.ground for style in named)
        if alike(colour, ground or _behind(run, place, styles)):
            return "白色文字" if is_pale(colour) else "与底色相同的文字"
    return None


def _first(values: Iterable[_T | None]) -> _T | None:
    return next((one for one in values if one is not None), None)


def _vanishes(own: Children, named: tuple[Style, ...], *, paragraph: bool) -> bool:
    vanish = own.get(f"{W}vanish")
    if vanish is not None:
        return is_on(vanish)
    by_style = _first(one.hidden for one in named)
    return paragraph if by_style is None else by_style


def _drawn(own: Children) -> str | None:
    """Say how a run's letters are drawn so that nobody sees them."""
    width = (value(own.get(f"{W}w")) or "").rstrip("%")
    if width.isascii() and width.isdigit() and int(width[:6]) <= _NARROW:
        return "极窄文字"
    fill, line = own.get(f"{_W14}textFill"), own.get(f"{_W14}textOutline")
    if fill is not None and fill.find(f"{_W14}noFill") is not None:
        outlined = line is not None and line.find(f"{_W14}noFill") is None
        return None if outlined else "无填充的文字"
    return None


def _paragraph(run: etree._Element) -> etree._Element | None:
    above = run.getparent()
    while above is not None and above.tag != f"{W}p":
        above = above.getparent()
    return above


def _behind(run: etree._Element, place: Place, styles: Styles) -> str:
    """Return the colour behind the runs of a paragraph that set none themselves."""
    if place.ground is None:
        properties = child(place.paragraph, "pPr")
        own = ground_of(properties) or place.shade
        place.ground = own or _beneath(run, styles)
    return place.ground


def _beneath(run: etree._Element, styles: Styles) -> str:
    """Return the colour of the cell, the table, the box or the paper below."""
    for above in run.iterancestors():
        found = _around(above, styles)
        if found is not None:
            return found
    in_box = next(run.iterancestors(f"{W}txbxContent"), None) is not None
    root = run.getroottree().getroot()
    return _UNKNOWN if styles.has_ground(root, in_box=in_box) else _PAPER


def _around(above: etree._Element, styles: Styles) -> str | None:
    """Return the colour that a cell, a table or a box puts behind its text."""
    name = local(above)
    found: str | None = None
    if name == "tc":
        found = ground_of(child(above, "tcPr"))
    elif name == "tbl":
        properties = child(above, "tblPr")
        style = styles.chain(value(child(properties, "tblStyle")))
        shaded = any(one.shaded for one in style)
        found = _UNKNOWN if shaded else ground_of(properties)
    elif name in _GROUPS:
        found = _UNKNOWN
    elif name == "wsp":
        found = _of_shape(above)
    elif name in _OLD_SHAPES and not above.tag.startswith(W):
        found = _of_old_shape(above)
    return found


def _of_shape(shape: etree._Element) -> str | None:
    """Return what fills a DrawingML box: nothing at all where it is seen through."""
    properties = shape.find("{*}spPr")
    fill = _THEME.fill(properties)
    if fill is None:
        style = shape.find(f"{{*}}style/{A}fillRef")
        if style is None or style.get("idx") in {None, "0"}:
            return None
        fill = _THEME.colour(style) if style.get("idx") == "1" else "unknown"
    if fill == "none":
        return None
    return fill.upper()


def _of_old_shape(shape: etree._Element) -> str | None:
    """Return what fills a VML box; white where it says nothing."""
    if shape.get("filled") in {"f", "false"}:
        return None
    if any(local(part) == "fill" for part in shape):
        return _UNKNOWN
    colour = next(iter((shape.get("fillcolor") or "").split()), "white").lower()
    found = _NAMES.get(colour, colour.removeprefix("#").upper())
    if found == "NONE":
        return None
    if len(found) == 3:  # noqa: PLR2004 - RGB, each digit doubled
        found = "".join(digit * 2 for digit in found)
    return found
