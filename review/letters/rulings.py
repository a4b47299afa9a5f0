"""Upright rulings: they part the cells of a table that stand too close for a gap."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from review.letters.engine import Corners, Pixels
from review.letters.interface import Ruling
from review.letters.sheet import grey, runs_down

_SHORTEST: Final = 36  # pixels
_THICKEST: Final = 12  # pixels
_DARK: Final = 170  # of 255
_MOST: Final = 600
_BEYOND: Final = 1.25  # of a line's height: a ruling is longer than any stroke in it
_EDGE: Final = 0.4  # of a line's height; nearer to its ends a ruling parts nothing
_AIR: Final = 3  # pixels beside a ruling that are no letter's


def rulings_in(picture: Pixels) -> list[Ruling]:
    """Return the upright lines of a page."""
    dark = (grey(picture) < _DARK).astype(np.uint8)
    bar = cv2.getStructuringElement(cv2.MORPH_RECT, (1, _SHORTEST))
    lines = cv2.morphologyEx(dark, cv2.MORPH_OPEN, bar)
    _, _, facts, _ = cv2.connectedComponentsWithStats(lines)
    return [
        Ruling(left + width / 2, top, top + height)
        for left, top, width, height in np.asarray(facts)[1:_MOST, :4].tolist()
        if width <= _THICKEST
    ]


def split(places: Sequence[Corners], rulings: Sequence[Ruling]) -> list[Corners]:
    """Return the places of lines, those that a ruling crosses cut there."""
    return [part for one in places for part in _parts(one, rulings)]


def _parts(corners: Corners, rulings: Sequence[Ruling]) -> Iterator[Corners]:
    left, top = (float(value) for value in corners.min(axis=0))
    right, bottom = (float(value) for value in corners.max(axis=0))
    height = bottom - top
    room = height * _EDGE
    cuts = sorted(
        one.x
        for one in rulings
        if one.bottom - one.top > height * _BEYOND
        and one.parts(left + room, right - room, (top + bottom) / 2)
    )
    if not cuts or runs_down(corners):
        yield corners
        return
    edges = [left - _AIR, *cuts, right + _AIR]
    for start, end in pairwise(edges):
        if end - start > room:
            yield _between(corners, start + _AIR, end - _AIR)


def _between(corners: Corners, start: float, end: float) -> Corners:
    """Return the part of a place between two distances from the page's left side."""
    left, right = float(corners[:, 0].min()), float(corners[:, 0].max())
    upper, lower = corners[1] - corners[0], corners[2] - corners[3]
    first, last = ((at - left) / max(right - left, 1) for at in (start, end))
    return np.array(
        [
            corners[0] + upper * first,
            corners[0] + upper * last,
            corners[3] + lower * last,
            corners[3] + lower * first,
        ],
        np.float32,
    )
