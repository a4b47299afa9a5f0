"""Pictures of a draft's pages, made where a strange file can do no harm."""

from collections.abc import Sequence
from typing import Protocol

from review.picture.interface import Excerpt, Pages, Picture


class Painter(Protocol):
    """Draws pages, and finds words on them."""

    def pages(self, data: bytes, excerpts: Sequence[Excerpt]) -> Pages:
        """Return how large the pages are, and where the excerpts stand on them.

        Raises:
            UnreadableError: The file has no pages, or they cannot be drawn.
        """
        ...

    def page(self, data: bytes, page: int, *, width_px: int) -> Picture:
        """Return one page, counted from 1, as wide as asked and the bounds allow.

        Raises:
            NotFoundError: There is no such page.
            UnreadableError: The file has no pages, or they cannot be drawn.
        """
        ...
