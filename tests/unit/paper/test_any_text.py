"""Whatever people write, the files are valid and say it."""

import io
from datetime import UTC, datetime

import pypdfium2
import pytest
import regex
from docx import Document
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from review.paper.docx_sheet import docx_bytes
from review.paper.fonts import standard
from review.paper.interface import FileLine, LedgerProof, ReviewForm
from review.paper.layout import Heading, Paragraph, Sheet, Table, field
from review.paper.pdf_sheet import set_in_face
from review.paper.review_form_docx import review_form_docx
from review.paper.review_form_pdf import review_form_pdf
from review.paper.text import clean, cut
from review.paper.xlsx_tables import Column, List, xlsx_bytes

_AT = datetime(2026, 11, 22, 1, 15, tzinfo=UTC)
_HOSTILE = (
    "]]>",
    "&#0;&lt;b>",
    "<!--",
    "</w:t>",
    "_x0041_",
    "_x000D_",
    "{PAGE}",
    "&P",
    "=cmd|' /C calc'!A0",
    "\x00",
    "\x0b",
    "\u202e",
    "\ufffe",
    "\ud83d",
    "👩‍🔬",
    "𬱖",
    "é",
    "\n",
    "审查",
)
_NASTY = st.sampled_from(_HOSTILE)
_ANY = st.lists(
    st.one_of(_NASTY, st.text(st.characters(exclude_categories=()), max_size=12)),
    max_size=6,
).map("".join)


def _sheet(text: str) -> Sheet:
    return Sheet(
        title=text,
        above=(text, text),
        blocks=(Heading(text), Table((field(text, text),)), Paragraph(text)),
        foot=text,
        notes=(text,),
        corner=text,
        printed_at=_AT,
    )


def _check_docx(text: str) -> None:
    document = Document(io.BytesIO(docx_bytes(_sheet(text))))
    cells = document.tables[0].rows[0].cells
    assert {cell.text for cell in cells} == {clean(text)}
    foot = document.sections[0].footer.paragraphs[0].text
    assert foot.startswith(clean(text))


def test_docx_of_everything_hostile() -> None:
    _check_docx("".join(_HOSTILE))


@pytest.mark.slow
@settings(max_examples=60)
@given(_ANY)
@example("")
def test_docx(text: str) -> None:
    _check_docx(text)


@settings(max_examples=40)
@given(_ANY)
@example("")
def test_pdf(text: str) -> None:
    document = pypdfium2.PdfDocument(set_in_face(_sheet(text), standard()))
    assert len(document) >= 1
    written = "".join(page.get_textpage().get_text_range() for page in document)
    assert written.count("审查") >= text.count("审查")
    assert "\n" not in (document.get_metadata_value("Title") or "")
    document.close()


def _check_xlsx(text: str) -> None:
    data = xlsx_bytes(
        List(
            title=text,
            name="表",
            above=(text, text),
            columns=(Column("甲", 10), Column("乙", 10)),
            rows=((text, text),),
            totals=(text, None),
            notes=(text,),
            printed_at=_AT,
        )
    )
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    for place in ("A1", "A2", "B2", "A4", "B4", "A5", "A6"):
        cell = sheet[place]
        # openpyxl does not undo the escape in inline strings; programs do
        shown = regex.sub("_x005F_", "_", str(cell.value or ""))
        assert shown == clean(text), place
        assert cell.data_type == ("s" if text else "n")


def test_xlsx_of_everything_hostile() -> None:
    _check_xlsx("".join(_HOSTILE))


@pytest.mark.slow
@settings(max_examples=100)
@given(_ANY)
@example("")
@example("_x005F_x0041_")
def test_xlsx(text: str) -> None:
    _check_xlsx(text)


@pytest.mark.slow
@settings(max_examples=20)
@given(_ANY, st.integers(0, 2**60))
def test_a_whole_form(text: str, number: int) -> None:
    form = ReviewForm(
        office=text,
        number=text,
        title=text,
        department=text,
        drafted_by=text,
        submitted_by=text,
        submitted_at=_AT,
        source=text,
        channels=(text, text),
        round=number,
        files=(FileLine(name=text, size=number, sha256=text),),
        proof=LedgerProof(
            index=number, digest=text * 40, key=text, verification=text * 40
        ),
        printed_at=_AT,
    )
    assert Document(io.BytesIO(review_form_docx(form))).tables
    document = pypdfium2.PdfDocument(review_form_pdf(form))
    assert len(document) >= 1
    document.close()
    assert len(cut(text, 100)) <= 100
