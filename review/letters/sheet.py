"""A picture as pixels: opened within bounds, upright, no finer than reading needs."""

from typing import Final

import cv2
import numpy as np
from PIL import Image

from review.errors import CorruptError
from review.extract.images.open import kind_of, opened, see_through, upright
from review.letters.engine import Corners, Pixels

_SHORT_SIDE: Final = 2_500  # pixels; A4 at 300 dpi
_MOST_PIXELS: Final = 25_000_000
_LEAST_SIDE: Final = 8
_DARK: Final = 90  # of 255, the middle grey of a page that is white on black
_FLAT: Final = 4.0  # deviation of greys; nothing is written there
_UPRIGHT_LINE: Final = 1.5  # times as high as wide: a line that runs down
_FOREIGN: Final = "这不是能识别文字的图片格式（如 EMF、WMF），请人工查看。"


def sheets_of(data: bytes) -> tuple[Pixels, ...]:
    """Return how a picture may look: on white, and on black where that shows more.

    Raises:
        CorruptError: It is no picture that is read here, or damaged.
        TooLargeError: It declares more pixels than allowed.
    """
    if kind_of(data) is None:
        raise CorruptError(_FOREIGN)
    with opened(data) as image:
        longest = _longest(image.size)
        clear = see_through(image)
        light = _pixels(upright(image, longest=longest))
        if not clear or light.std() > _FLAT:
            return (_dark_on_light(light),)
    with opened(data) as image:
        dark = _pixels(upright(image, longest=longest, ground="black"))
    return (_dark_on_light(dark), light)


def grey(picture: Pixels) -> Pixels:
    """Return a picture's greys, one number a pixel."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def colours(greys: Pixels) -> Pixels:
    """Return greys as a picture in three channels."""
    return np.asarray(cv2.cvtColor(greys, cv2.COLOR_GRAY2BGR), np.uint8)


def scaled(picture: Pixels, scale: float) -> Pixels:
    """Return a picture that many times as large."""
    if abs(scale - 1) < 0.01:  # noqa: PLR2004 - as good as the same
        return picture
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(
        cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how), np.uint8
    )


def cut_out(picture: Pixels, corners: Corners) -> Pixels:
    """Return what stands between four corners, straightened; its first side on top."""
    sides = np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)
    width = max(int(max(sides[0], sides[2])), _LEAST_SIDE)
    height = max(int(max(sides[1], sides[3])), _LEAST_SIDE)
    goal = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    bend = cv2.getPerspectiveTransform(corners.astype(np.float32), goal)
    return np.asarray(
        cv2.warpPerspective(
            picture,
            bend,
            (width, height),
            borderMode=cv2.BORDER_REPLICATE,
            flags=cv2.INTER_CUBIC,
        ),
        np.uint8,
    )


def runs_down(corners: Corners) -> bool:
    """Tell whether a line is much higher than wide."""
    across = np.linalg.norm(corners[1] - corners[0])
    down = np.linalg.norm(corners[3] - corners[0])
    return bool(down > across * _UPRIGHT_LINE)


def _longest(size: tuple[int, int]) -> int:
    scale = min(1.0, _SHORT_SIDE / min(size))
    pixels = size[0] * size[1] * scale * scale
    if pixels > _MOST_PIXELS:
        scale *= (_MOST_PIXELS / pixels) ** 0.5
    return max(round(max(size) * scale), 1)


def _pixels(image: Image.Image) -> Pixels:
    return np.ascontiguousarray(np.asarray(image, np.uint8)[:, :, ::-1])


def _dark_on_light(picture: Pixels) -> Pixels:
    """Turn a page around whose ground is dark."""
    dark = float(np.median(picture[::4, ::4])) < _DARK
    return np.asarray(255 - picture, np.uint8) if dark else picture
