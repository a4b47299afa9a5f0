"""How large a picture may become, and how large what it is made from."""

import math
from typing import Final

from review.errors import CorruptError
from review.picture.interface import Size

WIDEST: Final = 3_000  # pixels
MOST_DRAWN: Final = 12_000_000  # pixels of a picture that is made
MOST_OPENED: Final = 80_000_000  # pixels of an image that is opened
MOST_PAGES: Final = 3_000


def scale_of(size: Size, width_px: int) -> float:
    """Return by what to multiply a page so that it is that wide, or as wide as may be.

    Raises:
        CorruptError: The page has no area.
    """
    if size.width <= 0 or size.height <= 0:
        raise CorruptError("这一页没有大小，可能已损坏，请下载原件查看。")
    wanted = min(max(width_px, 1), WIDEST) / size.width
    return min(wanted, math.sqrt(MOST_DRAWN / (size.width * size.height)))
