"""The sign-off's page: what the department said beside each finding, and the decision."""

from dataclasses import replace

import pytest

from review.access import second_factor
from review.case.request import Judgment
from review.service.cases import review
from tests.api.college import College
from tests.pages.desks import HOSTILE, desk, dialogs, open_button, parsed, words
from tests.service.site import BROKEN, CLEAN, PHONE

_CLEAR = {"outcome": "clear", "opinion": "同意公开", "channels": ["website"]}


def _signing(college: College, opinion: str = "not_sensitive") -> str:
    """Lead an item with one finding to the office."""
    number = college.submit(text=PHONE)
    (finding,) = college.site.findings(number)
    body = {"opinion": opinion, "reason": f"部门的理由{HOSTILE}"}
    step = f"findings/{finding}/disposition"
    assert college.step("zhang", number, step, body, put=True).status_code == 200
    conclusion = "agree" if opinion == "not_sensitive" else "uncertain"
    body = {"conclusion": conclusion, "opinion": f"部门的结论{HOSTILE}"}
    assert college.step("zhang", number, "first-pass", body).status_code == 200
    return number


@pytest.mark.parametrize("person", ["zhang", "wang", "he", "sun", "audit", "system"])
def test_it_is_the_offices(college: College, person: str) -> None:
    number = _signing(college)
    for rest in ("sign-off", "sign-off/findings"):
        assert desk(college, person, number, rest).status_code == 403


def test_the_department_stands_beside_each_finding(college: College) -> None:
    number = _signing(college)
    answer = desk(college, "li", number, "sign-off")
    said, page = words(answer), parsed(answer)
    assert "<b>甲" not in answer.text
    card = page.css_first(".card")
    assert f"部门的理由{HOSTILE}" in card.css_first("summary").text()
    assert "部门初审员" in card.css_first(".said").text()
    assert f"部门的结论{HOSTILE}" in page.css_first(".heard").text()
    assert "打印审查表" in said
    assert page.css_first(".case-bar a[download]").attributes["href"] == (
        f"/api/v1/cases/{number}/forms/review.pdf"
    )


def test_what_nobody_settled_is_the_offices_to_settle(college: College) -> None:
    number = _signing(college, "uncertain")
    page = parsed(desk(college, "li", number, "sign-off"))
    assert "须保密办处置 1" in page.css_first("[data-filter=standing]").text()
    assert page.css_first("#side").attributes["data-disposes"] == "office"
    clear = page.css_first("#sign input[value=clear]")
    assert "disabled" in clear.attributes
    assert "现在不能同意公开" in page.css_first("#sign").text()
    (finding,) = college.site.findings(number)
    judgment = Judgment(
        finding=finding, opinion="not_sensitive", reason="是对外公布的号码"
    )
    asker = college.site.by("li", number)
    review.dispose(college.site.desk, number, judgment, asker=asker)
    page = parsed(desk(college, "li", number, "sign-off"))
    assert page.css("#sign input[name=outcome][disabled]") == []
    said = page.css_first(".card .said").text()
    assert "部门的理由" in said
    assert "是对外公布的号码" in said
    assert college.step("li", number, "sign-off", _CLEAR).status_code == 200


def test_the_decision_sends_what_the_interface_takes(college: College) -> None:
    number = _signing(college, "must_change")
    page = parsed(desk(college, "li", number, "sign-off"))
    assert dialogs(page) == {"sign", "refer", "add"}
    assert open_button(page, "sign")
    sign, refer = page.css_first("#sign form"), page.css_first("#refer form")
    named = {one.attributes["name"] for one in sign.css("[name]")}
    assert named == {"outcome", "channels", "ground", "clauses", "opinion", "code"}
    named = {one.attributes["name"] for one in refer.css("[name]")}
    assert named == {"kind", "to", "question"}
    clauses = [one.attributes["value"] for one in sign.css("input[name=clauses]")]
    assert clauses
    body = {
        "outcome": "refuse",
        "opinion": "含有个人信息，不予公开",
        "ground": "personal_privacy",
        "clauses": clauses,
    }
    assert college.step("li", number, "sign-off", body).status_code == 200
    page = parsed(desk(college, "li", number, "sign-off"))
    assert dialogs(page) == set()
    assert "个人隐私" in page.css_first("#words").text()


def test_an_unreadable_file_cannot_be_cleared(college: College) -> None:
    site = college.site
    number = site.submit(CLEAN, attachments=[("名单.docx", BROKEN)]).number
    site.acknowledge(number)
    body = {"conclusion": "refuse", "opinion": "读不出来", "ground": "other"}
    assert college.step("zhang", number, "first-pass", body).status_code == 200
    answer = desk(college, "li", number, "sign-off")
    words(answer)
    assert dialogs(parsed(answer)) == set()


def test_elsewhere_the_office_is_led_there_and_told_what_it_waits_for(
    college: College,
) -> None:
    number = college.submit(text=PHONE)
    page = parsed(desk(college, "li", number, "sign-off"))
    assert dialogs(page) == set()
    assert "部门初审员逐个处置疑点" in page.css_first(".do").text()
    number = _signing(college)
    page = parsed(desk(college, "li", number))
    assert dialogs(page) == {"add"}
    assert page.css_first(".do a").attributes["href"] == f"/cases/{number}/sign-off"


def test_who_signs_after_a_while_gives_a_code_first(college: College) -> None:
    number = _signing(college)
    college.browser("li")
    college.site.clock.pass_by(minutes=11)
    answer = college.step("li", number, "sign-off", _CLEAR)
    assert answer.status_code == 403
    assert answer.json()["code"] == "fresh_code_needed"
    assert college.site.case(number).stage == "signing"
    # Nothing else is kept from him.
    assert desk(college, "li", number, "sign-off").status_code == 200
    proof = {"code": _code(college)}
    address = "/api/v1/session/second-factor/proof"
    assert college.browser("li").post(address, json=proof).status_code == 200
    assert college.step("li", number, "sign-off", _CLEAR).status_code == 200


def test_a_wrong_code_proves_nothing(college: College) -> None:
    number = _signing(college)
    college.browser("li")
    college.site.clock.pass_by(minutes=11)
    address = "/api/v1/session/second-factor/proof"
    wrong = f"{(int(_code(college)) + 1) % 1_000_000:06d}"
    answer = college.browser("li").post(address, json={"code": wrong})
    assert answer.json()["code"] == "wrong_code"
    assert college.step("li", number, "sign-off", _CLEAR).status_code == 403


def test_who_has_no_second_factor_signs_without(college: College) -> None:
    number = _signing(college)
    college.browser("li")
    college.site.clock.pass_by(minutes=11)
    _take_factor(college)
    assert college.step("li", number, "sign-off", _CLEAR).status_code == 200


def _code(college: College) -> str:
    step = second_factor.step_of(college.site.desk.now())
    return second_factor.code_at(bytes(20), step)


def _take_factor(college: College) -> None:
    with college.site.desk.store.writing() as work:
        account = work.accounts.find("li")
        assert account is not None
        work.accounts.save(replace(account, second_factor=None, demo=True))


def test_the_workbench_leads_to_the_decision(college: College) -> None:
    number = _signing(college)
    page = parsed(college.browser("li").get("/"))
    links = page.css("section[aria-labelledby=waiting] .title a")
    assert [one.attributes["href"] for one in links] == [f"/cases/{number}/sign-off"]
