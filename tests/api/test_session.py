"""Signing in over HTTP: the cookie, the token of the page, and what must come first."""

import base64

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from api.deps import COOKIE
from tests.api.college import ADDRESS, College
from tests.service.entrance import OTHER, PASSWORD, code_now, give, light_hashing

__all__ = ["light_hashing"]

_SESSION = "/api/v1/session"


def _enter(
    browser: TestClient, login: str, password: str = PASSWORD, code: str | None = None
) -> Response:
    """Sign in, and send the page's token along from then on, as a page does."""
    said = {"login": login, "password": password, "code": code}
    answer = browser.post(_SESSION, json=said)
    if answer.status_code == 201:
        browser.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return answer


def _code(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def _enrol(college: College, browser: TestClient) -> bytes:
    made = browser.post(f"{_SESSION}/second-factor")
    assert made.status_code == 201, made.text
    seed = base64.b32decode(made.json()["typed"])
    code = {"code": code_now(college.site, seed)}
    answer = browser.post(f"{_SESSION}/second-factor/confirmation", json=code)
    assert len(answer.json()["recovery_codes"]) == 10
    return seed


def test_a_person_comes_in_and_goes(college: College) -> None:
    give(college.site, "zhang")
    browser = college.nobody()
    answer = _enter(browser, "zhang")
    assert answer.status_code == 201
    told = answer.json()
    assert told["person"] == "zhang"
    assert [one["post_word"] for one in told["appointments"]] == ["部门初审员"]
    assert browser.get(_SESSION).json() == told
    assert browser.get("/api/v1/cases").status_code == 200
    assert browser.delete(_SESSION).status_code == 204
    assert COOKIE not in browser.cookies
    assert _code(browser.get(_SESSION)) == (401, "not_signed_in")


@pytest.mark.parametrize("base", [ADDRESS, "https://127.0.0.1:8000"])
def test_the_cookie_is_for_the_browser_alone(college: College, base: str) -> None:
    give(college.site, "zhang")
    browser = college.nobody()
    browser.base_url = base
    answer = _enter(browser, "zhang")
    flags = answer.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(flags)
    assert ("Secure" in flags) is base.startswith("https")
    assert not any(one.lower().startswith(("domain", "max-age")) for one in flags)
    assert browser.cookies[COOKIE] not in answer.text


def test_a_page_of_another_site_changes_nothing(college: College) -> None:
    give(college.site, "zhang")
    browser = college.nobody()
    _enter(browser, "zhang")
    for token in ("", "x", browser.cookies[COOKIE]):
        browser.headers["X-CSRF-Token"] = token
        assert _code(browser.delete(_SESSION)) == (403, "csrf")
    assert browser.get(_SESSION).status_code == 200


def test_wrong_ones_are_told_apart_by_nothing(college: College) -> None:
    give(college.site, "zhang")
    browser = college.nobody()
    answers = [_enter(browser, login, OTHER) for login in ("zhang", "nobody.there")]
    assert {_code(one) for one in answers} == {(401, "sign_in_refused")}
    assert answers[0].json() == answers[1].json()
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"login": "zhang"},
        {"login": "zhang", "password": ""},
        {"login": "zhang", "password": "Geheim+2026x" * 40},
        {"login": "zhang", "password": "Geheim+2026x", "remember": True},
    ],
)
def test_what_is_wrong_with_a_form_is_said_without_quoting_it(
    college: College, said: dict[str, object]
) -> None:
    answer = college.nobody().post(_SESSION, json=said)
    assert _code(answer) == (422, "invalid")
    assert "Geheim" not in answer.text


def test_who_signs_must_set_a_second_factor_up_first(college: College) -> None:
    give(college.site, "li")
    browser = college.nobody()
    assert _enter(browser, "li").json()["must_enrol"]
    refused = browser.get("/api/v1/cases")
    assert _code(refused) == (403, "second_factor_enrolment_needed")
    seed = _enrol(college, browser)
    assert browser.get("/api/v1/cases").status_code == 200
    assert _code(browser.post(f"{_SESSION}/second-factor"))[0] == 409

    college.site.clock.pass_by(minutes=1)
    again = college.nobody()
    assert _code(_enter(again, "li")) == (403, "second_factor_needed")
    assert _code(_enter(again, "li", code="000000")) == (422, "wrong_code")
    code = code_now(college.site, seed)
    assert _enter(again, "li", code=code).status_code == 201
    assert again.get("/api/v1/cases").status_code == 200


def test_a_password_that_was_given_is_changed_first(college: College) -> None:
    give(college.site, "zhang", must_change=True)
    browser = college.nobody()
    assert _enter(browser, "zhang").json()["must_change"]
    assert _code(browser.get("/api/v1/cases")) == (403, "password_change_needed")
    change = f"{_SESSION}/password"
    weak = browser.post(change, json={"current": PASSWORD, "new": "weak"})
    assert _code(weak) == (422, "weak_password")
    wrong = browser.post(change, json={"current": OTHER, "new": OTHER})
    assert _code(wrong) == (401, "sign_in_refused")
    done = browser.post(change, json={"current": PASSWORD, "new": OTHER})
    assert done.status_code == 204
    assert browser.get("/api/v1/cases").status_code == 200


def test_guessing_from_inside_ends(college: College) -> None:
    give(college.site, "zhang")
    browser = college.nobody()
    _enter(browser, "zhang")
    said = {"current": OTHER, "new": OTHER}
    for _ in range(5):
        browser.post(f"{_SESSION}/password", json=said)
    answer = browser.post(f"{_SESSION}/password", json=said)
    assert _code(answer) == (429, "account_locked")


def test_recovery_codes_are_made_anew(college: College) -> None:
    give(college.site, "li")
    browser = college.nobody()
    _enter(browser, "li")
    seed = _enrol(college, browser)
    college.site.clock.pass_by(minutes=1)
    code = {"code": code_now(college.site, seed)}
    answer = browser.post(f"{_SESSION}/second-factor/recovery-codes", json=code)
    (first, *_) = answer.json()["recovery_codes"]
    assert _enter(college.nobody(), "li", code=first).status_code == 201


def test_signing_out_everywhere_ends_all(college: College) -> None:
    give(college.site, "zhang")
    here, there = college.nobody(), college.nobody()
    for one in (here, there):
        _enter(one, "zhang")
    assert here.delete(f"{_SESSION}/everywhere").json() == {"ended": 2}
    for one in (here, there):
        assert one.get(_SESSION).status_code == 401
