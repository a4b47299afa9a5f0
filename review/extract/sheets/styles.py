"""Cell styles of a workbook: dates, number formats, and text that nobody can see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import local
from review.extract.sheets.formats import NumberFormat, is_date, number_format, whole

WHITE_TEXT: Final = "白色文字"
SAME_COLOUR: Final = "文字与底色同色"
TINY_TEXT: Final = "极小字号"
_DATE_FORMATS: Final = frozenset(
    {*range(14, 23), *range(27, 37), *range(45, 48), 50, 57}
)
_WHITE: Final = (255, 255, 255)
_BLACK: Final = (0, 0, 0)
_INDEXED: Final = {0: _BLACK, 1: _WHITE, 8: _BLACK, 9: _WHITE, 64: _BLACK, 65: _WHITE}
_THEME: Final = ("lt1", "dk1", "lt2", "dk2")
_TINY: Final = 2.0
# More than any workbook of Excel holds.
_MOST_FORMATS: Final = 2_000
_CODE_LENGTH: Final = 255
_NEAR: Final = 10

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Formats:
    """What the cell styles, by their number, do to a value."""

    dates: frozenset[int] = frozenset()
    odd: Mapping[int, NumberFormat] = field(default_factory=dict)
    unseen: Mapping[int, str] = field(default_factory=dict)
    coloured: frozenset[int] = frozenset()
    days_off: int = 0


@dataclass(frozen=True, slots=True)
class _Style:
    """The fonts and fills of a workbook, resolved to why text is not seen."""

    fonts: tuple[tuple[Colour | None, float], ...]
    fills: tuple[Colour | None, ...]

    def hides(self, font: int, fill: int) -> str | None:
        colour, size = self.fonts[font] if font < len(self.fonts) else (_BLACK, 11.0)
        if size <= _TINY:
            return TINY_TEXT
        ground = self.fills[fill] if fill < len(self.fills) else _WHITE
        if colour is None or ground is None or not _alike(colour, ground):
            return None
        return WHITE_TEXT if _alike(ground, _WHITE) else SAME_COLOUR

    def is_white(self, fill: int) -> bool:
        ground = self.fills[fill] if fill < len(self.fills) else _WHITE
        return ground is not None and _alike(ground, _WHITE)


def formats_of(
    root: etree._Element, themes: Mapping[str, Colour], *, days_off: int = 0
) -> Formats:
    """Read `xl/styles.xml` as far as it decides what is seen of a value."""
    codes = {
        whole(e.get("numFmtId")): (e.get("formatCode") or "")[:_CODE_LENGTH]
        for e in _children(root, "numFmts")[:_MOST_FORMATS]
    }
    known = {number: number_format(code) for number, code in codes.items()}
    days = {number for number, code in codes.items() if is_date(code)} | _DATE_FORMATS
    style = _Style(
        tuple(_font(e, themes) for e in _children(root, "fonts")),
        tuple(_fill(e, themes) for e in _children(root, "fills")),
    )
    dates: set[int] = set()
    odd: dict[int, NumberFormat] = {}
    unseen: dict[int, str] = {}
    coloured: set[int] = set()
    for index, one in enumerate(_children(root, "cellXfs")):
        number = whole(one.get("numFmtId"))
        if number in days:
            dates.add(index)
        if (found := known.get(number)) is not None:
            odd[index] = found
        why = style.hides(whole(one.get("fontId")), whole(one.get("fillId")))
        if why:
            unseen[index] = why
        if not style.is_white(whole(one.get("fillId"))):
            coloured.add(index)
    return Formats(frozenset(dates), odd, unseen, frozenset(coloured), days_off)


def theme_colours(root: etree._Element) -> dict[str, Colour]:
    """Return the colours of a theme by the number that styles know them by."""
    scheme = next((e for e in root.iter() if local(e) == "clrScheme"), None)
    named: dict[str, Colour] = {}
    for entry in () if scheme is None else scheme:
        for one in entry:
            colour = _hex(one.get("lastClr") or one.get("val"))
            if colour is not None:
                named[local(entry)] = colour
    return {str(n): named[key] for n, key in enumerate(_THEME) if key in named}


def is_white_run(run: etree._Element) -> bool:
    """Tell whether a run of a rich string is white by its own properties."""
    for properties in run:
        if local(properties) == "rPr":
            colours = [_colour(e, {}) for e in properties if local(e) == "color"]
            return any(one is not None and _alike(one, _WHITE) for one in colours)
    return False


def _children(root: etree._Element, name: str) -> list[etree._Element]:
    return next((list(e) for e in root if local(e) == name), [])


def _font(
    font: etree._Element, themes: Mapping[str, Colour]
) -> tuple[Colour | None, float]:
    colour: Colour | None = _BLACK
    size = 11.0
    for part in font:
        if local(part) == "color":
            colour = _colour(part, themes)
        elif local(part) == "sz":
            size = _real(part.get("val"), size)
    return colour, size


def _fill(fill: etree._Element, themes: Mapping[str, Colour]) -> Colour | None:
    """Return the colour of the ground; `None` where it is no single colour."""
    pattern = next((e for e in fill if local(e) == "patternFill"), None)
    if pattern is None:
        return None if len(fill) else _WHITE
    kind = pattern.get("patternType") or "none"
    if kind == "none":
        return _WHITE
    front = next((e for e in pattern if local(e) == "fgColor"), None)
    if kind != "solid" or front is None:
        return None
    return _colour(front, themes)


def _colour(element: etree._Element, themes: Mapping[str, Colour]) -> Colour | None:
    colour: Colour | None
    if (rgb := element.get("rgb")) is not None:
        colour = _hex(rgb[-6:])
    elif (theme := element.get("theme")) is not None:
        colour = themes.get(theme, {"0": _WHITE, "1": _BLACK}.get(theme))
    elif (indexed := element.get("indexed")) is not None:
        colour = _INDEXED.get(whole(indexed))
    else:
        colour = _BLACK
    tint = _real(element.get("tint"), 0.0)
    if colour is None or not tint:
        return colour
    return _tinted(colour, max(-1.0, min(1.0, tint)))


def _tinted(colour: Colour, tint: float) -> Colour:
    red, green, blue = (
        round(one * (1 + tint) if tint < 0 else one + (255 - one) * tint)
        for one in colour
    )
    return red, green, blue


def _hex(text: str | None) -> Colour | None:
    try:
        value = bytes.fromhex(text or "")
    except ValueError:
        return None
    return (value[0], value[1], value[2]) if len(value) == len(_WHITE) else None


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _real(text: str | None, otherwise: float) -> float:
    try:
        value = float(text or otherwise)
    except ValueError:
        return otherwise
    return value if isfinite(value) else otherwise
