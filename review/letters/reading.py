"""Reading lines: each as it stands, and the doubtful ones in other ways too."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from review.letters.engine import Corners, Engine, Pixels
from review.letters.sheet import colours, cut_out, grey, runs_down

_SURE: Final = 0.8  # below this a line is looked at in other ways
_MOST_DOUBTS: Final = 40  # lines of a page that are
_HOPELESS: Final = 0.3  # below this it is no text
_RED: Final = 0.04  # of a line's pixels, from which a stamp may lie over it
REDDISH: Final = 60  # by which red must outshine green and blue
_DARK, _WHITE = 110, 255
_LIGHT: Final = 30  # percent of the red ink that may stay darker than paper


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A line that was read, and where it stands in the picture."""

    text: str
    score: float
    corners: Corners


def read_lines(
    picture: Pixels, places: Sequence[Corners], engine: Engine
) -> list[Read]:
    """Return what stands in each place; what cannot be text is left out."""
    lines = [cut_out(picture, _upright(one)) for one in places]
    said = engine.read(lines)
    doubts = 0
    found: list[Read] = []
    for place, line, (text, score) in zip(places, lines, said, strict=True):
        best = (text, score)
        if doubts < _MOST_DOUBTS and (score < _SURE or redness(line) > _RED):
            doubts += 1
            best = _best(best, engine.read([*_other_ways(line, runs_down(place))]))
        if best[0].strip() and best[1] >= _HOPELESS:
            found.append(Read(*best, place))
    return found


def redness(picture: Pixels) -> float:
    """Return which share of a picture is red ink."""
    return float((red_ink(picture) > REDDISH).mean())


def red_ink(picture: Pixels) -> Pixels:
    """Return how much red ink lies in each place; black ink counts as none."""
    blue, green, red = cv2.split(picture)
    return np.asarray(cv2.subtract(red, cv2.max(blue, green)), np.uint8)


def without_red(picture: Pixels) -> Pixels:
    """Return a picture whose red ink is as light as its paper."""
    red = picture[:, :, 2]
    ink = red[red_ink(picture) > REDDISH]
    lightest = float(np.percentile(ink, _LIGHT)) if ink.size else _WHITE
    bare = red.astype(np.float32) * (_WHITE / min(max(lightest, _DARK), _WHITE))
    return colours(bare.clip(0, _WHITE).astype(np.uint8))


def _best(
    first: tuple[str, float], others: Sequence[tuple[str, float]]
) -> tuple[str, float]:
    """Return the surest reading; another one must also hold nearly as many letters."""
    best = first
    for text, score in others:
        if score > best[1] and len(text.strip()) * 2 > len(first[0].strip()):
            best = (text, score)
    return best


def _other_ways(line: Pixels, down: bool) -> Iterator[Pixels]:  # noqa: FBT001 - which way the line runs
    """Yield the line as it may be read better: without red, turned around, stretched."""
    if redness(line) > _RED:
        yield without_red(line)
    greys = grey(line)
    if float(greys.mean()) < _DARK:
        yield colours(np.asarray(255 - greys, np.uint8))
    low, high = np.percentile(greys, (2, 98))
    if high - low > 1:
        stretched = (greys.astype(np.float32) - low) * (255 / (high - low))
        yield colours(stretched.clip(0, 255).astype(np.uint8))
    if down:
        yield np.ascontiguousarray(np.rot90(line, 2))
        yield _side_by_side(line)


def _upright(corners: Corners) -> Corners:
    """Begin with the side that becomes the top: a line that runs down is laid on its side."""
    return np.roll(corners, -1, axis=0) if runs_down(corners) else corners


def _side_by_side(line: Pixels) -> Pixels:
    """Set the letters of a column beside each other; each is as high as it is wide."""
    column = np.rot90(line, -1)
    height, width = column.shape[:2]
    count = max(round(height / width), 1)
    edges = np.linspace(0, height, count + 1).astype(int)
    letters = [
        cv2.resize(column[start:end], (width, width))
        for start, end in pairwise(edges)
        if end > start
    ]
    return np.ascontiguousarray(np.hstack(letters)).astype(np.uint8)
