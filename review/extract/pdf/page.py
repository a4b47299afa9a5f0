"""What a PDF page is: words, a scan, a drawing, or words that pdfium cannot read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pypdfium2.raw as pdfium

from review.extract.pdf.items import Box, Handle, Item, Items
from review.extract.pdf.text import PageText

_SAMPLES: Final = 12
_EMPTY_SAMPLES: Final = 4
_SCAN: Final = 0.7
_PICTURE: Final = 0.01
_STROKES: Final = 12
_INVISIBLE: Final = 3
_PATCH: Final = 30.0


@dataclass(frozen=True, slots=True)
class Shape:
    """What stands on a page.

    `share` is how much of it pictures take, `drawn` whether anything is painted
    that may be words, `patched` whether something lies over a large picture,
    `ghost` whether every word of it is painted invisibly, as scanners do.
    """

    share: float
    drawn: bool
    patched: bool
    ghost: bool

    @property
    def is_scan(self) -> bool:
        """Tell whether pictures are nearly all of the page."""
        return self.share >= _SCAN


def shape_of(items: Items, frame: Box) -> Shape:
    """Return what a page is made of; `frame` is the part that is shown."""
    area = frame.area or 1.0
    pictures = paths = 0
    covered = 0.0
    large = patched = False
    ghost: bool | None = None
    for item in items.all:
        if item.kind == pdfium.FPDF_PAGEOBJ_TEXT:
            if ghost is not False:
                mode = pdfium.FPDFTextObj_GetTextRenderMode(item.handle)
                ghost = mode == _INVISIBLE
            continue
        patched = patched or (large and item.box.area > _PATCH)
        if item.kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            own = _shared(item.box, frame)
            covered += own
            pictures += own > area * _PICTURE
            large = large or own > area * _SCAN
        else:
            paths += 1
    drawn = pictures > 0 or paths >= _STROKES
    return Shape(min(covered / area, 1.0), drawn, patched, ghost is True)


def is_mute(textpage: Handle, text: PageText, items: Items) -> bool:
    """Tell whether text objects give no characters: an unknown encoding."""
    texts = list(items.of(pdfium.FPDF_PAGEOBJ_TEXT))
    if len(texts) < _EMPTY_SAMPLES:
        return bool(texts) and not text.text.strip() and _widest(texts) > 1
    if len(texts) > pdfium.FPDFText_CountChars(textpage) * 1.5:
        return True
    step = max(len(texts) // _SAMPLES, 1)
    empty = 0
    for item in texts[::step][:_SAMPLES]:
        length = pdfium.FPDFTextObj_GetText(item.handle, textpage, None, 0)
        empty += item.box.width > 1 and length <= 2  # noqa: PLR2004 - only the final NUL
    return empty >= _EMPTY_SAMPLES


def _widest(texts: Sequence[Item]) -> float:
    return max(item.box.width for item in texts)


def _shared(one: Box, other: Box) -> float:
    """Return the area that two boxes share."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.top, other.top) - max(one.bottom, other.bottom)
    return max(width, 0.0) * max(height, 0.0)
