"""Compare what two PDF files show, page by page, pixel by pixel."""

from collections.abc import Mapping, Sequence
from typing import Final

import pypdfium2 as pdfium2
from PIL import Image, ImageChops, ImageDraw

from review.errors import CorruptError, UnsupportedError
from review.extract.pdf.items import Box
from review.extract.pdf.sight import scale_of

_SCALE: Final = 100 / 72
_MOST_PIXELS: Final = 12_000_000
# So much may a shade of grey differ; a few pixels at the edges of letters may more.
_SHADE: Final = 24
_MOST_OTHER: Final = 20
_AROUND: Final = 3


def forbid_other_pixels(
    before: bytes, after: bytes, faint: Mapping[int, Sequence[Box]]
) -> None:
    """Refuse a copy whose pages look other than those of the original.

    `faint` are the places, by page, where letters stood that only a trace was seen of.

    Raises:
        UnsupportedError: A page looks different.
        CorruptError: A page cannot be painted.
    """
    try:
        with pdfium2.PdfDocument(before) as old, pdfium2.PdfDocument(after) as new:
            if old.get_formtype():
                # Else fields, which the copy has drawn on its pages, are left out.
                old.init_forms()
            if len(old) != len(new):
                raise UnsupportedError("副本的页数与原件不同，没有生成安全副本。")
            for index in range(len(old)):
                other = _other(old[index], new[index], faint.get(index + 1, ()))
                if other > _MOST_OTHER:
                    raise UnsupportedError(
                        f"清除隐藏内容会改变第 {index + 1} 页的样子，没有生成安全副本；"
                        "请重新导出 PDF 后再试。"
                    )
    except pdfium2.PdfiumError as fault:
        message = "PDF 的页面不能显示，无法核对副本；请重新导出后再试。"
        raise CorruptError(message) from fault


def _other(old: pdfium2.PdfPage, new: pdfium2.PdfPage, faint: Sequence[Box]) -> int:
    """Return how many pixels differ."""
    one, two = _painted(old), _painted(new)
    if one.size != two.size:
        return one.width * one.height
    difference = ImageChops.difference(one, two).point(
        lambda shade: 255 if shade >= _SHADE else 0
    )
    _forget(difference, new, faint)
    old.close()
    new.close()
    return difference.histogram()[255]


def _painted(page: pdfium2.PdfPage) -> Image.Image:
    bitmap = page.render(scale=scale_of(page, _SCALE, _MOST_PIXELS), grayscale=True)
    try:
        painted: Image.Image = bitmap.to_pil().convert("L").copy()
        return painted
    finally:
        bitmap.close()


def _forget(
    difference: Image.Image, page: pdfium2.PdfPage, faint: Sequence[Box]
) -> None:
    """Blank the places where something was seen faintly."""
    if not faint:
        return
    left, bottom, right, top = page.get_bbox()
    across = difference.width / max(right - left, 1.0)
    up = difference.height / max(top - bottom, 1.0)
    if page.get_rotation():
        # Turned pages are rare, and faint letters on them are judged with the rest.
        return
    draw = ImageDraw.Draw(difference)
    for box in faint:
        corner = ((box.left - left) * across - _AROUND, (top - box.top) * up - _AROUND)
        other = (
            (box.right - left) * across + _AROUND,
            (top - box.bottom) * up + _AROUND,
        )
        draw.rectangle((corner, other), fill=0)
