"""Texts of a PDF page that stand for what is painted: taken off, and kept apart.

`ActualText` says what a reader's search and copying give instead of the painted
words. pdfium believes it, so it would hide from this program what the page shows.
"""

import ctypes
from typing import Final

import pypdfium2.raw as pdfium

from review.extract.pdf.items import Handle, Items

_KEY: Final = b"ActualText"
_MAX_MARKS: Final = 20
_MAX_TEXT: Final = 100_000
_UNITS: Final = 2  # bytes of a UTF-16 unit


def unmasked(items: Items) -> tuple[str, ...]:
    """Take the texts that stand for painted ones off a page; return each once."""
    found: dict[str, None] = {}
    for item in items.of(pdfium.FPDF_PAGEOBJ_TEXT):
        count = pdfium.FPDFPageObj_CountMarks(item.handle)
        for index in range(min(count, _MAX_MARKS)):
            mark = pdfium.FPDFPageObj_GetMark(item.handle, index)
            if pdfium.FPDFPageObjMark_GetParamValueType(mark, _KEY):
                found.setdefault(_value(mark))
                pdfium.FPDFPageObjMark_RemoveParam(item.handle, mark, _KEY)
    return tuple(found)


def _value(mark: Handle) -> str:
    length = ctypes.c_ulong()
    ask = pdfium.FPDFPageObjMark_GetParamStringValue
    ask(mark, _KEY, None, 0, length)
    if not _UNITS < length.value <= _MAX_TEXT * _UNITS:
        return ""
    buffer = (ctypes.c_ushort * (length.value // _UNITS + 1))()
    if not ask(mark, _KEY, buffer, length.value, length):
        return ""
    raw = bytes(memoryview(buffer))[: length.value]
    return raw.decode("utf-16-le", "replace").strip("\x00").strip()
