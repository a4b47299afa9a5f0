"""A page from picture to lines: found, turned, read, its stamps too, put in order."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from review.extract.interface import Line
from review.letters.engine import Engine, Pixels, engine
from review.letters.finding import find_lines
from review.letters.interface import Piece, Ruling
from review.letters.layout import lines_of
from review.letters.reading import Read, read_lines
from review.letters.rulings import rulings_in, split
from review.letters.sheet import sheets_of
from review.letters.stamps import with_stamps
from review.letters.tidy import tidy
from review.letters.turning import leaning, upright

_FAINT: Final = 60  # of 255; so little contrast is stretched before a look


def read_picture(data: bytes) -> tuple[Line, ...]:
    """Return the lines of a picture file in reading order.

    Raises:
        CorruptError: It is no picture that is read here, or damaged.
        TooLargeError: It declares more pixels than allowed.
        UnsupportedError: The recognizer is not installed, or not the one we know.
    """
    sheets = sheets_of(data)
    program = engine()
    for sheet in sheets:
        for picture in (*_stretched(sheet), sheet):
            lines = _lines(picture, program)
            if lines:
                return lines
    return ()


def _lines(picture: Pixels, program: Engine) -> tuple[Line, ...]:
    picture, read = _read_upright(picture, program)
    found = with_stamps(picture, read, program)
    angle = leaning([one.corners for one in found.page])
    ruled = [_levelled(one, angle) for one in rulings_in(picture)]
    lines = [
        *lines_of(_level(found.page, angle), ruled),
        *lines_of(_level(found.red, angle)),
        *(Line(one.text, one.score) for one in found.rings),
    ]
    return tuple(Line(tidy(one.text), min(max(one.score, 0.0), 1.0)) for one in lines)


def _read_upright(picture: Pixels, program: Engine) -> tuple[Pixels, list[Read]]:
    """Return the page the right way up, and what was read of it."""
    places = split(find_lines(picture, program), rulings_in(picture))
    turned = upright(picture, places, program) if places else None
    if turned is None:
        return picture, read_lines(picture, places, program)
    places = split(find_lines(turned, program), rulings_in(turned))
    return turned, read_lines(turned, places, program)


def _turn(angle: float) -> NDArray[np.float32]:
    radians = np.radians(-angle)
    cosine, sine = float(np.cos(radians)), float(np.sin(radians))
    return np.array([[cosine, -sine], [sine, cosine]], np.float32).T


def _level(found: Sequence[Read], angle: float) -> list[Piece]:
    """Return the pieces as they would stand if the page did not lean."""
    turn = _turn(angle)
    pieces: list[Piece] = []
    for one in found:
        corners = one.corners @ turn
        left, top = (float(value) for value in corners.min(axis=0))
        right, bottom = (float(value) for value in corners.max(axis=0))
        pieces.append(Piece(one.text.strip(), one.score, left, top, right, bottom))
    return pieces


def _levelled(ruling: Ruling, angle: float) -> Ruling:
    ends = np.array([[ruling.x, ruling.top], [ruling.x, ruling.bottom]], np.float32)
    upper, lower = (ends @ _turn(angle)).tolist()
    return Ruling((upper[0] + lower[0]) / 2, upper[1], lower[1])


def _stretched(picture: Pixels) -> tuple[Pixels, ...]:
    """Return a faint picture with its greys drawn apart, if it is faint."""
    low, high = (float(one) for one in np.percentile(picture[::4, ::4], (1, 99)))
    if not 2 < high - low < _FAINT:  # noqa: PLR2004 - else it is empty, or plain enough
        return ()
    wide = (picture.astype(np.float32) - low) * (255 / (high - low))
    return (wide.clip(0, 255).astype(np.uint8),)
