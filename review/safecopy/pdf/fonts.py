"""Fonts of a PDF, as far as it takes to tell one glyph of a string from the next."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pikepdf
from pdfminer.cmapdb import CMapDB
from reportlab.pdfbase import pdfmetrics

_DEFAULT_WIDTH: Final = 1000.0
_HALF: Final = 500.0
_HANGING: Final = 880.0
_ALIKE: Final = (("Arial", "Helvetica"), ("Times", "Times"), ("Courier", "Courier"))
_SPACE: Final = 32
_MOST_WIDTHS: Final = 70_000
_TWO_BYTES: Final = ("Identity-H", "Identity-V")
_DEEPEST_CODE: Final = 4


class Glyph(NamedTuple):
    """One code of a string; its measures are in thousandths of the font's size.

    A glyph that is written downwards hangs on a point above its middle.
    """

    code: bytes
    advance: float
    space: bool = False
    left: float = 0.0
    low: float = 0.0


@dataclass(slots=True)
class Font:
    """How a font cuts strings into glyphs; `sure` is false where it is guessed."""

    simple: bool = True
    vertical: bool = False
    scale: float = 1.0
    widths: dict[int, float] = field(default_factory=dict)
    default: float = 0.0
    cmap: Mapping[int, Any] | None = None
    sure: bool = True

    def glyphs(self, text: bytes) -> Iterator[Glyph]:
        """Yield the glyphs of a string, in order."""
        if self.simple:
            for byte in text:
                width = self.widths.get(byte, self.default) * self.scale
                yield Glyph(bytes((byte,)), width, byte == _SPACE)
            return
        at = 0
        while at < len(text):
            length, cid = self._next(text, at)
            code = text[at : at + length]
            yield self._composite(code, self._width(cid))
            at += length

    def _composite(self, code: bytes, width: float) -> Glyph:
        if not self.vertical:
            return Glyph(code, width, space=code == b" ")
        return Glyph(code, -_DEFAULT_WIDTH, code == b" ", -width / 2, -_HANGING)

    def _width(self, cid: int | None) -> float:
        return _HALF if cid is None else self.widths.get(cid, self.default)

    def _next(self, text: bytes, at: int) -> tuple[int, int | None]:
        """Return the length of the code that stands here, and its character's number."""
        if self.cmap is None:
            return 2, int.from_bytes(text[at : at + 2], "big")
        node: Any = self.cmap
        for length in range(1, _DEEPEST_CODE + 1):
            if at + length > len(text):
                break
            node = node.get(text[at + length - 1])
            if isinstance(node, int):
                return length, node
            if node is None:
                break
        wide = text[at] >= 0x80 or 0 in self.cmap  # noqa: PLR2004 - one byte is ASCII
        return (2 if wide else 1), None


def font_of(raw: pikepdf.Object) -> Font:
    """Return how a font of the file cuts strings."""
    subtype = str(raw.get("/Subtype", ""))
    if subtype == "/Type0":
        return _composite(raw)
    first = _integer(raw.get("/FirstChar"), 0)
    widths = raw.get("/Widths")
    font = Font(scale=_type3_scale(raw) if subtype == "/Type3" else 1.0)
    if isinstance(widths, pikepdf.Array):
        for at, width in enumerate(list(widths)[:256]):
            font.widths[first + at] = as_number(width)
    else:
        name = str(raw.get("/BaseFont", "")).lstrip("/")
        font.widths = _standard(name)
        font.sure = name in pdfmetrics.standardFonts
        font.default = 0.0 if font.widths else _HALF
    descriptor = raw.get("/FontDescriptor")
    if isinstance(descriptor, pikepdf.Dictionary):
        font.default = as_number(descriptor.get("/MissingWidth", font.default))
    return font


def _composite(raw: pikepdf.Object) -> Font:
    encoding = raw.get("/Encoding")
    name = str(encoding).lstrip("/") if isinstance(encoding, pikepdf.Name) else ""
    font = Font(simple=False, default=_DEFAULT_WIDTH, vertical=name.endswith("V"))
    if name not in _TWO_BYTES:
        font.cmap, font.sure = _cmap(name)
    below = raw.get("/DescendantFonts")
    inner = below[0] if isinstance(below, pikepdf.Array) and len(below) else None
    if isinstance(inner, pikepdf.Dictionary):
        font.default = as_number(inner.get("/DW", _DEFAULT_WIDTH))
        font.widths = _cid_widths(inner.get("/W"))
    return font


def _cmap(name: str) -> tuple[Mapping[int, Any] | None, bool]:
    """Return a predefined table of codes; two bytes each where it is in the file."""
    try:
        found = CMapDB.get_cmap(name) if name else None
    except CMapDB.CMapNotFound:
        found = None
    if found is None:
        return None, False
    table: Mapping[int, Any] = getattr(found, "code2cid", {})
    return (table, True) if table else (None, False)


def _cid_widths(raw: Any) -> dict[int, float]:
    found: dict[int, float] = {}
    entries = list(raw) if isinstance(raw, pikepdf.Array) else []
    at = 0
    while at + 1 < len(entries) and len(found) < _MOST_WIDTHS:
        first = _integer(entries[at], 0)
        if isinstance(entries[at + 1], pikepdf.Array):
            for step, own in enumerate(entries[at + 1]):
                found[first + step] = as_number(own)
            at += 2
        elif at + 2 < len(entries):
            last = min(_integer(entries[at + 1], 0), first + _MOST_WIDTHS)
            width = as_number(entries[at + 2])
            found.update(dict.fromkeys(range(first, last + 1), width))
            at += 3
        else:
            break
    return found


def _standard(name: str) -> dict[int, float]:
    """Return the widths of the fonts that every reader has."""
    if name not in pdfmetrics.standardFonts:
        name = next((other for start, other in _ALIKE if name.startswith(start)), "")
        name = {"Times": "Times-Roman"}.get(name, name)
    if name not in pdfmetrics.standardFonts:
        return {}
    widths = pdfmetrics.getFont(name).widths
    return {code: float(width or 0) for code, width in enumerate(widths)}


def _type3_scale(raw: pikepdf.Object) -> float:
    matrix = raw.get("/FontMatrix")
    if not isinstance(matrix, pikepdf.Array) or not len(matrix):
        return 1.0
    return as_number(matrix[0]) * 1000


def as_number(value: Any) -> float:
    """Return a number of the file; 0 where there is none."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _integer(value: Any, default: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return default
