"""The formats that a safe copy can be made of; a new one is one line."""

from typing import Final

from review.safecopy.images.image import ImageCleaner
from review.safecopy.interface import Cleaner
from review.safecopy.pdf.pdf import PdfCleaner
from review.safecopy.plain.text import TextCleaner
from review.safecopy.sheets.xlsx import XlsxCleaner
from review.safecopy.slides.pptx import PptxCleaner
from review.safecopy.web.html import HtmlCleaner
from review.safecopy.word.docx import DocxCleaner

CLEANERS: Final[tuple[Cleaner, ...]] = (
    DocxCleaner(),
    XlsxCleaner(),
    PptxCleaner(),
    PdfCleaner(),
    HtmlCleaner(),
    ImageCleaner(),
    TextCleaner(),
)
