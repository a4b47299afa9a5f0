"""One item's whole way over HTTP, and what the door refuses."""

import pytest

from tests.api.college import College
from tests.service.site import MARKED, PHONE, PRESS, TITLE

FORM = {
    "title": TITLE,
    "department": PRESS,
    "channels": ["website"],
    "drafted_by": "冯拟稿",
}


def test_an_item_goes_from_the_upload_to_its_clearance(college: College) -> None:
    number = college.submit()
    agree = {"conclusion": "agree", "opinion": "可以公开"}
    assert college.step("zhang", number, "first-pass", agree).status_code == 200
    signed = {"outcome": "clear", "opinion": "同意公开", "channels": ["website"]}
    answer = college.step("li", number, "sign-off", signed)
    assert answer.status_code == 200, answer.text
    assert answer.json()["stage"] == "cleared"
    token = college.browser("zhang").get(f"/api/v1/cases/{number}/clearance")
    assert token.json()["token"].count(".") == 2


def test_every_finding_is_disposed_of_by_itself(college: College) -> None:
    number = college.submit(text=PHONE)
    case = college.browser("zhang").get(f"/api/v1/cases/{number}").json()
    (finding,) = case["rounds"][0]["open_findings"]
    agree = {"conclusion": "agree", "opinion": "可以公开"}
    early = college.step("zhang", number, "first-pass", agree)
    assert (early.status_code, early.json()["code"]) == (422, "incomplete")
    said = {"opinion": "not_sensitive", "reason": "办公电话，依法公开"}
    place = f"findings/{finding}/disposition"
    done = college.step("zhang", number, place, said, put=True)
    assert done.status_code == 200, done.text
    assert college.step("zhang", number, "first-pass", agree).status_code == 200


def test_where_it_is_public_is_not_dropped_for_want_of_its_kind(
    college: College,
) -> None:
    number = college.submit(text=PHONE)
    case = college.browser("zhang").get(f"/api/v1/cases/{number}").json()
    (finding,) = case["rounds"][0]["open_findings"]
    said = {"opinion": "not_sensitive", "reason": "已公开"}
    place = f"findings/{finding}/disposition"
    half = {**said, "published_value": "云职院〔2026〕1号"}
    refused = college.step("zhang", number, place, half, put=True)
    assert refused.status_code == 422
    assert "published_kind" in refused.text
    # A form's list always says one.
    empty = {**said, "published_kind": "document_number"}
    done = college.step("zhang", number, place, empty, put=True)
    assert done.status_code == 200, done.text


def test_a_step_on_an_older_version_is_refused(college: College) -> None:
    number = college.submit()
    browser = college.browser("zhang")
    body = {"reason": "不发了"}
    address = f"/api/v1/cases/{number}/withdrawal"
    stale = browser.post(address, json=body, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    unsaid = browser.post(address, json=body)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "version_needed")
    wrong = browser.post(address, json=body, headers={"If-Match": "W/7"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    assert stale.headers["content-type"] == "application/problem+json"


def test_the_same_request_sent_again_is_carried_out_once(college: College) -> None:
    browser = college.browser("zhang")
    key = {"Idempotency-Key": "one-of-zhang"}
    form = {**FORM, "text": "学院举行秋季运动会。"}
    first = browser.post("/api/v1/cases", data=form, headers=key)
    again = browser.post("/api/v1/cases", data=form, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.json()["number"] == again.json()["number"]
    other = {**form, "text": "学院举行春季运动会。"}
    reused = browser.post("/api/v1/cases", data=other, headers=key)
    assert (reused.status_code, reused.json()["code"]) == (422, "reused_key")
    page = browser.get("/api/v1/cases").json()
    assert len(page["items"]) == 1


def test_a_step_sent_again_under_its_key_is_answered_and_not_refused(
    college: College,
) -> None:
    number = college.submit()
    browser = college.browser("zhang")
    version = college.site.case(number).version
    headers = {"If-Match": f'"{version}"', "Idempotency-Key": "taken back"}
    address = f"/api/v1/cases/{number}/withdrawal"
    for _ in range(2):
        answer = browser.post(address, json={"reason": "不发了"}, headers=headers)
        assert answer.status_code == 200, answer.text
    assert college.site.case(number).version == version + 1


def test_nobody_is_let_in_without_a_session(college: College) -> None:
    answer = college.nobody().get("/api/v1/cases")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_a_page_of_another_site_can_change_nothing(college: College) -> None:
    browser = college.browser("zhang")
    browser.headers["X-CSRF-Token"] = "guessed"
    answer = browser.post("/api/v1/cases", data={**FORM, "text": "学院新闻"})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")


def test_another_department_sees_nothing(college: College) -> None:
    number = college.submit()
    answer = college.browser("he").get(f"/api/v1/cases/{number}")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert college.browser("he").get("/api/v1/cases").json()["items"] == []


def test_a_sealed_draft_shows_neither_title_nor_names(college: College) -> None:
    number = college.submit(text=MARKED, title="关于虚构事项的报告")
    for person in ("zhang", "li"):
        answer = college.browser(person).get(f"/api/v1/cases/{number}")
        assert answer.status_code == 200
        assert "虚构事项" not in answer.text
        assert answer.json()["sealed"]


def test_files_come_down_as_they_went_up(college: College) -> None:
    browser = college.browser("zhang")
    files = [
        ("body", ("通知.txt", "学院举行运动会。".encode())),
        ("attachments", ("名单 1.txt", "报名表样张".encode())),
    ]
    answer = browser.post("/api/v1/cases", data=FORM, files=files)
    assert answer.status_code == 201, answer.text
    number = answer.json()["number"]
    address = f"/api/v1/cases/{number}/rounds/1/files/名单 1.txt"
    down = browser.get(address)
    assert down.content == "报名表样张".encode()
    assert down.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"title": ""}, "title"),
        ({"channels": ["television"]}, "channels.0"),
        ({"planned_on": "tomorrow"}, "planned_on"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_field_by_field(
    college: College, form: dict[str, object], field: str
) -> None:
    whole = {**FORM, "text": "学院新闻", **form}
    answer = college.browser("zhang").post("/api/v1/cases", data=whole)
    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["field"] == field
    assert fault["message"].isprintable()


def test_the_register_comes_page_by_page(college: College) -> None:
    numbers = [college.submit(title=f"新闻第{one}号") for one in "一二三"]
    browser = college.browser("zhang")
    first = browser.get("/api/v1/cases", params={"limit": 2, "q": "新闻"})
    assert [one["number"] for one in first.json()["items"]] == numbers[:0:-1]
    second = browser.get(first.json()["next"]).json()
    assert [one["number"] for one in second["items"]] == numbers[:1]
    assert second["next"] is None


def test_progress_ends_with_what_the_records_say(college: College) -> None:
    number = college.submit()
    answer = college.browser("zhang").get(f"/api/v1/cases/{number}/progress")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: done" in answer.text
    assert "first_pass" in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_every_calendar_is_refused(college: College, day: str) -> None:
    browser = college.browser("zhang")
    for field in ("submitted_from", "submitted_until"):
        answer = browser.get("/api/v1/cases", params={field: day})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field
