"""The office's own lexicon over HTTP, from a proposal to its activation."""

from typing import Any

import pytest

from review.service.lexicons import preview as lexicon_preview
from tests.api.college import College
from tests.service import lexicon_material as material
from tests.service.lexicon_material import NAME, RULE

_CHANGES = "/api/v1/lexicons/changes"


def _proposal(**more: Any) -> dict[str, Any]:
    files = [{"name": NAME, "text": material.rule().decode()}]
    return {"reason": "赛事将近", "files": files, **more}


def _worked_out(college: College, change: str) -> None:
    """Do what a worker does with an ordered preview."""
    answer = college.browser("li").post(f"{_CHANGES}/{change}/preview")
    assert answer.status_code == 202, answer.text
    with college.site.desk.store.reading() as records:
        task = records.tasks.find(answer.json()["task"])
    assert task is not None
    lexicon_preview.carry_out(college.site.desk, task.subject)


@pytest.mark.slow
def test_a_change_is_proposed_previewed_and_put_into_force(college: College) -> None:
    li, qian = college.browser("li"), college.browser("qian")
    made = li.post(_CHANGES, json=_proposal())
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    assert li.get(address).json()["state_word"] == "待启用"
    assert qian.get(f"{address}/preview").status_code == 404
    _worked_out(college, made.json()["change"])
    shown = qian.get(f"{address}/preview").json()
    assert shown["sound"]
    assert [(one["name"], one["how"]) for one in shown["files"]] == [(NAME, "added")]
    said = {"preview": shown["digest"]}
    own = li.post(f"{address}/activation", json=said)
    assert (own.status_code, own.json()["code"]) == (403, "not_permitted")
    wrong = qian.post(f"{address}/activation", json={"preview": "0" * 64})
    assert (wrong.status_code, wrong.json()["code"]) == (412, "stale")
    put = qian.post(f"{address}/activation", json=said)
    assert put.status_code == 200, put.text
    assert put.json()["state"] == "active"
    book = college.browser("zhang").get("/api/v1/lexicons").json()
    assert (book["digest"], book["change"]) == (shown["lexicons"], "词0001")
    late = qian.post(f"{address}/rejection", json={"reason": "不要"})
    assert (late.status_code, late.json()["code"]) == (409, "wrong_stage")


def test_the_rules_are_read_a_page_at_a_time(college: College) -> None:
    browser = college.browser("zhang")
    seen: list[str] = []
    address: str | None = "/api/v1/lexicons/rules?limit=100"
    while address is not None:
        page = browser.get(address).json()
        seen += [one["id"] for one in page["items"]]
        address = page["next"]
    assert seen == sorted(set(seen))
    assert len(seen) == browser.get("/api/v1/lexicons").json()["rules"]
    one = browser.get(f"/api/v1/lexicons/rules/{material.SHIPPED}")
    assert one.json()["category"] == "exam"
    fitting = browser.get(
        "/api/v1/lexicons/rules", params={"clause": "001:12(15)", "limit": 200}
    )
    assert material.SHIPPED in {each["id"] for each in fitting.json()["items"]}
    assert {each["category"] for each in fitting.json()["items"]} == {"exam"}
    none = browser.get("/api/v1/lexicons/rules", params={"origin": "office"})
    assert none.json() == {"items": [], "next": None}


def test_a_spreadsheet_is_proposed_and_its_faults_are_told(college: College) -> None:
    browser = college.browser("li")
    good = browser.post(
        f"{_CHANGES}/import",
        data={"reason": "赛事将近"},
        files={"sheet": ("规则.xlsx", material.spreadsheet())},
    )
    assert good.status_code == 201, good.text
    files = browser.get(f"{_CHANGES}/词0001/files").json()
    assert [one["name"] for one in files] == [NAME]
    bad = browser.post(
        f"{_CHANGES}/import",
        data={"reason": "赛事将近"},
        files={"sheet": ("规则.xlsx", material.spreadsheet(层级="随便"))},
    )
    assert (bad.status_code, bad.json()["code"]) == (422, "lexicon")
    assert "第 2 行" in bad.json()["detail"]


def test_words_come_and_go_without_yaml(college: College) -> None:
    browser = college.browser("li")
    edit = {
        "rule": material.SHIPPED,
        "action": "add",
        "words": [{"text": "砚湖密卷", "weight": 2}],
    }
    made = browser.post(_CHANGES, json={"reason": "新词", "edits": [edit]})
    assert made.status_code == 201, made.text
    (file,) = browser.get(f"{made.headers['Location']}/files").json()
    assert "砚湖密卷" in file["text"]
    assert RULE not in file["name"]


def test_a_proposal_sent_again_under_its_key_is_made_once(college: College) -> None:
    browser = college.browser("li")
    key = {"Idempotency-Key": "one-of-li"}
    first = browser.post(_CHANGES, json=_proposal(), headers=key)
    again = browser.post(_CHANGES, json=_proposal(), headers=key)
    assert first.json() == again.json()
    other = browser.post(_CHANGES, json=_proposal(reason="另一个"), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "reused_key")
    assert len(browser.get(_CHANGES).json()) == 1
