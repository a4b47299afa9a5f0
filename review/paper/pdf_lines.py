"""Breaks Chinese text into lines: no line starts with ，or ends with 《."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import regex
from reportlab.pdfbase.pdfmetrics import stringWidth

from review.paper.fonts import Face
from review.paper.text import clean

_NOT_FIRST: Final = r"，。、；：？！）》〉」』】〕”’…·\uff05,.;:?!)\]}%"
_NOT_LAST: Final = r"（《〈「『【〔“‘(\[{"
# A word of Latin letters and digits, or one other character, with the marks
# that may not be parted from it. Any character is matched by itself at least.
_UNIT: Final = rf"[{_NOT_LAST}]*(?:[A-Za-z0-9_\-+/@#&=.,:]+|[^\n])[{_NOT_FIRST}]*"


@dataclass(frozen=True, slots=True)
class Type:
    """A face at a size in points; `leading` from line to line, in points."""

    face: Face
    size: float
    leading: float

    def width(self, text: str) -> float:
        """Return the width of one line in points."""
        return float(stringWidth(text, self.face.name, self.size))

    def line_widths(self) -> Callable[[str], float]:
        """Return `width` with a memory, for the many characters of a text."""
        known: dict[str, float] = {}

        def width(text: str) -> float:
            if text not in known:
                known[text] = self.width(text)
            return known[text]

        return width


def wrapped(text: str, set_in: Type, room: float) -> list[str]:
    """Return the lines of `text`, each at most `room` points wide.

    The text is cleaned, and characters that the face lacks are spelt out.
    There is always at least one line, if an empty one.
    """
    shown = set_in.face.shown
    width = set_in.line_widths()
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        lines += _filled(shown(paragraph), room, width)
    return lines


def _filled(text: str, room: float, width: Callable[[str], float]) -> Iterator[str]:
    """Yield the lines of one paragraph, each as full as may be."""
    line, used = "", 0.0
    for unit in _pieces(text, room, width):
        size = width(unit)
        if line and used + size > room:
            yield line.rstrip(" ")
            line, used = "", 0.0
            unit = unit.lstrip(" ")  # noqa: PLW2901 - a line starts with no space
            size = width(unit)
        line += unit
        used += size
    yield line


def _pieces(text: str, room: float, width: Callable[[str], float]) -> Iterator[str]:
    """Yield what may not be broken; what no line can hold is broken all the same."""
    for found in regex.finditer(_UNIT, text):
        unit = found.group()
        if width(unit) <= room:
            yield unit
        else:
            yield from unit
