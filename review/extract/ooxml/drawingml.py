"""DrawingML, the drawing language of Office: colours, and pictures that are cropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, TypeAlias

from lxml import etree

from review.extract.ooxml.ooxml import R, local

A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

# RRGGBB, or a word: `none` lets what is below be seen; `unknown` is a gradient, a picture, a pattern.
Fill: TypeAlias = str

_FILLS: Final = ("solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
_PRESETS: Final = {"white": "FFFFFF", "black": "000000", "red": "FF0000"}
_MAPPING: Final = {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_ALIKE: Final = 8
_PALE: Final = 0xF8
_FAINT: Final = 5_000
_WHOLE: Final = 100_000
_SIDES: Final = (("l", "左"), ("t", "上"), ("r", "右"), ("b", "下"))
# Less than this is a border cut away, not a part of the picture.
_LEAST_CROP: Final = 2_000


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a theme, and which names stand for them."""

    colours: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=lambda: _MAPPING)

    def named(self, name: str) -> str | None:
        """Return the colour that a name of the theme stands for."""
        return self.colours.get(self.mapping.get(name, name))

    def colour(self, holder: etree._Element | None) -> Fill:
        """Return the colour of a `solidFill` or its like; changed ones are unknown."""
        if holder is None or not len(holder):
            return "unknown"
        entry = holder[0]
        value = entry.get("val") or ""
        found: str | None = None
        if {local(part) for part in entry} <= {"alpha"}:
            kind = local(entry)
            if kind == "srgbClr":
                found = value.upper()
            elif kind == "schemeClr":
                found = self.named(value)
            elif kind == "sysClr":
                found = (entry.get("lastClr") or "").upper()
            else:
                found = _PRESETS.get(value)
        return found or "unknown"

    def fill(self, properties: etree._Element | None) -> Fill | None:
        """Return what fills a shape by its own properties; `None`: they say nothing."""
        for part in () if properties is None else properties:
            name = local(part)
            if name == "noFill":
                return "none"
            if name == "solidFill":
                return "none" if is_faint(part) else self.colour(part)
            if name in _FILLS:
                return "unknown"
        return None


def theme_of(root: etree._Element, colour_map: etree._Element | None = None) -> Theme:
    """Read a theme part, and the map of names of the master that uses it."""
    colours: dict[str, str] = {}
    for scheme in root.iter(f"{A}clrScheme"):
        for entry in scheme:
            value = Theme().colour(entry)
            if value != "unknown":
                colours[local(entry)] = value
        break
    mapping = dict(_MAPPING)
    for key, name in () if colour_map is None else colour_map.items():
        mapping[str(key)] = str(name)
    return Theme(colours, mapping)


def is_faint(fill: etree._Element) -> bool:
    """Tell a colour that is so transparent that nobody sees it."""
    for entry in fill.iter(f"{A}alpha"):
        value = (entry.get("val") or "").rstrip("%")
        if value.isascii() and value.isdigit():
            whole = 100 if (entry.get("val") or "").endswith("%") else _WHOLE
            return int(value[:9]) * _WHOLE // whole <= _FAINT
    return False


@lru_cache(maxsize=1024)
def alike(colour: str, ground: str) -> bool:
    """Tell whether nobody can tell a text from its ground, by their RRGGBB."""
    one, other = _channels(colour), _channels(ground)
    if one is None or other is None:
        return False
    return all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))


def is_pale(colour: str) -> bool:
    """Tell white, or nearly."""
    found = _channels(colour)
    return found is not None and min(found) >= _PALE


def _channels(colour: str) -> tuple[int, ...] | None:
    if len(colour) != 6:  # noqa: PLR2004 - RRGGBB
        return None
    try:
        return tuple(bytes.fromhex(colour))
    except ValueError:
        return None


def crop_of(entry: etree._Element) -> tuple[str, str] | None:
    """Return of a `srcRect` the picture's relationship and what is cut away of it."""
    cut = [
        f"{word}侧 {round(size / 1000)}%"
        for side, word in _SIDES
        if (size := _share(entry.get(side))) >= _LEAST_CROP
    ]
    fill = entry.getparent()
    blip = None if fill is None else fill.find(f"{A}blip")
    if not cut or blip is None:
        return None
    return blip.get(f"{R}embed") or "", "、".join(cut)


def crop_text(name: str, cut: str) -> str:
    """Say in Chinese that a picture shows less than its file holds."""
    called = f"图片 {name} " if name else "图片"
    return f"{called}被裁剪（{cut}），裁去的部分仍在文件里"


def _share(raw: str | None) -> int:
    """Return a share in thousandths of a per cent."""
    text = (raw or "").strip()
    try:
        return round(float(text[:-1]) * 1000) if text.endswith("%") else int(text)
    except (ValueError, OverflowError):
        return 0
