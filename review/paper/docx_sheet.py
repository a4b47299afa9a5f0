"""Draws a sheet as docx: A4 upright, numbered pages, to be completed in Word."""

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from review.paper import docx_styles as styles
from review.paper.docx_tables import add_table
from review.paper.layout import Heading, Sheet, Table
from review.paper.package import property_time, saved
from review.paper.text import clean


def docx_bytes(sheet: Sheet) -> bytes:
    """Return the sheet as a docx file, the same bytes for the same sheet."""
    document = Document()
    _paper(document, sheet)
    if sheet.corner:
        _paragraph(document, sheet.corner, styles.ABOVE)
    _paragraph(document, sheet.title, styles.TITLE)
    _above(document, sheet)
    for block in sheet.blocks:
        if isinstance(block, Heading):
            _paragraph(document, block.text, styles.HEADING)
        elif isinstance(block, Table):
            add_table(document, block)
        else:
            style = styles.LETTER if block.indent else styles.LETTER_FLUSH
            one = _paragraph(document, block.text, style)
            one.alignment = styles.ALIGNMENTS[block.align]
    _notes(document, sheet)
    return saved(document.save, at=sheet.printed_at)


def _notes(document: DocxDocument, sheet: Sheet) -> None:
    """Add the notes; Word wants a paragraph after the last table in any case."""
    for number, note in enumerate(sheet.notes or ("",)):
        one = _paragraph(document, note, styles.NOTE)
        if number == 0:
            one.paragraph_format.space_before = styles.NOTE_GAP


def _paper(document: DocxDocument, sheet: Sheet) -> None:
    """Set paper, margins, page numbers and properties."""
    styles.define(document)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.header_distance, section.footer_distance = Mm(12), Mm(10)
    foot = section.footer.paragraphs[0]
    foot.style = styles.FOOT
    foot.add_run(f"{clean(sheet.foot)}　　第 ")
    _number(foot, "PAGE")
    foot.add_run(" 页　共 ")
    _number(foot, "NUMPAGES")
    foot.add_run(" 页")
    core = document.core_properties
    core.title = _short(f"{sheet.title} {sheet.foot}")
    core.author = core.last_modified_by = "先审"
    core.comments = ""
    core.created = core.modified = property_time(sheet.printed_at)


def _above(document: DocxDocument, sheet: Sheet) -> None:
    """Add the line between title and first block: one text left, one right."""
    left, right = sheet.above
    line = _paragraph(document, left, styles.ABOVE)
    line.paragraph_format.tab_stops.add_tab_stop(Mm(169), styles.TAB_RIGHT)
    line.add_run("\t")
    line.add_run(clean(right))


def _short(text: str) -> str:
    """Return what a property may hold: one line of at most 255 characters."""
    return clean(text).replace("\n", " ")[:255]


def _number(paragraph: Paragraph, code: str) -> None:
    """Add a field that Word works out: the page's number or the count."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    element.append(run)
    paragraph._p.append(element)  # noqa: SLF001 - python-docx knows no fields


def _paragraph(document: DocxDocument, text: str, style: str) -> Paragraph:
    return document.add_paragraph(clean(text), style=style)
