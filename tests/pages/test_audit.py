"""The audit pages: whether the record is whole, what stands in it, who was refused."""

from typing import Any, get_args

import pytest
from selectolax.lexbor import LexborHTMLParser

from api.pages import audit_words
from review.access.permissions import OfficeVerb
from review.access.sites import Site
from review.case.authority_table import Verb
from review.service.gate import sites
from review.service.record import ledger, verifications
from tests.api.college import College
from tests.pages.visible import codes_in, text_of
from tests.service.site import PHONE

_HTML = {"Accept": "text/html"}
_VERIFY = "/api/v1/ledger/verification"


def _page(college: College, person: str, address: str, **params: str) -> Any:
    return college.browser(person).get(address, headers=_HTML, params=params)


def _read(college: College, person: str, address: str, **params: str) -> str:
    return text_of(_page(college, person, address, **params))


def _verify(college: College, person: str) -> None:
    """Order a verification, and do what a worker does with it."""
    answer = college.browser(person).post(_VERIFY)
    assert answer.status_code == 202, answer.text
    site = college.site
    data = verifications.carry_out(site.desk, person, witnessed=site.witness.heads)
    with site.desk.store.writing() as work:
        digest = site.desk.contents.put(data)
        work.tasks.claim(answer.json()["id"], holder="here", at=site.desk.now())
        work.tasks.finish(answer.json()["id"], at=site.desk.now(), result=digest)


def test_a_verification_is_ordered_waited_for_and_shown(standing: College) -> None:
    assert "最近七天没有核验过" in _read(standing, "audit", "/audit")
    standing.browser("li").post(_VERIFY)
    waiting = _page(standing, "system", "/audit")
    assert "data-waits" in waiting.text
    assert "排队等着核验" in text_of(waiting)
    assert "核验全部记录" not in text_of(waiting)


def test_the_result_is_there_for_everybody_who_may_verify(standing: College) -> None:
    _verify(standing, "li")
    for person in ("li", "audit", "system"):
        page = _page(standing, person, "/audit")
        text = text_of(page)
        assert "记录完整" in text
        assert "要求核验 李样本，" in text
        assert "没有被改动、删除、调换或插入" in text
        assert "再核验一次" in text
        assert "data-waits" not in page.text
        assert codes_in(text) == []


def test_only_the_auditor_sees_what_stands_in_the_record(standing: College) -> None:
    text = _read(standing, "audit", "/audit")
    for word in ("签署过的末端", "导出全部记录", "没有停止重试的通知"):
        assert word in text
    for person in ("li", "system"):
        assert "导出全部记录" not in _read(standing, person, "/audit")
        assert _page(standing, person, "/audit/entries").status_code == 403
    assert _page(standing, "zhang", "/audit").status_code == 403


def test_every_entry_stands_there_in_words(standing: College) -> None:
    text = _read(standing, "audit", "/audit/entries")
    for word in ("送审", "机检完成", "任命", "启用审查政策", "记录链启用", "张示例"):
        assert word in text
    assert codes_in(text) == []


def test_a_refusal_is_found_with_what_was_wanted(standing: College) -> None:
    _page(standing, "zhang", "/audit/entries")
    text = _read(standing, "audit", "/audit/entries", view="refusals")
    assert "想办：查看审查记录" in text
    assert "部门初审员，宣传部" in text
    assert "机检完成 系统" not in text
    assert codes_in(text) == []


def test_a_new_signing_key_of_a_site_is_told_in_words(college: College) -> None:
    form = Site(
        id="site-news",
        name="云山新闻网",
        channels=("website",),
        departments=("宣传部",),
        networks=("10.1.2.0/24",),
        callback_hosts=("cms.yunshan.example",),
    )
    sites.register(college.site.desk, form, person="system")
    said = _read(college, "audit", "/audit/entries")
    assert "通知签名密钥" in said
    assert "webhook" not in said


def test_entries_are_found_by_person_case_and_day(college: College) -> None:
    first, second = college.submit(), college.submit(person="zhao")
    mine = _rows(college, case=first)
    assert mine
    assert all(first in one for one in mine)
    by_name = _rows(college, who="张示例", kind="case.submitted")
    assert any(first in one for one in by_name)
    assert not any(second in one for one in by_name)
    today = college.site.desk.now().date().isoformat()
    assert _rows(college, day=today)
    assert _rows(college, day="2020-01-01") == []
    assert _rows(college, who="nobody-at-all") == []


def test_what_was_done_to_somebody_is_found_by_his_name(college: College) -> None:
    found = _rows(college, who="zhang", kind="people.appointed")
    assert found
    assert all("部门初审员" in one for one in found)


def test_a_case_that_was_only_asked_for_is_found_too(college: College) -> None:
    number = college.submit()
    college.browser("he").get(f"/api/v1/cases/{number}")
    found = _rows(college, case=number, view="refusals")
    assert len(found) == 1
    assert "想办：查看" in found[0]


def test_older_entries_are_on_the_next_page(standing: College) -> None:
    for _ in range(60):
        standing.browser("li").get("/api/v1/ledger")  # each refusal is an entry
    first = _page(standing, "audit", "/audit/entries", view="refusals")
    assert "更早的" in text_of(first)
    address = first.text.split('class="row more"><a class="button" href="')[1]
    address = address.split('"')[0].replace("&amp;", "&")
    second = standing.browser("audit").get(address, headers=_HTML)
    assert len(_rows_of(first)) == 50
    assert len(_rows_of(second)) >= 10
    assert not set(_rows_of(first)) & set(_rows_of(second))


def test_how_far_somebody_was_looked_for_is_said(
    standing: College, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = _page(standing, "audit", "/audit/entries", who="nobody-at-all")
    assert "没有符合的记录" in text_of(nobody)
    monkeypatch.setattr(ledger, "FURTHEST", 1)
    cut = _page(standing, "audit", "/audit/entries", who="nobody-at-all")
    said = text_of(cut)
    assert "没有符合的记录" not in said
    assert "没有符合的；更早的还没有看" in said
    assert "接着往前找" in said
    assert "who=nobody-at-all" in cut.text.split('class="row more"')[1]
    # Pages before may have shown some: the last one does not say that there are none.
    last = _page(standing, "audit", "/audit/entries", who="nobody-at-all", before="1")
    assert "更早的没有符合的记录了" in text_of(last)
    assert "请放宽条件" not in text_of(last)


def test_an_entry_keeps_quiet_about_titles(college: College) -> None:
    college.submit(title='<b>甲&"学院')
    page = _page(college, "audit", "/audit/entries")
    assert "学院" not in " ".join(_rows_of(page, kind="送审"))
    assert "<b>甲" not in page.text


def test_what_is_asked_for_is_escaped(standing: College) -> None:
    page = _page(standing, "audit", "/audit/entries", who='<b>甲&"')
    assert "<b>甲" not in page.text
    assert "没有符合的记录，请放宽条件" in text_of(page)


def _rows(college: College, **params: str) -> list[str]:
    return _rows_of(_page(college, "audit", "/audit/entries", **params))


def _rows_of(page: Any, kind: str = "") -> list[str]:
    body = LexborHTMLParser(page.text)
    rows = [" ".join(one.text(separator=" ").split()) for one in body.css("tbody > tr")]
    return [one for one in rows if kind in one]


def test_one_disposition_is_told_by_itself(college: College) -> None:
    number = college.submit(text=PHONE)
    case = college.browser("zhang").get(f"/api/v1/cases/{number}").json()
    (finding,) = case["rounds"][0]["open_findings"]
    said = {"opinion": "must_change", "reason": "属于个人信息，请删去"}
    step = f"findings/{finding}/disposition"
    answer = college.step("zhang", number, step, said, put=True)
    assert answer.status_code == 200, answer.text
    (row,) = _rows(college, case=number, kind="case.finding_disposed")
    assert "须删改 属于个人信息，请删去" in row


def test_every_code_that_an_entry_may_hold_has_a_word() -> None:
    """What is not known is told as 其他: nothing may be."""
    asked = {*get_args(Verb), *get_args(OfficeVerb)}
    assert asked <= set(audit_words.STEPS)
    for kinds in audit_words.VIEWS.values():
        assert set(kinds[1]) <= set(audit_words.KIND_WORDS)
