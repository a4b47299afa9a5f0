"""The formats that can be read, in order of trial; a new one is one line."""

from typing import Final

from review.extract.archives.archive import Appended, Packed, Rar, SevenZip, Tar, Zip
from review.extract.images.image import IMAGES
from review.extract.interface import Extractor
from review.extract.mail.cards import Cards
from review.extract.mail.eml import Eml
from review.extract.mail.mhtml import Mhtml
from review.extract.mail.msg import Msg
from review.extract.mail.tnef import Tnef
from review.extract.ofd.ofd import Ofd
from review.extract.old.doc import Doc
from review.extract.old.ppt import Ppt
from review.extract.old.works import Works
from review.extract.old.xls import Xls
from review.extract.opendocument.odf import Odf
from review.extract.pdf.pdf import Pdf
from review.extract.plain.csv import Csv
from review.extract.plain.text import Text
from review.extract.rtf.rtf import Rtf
from review.extract.sheets.xlsx import Xlsx
from review.extract.slides.pptx import Pptx
from review.extract.web.html import Html
from review.extract.word.docx import Docx
from review.extract.xml import Xml

FORMATS: Final[tuple[Extractor, ...]] = (
    Docx(),
    Pptx(),
    Xlsx(),
    Ofd(),
    Odf("odt"),
    Odf("ods"),
    Odf("odp"),
    Zip(),
    SevenZip(),
    Rar(),
    Tar(),
    Packed("gz"),
    Packed("bz2"),
    Packed("xz"),
    Pdf(),  # behind the archives, whose first member may be a PDF
    Doc(),
    Xls(),
    Ppt(),
    Works(),
    Rtf(),
    Msg(),
    Tnef(),
    Mhtml(),  # before the mails, which it looks like
    Eml(),
    Cards("vcf", "VCARD"),
    Cards("ics", "VCALENDAR"),
    Html(),
    *IMAGES,
    Xml(),
    Csv(),
    Text(),
    Appended(),
)
