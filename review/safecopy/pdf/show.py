"""Text on a PDF page, glyph by glyph: where each stands, and strings without some."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

import pikepdf

from review.extract.pdf.items import SAME, Matrix, point, times
from review.safecopy.pdf.fonts import Font, Glyph, as_number

# Tells whether the glyph whose origin lies here is to be taken out.
Hides: TypeAlias = Callable[[float, float], bool]
_STATES: Final = {"Tc": "letter", "Tw": "word", "TL": "leading", "Ts": "rise"}
CURSOR_OPERATORS: Final = frozenset({*_STATES, "Tz", "BT", "Tm", "T*", "Td", "TD"})
_THOUSAND: Final = 1000.0


@dataclass(frozen=True, slots=True)
class TextState:
    """What holds for text until it is changed; part of the graphics state."""

    font: Font = field(default_factory=Font)
    size: float = 0.0
    letter: float = 0.0
    word: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


@dataclass(slots=True)
class TextCursor:
    """Where the next glyph goes."""

    state: TextState = field(default_factory=TextState)
    here: Matrix = SAME
    line: Matrix = SAME
    _whole: bool | None = None

    def follow(self, name: str, numbers: Sequence[float]) -> None:
        """Follow an operator that moves the cursor or changes the state of text."""
        first, second = (*numbers, 0.0, 0.0)[:2]
        if name in _STATES:
            self.set(**{_STATES[name]: first})
        elif name == "Tz":
            self.set(stretch=first / 100)
        elif name == "BT":
            self.here = self.line = SAME
        elif name == "Tm":
            a, b, c, d, e, f = (*numbers, *[0.0] * 6)[:6]
            self.here = self.line = (a, b, c, d, e, f)
        elif name == "T*":
            self._move(0.0, -self.state.leading)
        else:
            if name == "TD":
                self.set(leading=-second)
            self._move(first, second)

    def _move(self, across: float, up: float) -> None:
        self.line = times(_step(across, up), self.line)
        self.here = self.line

    def set(self, **changes: Any) -> None:
        """Change the state of text."""
        self.state = replace(self.state, **changes)

    def show(
        self, parts: Iterable[Any], page: Matrix, hides: Hides
    ) -> tuple[list[Any], int, list[tuple[float, float]]]:
        """Return the parts without hidden glyphs, how many went, where the rest stand.

        What goes leaves its room behind, so that nothing else moves.
        """
        made: list[Any] = []
        gone, seen = 0, []
        for part in parts:
            if not isinstance(part, pikepdf.String | bytes):
                self._skip(as_number(part))
                _room(made, as_number(part))
                continue
            for glyph, x, y in self._walk(bytes(part), page):
                if self._is_away(x, y, hides):
                    _room(made, self._room_of(glyph))
                    gone += 1
                else:
                    _letter(made, glyph.code)
                    seen.append((x, y))
        self._whole = None
        return [bytes(x) if isinstance(x, bytearray) else x for x in made], gone, seen

    def _walk(self, text: bytes, page: Matrix) -> Iterator[tuple[Glyph, float, float]]:
        """Yield each glyph with its origin, and go on behind it."""
        for glyph in self.state.font.glyphs(text):
            yield (glyph, *self._origin(page, glyph))
            self._advance(glyph)

    def _is_away(self, x: float, y: float, hides: Hides) -> bool:
        """Tell whether a glyph goes; where widths are guessed, the first tells all."""
        if self._whole is not None:
            return self._whole
        away = hides(x, y)
        if not self.state.font.sure:
            self._whole = away
        return away

    def _origin(self, page: Matrix, glyph: Glyph) -> tuple[float, float]:
        own = self.state
        across = glyph.left / _THOUSAND * own.size * own.stretch
        up = glyph.low / _THOUSAND * own.size + own.rise
        return point(times(self.here, page), across, up)

    def _extent(self, glyph: Glyph) -> float:
        own = self.state
        extent = glyph.advance / _THOUSAND * own.size + own.letter
        if glyph.space:
            extent += own.word
        return extent if own.font.vertical else extent * own.stretch

    def _advance(self, glyph: Glyph) -> None:
        self._go(self._extent(glyph))

    def _skip(self, number: float) -> None:
        own = self.state
        extent = -number / _THOUSAND * own.size
        self._go(extent if own.font.vertical else extent * own.stretch)

    def _go(self, extent: float) -> None:
        across, up = (0.0, extent) if self.state.font.vertical else (extent, 0.0)
        self.here = times(_step(across, up), self.here)

    def _room_of(self, glyph: Glyph) -> float:
        """Return the number that leaves as much room as a glyph took."""
        own = self.state
        unit = own.size if own.font.vertical else own.size * own.stretch
        return -self._extent(glyph) / unit * _THOUSAND if unit else 0.0


def _step(across: float, up: float) -> Matrix:
    return 1.0, 0.0, 0.0, 1.0, across, up


def _letter(made: list[Any], code: bytes) -> None:
    """Add a glyph; glyphs beside each other are one string."""
    if made and isinstance(made[-1], bytearray):
        made[-1] += code
    else:
        made.append(bytearray(code))


def _room(made: list[Any], number: float) -> None:
    """Add room; rooms beside each other are one."""
    if made and isinstance(made[-1], float):
        made[-1] += number
    elif number:
        made.append(float(number))


def as_operands(parts: Sequence[Any]) -> pikepdf.Array:
    """Return parts as the operand of a `TJ`."""
    return pikepdf.Array(
        [
            round(one, 4) if isinstance(one, float) else pikepdf.String(one)
            for one in parts
        ]
    )
