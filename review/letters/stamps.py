"""Red stamps: a seal's words stand in a ring, and red ink may lie over black.

Red ink is parted from black by its colour. What is left of a round seal is unrolled
around its middle, so that its ring becomes a line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from review.letters.engine import Corners, Engine, Pixels
from review.letters.finding import find_lines
from review.letters.reading import REDDISH, Read, read_lines, red_ink, without_red
from review.letters.sheet import colours, grey, scaled

_LEAST_SHARE: Final = 0.0003  # of a page; less red is no stamp
_COARSE: Final = 1_000  # pixels; the longer side when blobs are looked for
_MOST_BLOBS: Final = 400
_REACH: Final = (
    17  # pixels, of a picture that coarse, by which a stamp's parts stand apart
)
_THIN: Final = 10  # pixels; lower blobs are lines
_BLACK: Final = 140  # of 255
_MIXED: Final = 0.01  # of a stamp's rectangle that is black
_COLOURFUL: Final = 0.2  # of a page
_MOST_FRAMES: Final = 4
_SMALLEST, _LARGEST = 0.07, 0.6  # of the page's shorter side: how wide a seal may be
_MOST_SEALS: Final = 4
_ROUND: Final = 0.75  # of the directions from the middle that must meet the ring
_RIM: Final = 0.88  # of the radius, beyond which the ring's line is looked for
_BANDS: Final = ((0.52, 0.93), (0.6, 0.96), (0.45, 0.88))  # where the words may stand
_RADIUS: Final = 240  # pixels of an unrolled seal
_SURE: Final = 0.55
_CLEAR: Final = 0.9
_LINE: Final = 60  # pixels, of which a line of text is surely no higher
_AROUND: Final = 1.25  # times a seal's height: the strip of page that is read again
_STRONG: Final = 1.8
_SAME: Final = 0.5  # of the smaller one that two places share


@dataclass(frozen=True, slots=True)
class Seal:
    """A stamp: its middle and half its width and height, in pixels; round or not."""

    x: float
    y: float
    across: float
    down: float
    round: bool = True


@dataclass(frozen=True, slots=True)
class Stamped:
    """A page with its stamps: what is on the page, in red only, and in rings of seals."""

    page: tuple[Read, ...]
    red: tuple[Read, ...] = ()
    rings: tuple[Read, ...] = ()


def with_stamps(picture: Pixels, known: Sequence[Read], engine: Engine) -> Stamped:
    """Return what was read of the page, put right where red ink lies on it, and the red.

    `known` is what was read of the whole page without regard to colours.
    """
    ink = red_ink(picture)
    if float((ink > REDDISH).mean()) < _LEAST_SHARE:
        return Stamped(tuple(known))
    seals = _seals(ink)
    for stamp in (*seals, *_frames(picture, ink, seals)):
        known = _below(picture, stamp, known, engine)
    bare = np.asarray(255 - cv2.convertScaleAbs(ink, alpha=_STRONG), np.uint8)
    rings = [one for seal in seals if (one := _ring(bare, seal, engine)) is not None]
    left, top, right, bottom = _bounds(ink > REDDISH)
    part = colours(bare[top:bottom, left:right])
    found = [
        Read(
            one.text,
            one.score,
            np.asarray(one.corners + np.array([left, top]), np.float32),
        )
        for one in read_lines(part, find_lines(part, engine), engine)
    ]
    new = [
        one
        for one in found
        if one.score >= _SURE
        and not any(_on_ring(one.corners, seal) for seal in seals)
        and not any(_said_before(one, each) for each in known)
    ]
    return Stamped(tuple(known), tuple(new), tuple(rings))


def _below(
    picture: Pixels, seal: Seal, known: Sequence[Read], engine: Engine
) -> list[Read]:
    """Return the lines, those that a seal lies over read again without its ink."""
    reach = max(seal.down * _AROUND, seal.down + _LINE)
    above, below = max(round(seal.y - reach), 0), round(seal.y + reach)
    bare = without_red(picture[above:below])
    again = [
        Read(one.text, one.score, one.corners + np.array([0, above], np.float32))
        for one in read_lines(bare, find_lines(bare, engine), engine)
    ]
    below_it = [one for one in known if _touches(one.corners, seal)]
    better = [
        one
        for one in again
        if _touches(one.corners, seal)
        or any(_shared(one.corners, each.corners) > _SAME for each in below_it)
    ]
    kept = [
        one
        for one in known
        if one not in below_it
        and not any(_shared(one.corners, each.corners) > _SAME for each in better)
    ]
    return [*kept, *better]


def _touches(corners: Corners, seal: Seal) -> bool:
    """Tell whether a line stands in part below a seal."""
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    nearest_x = min(max(seal.x, float(left)), float(right))
    nearest_y = float(top + bottom) / 2
    x, y = (nearest_x - seal.x) / seal.across, (nearest_y - seal.y) / seal.down
    return float(np.hypot(x, y) if seal.round else max(abs(x), abs(y))) < 1


def _bounds(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Return the rectangle around all that is red, with some air."""
    rows = np.flatnonzero(mask.any(axis=1))
    columns = np.flatnonzero(mask.any(axis=0))
    air = 12
    return (
        max(int(columns[0]) - air, 0),
        max(int(rows[0]) - air, 0),
        int(columns[-1]) + air,
        int(rows[-1]) + air,
    )


# --- finding seals ---


def _seals(ink: Pixels) -> list[Seal]:
    """Return the seals of a page, the largest first."""
    scale = min(1.0, _COARSE / max(ink.shape))
    small = scaled(ink, scale)
    mask = (small > REDDISH / 2).astype(np.uint8)
    found: list[Seal] = []
    for reach in (3, 7, 1):
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
        _, labels, facts, _ = cv2.connectedComponentsWithStats(joined)
        for seal in _round_ones(
            np.asarray(labels), np.asarray(facts), min(small.shape)
        ):
            at = Seal(*(value / scale for value in seal))
            if not any(_overlap(at, one) for one in found):
                found.append(at)
    return sorted(found, key=lambda one: -one.across)[:_MOST_SEALS]


def _frames(picture: Pixels, ink: Pixels, seals: Sequence[Seal]) -> list[Seal]:
    """Return the other places where red ink lies over black, the largest first."""
    scale = min(1.0, _COARSE / max(ink.shape))
    red = scaled(ink, scale) > REDDISH / 2
    if red.mean() > _COLOURFUL:
        return []  # a poster, not a page with a stamp
    black = (scaled(grey(picture), scale) < _BLACK) & ~red
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (_REACH, _REACH))
    joined = cv2.morphologyEx(red.astype(np.uint8), cv2.MORPH_CLOSE, kernel)
    _, _, facts, _ = cv2.connectedComponentsWithStats(joined)
    found: list[Seal] = []
    for left, top, width, height in np.asarray(facts)[1:_MOST_BLOBS, :4].tolist():
        inside = black[top : top + height, left : left + width]
        if min(width, height) < _THIN or inside.mean() < _MIXED:
            continue
        half = (width / scale / 2, height / scale / 2)
        at = Seal(left / scale + half[0], top / scale + half[1], *half, round=False)
        if not any(_overlap(at, one) for one in seals):
            found.append(at)
    return sorted(found, key=lambda one: -one.across)[:_MOST_FRAMES]


def _round_ones(
    labels: NDArray[Any], facts: NDArray[Any], side: int
) -> Iterator[tuple[float, float, float, float]]:
    for label in range(1, min(len(facts), _MOST_BLOBS)):
        left, top, width, height = (int(value) for value in facts[label][:4])
        shape = width / max(height, 1)
        if not side * _SMALLEST < min(width, height) < side * _LARGEST:
            continue
        if not 0.55 < shape < 1.8:  # noqa: PLR2004 - seals are round, or somewhat oval
            continue
        part = labels[top : top + height, left : left + width] == label
        if _is_ring(part):
            yield left + width / 2, top + height / 2, width / 2, height / 2


def _is_ring(part: NDArray[np.bool_]) -> bool:
    """Tell whether there is ink near the edge in nearly all directions, as of a circle."""
    height, width = part.shape
    down, across = np.nonzero(part)
    x = (across + 0.5) / width * 2 - 1
    y = (down + 0.5) / height * 2 - 1
    rim = np.hypot(x, y) > _RIM
    inside = np.hypot(x, y) < 1.06  # noqa: PLR2004 - a square has ink in its corners
    if inside.mean() < 0.97:  # noqa: PLR2004 - nearly all of it
        return False
    directions = np.unique((np.arctan2(y[rim], x[rim]) * 36 / np.pi).astype(int))
    return bool(len(directions) > 72 * _ROUND)


def _overlap(one: Seal, other: Seal) -> bool:
    apart = float(np.hypot(one.x - other.x, one.y - other.y))
    return apart < max(one.across, other.across)


# --- reading a ring ---


def _ring(bare: Pixels, seal: Seal, engine: Engine) -> Read | None:
    """Return what stands around the ring: it begins below on the left, and runs over the top."""
    unrolled = _unrolled(bare, seal)
    strips = [
        colours(unrolled[round((1 - high) * _RADIUS) : round((1 - low) * _RADIUS)])
        for low, high in _BANDS
    ]
    said = engine.read(strips)
    if max(score for _, score in said) < _CLEAR:
        said += [_read_strip(one, engine) for one in strips]
    text, score = max(said, key=lambda one: one[1] * min(len(one[0]), 40) ** 0.5)
    if len(text) < 2 or score < _SURE:  # noqa: PLR2004 - a star and a stroke
        return None
    corners = np.array(
        [
            [seal.x - seal.across, seal.y - seal.down],
            [seal.x + seal.across, seal.y - seal.down],
            [seal.x + seal.across, seal.y + seal.down],
            [seal.x - seal.across, seal.y + seal.down],
        ],
        np.float32,
    )
    return Read(text, score, corners)


def _unrolled(bare: Pixels, seal: Seal) -> Pixels:
    """Return a strip: directions from left to right, the rim above, the middle below."""
    size = _RADIUS * 2
    corner = (seal.x - seal.across, seal.y - seal.down)
    scale = (size / (2 * seal.across), size / (2 * seal.down))
    move = np.array(
        [[scale[0], 0, -corner[0] * scale[0]], [0, scale[1], -corner[1] * scale[1]]],
        np.float32,
    )
    square = cv2.warpAffine(bare, move, (size, size), borderValue=255)
    around = round(2 * np.pi * _RADIUS * 0.8)
    polar = cv2.warpPolar(
        square, (_RADIUS, around), (_RADIUS, _RADIUS), _RADIUS, cv2.INTER_LINEAR
    )
    strip = np.rot90(polar)  # the rim above; directions from the right, clockwise
    return np.ascontiguousarray(np.roll(strip, -around // 4, axis=1)).astype(np.uint8)


def _read_strip(strip: Pixels, engine: Engine) -> tuple[str, float]:
    """Return the words of a strip, found piece by piece or, if nothing is found, as one."""
    framed = np.pad(strip, ((40, 40), (0, 0), (0, 0)), constant_values=255)
    places = sorted(
        engine.find(framed.astype(np.uint8)), key=lambda one: one[:, 0].min()
    )
    said = [
        (one.text, one.score)
        for one in read_lines(framed.astype(np.uint8), places, engine)
    ]
    letters = sum(len(text) for text, _ in said)
    if not letters:
        return "", 0.0
    score = sum(score * len(text) for text, score in said) / letters
    return "".join(text for text, _ in said), score


# --- what was read before ---


def _on_ring(corners: Corners, seal: Seal) -> bool:
    """Tell whether words stand where a seal's ring is, seen from the side."""
    middle = corners.mean(axis=0)
    x = (float(middle[0]) - seal.x) / seal.across
    y = (float(middle[1]) - seal.y) / seal.down
    return 0.55 < float(np.hypot(x, y)) < 1.1  # noqa: PLR2004 - between star and rim


def _said_before(one: Read, known: Read) -> bool:
    """Tell whether the page's own reading has these words in this place."""
    text = "".join(one.text.split())
    return _shared(one.corners, known.corners) > _SAME and (
        text in "".join(known.text.split())
        or (known.score >= one.score and len(known.text) <= len(one.text) * 1.5)
    )


def _shared(one: Corners, other: Corners) -> float:
    low = np.maximum(one.min(axis=0), other.min(axis=0))
    high = np.minimum(one.max(axis=0), other.max(axis=0))
    both = float(np.prod((high - low).clip(0)))
    sizes = [float(np.prod(np.ptp(each, axis=0))) for each in (one, other)]
    return both / max(min(sizes), 1.0)
