"""The papers say what the record says; the sheets count what happened."""

import io
from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from docx import Document
from docx.table import Table
from openpyxl import load_workbook

from review import clock
from review.case.request import Decision
from review.errors import NotFoundError, NotPermittedError
from review.paper.incident_docx import incident_docx
from review.paper.incident_pdf import incident_pdf
from review.paper.interface import DepartmentCounts, YearlyRow
from review.paper.monthly_xlsx import monthly_xlsx
from review.paper.referral_docx import referral_docx
from review.paper.referral_pdf import referral_pdf
from review.paper.register_xlsx import register_xlsx
from review.paper.review_form_docx import review_form_docx
from review.paper.review_form_pdf import review_form_pdf
from review.paper.yearly_xlsx import yearly_xlsx
from review.service import retention
from review.service.cases import incidents, publish, review, sign_off, submit
from review.service.papers import forms, sheets
from tests.service import site as sites
from tests.service.site import CLEAN, MARKED, MEETING, PHONE, TEACHING, TITLE, Site


def _docx_text(data: bytes) -> str:
    parts = []
    for block in Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(block, Table):
            parts += [cell.text for row in block.rows for cell in row.cells]
        else:
            parts.append(block.text)
    return "".join("".join(parts).split())


def _pdf_text(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    return "".join("".join(pages).split()).replace("\ufffe", "")


def _table(data: bytes) -> list[tuple[object, ...]]:
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def _uncertain(site: Site, number: str) -> None:
    review.conclude(
        site.desk,
        number,
        conclusion="uncertain",
        opinion="请保密办确定",
        asker=site.by("zhang", number),
    )


def _decide(site: Site, number: str, decision: Decision) -> None:
    sign_off.sign_off(site.desk, number, decision, asker=site.by("li", number))


_REFUSE = Decision(outcome="refuse", opinion="不予公开", ground="work_secret")
_PARTLY = Decision(
    outcome="partial", opinion="删去会议一段后公开", ground="work_secret"
)
_RETURN = Decision(outcome="return", opinion="标题请写全称")


def test_the_form_says_what_was_reviewed_by_whom_and_how_it_ended(site: Site) -> None:
    number = site.submit(MEETING + PHONE).number
    site.dispose(number, reason="会议决定已经发文公布")
    site.conclude(number)
    _decide(site, number, _PARTLY)
    site.clock.pass_by(days=1)
    site.resubmit(number, PHONE)
    site.dispose(number, "uncertain", reason="不清楚是不是本人同意")
    _uncertain(site, number)
    site.dispose(number, person="li", reason="办公电话，已向本人核实")
    site.sign(number)

    form = forms.review_form(site.desk, number, person="zhang")
    assert form.number == "审〔2026〕000001号"
    assert form.proof is not None
    with site.desk.store.reading() as reading:
        assert form.proof.digest == reading.last_heads(1)[0].digest
    digest = next(
        one.digest for one in site.case(number).item.files if one.role == "body"
    )
    for text in (_docx_text(review_form_docx(form)), _pdf_text(review_form_pdf(form))):
        for said in (
            "信息公开保密审查表",
            "云山职业学院",
            "审〔2026〕000001号",
            TITLE,
            "王虚构",
            "张示例",
            "李样本",
            "存疑报保密办",
            "同意公开",
            "办公电话，已向本人核实",
            "删去会议一段后公开",
            form.proof.digest,
            digest,
        ):
            assert said in text
        # The form goes from hand to hand: the draft's own words are not on it.
        assert "13800000001" not in text


def test_a_form_before_the_end_leaves_the_rest_to_the_pen(site: Site) -> None:
    number = site.submit(CLEAN).number
    form = forms.review_form(site.desk, number, person="zhang")
    assert (form.first_pass.name, form.secrecy_office.name, form.result) == (
        "",
        "",
        None,
    )
    assert TITLE in _docx_text(review_form_docx(form))
    with pytest.raises(NotPermittedError):
        forms.review_form(site.desk, number, person="he")


def test_a_form_can_still_be_printed_when_the_draft_is_gone(site: Site) -> None:
    number = site.submit(PHONE).number
    asker = site.by("zhang", number)
    submit.withdraw(site.desk, number, reason="活动取消", asker=asker)
    site.clock.pass_by(days=91)
    assert retention.purge_due(site.desk) == (number,)
    form = forms.review_form(site.desk, number, person="li")
    text = _docx_text(review_form_docx(form))
    assert "稿件内容已清除" in text
    assert "已撤回" in text


def test_a_leader_and_a_head_stand_on_the_form(site: Site) -> None:
    site.adopt(head_must_endorse=True)
    number = site.submit(CLEAN, channels=("press",)).number
    site.conclude(number)
    review.endorse(
        site.desk,
        number,
        agreed=True,
        opinion="已看过全文",
        asker=site.by("wang", number),
    )
    site.sign(number, channels=("press",))
    sign_off.lead(
        site.desk, number, agreed=True, opinion="同意刊发", asker=site.by("sun", number)
    )
    text = _pdf_text(review_form_pdf(forms.review_form(site.desk, number, person="li")))
    for said in ("王假名", "已看过全文", "孙举例", "同意刊发", "报刊"):
        assert said in text


def test_the_incident_report_is_filled_as_far_as_the_record_knows(site: Site) -> None:
    number = site.submit(MARKED, title="关于虚构事项的报告").number
    report = forms.incident_report(site.desk, number, person="li")
    assert report.deadline - report.discovered_at == timedelta(hours=24)
    incidents.judge_incident(
        site.desk,
        number,
        genuine=True,
        opinion="已与定密单位核实",
        asker=site.by("li", number),
    )
    report = forms.incident_report(site.desk, number, person="li")
    digest = next(
        one.digest for one in site.case(number).item.files if one.role == "body"
    )
    for text in (_docx_text(incident_docx(report)), _pdf_text(incident_pdf(report))):
        for said in ("张示例", "机密", "已从系统清除", "2026", digest):
            assert said in text
        assert "虚构的有关事项" not in text
    other = site.submit(CLEAN).number
    with pytest.raises(NotFoundError):
        forms.incident_report(site.desk, other, person="li")


def test_the_letter_puts_the_question(site: Site) -> None:
    number = site.submit(PHONE).number
    with pytest.raises(NotFoundError):
        forms.referral_letter(site.desk, number, person="li")
    site.dispose(number, "uncertain", reason="不清楚是不是本人同意")
    _uncertain(site, number)
    sign_off.refer(
        site.desk,
        number,
        kind="ask_source",
        to="云山州教育局",
        question="这一号码可否公开？",
        asker=site.by("li", number),
    )
    letter = forms.referral_letter(site.desk, number, person="li")
    assert letter.answer_by == site.desk.days.add(date(2026, 11, 23), 20)
    for text in (_docx_text(referral_docx(letter)), _pdf_text(referral_pdf(letter))):
        for said in ("云山州教育局", "这一号码可否公开？", "审〔2026〕000001号"):
            assert said in text


def _november(site: Site) -> dict[str, str]:
    """Lead eight items through the end of November, each to another end.

    The 23rd is a Monday. Counted by hand below.
    """
    site.clock.at = datetime(2026, 11, 23, 9, tzinfo=clock.CHINA)
    numbers = {
        "cleared": site.cleared().number,  # the same day
        "changed": site.submit(MEETING + CLEAN).number,
        "partly": site.submit(MEETING + PHONE).number,
        "withdrawn": site.submit(CLEAN).number,
        "teaching": site.submit(CLEAN, person="he", department=TEACHING).number,
        "incident": site.submit(MARKED, title="关于虚构事项的报告").number,
    }
    site.dispose(numbers["changed"])
    site.conclude(numbers["changed"])
    _decide(site, numbers["changed"], _RETURN)
    site.dispose(numbers["partly"])
    site.conclude(numbers["partly"])
    _decide(site, numbers["partly"], _PARTLY)
    site.clock.pass_by(days=1)  # Tuesday
    for name in ("changed", "partly"):
        site.resubmit(numbers[name], CLEAN)
        site.conclude(numbers[name])
        site.sign(numbers[name])
    site.clock.pass_by(days=1)  # Wednesday
    asker = site.by("zhang", numbers["withdrawn"])
    submit.withdraw(site.desk, numbers["withdrawn"], reason="活动取消", asker=asker)
    numbers["refused"] = site.submit(PHONE).number
    site.dispose(numbers["refused"], "uncertain", reason="不清楚是不是本人同意")
    _uncertain(site, numbers["refused"])
    site.clock.pass_by(days=2)  # Friday: the teaching department's review is late
    _decide(site, numbers["refused"], _REFUSE)
    publish.record_publication(
        site.desk,
        numbers["cleared"],
        channel="website",
        address="https://www.example.edu.cn/news/1",
        published_at=site.clock(),
        asker=site.by("zhang", numbers["cleared"]),
    )
    site.clock.at = datetime(2026, 12, 1, 9, tzinfo=clock.CHINA)
    numbers["december"] = site.submit(CLEAN, person="he", department=TEACHING).number
    return numbers


def _press(site: Site, numbers: dict[str, str]) -> DepartmentCounts:
    wanted = len(site.findings(numbers["refused"]))
    return DepartmentCounts(
        department="宣传部",
        submitted=6,
        rounds=8,
        cleared=1,
        cleared_after_changes=1,
        partly=1,
        refused=1,
        withdrawn=1,
        referred=1,
        concluded=5,
        # 0 for cleared, 1 each for changed and partly, 2 each for withdrawn and refused
        working_days=6,
        # The incident, which should have been reported within 24 hours.
        overdue=1,
        findings=wanted + len(site.findings(numbers["incident"])),
        incidents=1,
    )


def test_the_month_counts_what_was_counted_by_hand(site: Site) -> None:
    numbers = _november(site)
    summary = sheets.monthly_summary(site.desk, year=2026, month=11, person="li")
    teaching = DepartmentCounts(department=TEACHING, submitted=1, rounds=1, overdue=1)
    assert summary.rows == (_press(site, numbers), teaching)
    table = _table(monthly_xlsx(summary))
    press = next(row for row in table if "宣传部" in row)
    assert press[1:3] == (6, 8) or 6 in press
    december = sheets.monthly_summary(site.desk, year=2026, month=12, person="li")
    assert [(one.department, one.submitted) for one in december.rows] == [(TEACHING, 1)]


def test_the_year_counts_first_rounds_and_overturned_reviews(site: Site) -> None:
    numbers = _november(site)
    figures = sheets.yearly_figures(site.desk, year=2026, person="li")
    # Twice the office decided otherwise than 拟同意: 修改后再审 and 部分公开.
    assert figures.rows[0] == YearlyRow(
        counts=_press(site, numbers), first_round=1, overturned=2
    )
    assert figures.rows[1].counts.submitted == 2
    assert any("宣传部" in row for row in _table(yearly_xlsx(figures)))
    assert sheets.yearly_figures(site.desk, year=2025, person="li").rows == ()


def test_the_register_on_paper_has_a_line_an_item_and_hides_incidents(
    site: Site,
) -> None:
    numbers = _november(site)
    sheet = sheets.register_sheet(
        site.desk, since=date(2026, 11, 23), until=date(2026, 11, 25), person="li"
    )
    states = {one.number: one.state for one in sheet.rows}
    assert states == {
        forms.form_number(numbers[name]): state
        for name, state in (
            ("cleared", "已公开"),
            ("changed", "同意公开"),
            ("partly", "同意公开"),
            ("withdrawn", "已撤回"),
            ("teaching", "待初审"),
            ("incident", "涉密事件待核实"),
            ("refused", "不予公开"),
        )
    }
    assert [one.number for one in sheet.rows] == sorted(states)
    text = " ".join(str(one) for row in _table(register_xlsx(sheet)) for one in row)
    assert "关于虚构事项的报告" not in text
    assert "标题已封存" in text
    assert "https://www.example.edu.cn/news/1" in text
    # A department's own register has its own items alone.
    own = sheets.register_sheet(
        site.desk, since=date(2026, 1, 1), until=date(2026, 12, 31), person="he"
    )
    assert {one.department for one in own.rows} == {TEACHING}
    assert len(own.rows) == 2


def test_the_sheets_page_through_a_long_register(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_PAGE", 2)
    for count in range(5):
        site.submit(CLEAN, title=f"第{count}期简讯")
    summary = sheets.monthly_summary(site.desk, year=2026, month=11, person="li")
    assert [one.submitted for one in summary.rows] == [5]


def test_who_holds_no_post_gets_no_sheet(site: Site) -> None:
    with pytest.raises(NotPermittedError):
        sheets.monthly_summary(site.desk, year=2026, month=11, person="system")
    assert sites.PRESS
