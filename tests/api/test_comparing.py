"""Paste and compare over HTTP."""

from typing import Any

import pytest

from tests.api.college import College
from tests.service.site import CLEAN, page


def ask(college: College, number: str, person: str = "zhang", **form: Any) -> Any:
    files = form.pop("files", None)
    address = f"/api/v1/cases/{number}/comparisons"
    said = {"channel": "website", **form}
    return college.browser(person).post(address, data=said, files=files)


def test_what_was_pasted_is_compared(college: College) -> None:
    number = college.site.cleared().number
    same = ask(college, number, text=CLEAN).json()
    assert (same["may_publish"], same["found"]) == (True, "same_text")
    other = ask(college, number, text=CLEAN.replace("十二", "十三")).json()
    assert (other["may_publish"], other["found"]) == (False, "different")
    assert other["standing"] == "in_force"
    assert other["standing_message"].endswith("内容不一致，不能发布。")
    change = other["changes"][0]
    assert {"kind": "removed", "text": "二"} in change["before"]
    assert {"kind": "added", "text": "三"} in change["after"]
    press = ask(college, number, text=CLEAN, channel="press").json()
    assert (press["may_publish"], press["channel"]) == (False, "报刊")


def test_a_file_may_be_sent_instead(college: College) -> None:
    number = college.site.cleared().number
    files = {"file": ("排好的.txt", CLEAN.encode())}
    said = ask(college, number, files=files).json()
    assert (said["found"], said["new_links"]) == ("same", 0)
    # The question is about a file: of what goes beside it nobody knows.
    assert "标题、附件没有比" in said["message"]
    other = {"file": ("排好的.txt", CLEAN.replace("十二", "十三").encode())}
    assert "没有比" not in ask(college, number, files=other).json()["message"]
    assert "没有比" not in ask(college, number, text=CLEAN).json()["message"]


def test_links_that_lead_elsewhere_are_counted(college: College) -> None:
    number = college.site.cleared(page(CLEAN), name="正文.html").number
    linked = page(CLEAN).replace(b"<p>", b'<p><a href="https://x.example/">', 1)
    files = {"file": ("a.html", linked.replace(b"</p>", b"</a></p>", 1))}
    said = ask(college, number, files=files).json()
    assert (said["found"], said["new_links"]) == ("same_text", 1)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"text": "  "},
        {"text": CLEAN, "files": {"file": ("a.txt", b"x")}},
        {"text": CLEAN, "channel": "radio"},
    ],
)
def test_one_of_both_is_needed(college: College, form: dict[str, Any]) -> None:
    number = college.site.cleared().number
    assert ask(college, number, **form).status_code == 422


def test_others_learn_nothing(college: College) -> None:
    number = college.site.cleared().number
    assert ask(college, number, person="he", text=CLEAN).status_code == 403
    assert ask(college, "2026-999999", text=CLEAN).status_code == 404
