"""A file's pages, whichever kind it is of; each kind's library is loaded when needed."""

from collections.abc import Sequence

from review.picture.interface import Excerpt, Pages, Picture
from review.picture.kinds import kind_of


def pages_of(data: bytes, excerpts: Sequence[Excerpt] = ()) -> Pages:
    """Return how large a file's pages are, and where on them the excerpts stand.

    Raises:
        UnreadableError: It has no pages, or they cannot be drawn.
    """
    if kind_of(data) == "pdf":
        from review.picture.pdf import pages_of_pdf  # noqa: PLC0415 - pdfium is slow to load

        return pages_of_pdf(data, excerpts)
    from review.picture.image import pages_of_image  # noqa: PLC0415 - Pillow is slow to load

    return pages_of_image(data)


def draw_page(data: bytes, page: int, *, width_px: int) -> Picture:
    """Return a page, counted from 1, as wide as asked and the bounds allow.

    Raises:
        NotFoundError: There is no such page.
        UnreadableError: The file has no pages, or they cannot be drawn.
    """
    if kind_of(data) == "pdf":
        from review.picture.pdf import draw_pdf_page  # noqa: PLC0415 - pdfium is slow to load

        return draw_pdf_page(data, page, width_px=width_px)
    from review.picture.image import draw_image  # noqa: PLC0415 - Pillow is slow to load

    return draw_image(data, page, width_px=width_px)
