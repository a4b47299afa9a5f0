"""The formats that can be read, in order of trial; a new one is one line."""

from typing import Final

from review.extract.docx import Docx
from review.extract.html import Html
from review.extract.interface import Extractor
from review.extract.pdf import Pdf
from review.extract.text import Text
from review.extract.xlsx import Xlsx
from review.extract.xml import Xml

FORMATS: Final[tuple[Extractor, ...]] = (
    Pdf(),
    Docx(),
    Xlsx(),
    Html(),
    Xml(),
    Text(),
)
