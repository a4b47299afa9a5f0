"""Tables and hard pages of a PDF through pdfplumber, which is slow but exact."""

import io
import logging
from dataclasses import dataclass
from typing import Any, Final

from review.extract.limits import Limits

_MAX_PAGES: Final = 40
_MIN_CELLS: Final = 4
_MIN_COLUMNS: Final = 2


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its box in pdfium's coordinates and its rows of cells."""

    left: float
    bottom: float
    right: float
    top: float
    rows: tuple[tuple[str, ...], ...]

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies in the table."""
        return (
            self.left - 2 <= x <= self.right + 2
            and self.bottom - 2 <= y <= self.top + 2
        )


class Plumber:
    """Open a PDF in pdfplumber only when the first page needs it."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Keep the bytes."""
        self._data = data
        self._limits = limits
        self._left = _MAX_PAGES
        self._pdf: Any = None

    def tables(self, page: int) -> tuple[Table, ...]:
        """Return the tables of a page (from 0); none where it cannot be read."""
        if self._left <= 0:
            return ()
        self._left -= 1
        try:
            return self._tables(page)
        except Exception:  # noqa: BLE001 - pdfminer raises anything; the lines stay as text
            return ()

    def text(self, page: int) -> str:
        """Return the text of a page that pdfium cannot decode."""
        if self._left <= 0:
            return ""
        self._left -= 1
        try:
            found = self._open().pages[page]
            return found.extract_text() or ""
        except Exception:  # noqa: BLE001 - as above; the caller reports a gap
            return ""

    def _open(self) -> Any:
        # pdfplumber takes most of a second to load; few files need it.
        import pdfplumber  # noqa: PLC0415 - slow to import

        if self._pdf is None:
            # Its warnings quote the file's own bytes; what fails is a gap here.
            logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
            self._pdf = pdfplumber.open(io.BytesIO(self._data))
        return self._pdf

    def _tables(self, number: int) -> tuple[Table, ...]:
        page = self._open().pages[number]
        found = []
        offset = page.bbox[1]
        for table in page.find_tables():
            rows = tuple(tuple(_flat(cell) for cell in row) for row in table.extract())
            filled = sum(bool(cell) for row in rows for cell in row)
            # A box around text is no table.
            if filled < _MIN_CELLS or len(rows[0]) < _MIN_COLUMNS:
                continue
            left, top, right, bottom = table.bbox
            height = float(page.height) + 2 * offset
            found.append(Table(left, height - bottom, right, height - top, rows))
        page.close()
        return tuple(found)


def _flat(cell: str | None) -> str:
    lines = (cell or "").split("\n")
    total = ""
    for line in lines:
        text = line.strip()
        glue = (
            " "
            if total[-1:].isascii() and text[:1].isascii() and total and text
            else ""
        )
        total += glue + text
    return total
