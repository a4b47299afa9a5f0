"""Which characters of a PDF nobody sees, by the judgement of the extraction."""

import ctypes
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from review.errors import CorruptError
from review.extract.pdf.items import Box, items_of
from review.extract.pdf.sight import box_of, unseen_of

_CELL: Final = 2.0  # points: origins are looked up in squares of this size
_NEAR: Final = 0.5
_FAINT: Final = ("极小", "白", "透明")


@dataclass(slots=True)
class Unseen:
    """The origins of the characters of one page that nobody sees.

    `faint` are the places of those that leave a trace of a few pixels.
    """

    faint: list[Box] = field(default_factory=list)
    _cells: dict[tuple[int, int], list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def add(self, x: float, y: float) -> None:
        """Add one origin."""
        self._cells[int(x // _CELL), int(y // _CELL)].append((x, y))

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a character that begins here is one of them."""
        across, up = int(x // _CELL), int(y // _CELL)
        return any(
            abs(x - one) <= _NEAR and abs(y - other) <= _NEAR
            for near in (-1, 0, 1)
            for over in (-1, 0, 1)
            for one, other in self._cells.get((across + near, up + over), ())
        )


def unseen_in(data: bytes) -> dict[int, Unseen]:
    """Return what nobody sees by the page's number, from 1; empty where all is seen.

    Raises:
        CorruptError: A page cannot be painted.
    """
    found: dict[int, Unseen] = {}
    try:
        with pdfium2.PdfDocument(data) as document:
            for index in range(len(document)):
                page = document[index]
                textpage = page.get_textpage()
                if (unseen := _of_page(page, textpage.raw)) is not None:
                    found[index + 1] = unseen
                textpage.close()
                page.close()
    except pdfium2.PdfiumError as fault:
        message = "PDF 的页面不能显示，无法判断哪些内容看得见；请重新导出后再试。"
        raise CorruptError(message) from fault
    return found


def _of_page(page: pdfium2.PdfPage, textpage: object) -> Unseen | None:
    judged = unseen_of(page, textpage, items_of(page.raw), layers=False)
    if not judged:
        return None
    unseen = Unseen()
    x, y = ctypes.c_double(), ctypes.c_double()
    for index, why in judged.items():
        if pdfium.FPDFText_GetCharOrigin(textpage, index, x, y):
            unseen.add(x.value, y.value)
        box = box_of(textpage, index)
        if box is not None and why.reason.startswith(_FAINT):
            unseen.faint.append(box)
    return unseen
