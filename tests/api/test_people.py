"""Accounts and appointments over HTTP, by the administrators."""

import io

import pytest
from openpyxl import load_workbook

from tests.api.college import College
from tests.service.entrance import give, light_hashing

__all__ = ["light_hashing"]

_ACCOUNTS = "/api/v1/accounts"
_APPOINTMENTS = "/api/v1/appointments"


def test_an_account_from_its_making_to_its_end(college: College) -> None:
    admin = college.browser("system")
    made = admin.post(_ACCOUNTS, json={"login": "feng", "name": "冯拟稿"})
    assert made.status_code == 201
    first = {"login": "feng", "password": made.json()["password"]}
    browser = college.nobody()
    assert browser.post("/api/v1/session", json=first).json()["must_change"]

    seen = admin.get(f"{_ACCOUNTS}/feng").json()
    assert (seen["login"], seen["name"], seen["must_change"]) == (
        "feng",
        "冯拟稿",
        True,
    )
    again = admin.post(_ACCOUNTS, json={"login": "feng", "name": "另一人"})
    assert again.status_code == 409
    reset = admin.post(f"{_ACCOUNTS}/feng/password-reset").json()["password"]
    assert reset != first["password"]
    assert browser.get("/api/v1/session").status_code == 401
    assert admin.post(f"{_ACCOUNTS}/feng/disable").json()["disabled"]
    second = {"login": "feng", "password": reset}
    assert browser.post("/api/v1/session", json=second).status_code == 401
    assert not admin.post(f"{_ACCOUNTS}/feng/enable").json()["disabled"]
    assert admin.post(f"{_ACCOUNTS}/feng/unlock").json()["failures"] == 0
    assert browser.post("/api/v1/session", json=second).status_code == 201


def test_a_name_and_a_department_are_corrected(college: College) -> None:
    give(college.site, "feng", name="冯拟搞", department="宣传部")
    admin = college.browser("system")
    changed = admin.patch(f"{_ACCOUNTS}/feng", json={"name": "冯拟稿"})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["name"], changed.json()["department"]) == (
        "冯拟稿",
        "宣传部",
    )
    moved = admin.patch(f"{_ACCOUNTS}/feng", json={"department": ""}).json()
    assert (moved["name"], moved["department"]) == ("冯拟稿", None)
    assert admin.get(f"{_ACCOUNTS}/feng").json() == moved
    for nothing in ({}, {"name": None}, {"login": "fang"}, {"name": ""}):
        answer = admin.patch(f"{_ACCOUNTS}/feng", json=nothing)
        assert answer.status_code == 422, answer.text
    (last,) = college.browser("audit").get("/api/v1/ledger?limit=1").json()["items"]
    assert (last["kind"], last["data"]["change"]) == (
        "account.changed",
        "department_changed",
    )


def test_the_list_goes_on_where_it_says(college: College) -> None:
    admin = college.browser("audit")
    for number in range(5):
        give(college.site, f"feng{number}")
    address, found = f"{_ACCOUNTS}?limit=2", []
    while address:
        page = admin.get(address).json()
        found += [one["login"] for one in page["items"]]
        address = page["next"]
    assert found == ["audit", *(f"feng{number}" for number in range(5))]


def test_nothing_by_which_one_comes_in_goes_out(college: College) -> None:
    give(college.site, "feng")
    told = college.browser("system").get(_ACCOUNTS).text
    for secret in ("argon2", "hash", "sealed", "seed", "recovery"):
        assert secret not in told


def test_a_list_of_people_is_read_by_two_administrators(college: College) -> None:
    system, security = college.browser("system"), college.browser("security")
    book = load_workbook(io.BytesIO(system.get(f"{_ACCOUNTS}/template").content))
    days = ("2026-09-01", "2027-08-31", "9号")
    for place, value in enumerate(("feng", "冯拟稿", "宣传部", "部门初审员", *days), 1):
        book.worksheets[0].cell(2, place, value)
    out = io.BytesIO()
    book.save(out)
    sheet = {"sheet": ("人员.xlsx", out.getvalue())}
    (given,) = system.post(f"{_ACCOUNTS}/import", files=sheet).json()
    assert given["account"]["login"] == "feng"
    (made,) = security.post(f"{_APPOINTMENTS}/import", files=sheet).json()
    assert (made["person"], made["post_word"]) == ("feng", "部门初审员")

    twice = system.post(f"{_ACCOUNTS}/import", files=sheet)
    assert twice.status_code == 422
    assert "第 2 行" in twice.json()["detail"]


def test_an_appointment_is_made_seen_and_ended(college: College) -> None:
    admin = college.browser("security")
    said = {
        "person": "feng",
        "name": "冯拟稿",
        "post": "reviewer",
        "from_day": "2026-11-01",
        "until_day": "2027-10-31",
        "ground": "云职院〔2026〕9号",
        "department": "宣传部",
    }
    made = admin.post(_APPOINTMENTS, json=said)
    assert made.status_code == 201, made.text
    assert made.json()["holds_today"]
    number = made.json()["id"]
    seen = college.browser("audit").get(_APPOINTMENTS).json()
    assert seen[-1] == made.json()
    end = {"ended_on": "2026-11-23", "reason": "调离"}
    ended = admin.post(f"{_APPOINTMENTS}/{number}/end", json=end)
    assert (ended.json()["ended_on"], ended.json()["holds_today"]) == (
        "2026-11-23",
        False,
    )


@pytest.mark.parametrize(
    "change", [{"post": "system"}, {"until_day": "2026-01-01"}, {"department": None}]
)
def test_what_is_no_appointment_is_refused(
    college: College, change: dict[str, object]
) -> None:
    said = {
        "person": "feng",
        "name": "冯拟稿",
        "post": "reviewer",
        "from_day": "2026-11-01",
        "until_day": "2027-10-31",
        "ground": "9号",
        "department": "宣传部",
        **change,
    }
    answer = college.browser("security").post(_APPOINTMENTS, json=said)
    assert answer.status_code in {409, 422}, answer.text


def test_a_lost_second_factor_is_taken_away(college: College) -> None:
    college.browser("li")
    path = f"{_ACCOUNTS}/li/second-factor"
    assert college.browser("system").delete(path).status_code == 403
    assert not college.browser("security").delete(path).json()["second_factor"]
    assert college.browser("li").get("/api/v1/session").status_code == 401
