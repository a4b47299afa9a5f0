"""Styles of an OpenDocument file: what they show, and why text is not seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import local

Colour = tuple[int, int, int]
Look = Mapping[str, str]

WHITE: Final[Colour] = (255, 255, 255)
_BLACK: Final[Colour] = (0, 0, 0)
_NEAR: Final = 10
_TINY_POINTS: Final = 2.0
_LONGEST_CHAIN: Final = 32
_POINTS: Final = {
    "pt": 1.0,
    "cm": 28.3465,
    "mm": 2.83465,
    "in": 72.0,
    "pc": 12.0,
    "px": 0.75,
}


@dataclass(frozen=True, slots=True)
class _Style:
    own: Look
    parent: str | None


@dataclass(slots=True)
class Styles:
    """Styles by family and name; a style takes what it does not say from its parent."""

    _styles: dict[tuple[str, str], _Style] = field(default_factory=dict)
    _defaults: dict[str, Look] = field(default_factory=dict)
    _looks: dict[tuple[str, str | None], Look] = field(default_factory=dict)

    def take(self, roots: Iterable[etree._Element | None]) -> None:
        """Keep the styles below these elements; a later one counts."""
        for root in roots:
            for element in () if root is None else root:
                family = attribute(element, "family")
                if local(element) == "style":
                    name = attribute(element, "name")
                    parent = attribute(element, "parent-style-name") or None
                    own = _own(element)
                    self._styles[family, name] = _Style(own, parent)
                elif local(element) == "default-style":
                    self._defaults[family] = _own(element)

    def look(self, family: str, name: str | None) -> Look:
        """Return what a style says, its parents' words included."""
        key = (family, name)
        if key not in self._looks:
            self._looks[key] = self._resolved(family, name)
        return self._looks[key]

    def own(self, family: str, name: str | None) -> Look:
        """Return what a style and its parents say, without the family's defaults."""
        return self._merged({}, family, name) if name else {}

    def names(self, family: str, name: str | None) -> tuple[str, ...]:
        """Return the names of a style and its parents."""
        found: list[str] = []
        while name and name not in found and len(found) < _LONGEST_CHAIN:
            found.append(name)
            style = self._styles.get((family, name))
            name = None if style is None else style.parent
        return tuple(found)

    def _resolved(self, family: str, name: str | None) -> Look:
        return self._merged(self._defaults.get(family, {}), family, name)

    def _merged(self, base: Look, family: str, name: str | None) -> Look:
        merged = dict(base)
        for one in reversed(self.names(family, name)):
            style = self._styles.get((family, one))
            if style is not None:
                merged = over(merged, style.own)
        return merged


def over(look: Look, own: Look) -> dict[str, str]:
    """Lay one look over another; a colour of its own ends an automatic one."""
    if "text.color" in own:
        automatic = ("text.use-window-font-color", "text.opacity")
        look = {key: value for key, value in look.items() if key not in automatic}
    return {**look, **own}


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without the namespace; empty where it is not."""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def attributes(element: etree._Element) -> dict[str, str]:
    """Return the attributes by their names without the namespaces."""
    return {str(key).rpartition("}")[2]: str(value) for key, value in element.items()}


def _own(element: etree._Element) -> Look:
    """Return the properties of a style, as `text.color` or `table-cell.background-color`."""
    found: dict[str, str] = {}
    for part in element:
        kind = local(part)
        if kind.endswith("-properties"):
            prefix = kind.removesuffix("-properties")
            for key, value in part.items():
                found[f"{prefix}.{str(key).rpartition('}')[2]}"] = str(value)
    return found


def why_unseen(look: Look, ground: Colour | None) -> str | None:
    """Say in Chinese why text of this look is not seen; `None` where it is.

    `ground` is the colour behind it, `None` where it is no single colour.
    """
    if look.get("text.display") == "none":
        return "隐藏文字"
    size = points(look.get("text.font-size"))
    if size is not None and size <= _TINY_POINTS:
        return "极小字号"
    colour = text_colour(look)
    if colour is not None and look.get("text.opacity") == "0%":
        return "透明文字"
    ground = ground_of(look, "text", ground)
    if colour is None or ground is None or not _alike(colour, ground):
        return None
    return "白色文字" if _alike(ground, WHITE) else "文字与底色同色"


def text_colour(look: Look) -> Colour | None:
    """Return the colour of text; `None` where the program chooses it."""
    if look.get("text.use-window-font-color") == "true":
        return None
    return colour_of(look.get("text.color")) or _BLACK


def ground_of(look: Look, kind: str, behind: Colour | None) -> Colour | None:
    """Return the ground that a style of this kind lays over the one behind."""
    raw = look.get(f"{kind}.background-color")
    if raw is None or raw == "transparent":
        return behind
    return colour_of(raw)


def filled(look: Look, behind: Colour | None) -> Colour | None:
    """Return the ground inside a shape."""
    for kind in ("graphic", "drawing-page"):
        fill = look.get(f"{kind}.fill")
        if fill == "solid":
            return colour_of(look.get(f"{kind}.fill-color"))
        if fill not in {None, "none"}:
            return None
    return ground_of(look, "graphic", behind)


def colour_of(text: str | None) -> Colour | None:
    """Return the colour of a text such as `#ff0000`."""
    try:
        value = bytes.fromhex((text or "").removeprefix("#"))
    except ValueError:
        return None
    return (value[0], value[1], value[2]) if len(value) == len(WHITE) else None


def points(text: str | None) -> float | None:
    """Return a length in points; `None` for a percentage or none at all."""
    if not text or len(text) > _LONGEST_CHAIN or text[-2:] not in _POINTS:
        return None
    try:
        return float(text[:-2]) * _POINTS[text[-2:]]
    except ValueError:
        return None


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))
