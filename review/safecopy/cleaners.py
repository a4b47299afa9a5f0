"""The formats that a safe copy can be made of; a new one is one line."""

from typing import Final

from review.safecopy.docx import DocxCleaner
from review.safecopy.html import HtmlCleaner
from review.safecopy.image import ImageCleaner
from review.safecopy.interface import Cleaner
from review.safecopy.pdf import PdfCleaner
from review.safecopy.pptx import PptxCleaner
from review.safecopy.text import TextCleaner
from review.safecopy.xlsx import XlsxCleaner

CLEANERS: Final[tuple[Cleaner, ...]] = (
    DocxCleaner(),
    XlsxCleaner(),
    PptxCleaner(),
    PdfCleaner(),
    HtmlCleaner(),
    ImageCleaner(),
    TextCleaner(),
)
