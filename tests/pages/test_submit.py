"""The page on which a draft is handed in: what it offers, and to whom."""

import inspect
import json
from typing import Any

import pytest
from httpx2 import Response
from selectolax.lexbor import LexborHTMLParser, LexborNode

from api.pages.submit import _advice
from api.uploads import MOST_ATTACHMENTS, DraftForm
from review.case.request import Decision
from review.reading import READABLE
from review.service.cases import sign_off
from review.settings import Settings
from tests.api.college import College, enter
from tests.pages.visible import codes_in, text_of
from tests.service.site import CLEAN, PRESS, TEACHING, appointment

_HTML = {"Accept": "text/html"}
_HOSTILE = '<b>甲&"乙'


def _get(college: College, person: str, address: str) -> Response:
    return college.browser(person).get(address, headers=_HTML)


def _form(answer: Response) -> LexborNode:
    found = LexborHTMLParser(answer.text).css_first("form[data-upload]")
    assert found is not None
    return found


def _value(form: LexborNode, name: str) -> str | None:
    field = form.css_first(f"input[name={name}]")
    assert field is not None
    return field.attributes["value"]


def _checked(form: LexborNode, name: str) -> list[str | None]:
    boxes = form.css(f"input[name={name}]")
    return [one.attributes["value"] for one in boxes if "checked" in one.attributes]


def _limits(form: LexborNode) -> Any:
    found = form.css_first("[data-limits]")
    assert found is not None
    return json.loads(found.text())


@pytest.mark.parametrize("person", ["zhang", "wang"])
def test_whoever_hands_in_finds_what_is_known_filled_in(
    college: College, person: str
) -> None:
    answer = _get(college, person, "/submit")
    words = text_of(answer)
    form = _form(answer)
    departments = [one.text() for one in form.css("select[name=department] option")]
    assert departments == [PRESS]
    # The harness names accounts by their login names.
    assert _value(form, "drafted_by") == person
    assert _value(form, "title") == ""
    assert _checked(form, "channels") == []
    assert _checked(form, "source") == ["own"]
    assert "不得上传" in words
    assert codes_in(words) == []
    assert answer.headers["cache-control"] == "no-store"


def test_who_serves_two_departments_chooses_one(college: College) -> None:
    college.site.appoint(appointment("zhang", "张示例", "reviewer", TEACHING))
    form = _form(_get(college, "zhang", "/submit"))
    offered = [one.text() for one in form.css("select[name=department] option")]
    assert offered == ["请选择", PRESS, TEACHING]


@pytest.mark.parametrize("person", ["li", "sun", "audit", "system", "security"])
def test_who_hands_in_nothing_is_told_who_does(college: College, person: str) -> None:
    answer = _get(college, person, "/submit")
    assert answer.status_code == 403
    assert "送审由部门初审员或部门负责人办理" in answer.text


def test_nobody_signed_in_is_led_to_the_door(college: College) -> None:
    answer = college.nobody().get("/submit", headers=_HTML, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fsubmit"


def test_every_field_is_one_that_the_interface_knows(college: College) -> None:
    form = _form(_get(college, "zhang", "/submit"))
    known = set(inspect.signature(DraftForm.__init__).parameters) - {"self"}
    named = form.css("input[name], select[name], textarea[name]")
    asked = {one.attributes["name"] for one in named}
    # The files are put in by the script, in their order.
    assert asked == known - {"body", "attachments"}


def test_the_script_is_told_the_limits_of_this_installation(college: College) -> None:
    served = college.app.state.served
    settings = Settings(data_dir=served.settings.data_dir, upload_megabytes=7)
    with enter(college.site, served.installation, settings) as entered:
        answer = _get(entered, "zhang", "/submit")
    limits = _limits(_form(answer))
    assert limits["bytes"] == 7 << 20
    assert limits["attachments"] == MOST_ATTACHMENTS
    assert limits["levels"] == ["绝密", "机密", "秘密"]
    assert "合计不超过 7 MB" in text_of(answer)


def test_no_ending_is_both_readable_and_advised_against() -> None:
    assert not set(READABLE) & set(_advice())


def test_a_new_round_begins_with_what_was_said_before(college: College) -> None:
    number = college.submit(
        title=_HOSTILE,
        channels=["wechat", "press"],
        source="repost",
        origin="示例〔2026〕9号",
        planned_on="2026-12-01",
    )
    answer = _get(college, "zhang", f"/cases/{number}/resubmit")
    words = text_of(answer)
    form = _form(answer)
    assert form.attributes["action"] == f"/api/v1/cases/{number}/rounds"
    version = college.site.case(number).version
    assert form.attributes["data-version"] == str(version)
    assert _value(form, "title") == _HOSTILE
    assert "<b>甲" not in answer.text
    assert _checked(form, "channels") == ["wechat", "press"]
    assert _checked(form, "source") == ["repost"]
    assert _value(form, "origin") == "示例〔2026〕9号"
    assert _value(form, "planned_on") == "2026-12-01"
    assert _value(form, "department") == PRESS
    assert "第 2 轮" in words
    assert "上一轮有：正文.txt" in words
    assert codes_in(words) == []


def test_a_new_round_shows_why_the_last_was_returned(college: College) -> None:
    number = college.submit()
    college.site.conclude(number)
    decision = Decision(outcome="return", opinion=f"第二段请改写{_HOSTILE}")
    by = college.site.by("li", number)
    sign_off.sign_off(college.site.desk, number, decision, asker=by)
    words = text_of(_get(college, "zhang", f"/cases/{number}/resubmit"))
    assert f"终审：修改后再审 第二段请改写{_HOSTILE}" in words


def test_a_new_round_is_offered_only_where_one_can_be_handed_in(
    college: College,
) -> None:
    number = college.site.cleared(CLEAN).number
    address = f"/cases/{number}/resubmit"
    refused = _get(college, "zhang", address)
    assert refused.status_code == 409
    assert "现在是“同意公开”" in refused.text
    assert _get(college, "li", address).status_code == 409
    other = _get(college, "he", address)
    assert other.status_code == 403
    assert "这是其他部门的审查件" in other.text
    assert _get(college, "zhang", "/cases/2026-999999/resubmit").status_code == 404


def test_dropping_on_the_workbench_is_for_those_who_hand_in(college: College) -> None:
    assert "js/drop.js" in _get(college, "zhang", "/").text
    assert "js/drop.js" not in _get(college, "li", "/").text
