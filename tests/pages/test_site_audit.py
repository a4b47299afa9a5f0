"""The page of site audits: what was found, what became a case, and for whom."""

from typing import Any

from selectolax.lexbor import LexborHTMLParser

from review.case.people import By
from review.service.siteaudit.auditing import seal
from review.service.siteaudit.opening import Opening, open_case
from review.siteaudit.interface import AuditReport, Deviation
from tests.api.college import College
from tests.pages.visible import codes_in, text_of

_HTML = {"Accept": "text/html"}
_DATA = "<html><body><p>没有送审的一页。</p></body></html>".encode()


def _page(college: College, person: str, **params: str) -> Any:
    return college.browser(person).get("/site-audit", headers=_HTML, params=params)


def _report(college: College, name: str, *found: Deviation) -> AuditReport:
    at = college.site.clock.at
    report = AuditReport(
        audit=name,
        mode="site",
        place="https://www.example.edu.cn/",
        at=at,
        ended_at=at,
        office="云山职业学院",
        lexicons="a" * 64,
        model="b" * 64,
        xianshen="0.1.0",
        pages=12,
        files=3,
        found=found,
    )
    by = By(id="li", name="李样本", post="office")
    seal(college.site.desk, report, by=by)
    return report


_FOUND = Deviation(
    address="https://www.example.edu.cn/x.html",
    kind="not_reviewed",
    title="一页",
    digest="c" * 64,
    department="宣传部",
)


def test_before_the_first_audit_the_page_says_how(college: College) -> None:
    text = text_of(_page(college, "li"))
    assert "还没有巡查过" in text


def test_findings_stand_there_with_what_became_of_them(college: College) -> None:
    _report(college, "20261122-00000001")
    report = _report(college, "20261123-00000002", _FOUND)
    page = _page(college, "sun")
    text = text_of(page)
    assert "发现 1 处" in text
    assert "没有审查过" in text
    assert "未立案" in text
    assert codes_in(text) == []
    desk = college.site.desk
    opened = open_case(
        desk, report, _FOUND, opening=Opening(person="zhang"), fetch=lambda _: _DATA
    )
    assert opened.case is not None
    tree = LexborHTMLParser(_page(college, "audit").text)
    assert tree.css_first(f'a[href="/cases/{opened.case}"]') is not None
    older = text_of(_page(college, "li", audit="20261122-00000001"))
    assert "检查过的都与审查通过的一致" in older
    said = college.browser("li").get("/api/v1/site-audits").json()
    assert [one["audit"] for one in said] == ["20261123-00000002", "20261122-00000001"]
    one = college.browser("li").get("/api/v1/site-audits/20261123-00000002").json()
    assert one["found"][0]["opened"] == opened.case


def test_whose_business_it_is_not_is_refused(college: College) -> None:
    assert _page(college, "zhang").status_code == 403
    assert _page(college, "li", audit="nothing").status_code == 404
