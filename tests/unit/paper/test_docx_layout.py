"""How the docx is set: fonts, grid, headers, what Word would refuse."""

import io
from dataclasses import replace

from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn

from review.paper.interface import FindingLine, ReviewForm
from review.paper.layout import UNITS
from review.paper.review_form_docx import review_form_docx


def _document(form: ReviewForm) -> DocxDocument:
    return Document(io.BytesIO(review_form_docx(form)))


def test_the_paper_is_a4_upright(review_form: ReviewForm) -> None:
    section = _document(review_form).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_chinese_fonts_are_named_for_chinese_text(review_form: ReviewForm) -> None:
    document = _document(review_form)
    fonts = {
        style.name: style.element.rPr.rFonts.get(qn("w:eastAsia"))
        for style in document.styles
        if style.element.rPr is not None and style.element.rPr.rFonts is not None
    }
    assert fonts["审查表题"] == fonts["审查节题"] == "黑体"
    assert fonts["审查栏文"] == fonts["Normal"] == "宋体"
    assert fonts["审查公文"] == "仿宋"


def test_every_style_in_use_is_defined(review_form: ReviewForm) -> None:
    document = _document(review_form)
    defined = {style.style_id for style in document.styles}
    used = {one.get(qn("w:val")) for one in document.element.body.iter(qn("w:pStyle"))}
    assert len(used) > 5
    assert used <= defined


def test_list_headers_are_repeated_on_every_page(review_form: ReviewForm) -> None:
    headers = [
        "".join(text.text or "" for text in row.iter(qn("w:t")))
        for row in _document(review_form).element.body.iter(qn("w:tr"))
        if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    ]
    assert any(one.startswith("序号位置依据条款") for one in headers)
    assert any(one.startswith("序号类别文件名") for one in headers)


def test_rows_fill_the_grid_and_cells_hold_a_paragraph(
    bare_form: ReviewForm, review_form: ReviewForm
) -> None:
    nothing = FindingLine(
        number=1, place="", clauses=(), tier="", severity="", reason=""
    )
    for form in (bare_form, review_form, replace(bare_form, findings=(nothing,))):
        body = _document(form).element.body
        for row in body.iter(qn("w:tr")):
            spans = [int(one.get(qn("w:val"))) for one in row.iter(qn("w:gridSpan"))]
            assert sum(spans) == UNITS
        for cell in body.iter(qn("w:tc")):
            assert cell.find(qn("w:p")) is not None
        # the last thing before the section's properties
        assert body[-2].tag == qn("w:p")


def test_page_numbers_are_fields(review_form: ReviewForm) -> None:
    foot = _document(review_form).sections[0].footer.paragraphs[0]
    fields = [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
