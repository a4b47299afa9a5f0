"""The register's page: who sees which rows, and that every view is an address."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from api.pages import register
from review.case.words import STAGES
from review.service.papers import views
from review.service.papers.register import GROUPS
from tests.api.college import College
from tests.pages.visible import codes_in, text_of
from tests.service.site import PHONE, PRESS, TEACHING

_HTML = {"Accept": "text/html"}
_TITLE = '<b>甲&"乙'


def _text(college: College, address: str = "/register", person: str = "li") -> str:
    return text_of(college.browser(person).get(address, headers=_HTML))


def _titles(college: College, query: str, person: str = "li") -> list[str]:
    page = college.browser(person).get(f"/register{query}", headers=_HTML)
    assert page.status_code == 200, page.text
    return [one.text() for one in LexborHTMLParser(page.text).css("[data-row]")]


def test_a_row_says_in_words_what_became_of_a_case(college: College) -> None:
    college.submit(title=_TITLE, text=PHONE, channels=["website", "wechat"])
    text = _text(college)
    for word in (_TITLE, "2026-000001", PRESS, "网站、公众号", "张示例", "待初审"):
        assert word in text
    for word in ("1 / 1", "2026-11-23", "全部 1", "在办 1", "待初审 1", "其他办结 0"):
        assert word in text
    page = college.browser("li").get("/register", headers=_HTML)
    assert "<b>甲" not in page.text
    assert codes_in(text) == []


def test_every_stage_stands_in_one_group() -> None:
    stages = [stage for group in GROUPS.values() for stage in group]
    assert sorted(stages) == sorted(STAGES)


def test_a_department_sees_its_own_rows(college: College) -> None:
    college.submit(title="宣传部的一件")
    college.submit("he", title="教务处的一件", department=TEACHING)
    assert _titles(college, "") == ["教务处的一件", "宣传部的一件"]
    assert _titles(college, "", "he") == ["教务处的一件"]
    assert _titles(college, f"?department={PRESS}", "he") == []
    assert "全部 1" in _text(college, person="he")
    assert PRESS not in _text(college, person="he")


def test_who_holds_no_post_of_the_register_is_told_so(college: College) -> None:
    answer = college.browser("system").get("/register", headers=_HTML)
    assert answer.status_code == 403
    assert "没有可以查看台账的任命" in answer.text


def test_all_that_is_said_must_hold(college: College) -> None:
    college.submit(title="运动会简讯", channels=["wechat"])
    first = college.submit("zhao", title="期末考试安排")
    college.step("zhao", first, "withdrawal", {"reason": "不发了"})
    for query, found in (
        ("?q=考试", ["期末考试安排"]),
        ("?stage=withdrawn", ["期末考试安排"]),
        ("?group=under_way", ["运动会简讯"]),
        ("?channel=wechat", ["运动会简讯"]),
        ("?channel=wechat&q=考试", []),
        ("?since=2026-11-23&until=2026-11-23&channel=website", ["期末考试安排"]),
        ("?until=2026-11-22", []),
        ("?overdue=true", []),
        # As the form sends it when nothing is filled in.
        (
            "?q=&department=&channel=&since=&until=&group=",
            ["期末考试安排", "运动会简讯"],
        ),
    ):
        assert _titles(college, query) == found, query
    assert _titles(college, "?mine=true", "zhao") == ["期末考试安排"]
    assert _titles(college, "?mine=true", "zhang") == ["运动会简讯"]
    college.site.clock.pass_by(days=20)
    college.browsers.clear()  # nobody is signed in for so long
    assert _titles(college, "?overdue=true") == ["运动会简讯"]
    assert "（已超期）" in _text(college, "/register?overdue=true")


def test_what_was_asked_for_stands_in_the_form_and_in_every_view(
    college: College,
) -> None:
    college.submit()
    page = college.browser("li").get("/register?q=运动&overdue=true", headers=_HTML)
    tree = LexborHTMLParser(page.text)
    field = tree.css_first("main input[name=q]")
    assert field is not None
    assert field.attributes["value"] == "运动"
    assert tree.css_first("main input[name=overdue][checked]") is not None
    views = [one.attributes["href"] or "" for one in tree.css(".views a")]
    assert all("q=%E8%BF%90%E5%8A%A8&overdue=true" in one for one in views)
    assert "没有符合条件的审查件" in text_of(page)


def test_days_that_end_before_they_begin_are_refused_in_words(
    college: College,
) -> None:
    answer = college.browser("li").get(
        "/register?since=2026-11-23&until=2026-11-22", headers=_HTML
    )
    assert answer.status_code == 422
    assert "截止日早于起始日" in answer.text


def test_older_rows_follow_on_the_next_page(
    college: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "_ROWS", 2)
    for one in range(3):
        college.submit(title=f"第{one}件")
    page = college.browser("li").get("/register?channel=website", headers=_HTML)
    assert _titles(college, "?channel=website") == ["第2件", "第1件"]
    following = LexborHTMLParser(page.text).css_first("a[rel=next]")
    assert following is not None
    address = following.attributes["href"] or ""
    assert address == "/register?channel=website&before=20260000002"
    assert _titles(college, address.removeprefix("/register")) == ["第0件"]
    text = _text(college, address)
    assert "后面没有了" in text
    assert "回到最新" in text


def test_what_is_seen_is_what_is_exported(college: College) -> None:
    college.submit(title="甲件", channels=["wechat"])
    college.submit("zhao", title="乙件")
    address = "/api/v1/exports/register.xlsx"
    for query, titles in (
        ("", ["甲件", "乙件"]),
        ("?channel=wechat", ["甲件"]),
        ("?mine=true", ["甲件"]),
        ("?group=ended", []),
    ):
        answer = college.browser("zhang").get(address + query)
        assert answer.status_code == 200, answer.text
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        assert cells & {"甲件", "乙件"} == set(titles)


def _save(college: College, name: str, query: str, person: str = "zhang") -> Any:
    browser = college.browser(person)
    return browser.post(f"/api/v1/views{query}", json={"name": name})


def test_a_saved_view_is_ones_own_and_leads_to_its_filters(college: College) -> None:
    saved = _save(college, _TITLE, "?channel=wechat&q=%E8%80%83%E8%AF%95&until=")
    assert saved.status_code == 201, saved.text
    query = "q=%E8%80%83%E8%AF%95&channel=wechat"
    assert saved.json() == {"number": 1, "name": _TITLE, "query": query}
    page = college.browser("zhang").get(f"/register?{query}", headers=_HTML)
    (link,) = LexborHTMLParser(page.text).css("nav[aria-label=我的视图] a")
    assert (link.text(), link.attributes["href"]) == (_TITLE, f"/register?{query}")
    assert link.attributes["aria-current"] == "true"
    assert "<b>甲" not in page.text
    assert "我的视图" not in _text(college, person="zhao")
    assert college.browser("zhao").delete("/api/v1/views/1").status_code == 404
    assert college.browser("zhang").delete("/api/v1/views/1").status_code == 204
    assert college.browser("zhang").get("/api/v1/views").json() == []


def test_the_same_name_takes_the_new_filters(college: College) -> None:
    _save(college, "急件", "?overdue=true")
    _save(college, "退回的", "?stage=rework")
    again = _save(college, " 急件 ", "?mine=true")
    assert (again.json()["number"], again.json()["query"]) == (1, "mine=true")
    listed = college.browser("zhang").get("/api/v1/views").json()
    assert [one["name"] for one in listed] == ["急件", "退回的"]


def test_what_cannot_be_saved_is_said(college: College) -> None:
    for name, query, why in (
        ("全部", "", "没有加任何条件"),
        ("  ", "?mine=true", "起个名字"),
    ):
        answer = _save(college, name, query)
        assert answer.status_code == 422
        assert why in answer.json()["detail"]
    for number in range(views.MOST_VIEWS):
        assert _save(college, f"第{number}个", "?mine=true").status_code == 201
    full = _save(college, "再一个", "?mine=true")
    assert "请先删去不用的" in full.json()["detail"]
    assert _save(college, "第0个", "?overdue=true").status_code == 201
    assert _save(college, "无关", "?mine=true", "system").status_code == 403
