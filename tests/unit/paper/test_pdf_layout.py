"""How the PDF is set: lines, page breaks, fonts, the QR code."""

import dataclasses
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest
import reportlab
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from review.errors import FontError
from review.paper.fonts import STANDARD, Face, face, standard, well_known
from review.paper.interface import Opinion, ReviewForm
from review.paper.layout import Cell, Heading, Line, Row, Sheet, Table, head, whole
from review.paper.pdf_lines import Type, wrapped
from review.paper.pdf_pages import LEFT, WIDTH, Box, Code, Pages, Words
from review.paper.pdf_sheet import set_in_face
from review.paper.pdf_tables import plan_table
from review.paper.qr import matrix, picture
from review.paper.review_form import proof_code, review_form_sheet
from review.paper.review_form_docx import review_form_docx
from review.paper.review_form_pdf import review_form_pdf

Reader = Callable[[bytes], str]
_SET = Type(standard(), 10, 13)


@given(
    st.text(st.sampled_from("一二三，。（《”》) abcXYZ019-\n"), max_size=200),
    st.integers(40, 400),
)
def test_lines_keep_every_character_and_fit(text: str, room: int) -> None:
    lines = wrapped(text, _SET, room)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(_SET.width(line) <= room for line in lines)


def test_no_line_begins_with_a_stop_or_ends_with_an_opening_mark() -> None:
    text = "各部门，应当（按照《规定》）办理；不得“先斩后奏”。" * 20
    for room in range(60, 300, 7):
        for line in wrapped(text, _SET, room):
            assert line[0] not in "，。；）》”"
            assert line[-1] not in "（《“"


def test_words_and_numbers_stay_whole_where_they_can() -> None:
    lines = wrapped("文件名为 report-2026.docx 请核对", _SET, 90)
    assert any("report-2026.docx" in line for line in lines)
    assert "".join(wrapped("f" * 64, _SET, 100)) == "f" * 64


def test_a_character_that_the_font_lacks_is_spelt_out() -> None:
    assert standard().shown("张😀") == "张[U+1F600]"
    bare = Face(STANDARD, frozenset(map(ord, "张")))
    assert bare.shown("张𬱖三") == "张[U+2CC56][U+4E09]"


def test_a_character_beyond_the_basic_plane_is_spelt_out_even_if_the_font_has_it() -> (
    None
):
    # reportlab writes a wrong way back to it: a copied name would be another
    assert Face(STANDARD, frozenset(map(ord, "张𬱖"))).shown("张𬱖") == "张[U+2CC56]"


def _marks(table: Table) -> list[list[Words | Box | Code]]:
    plan = Pages(standard())
    plan_table(plan, table)
    return plan.pages


def test_a_header_is_repeated_and_every_row_stands_once() -> None:
    rows = [whole(f"第{number}行") for number in range(300)]
    pages = _marks(Table((head((("列名", 24),)), *rows), 1))
    assert len(pages) > 3
    texts = [[one.text for one in page if isinstance(one, Words)] for page in pages]
    assert all(page[0] == "列名" for page in texts)
    body = [text for page in texts for text in page[1:]]
    assert body == [f"第{number}行" for number in range(300)]


def test_a_row_longer_than_a_page_goes_on_over_the_next_ones() -> None:
    long = "很长的意见要写好几页。" * 900
    row = Row((Cell((Line("意见"),), 4, label=True), Cell((Line(long),), 20)))
    pages = _marks(Table((head((("列名", 24),)), row, whole("后一行")), 1))
    assert len(pages) > 2
    words = [one for page in pages for one in page if isinstance(one, Words)]
    written = "".join(one.text for one in words if one.text not in ("列名", "意见"))
    assert written == long + "后一行"


def test_everything_stands_inside_its_page_and_cell() -> None:
    row = Row(
        (
            Cell((Line("名" * 60, "centre"),), 3),
            Cell((Line("w" * 300, "right"), Line("")), 5, height=4),
            Cell((Line("说明，" * 50),), 10),
            Cell((), 6, code="XIANSHEN/1"),
        )
    )
    for page in _marks(Table((row,) * 30, small=True)):
        boxes = [one for one in page if isinstance(one, Box)]
        assert all(one.x >= LEFT - 0.1 for one in boxes)
        assert all(one.x + one.width <= LEFT + WIDTH + 0.1 for one in boxes)
        assert min(one.top - one.height for one in boxes) > 56
        for words in (one for one in page if isinstance(one, Words)):
            width = words.type.width(words.text)
            shift = {"left": 0, "centre": width / 2, "right": width}[words.align]
            left = words.x - shift
            assert any(
                box.x <= left
                and left + width <= box.x + box.width
                and words.top <= box.top
                and words.top - words.type.leading >= box.top - box.height - 0.1
                for box in boxes
            )


def test_a_heading_is_never_left_alone_at_the_foot() -> None:
    for lead in range(20, 40):
        sheet = Sheet(
            title="题",
            above=("", ""),
            blocks=(
                Heading("前"),
                Table(tuple(whole(str(number)) for number in range(lead))),
                Heading("后"),
                Table((head((("列名", 24),)), whole("首行")), 1),
            ),
            foot="",
            printed_at=datetime(2026, 11, 22, tzinfo=UTC),
        )
        document = pypdfium2.PdfDocument(set_in_face(sheet, standard()))
        for page in document:
            text = page.get_textpage().get_text_range()
            assert ("后" in text) == ("首行" in text)
        document.close()


def test_the_standard_font_is_named_and_its_text_can_be_copied(
    review_form: ReviewForm, pdf_text: Reader
) -> None:
    data = set_in_face(review_form_sheet(review_form), standard())
    assert b"/STSong-Light" in data
    assert b"/FontFile2" not in data
    text = pdf_text(data)
    assert "审〔2026〕000123号" in text
    assert "■存疑报保密办" in text


def test_a_font_that_is_found_is_embedded(
    review_form: ReviewForm, pdf_text: Reader
) -> None:
    if face() == standard():
        pytest.skip("no Chinese TrueType font on this machine")
    data = review_form_pdf(review_form)
    assert b"/FontFile2" in data
    assert b"/STSong-Light" not in data
    assert b"/Helvetica" not in data
    assert "审〔2026〕000123号" in pdf_text(data)


def test_the_same_font_can_be_named(review_form: ReviewForm) -> None:
    found = next(well_known(), None)
    if found is None:
        pytest.skip("no Chinese font in the usual places")
    assert review_form_pdf(review_form, font=found)


@pytest.mark.parametrize("what", ["latin", "missing", "text"])
def test_a_font_that_can_not_be_embedded_is_refused_in_chinese(
    tmp_path: Path, review_form: ReviewForm, what: str
) -> None:
    path = tmp_path / "font.ttf"
    if what == "latin":
        path = Path(reportlab.__file__).parent / "fonts/Vera.ttf"
    elif what == "text":
        path.write_text("no font")
    with pytest.raises(FontError, match="字体"):
        review_form_pdf(review_form, font=path)


def test_the_code_in_the_docx_is_the_code_of_its_lines(review_form: ReviewForm) -> None:
    assert review_form.proof is not None
    expected = matrix(proof_code(review_form, review_form.proof))
    document = Document(io.BytesIO(review_form_docx(review_form)))
    (image,) = [
        part.blob
        for part in document.part.package.iter_parts()
        if part.content_type == "image/png"
    ]
    assert image == picture(proof_code(review_form, review_form.proof))
    assert (
        _modules(Image.open(io.BytesIO(image)).convert("L"), len(expected)) == expected
    )


def test_the_code_on_the_pdf_page_is_the_code_of_its_lines(
    review_form: ReviewForm,
) -> None:
    assert review_form.proof is not None
    text = proof_code(review_form, review_form.proof)
    for part in ("审〔2026〕000123号 R2", "345", "c0ffee12" * 8, "8d21f09a4c5be673"):
        assert part in text
    expected = matrix(text)
    alone = Sheet(
        title=" ",
        above=("", ""),
        blocks=(Table((Row((Cell((), 24, code=text),)),)),),
        foot="",
        printed_at=review_form.printed_at,
    )
    document = pypdfium2.PdfDocument(set_in_face(alone, standard()))
    page = document[0].render(scale=6, grayscale=True).to_pil()
    document.close()
    # the square in the middle of the row, borders and page number left out
    middle = page.width // 2
    half = int(17 / 25.4 * 72 * 6) - 4
    top = next(y for y in range(page.height) if page.getpixel((middle, y)) < 100)
    part = page.crop((middle - half, top + 24, middle + half, top + 24 + 2 * half))
    assert _modules(part, len(expected)) == expected


def _modules(image: Image.Image, count: int) -> tuple[tuple[bool, ...], ...]:
    """Read the modules off a picture: the dark square, sampled in the middle."""
    dark = image.point(lambda level: 255 if level < 128 else 0)
    box = dark.getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert abs((right - left) - (bottom - top)) <= 2
    step = (right - left) / count
    return tuple(
        tuple(
            dark.getpixel((int(left + (x + 0.5) * step), int(top + (y + 0.5) * step)))
            == 255
            for x in range(count)
        )
        for y in range(count)
    )


def test_an_endless_opinion_breaks_no_form(
    bare_form: ReviewForm, pdf_text: Reader
) -> None:
    opinion = "字" * 20_000 + "\n" * 500 + "w" * 5_000
    form = dataclasses.replace(bare_form, first_pass=Opinion(opinion=opinion))
    text = pdf_text(review_form_pdf(form))
    assert text.count("字") >= 20_000
    assert text.count("w") >= 5_000
    assert review_form_docx(form)
