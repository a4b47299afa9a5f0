"""Hard pages of a PDF through pdfplumber, which is slow but knows more encodings."""

import io
import logging
from typing import Any, Final

from review.extract.limits import Limits

_MAX_PAGES: Final = 40


class Plumber:
    """Open a PDF in pdfplumber only when the first page needs it."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Keep the bytes."""
        self._data = data
        self._limits = limits
        self._left = _MAX_PAGES
        self._pdf: Any = None

    def text(self, page: int) -> str:
        """Return the text of a page (from 0) that pdfium cannot decode."""
        if self._left <= 0:
            return ""
        self._left -= 1
        try:
            found = self._open().pages[page]
            text = found.extract_text() or ""
            found.close()
        except Exception:  # noqa: BLE001 - pdfminer raises anything; the caller reports a gap
            return ""
        return text

    def _open(self) -> Any:
        # pdfplumber takes most of a second to load; few files need it.
        import pdfplumber  # noqa: PLC0415 - slow to import

        if self._pdf is None:
            # Its warnings quote the file's own bytes; what fails is a gap here.
            logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
            self._pdf = pdfplumber.open(io.BytesIO(self._data))
        return self._pdf
