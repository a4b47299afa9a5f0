"""A finding that a person adds, over HTTP."""

from typing import Any

import pytest

from tests.api.college import College
from tests.service.site import CLEAN, MARKED, PHONE

_ADDED = {
    "file": 1,
    "passage": 0,
    "start": 0,
    "end": 4,
    "category": "plans",
    "clauses": ["001:12(5)"],
    "reason": "安排还没有公布",
}


def _add(college: College, number: str, person: str = "zhang", **changes: Any) -> Any:
    return college.step(person, number, "findings", {**_ADDED, **changes})


def test_what_is_added_is_disposed_of_like_any_other(college: College) -> None:
    number = college.submit()
    answer = _add(college, number)
    assert answer.status_code == 201, answer.text
    assert answer.headers["ETag"] == f'"{college.site.case(number).version}"'
    last = answer.json()["rounds"][-1]
    assert last["open_findings"] == ["1.p1"]
    assert last["report"]["findings"] == []
    (added,) = last["added"]
    assert added["note"] == {
        "id": "1.p1",
        "file": "正文.txt",
        "detector": "person",
        "rule": "person",
        "category": "plans",
        "tier": "work",
        "severity": "review",
        "clauses": ["001:12(5)"],
        "level": None,
        "part": "body",
        "page": None,
        "paragraph": 1,
        "hidden": False,
        "releasable": False,
    }
    assert [added[one] for one in ("file", "passage", "start", "end")] == [1, 0, 0, 4]
    assert (added["reason"], added["by"]["name"]) == ("安排还没有公布", "张示例")
    agree = {"conclusion": "agree", "opinion": "可以公开"}
    early = college.step("zhang", number, "first-pass", agree)
    assert (early.status_code, early.json()["code"]) == (422, "incomplete")
    said = {"opinion": "not_sensitive", "reason": "安排已经公布"}
    place = "findings/1.p1/disposition"
    assert college.step("zhang", number, place, said, put=True).status_code == 200
    assert college.step("zhang", number, "first-pass", agree).status_code == 200


def test_the_answer_holds_no_word_of_the_draft(college: College) -> None:
    number = college.submit()
    assert CLEAN[:4] not in _add(college, number).json()["rounds"][-1]["added"]
    history = college.browser("zhang").get(f"/api/v1/cases/{number}/history").json()
    assert [one["kind_word"] for one in history][-1] == "补充疑点"


def test_the_same_request_sent_again_adds_one(college: College) -> None:
    number = college.submit()
    browser = college.browser("zhang")
    version = college.site.case(number).version
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": "marked by zhang"}
    address = f"/api/v1/cases/{number}/findings"
    for _ in range(2):
        answer = browser.post(address, json=_ADDED, headers=headers)
        assert answer.status_code == 201, answer.text
    assert len(college.site.case(number).round.added) == 1
    unseen = browser.post(address, json=_ADDED)
    assert (unseen.status_code, unseen.json()["code"]) == (428, "version_needed")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"category": "marking"}, 409, "refused"),
        ({"end": 999}, 409, "refused"),
        ({"passage": 999}, 409, "refused"),
        ({"file": 99}, 409, "refused"),
        ({"reason": "好"}, 422, "incomplete"),
        ({"category": "secrets"}, 422, "invalid"),
        ({"tier": "secret"}, 422, "invalid"),
        ({"start": -1}, 422, "invalid"),
        ({"text": "原文"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_added_is_said(
    college: College, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = _add(college, college.submit(), **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"].endswith("。")


def test_each_adds_in_his_turn(college: College) -> None:
    number = college.submit(text=PHONE)

    def may(person: str) -> bool:
        case = college.browser(person).get(f"/api/v1/cases/{number}").json()
        return bool(case["may"]["add_finding"]["allowed"])

    assert (may("zhang"), may("li"), may("wang")) == (True, False, False)
    early = _add(college, number, "li")
    assert (early.status_code, early.json()["code"]) == (403, "not_permitted")
    stranger = _add(college, number, "he")
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_permitted")
    (finding,) = college.site.findings(number)
    said = {"opinion": "uncertain", "reason": "不清楚能不能公开"}
    college.step("zhang", number, f"findings/{finding}/disposition", said, put=True)
    doubt = {"conclusion": "uncertain", "opinion": "请保密办确定"}
    college.step("zhang", number, "first-pass", doubt)
    assert (may("zhang"), may("li")) == (False, True)
    assert _add(college, number, "li").status_code == 201


def test_a_sealed_draft_shows_no_name_of_its_earlier_round(college: College) -> None:
    number = college.submit()
    assert _add(college, number).status_code == 201
    text = {"text": MARKED}
    again = college.browser("zhang").post(
        f"/api/v1/cases/{number}/rounds",
        data={
            "title": "关于虚构事项的报告",
            "department": "宣传部",
            "channels": ["website"],
            "drafted_by": "冯拟稿",
            **text,
        },
        headers={"If-Match": f'"{college.site.case(number).version}"'},
    )
    assert again.status_code == 201, again.text
    college.site.scan(number)
    case = college.browser("li").get(f"/api/v1/cases/{number}").json()
    assert case["sealed"]
    (added,) = case["rounds"][0]["added"]
    assert added["note"]["file"] == "（已封存）"
