"""What a person is shown of a draft: its text with the findings, and its own pages."""

import io
import json
from dataclasses import replace

import pytest
from docx import Document
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from review.errors import (
    MissingContentsError,
    NotFoundError,
    NotPermittedError,
    UnsupportedError,
)
from review.sandbox.painter import SandboxPainter
from review.service.cases import pictures, review
from review.service.cases.draft_shapes import DraftBlock, Run
from review.service.cases.draft_view import draft_view
from review.service.cases.pictures import excerpts_of
from tests.service.site import BROKEN, CLEAN, MARKED, PHONE, Site

_PHONE = "13800000001"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def site(site: Site) -> Site:
    site.desk = replace(site.desk, painter=SandboxPainter())
    return site


def _docx() -> bytes:
    document = Document()
    document.add_heading("学院举行秋季运动会", level=1)
    document.add_paragraph("各班同学踊跃参加，现场气氛热烈。")
    table = document.add_table(rows=2, cols=2)
    for at, text in enumerate(["姓名", "手机", "张示例", _PHONE]):
        table.cell(at // 2, at % 2).text = text
    document.core_properties.comments = "内部修改稿"
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def _pdf(*pages: tuple[str, ...]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(600, 800))
    for lines in pages:
        canvas.setFont("STSong-Light", 16)
        for at, line in enumerate(lines):
            canvas.drawString(72, 700 - 60 * at, line)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _said(block: DraftBlock) -> str:
    return "".join(run.text for run in block.runs)


def _marked(runs: tuple[Run, ...]) -> list[tuple[str, tuple[str, ...], str | None]]:
    return [(one.text, one.findings, one.severity) for one in runs if one.findings]


def test_a_draft_is_shown_as_it_flows(site: Site) -> None:
    number = site.submit(_docx(), name="运动会.docx").number
    title, body = draft_view(site.desk, number, person="zhang").files
    assert (title.role, body.role) == ("title", "body")
    assert (body.name, body.format, body.error) == ("运动会.docx", "docx", None)
    heading, paragraph, table = body.visible
    assert (heading.kind, _said(heading)) == ("heading", "学院举行秋季运动会")
    assert (paragraph.kind, _said(paragraph)) == (
        "paragraph",
        "各班同学踊跃参加，现场气氛热烈。",
    )
    assert (table.kind, table.columns, len(table.rows)) == ("table", 2, 2)
    (roster,) = [one for one in body.findings if one.detector == "roster"]
    assert (roster.text, roster.place) == ("姓名\t手机", "表1第1行")
    first, second = (cell.runs for cell in table.rows[0].cells)
    assert _marked(first) == [("姓名", (roster.id,), roster.severity)]
    assert _marked(second) == [("手机", (roster.id,), roster.severity)]
    assert (first[0].begins, second[0].begins) == ((roster.id,), ())
    hidden = [_said(one) for one in body.hidden]
    assert any("内部修改稿" in one for one in hidden)
    assert not any("内部修改稿" in _said(one) for one in body.visible)


def test_what_could_not_be_read_says_why(site: Site) -> None:
    number = site.submit(CLEAN, attachments=[("附件.docx", BROKEN)]).number
    *_, attached = draft_view(site.desk, number, person="zhang").files
    assert attached.error is not None
    assert attached.verdict == "blocked"
    assert (attached.visible, attached.hidden, attached.laid_out) == ((), (), True)


def test_an_earlier_round_is_shown_as_it_was(site: Site) -> None:
    number = site.submit(PHONE).number
    first = draft_view(site.desk, number, person="zhang")
    with pytest.raises(NotFoundError):
        draft_view(site.desk, number, person="zhang", round_number=2)
    site.dispose(number, "must_change")
    review.conclude(
        site.desk,
        number,
        conclusion="must_change",
        opinion="请删去手机号码",
        asker=site.by("zhang", number),
    )
    site.resubmit(number, CLEAN)
    second = draft_view(site.desk, number, person="zhang")
    assert (second.round, second.files[1].findings) == (2, ())
    assert draft_view(site.desk, number, person="zhang", round_number=1) == first


def test_a_report_of_before_layouts_were_kept_is_marked_too(site: Site) -> None:
    lines = (f"报名电话{_PHONE}", "中间一行", f"联系人手机{_PHONE}")
    number = site.submit(_pdf(lines), name="稿件.pdf").number
    report = site.case(number).round.report
    assert report is not None
    body = json.loads(site.vault.get(report.digest))["files"][1]
    (known,) = excerpts_of(body)
    (unknown,) = excerpts_of({one: body[one] for one in body if one != "layout"})
    assert unknown == replace(known, after=None)
    assert known.after == len("".join(lines)) - len(_PHONE)


@pytest.mark.parametrize("look", ["view", "pages", "page"])
@pytest.mark.parametrize("person", ["he", "system", "nobody"])
def test_only_who_may_see_the_draft_sees_it(site: Site, look: str, person: str) -> None:
    number = site.submit(_pdf(("学院举行运动会",)), name="稿件.pdf").number
    with pytest.raises(NotPermittedError):
        _look(site, number, look, person)
    _look(site, number, look, "zhang")


@pytest.mark.parametrize("look", ["view", "pages", "page"])
def test_a_sealed_draft_is_shown_to_nobody_in_the_department(
    site: Site, look: str
) -> None:
    number = site.submit(_pdf(tuple(MARKED.splitlines())), name="稿件.pdf").number
    assert site.case(number).stage == "incident"
    with pytest.raises((NotPermittedError, MissingContentsError)):
        _look(site, number, look, "zhang")


def _look(site: Site, number: str, look: str, person: str) -> object:
    if look == "view":
        return draft_view(site.desk, number, person=person)
    if look == "pages":
        return pictures.pages_of(site.desk, number, "稿件.pdf", person=person)
    return pictures.picture_of(site.desk, number, "稿件.pdf", 1, person=person)


def test_findings_stand_where_they_are_on_the_pages(site: Site) -> None:
    data = _pdf(
        ("学院举行秋季运动会", "各班同学踊跃参加，现场气氛热烈。"),
        ("报名方式", f"联系人手机{_PHONE}", "欢迎参加。"),
    )
    number = site.submit(data, name="稿件.pdf").number
    pages = pictures.pages_of(site.desk, number, "稿件.pdf", person="zhang")
    assert [(one.width, one.height) for one in pages.sizes] == [(600, 800)] * 2
    view = draft_view(site.desk, number, person="zhang")
    found = [one.id for one in view.files[1].findings if one.page is not None]
    assert [one.id for one in pages.marks] == found
    ((box,),) = {one.boxes for one in pages.marks if one.page == 2}
    assert box.left > 72 / 600
    assert box.top < 1 - 640 / 800 < box.top + box.height + 0.01
    picture = pictures.picture_of(
        site.desk, number, "稿件.pdf", 2, person="zhang", width_px=300
    )
    assert picture.png.startswith(b"\x89PNG")
    assert abs(picture.width - 300) <= 1


@pytest.mark.parametrize(
    ("lines", "marked"),
    [
        ((f"报名电话{_PHONE}", "中间一行", f"联系人手机{_PHONE}"), {2}),
        ((f"联系人手机{_PHONE}", "中间一行", f"本人手机{_PHONE}"), {0, 2}),
    ],
)
def test_the_same_words_on_one_page_are_told_apart(
    site: Site, lines: tuple[str, ...], marked: set[int]
) -> None:
    number = site.submit(_pdf(lines), name="稿件.pdf").number
    marks = pictures.pages_of(site.desk, number, "稿件.pdf", person="zhang").marks
    assert len(marks) == len(marked)
    tops = [box.top for one in marks for box in one.boxes]
    # Baselines are at 700, 640 and 580 of 800.
    assert {round((top * 800 - 100) / 60) for top in tops} == marked
    assert len(tops) == len(marked)


@pytest.mark.parametrize("name", ["另一个.pdf", "标题"])
def test_a_file_that_is_not_there_has_no_pages(site: Site, name: str) -> None:
    number = site.submit(_pdf(("学院举行运动会",)), name="稿件.pdf").number
    with pytest.raises(NotFoundError):
        pictures.picture_of(site.desk, number, name, 1, person="zhang")
    with pytest.raises(NotFoundError):
        pictures.picture_of(site.desk, number, "稿件.pdf", 2, person="zhang")


def test_a_text_has_no_pages(site: Site) -> None:
    number = site.submit(CLEAN).number
    with pytest.raises(UnsupportedError):
        pictures.pages_of(site.desk, number, "正文.txt", person="zhang")


def test_without_a_painter_nobody_is_shown_a_page(site: Site) -> None:
    number = site.submit(_pdf(("学院举行运动会",)), name="稿件.pdf").number
    desk = replace(site.desk, painter=None)
    with pytest.raises(UnsupportedError):
        pictures.picture_of(desk, number, "稿件.pdf", 1, person="zhang")
