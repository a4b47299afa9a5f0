"""Pages of a PDF through pdfium: their sizes, their pictures, where words stand."""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from review.errors import CorruptError, EncryptedError, NotFoundError
from review.picture.bounds import MOST_PAGES, scale_of
from review.picture.interface import Box, Excerpt, Mark, Pages, Picture, Size
from review.picture.letters import Letters, find, letters_in
from review.picture.png import png_of
from review.spans import Span

_FINE: Final = 1_000_000  # whole numbers that stand for a page's width and height
_LOOSE: Final = 0.5  # of a character's size, by which it may be nearer or farther
_SHARED: Final = 0.3  # of the smaller, by which boxes of one line overlap
_UPRIGHT: Final = 1.5  # of a character's width; a line that runs down is no wider
_LAST_CODE: Final = 0x10FFFF


def pages_of_pdf(data: bytes, excerpts: Sequence[Excerpt]) -> Pages:
    """Return the sizes of all pages, and where the excerpts stand.

    Raises:
        CorruptError: It does not open.
        EncryptedError: It opens only with a password.
    """
    by_page: dict[int, list[Excerpt]] = {}
    for one in excerpts:
        by_page.setdefault(one.page, []).append(one)
    with _opened(data) as document:
        count = min(len(document), MOST_PAGES)
        sizes = [Size(*document.get_page_size(index)) for index in range(count)]
        marks = [
            mark
            for number, wanted in sorted(by_page.items())
            for mark in _marks(document, number, wanted)
        ]
    return Pages(tuple(sizes), tuple(marks))


def draw_pdf_page(data: bytes, page: int, *, width_px: int) -> Picture:
    """Return a page as people see it, notes and filled forms included.

    Raises:
        NotFoundError: There is no such page.
        CorruptError: The file or the page does not open.
        EncryptedError: It opens only with a password.
    """
    with _opened(data) as document:
        if document.get_formtype():
            document.init_forms()
        with _loaded(document, page) as sheet:
            scale = scale_of(Size(*sheet.get_size()), width_px)
            bitmap = sheet.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
            with closing(bitmap):
                return _picture(bitmap)


def _picture(bitmap: Any) -> Picture:
    if bitmap.n_channels != 3:  # noqa: PLR2004 - red, green, blue: as it was asked for
        raise CorruptError("这一页画不出来，请下载原件查看。")
    png = png_of(
        memoryview(bitmap.buffer).cast("B"),
        width=bitmap.width,
        height=bitmap.height,
        stride=bitmap.stride,
    )
    return Picture(png, bitmap.width, bitmap.height)


@contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as fault:
        if fault.err_code == raw.FPDF_ERR_PASSWORD:
            raise EncryptedError(
                "PDF 文件已用密码加密，画不出页面，请取消密码后重新送审。"
            ) from None
        raise CorruptError("PDF 文件已损坏，画不出页面，请下载原件查看。") from None
    with closing(document):
        yield document


@contextmanager
def _loaded(document: Any, number: int) -> Iterator[Any]:
    if not 1 <= number <= min(len(document), MOST_PAGES):
        raise NotFoundError("没有这一页，请核对页码。")
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        raise CorruptError(f"第 {number} 页已损坏，请下载原件查看。") from None
    with closing(page):
        yield page


def _marks(document: Any, number: int, excerpts: Sequence[Excerpt]) -> Iterator[Mark]:
    """Yield a mark an excerpt; without a box on a page that has no such words."""
    try:
        with _loaded(document, number) as page, closing(page.get_textpage()) as text:
            found = find(excerpts, _letters(text.raw))
            boxes = {
                name: tuple(box for span in spans for box in _boxes(page, text, span))
                for name, spans in found.items()
            }
    except (CorruptError, NotFoundError, pdfium.PdfiumError):
        boxes = {}
    for one in excerpts:
        yield Mark(one.id, number, boxes.get(one.id, ()))


def _letters(textpage: Any) -> Letters:
    """Return the letters of a page, each with the index that pdfium gives it."""
    count = max(raw.FPDFText_CountChars(textpage), 0)
    codes = (raw.FPDFText_GetUnicode(textpage, at) for at in range(count))
    return letters_in(chr(one) if one <= _LAST_CODE else "" for one in codes)


def _boxes(page: Any, textpage: Any, span: Span) -> Iterator[Box]:
    """Yield one box a line for the characters of a range."""
    line: Box | None = None
    for at in range(span.start, span.end):
        box = _box(page, textpage, at)
        if box is None:
            continue
        if line is not None and _continues(line, box):
            line = _around(line, box)
            continue
        if line is not None:
            yield line
        line = box
    if line is not None:
        yield line


def _box(page: Any, textpage: Any, at: int) -> Box | None:
    """Return where a character stands; None for one that takes no room."""
    rectangle = raw.FS_RECTF()
    if not raw.FPDFText_GetLooseCharBox(textpage.raw, at, rectangle):
        return None
    corners = [
        _on_page(page, rectangle.left, rectangle.top),
        _on_page(page, rectangle.right, rectangle.bottom),
    ]
    (left, right), (top, bottom) = (sorted(each) for each in zip(*corners, strict=True))
    if right <= left or bottom <= top:
        return None
    return Box(left, top, right - left, bottom - top)


def _on_page(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return a point in fractions of the page, turned and cropped as it is shown."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page.raw, 0, 0, _FINE, _FINE, 0, x, y, across, down)
    return _within(across.value), _within(down.value)


def _within(value: int) -> float:
    return min(max(value, 0), _FINE) / _FINE


def _continues(line: Box, box: Box) -> bool:
    """Tell whether a character goes on with a line, across the page or down it.

    A comma's box is low and small: it is enough that it overlaps the line.
    """
    beside = box.left - (line.left + line.width)
    below = box.top - (line.top + line.height)
    if beside >= -box.width * _LOOSE and _overlap(
        (line.top, line.height), (box.top, box.height)
    ):
        return True
    upright = line.width <= box.width * _UPRIGHT
    return (
        upright
        and abs(below) <= box.height * _LOOSE
        and _overlap((line.left, line.width), (box.left, box.width))
    )


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Tell whether two stretches, start and length, share a good part of the shorter."""
    shared = min(one[0] + one[1], other[0] + other[1]) - max(one[0], other[0])
    return shared >= min(one[1], other[1]) * _SHARED


def _around(line: Box, box: Box) -> Box:
    left, top = min(line.left, box.left), min(line.top, box.top)
    right = max(line.left + line.width, box.left + box.width)
    bottom = max(line.top + line.height, box.top + box.height)
    return Box(left, top, right - left, bottom - top)
