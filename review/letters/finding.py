"""Where lines of text stand: the picture is looked at piece by piece, at a fit size."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from review.letters.engine import Corners, Engine, Pixels
from review.letters.sheet import runs_down, scaled

_SHORT: Final = 905  # pixels; A4 at 110 dpi, where common letters are 18 high
_LONG: Final = 1_810  # pixels of a piece
_OVERLAP: Final = 160  # pixels that two pieces share
_SMALL: Final = 11  # pixels; lower lines are looked at again, enlarged
_LARGEST: Final = 2.0  # times as large as the picture is
_MARGIN: Final = 0.06  # of a line's height, added all around
_TALL: Final = 2.0  # a picture higher than that many widths is cut in pieces


def find_lines(picture: Pixels, engine: Engine) -> list[Corners]:
    """Return the corners of each line of text."""
    scale = _first_scale(picture.shape[1], picture.shape[0])
    found = _at(picture, scale, engine)
    for _ in range(2):
        finer = min(scale * 1.8, _LARGEST)
        if not found or finer <= scale or _middle_height(found) * scale >= _SMALL:
            break
        again = _at(picture, finer, engine)
        if len(again) < len(found):
            break
        scale, found = finer, again
    return [_with_margin(one) for one in found]


def _first_scale(width: int, height: int) -> float:
    scale = _SHORT / min(width, height)
    if width > height * _TALL:  # never cut a line in two
        scale = min(scale, _LONG / width)
    return min(scale, _LARGEST)


def _at(picture: Pixels, scale: float, engine: Engine) -> list[Corners]:
    """Look at the picture at one size; a line counts in the piece that has its middle."""
    seen = scaled(picture, scale)
    found: list[Corners] = []
    for start, first, end in _pieces(seen.shape[0]):
        piece = seen[start : start + _LONG]
        for corners in engine.find(piece):
            middle = float(corners[:, 1].mean()) + start
            if first <= middle < end:
                found.append(
                    np.asarray((corners + np.array([0, start])) / scale, np.float32)
                )
    return found


def _pieces(height: int) -> Iterator[tuple[int, float, float]]:
    """Yield where each piece starts, and between which heights its lines count."""
    step = _LONG - _OVERLAP
    starts = [0, *range(step, max(height - _OVERLAP, 0), step)]
    for number, start in enumerate(starts):
        first = start + _OVERLAP / 2 if number else -np.inf
        last = number == len(starts) - 1
        yield start, first, np.inf if last else start + step + _OVERLAP / 2


def _middle_height(found: list[Corners]) -> float:
    return float(np.median([_thickness(one) for one in found]))


def _thickness(corners: Corners) -> float:
    across = np.linalg.norm(corners[1] - corners[0])
    down = np.linalg.norm(corners[3] - corners[0])
    return float(across if runs_down(corners) else down)


def _with_margin(corners: Corners) -> Corners:
    """Push the corners outwards: a cut stroke is a wrong letter."""
    middle = corners.mean(axis=0)
    room = _thickness(corners) * _MARGIN
    return np.asarray(corners + np.sign(corners - middle) * room, np.float32)
