"""Statistics and the yearly table: what stands there, for whom, and in words."""

import io
import json
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from api.pages.statistics import periods
from review.ports.statistics import FindingCount
from review.service.papers.wolves import by_clause, cries_wolf, unjudged
from tests.api.college import College
from tests.pages.visible import codes_in, text_of
from tests.service.site import PHONE, PRESS, TEACHING

_HTML = {"Accept": "text/html"}


def _page(college: College, address: str, person: str = "li") -> LexborHTMLParser:
    answer = college.browser(person).get(address, headers=_HTML)
    assert answer.status_code == 200, answer.text
    return LexborHTMLParser(answer.text)


def _text(college: College, address: str, person: str = "li") -> str:
    return text_of(college.browser(person).get(address, headers=_HTML))


def _rows(tree: LexborHTMLParser, section: str) -> list[list[str]]:
    rows = tree.css(f"section[aria-labelledby={section}] tbody tr")
    return [[cell.text(strip=True) for cell in one.css("th, td")] for one in rows]


def _spoke(
    found: int, dismissed: int, confirmed: int, rule: str = "甲"
) -> FindingCount:
    return FindingCount(
        rule=rule,
        detector="lexicon",
        category="exam",
        found=found,
        not_sensitive=dismissed,
        must_change=confirmed,
        uncertain=0,
    )


def test_figures_stand_in_tables_beneath_their_charts(college: College) -> None:
    cleared = college.site.cleared().number
    number = college.submit(text=PHONE)
    college.site.dispose(number)
    college.submit("he", department=TEACHING, channels=["wechat", "press"])
    tree = _page(college, "/statistics")
    press, teaching = _rows(tree, "departments")
    assert press == [PRESS, "2", "2", "1", "0", "0", "0", "1", "0", "0"]
    assert teaching[:2] == [TEACHING, "1"]
    assert [row[0] for row in _rows(tree, "channels")] == ["网站", "报刊", "公众号"]
    assert [row[0] for row in _rows(tree, "steps")] == [
        "待机检",
        "待初审",
        "待终审",
        "待发许可",
    ]
    (rule,) = _rows(tree, "rules")
    assert rule == ["号码、账号和凭据", "个人隐私", "1", "0", "0", "1", "0", "100%"]
    assert _rows(tree, "agreement")[0][:3] == [PRESS, "1", "1"]
    assert "其他规则" in _rows(tree, "clauses")[0][0]
    assert _rows(tree, "unreviewed") == [["网站巡查没有立案", "0", "0", "0"]]
    charts = _charts(tree)
    for place in tree.css("[data-chart]"):
        assert charts[place.attributes["data-chart"] or ""]["names"]
    assert charts["departments"]["names"] == [PRESS, TEACHING]
    assert cleared


def _charts(tree: LexborHTMLParser) -> dict[str, Any]:
    script = tree.css_first("script#charts")
    assert script is not None
    said: dict[str, Any] = json.loads(script.text())
    return said


def test_nothing_is_left_in_codes_or_unescaped(college: College) -> None:
    college.site.cleared()
    college.submit(text=PHONE)
    text = _text(college, "/statistics")
    assert codes_in(text) == []
    for word in ("2026-01-01 至 2026-11-23", "按部门", "各步用时（工作日）", "未处置"):
        assert word in text
    assert codes_in(_text(college, "/statistics/yearly")) == []
    bad = college.browser("li").get(
        "/statistics", params={"department": "</script><b>甲"}, headers=_HTML
    )
    assert "<b>甲" not in bad.text


def test_a_department_sees_its_own_figures(college: College) -> None:
    college.submit()
    text = _text(college, "/statistics", "he")
    assert "这段时间没有送审的审查件" in text
    assert PRESS not in text
    other = college.browser("he").get(
        "/statistics", params={"department": PRESS}, headers=_HTML
    )
    assert other.status_code == 403
    assert "您只能查看本部门的统计" in other.text
    assert PRESS not in _text(college, "/statistics/yearly", "he")
    assert PRESS in _text(college, "/statistics/yearly")


@pytest.mark.parametrize("address", ["/statistics", "/statistics/yearly"])
def test_administrators_see_no_figures(college: College, address: str) -> None:
    answer = college.browser("system").get(address, headers=_HTML)
    assert answer.status_code == 403


def test_only_the_days_asked_for_count(college: College) -> None:
    college.submit()
    one_day = "/statistics?since=2026-11-23&until=2026-11-23"
    assert _rows(_page(college, one_day), "departments")[0][1] == "1"
    before = "/statistics?since=2026-11-01&until=2026-11-22&department="
    assert "没有送审的审查件" in _text(college, before)
    # Only the end of a period was said: it begins with that year.
    assert "2025-01-01 至 2025-06-30" in _text(college, "/statistics?until=2025-06-30")


def test_the_usual_periods_begin_and_end_where_people_expect(college: College) -> None:
    found = {one.name: (one.since, one.until) for one in periods(date(2026, 1, 31))}
    assert found["本月"] == (date(2026, 1, 1), date(2026, 1, 31))
    assert found["上月"] == (date(2025, 12, 1), date(2025, 12, 31))
    assert found["本季度"] == (date(2026, 1, 1), date(2026, 1, 31))
    assert found["去年"] == (date(2025, 1, 1), date(2025, 12, 31))
    quarter = {one.name: one.since for one in periods(date(2026, 11, 23))}
    assert quarter["本季度"] == date(2026, 10, 1)
    chosen = _page(college, "/statistics").css(".periods a[aria-current]")
    assert [one.text() for one in chosen] == ["今年"]


def test_the_yearly_table_is_the_sheet(college: College) -> None:
    college.site.cleared()
    number = college.submit(text=PHONE)
    college.step("zhang", number, "withdrawal", {"reason": "不发了"})
    tree = _page(college, "/statistics/yearly?year=2026")
    row = [one.text(strip=True) for one in tree.css("tbody tr > *")]
    assert row[:9] == [PRESS, "2", "2", "1", "0", "0", "0", "1", "0"]
    assert row[9:12] == ["2", "1", "50.0%"]
    made = college.browser("li").get("/api/v1/exports/yearly.xlsx?year=2026")
    sheet = load_workbook(io.BytesIO(made.content)).worksheets[0]
    lines = [[cell.value for cell in one] for one in sheet.iter_rows()]
    (line,) = [one for one in lines if one[0] == PRESS]
    assert [str(one) for one in line[1:11]] == row[1:11]
    assert "这一年没有送审的审查件" in _text(college, "/statistics/yearly?year=2020")


def test_a_rule_cries_wolf_once_enough_was_dismissed() -> None:
    assert cries_wolf(_spoke(5, 4, 1))
    assert not cries_wolf(_spoke(9, 4, 0))  # too few
    assert not cries_wolf(_spoke(9, 7, 2))  # 78 per cent
    assert unjudged(_spoke(9, 4, 1)) == 4


def test_findings_add_up_by_clause_the_most_frequent_first() -> None:
    rules = [_spoke(2, 1, 1), _spoke(1, 0, 1, "乙"), _spoke(7, 0, 0, "丙")]
    named = by_clause(rules, {"甲": "001:12(15)", "乙": "001:12(15)"})
    assert [(one.clause, one.rules, one.found) for one in named] == [
        ("", 1, 7),
        ("001:12(15)", 2, 3),
    ]
    assert (named[1].not_sensitive, named[1].must_change) == (1, 2)
