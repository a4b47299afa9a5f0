"""One's own account: what must be done first, and what one sees of oneself."""

import base64
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from api.deps import COOKIE
from review.access.sessions import Session
from review.errors import NotSignedInError
from review.service.people import own_account, sign_in
from review.service.people.sign_in import Signed
from tests.api.college import College
from tests.pages.visible import codes_in, text_of
from tests.service.entrance import (
    OTHER,
    PASSWORD,
    code_now,
    enter,
    give,
    light_hashing,
    signed,
)
from tests.service.site import Site

__all__ = ["light_hashing"]

_HTML = {"Accept": "text/html"}
_SESSION = "/api/v1/session"


def _let_in(college: College, login: str) -> TestClient:
    browser = college.nobody()
    answer = browser.post(_SESSION, json={"login": login, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    browser.headers["X-CSRF-Token"] = answer.json()["csrf"]
    browser.headers.update(_HTML)
    return browser


def test_who_one_is_stands_there_in_words(college: College) -> None:
    give(college.site, "zhang", name='<b>甲&"', department="宣传部")
    page = _let_in(college, "zhang").get("/account")
    text = text_of(page)
    for word in (
        '<b>甲&"',
        "zhang",
        "宣传部",
        "部门初审员",
        "2026-01-01 至 2029-12-31",
    ):
        assert word in text
    for word in ("云职院〔2026〕3号", "没有绑定", "至少 10 个字符", "127.0.0.1"):
        assert word in text
    assert "<b>甲" not in page.text
    assert codes_in(text) == []
    assert page.headers["Cache-Control"] == "no-store"


def test_nobody_signs_in_first_and_comes_back(college: College) -> None:
    answer = college.nobody().get("/account", headers=_HTML, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=%2Faccount",
    )


def test_nothing_by_which_one_comes_in_stands_on_the_page(college: College) -> None:
    give(college.site, "zhang")
    page = _let_in(college, "zhang").get("/account").text
    for secret in ("argon2", "sealed", PASSWORD):
        assert secret not in page


def test_a_password_that_was_given_comes_first(college: College) -> None:
    give(college.site, "zhang", must_change=True)
    browser = _let_in(college, "zhang")
    away = browser.get("/", follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (303, "/account")
    text = text_of(browser.get("/account"))
    assert "先修改密码" in text
    assert "再绑定动态码" not in text
    assert "我的任命" not in text
    assert "工作台" not in text  # he can go nowhere yet
    said = {"current": PASSWORD, "new": OTHER}
    assert browser.post(f"{_SESSION}/password", json=said).status_code == 204
    assert browser.get("/", follow_redirects=False).status_code == 200
    assert "我的任命" in text_of(browser.get("/account"))


def test_who_signs_is_told_of_both_steps(college: College) -> None:
    give(college.site, "li", must_change=True)
    browser = _let_in(college, "li")
    assert "先修改密码，再绑定动态码" in text_of(browser.get("/account"))
    browser.post(f"{_SESSION}/password", json={"current": PASSWORD, "new": OTHER})
    text = text_of(browser.get("/account"))
    assert "先绑定动态码" in text
    assert "取二维码" in text
    assert "修改密码" not in text
    seed = base64.b32decode(browser.post(f"{_SESSION}/second-factor").json()["typed"])
    code = {"code": code_now(college.site, seed)}
    browser.post(f"{_SESSION}/second-factor/confirmation", json=code)
    assert "恢复码还剩 10 个" in text_of(browser.get("/account"))


def test_the_drawn_code_brings_no_style_that_the_page_would_refuse(
    college: College,
) -> None:
    give(college.site, "li")
    drawn = _let_in(college, "li").post(f"{_SESSION}/second-factor").json()["qr_svg"]
    assert drawn.startswith("<svg")
    for refused in ("style", "script", "href"):
        assert refused not in drawn


def test_who_comes_through_the_provider_gives_a_code(college: College) -> None:
    browser = college.browser("li")
    known = sign_in.who(college.site.desk, browser.cookies[COOKIE], address="10.0.0.1")
    with college.site.desk.store.writing() as work:
        work.accounts.end_session(known.session.id)
        work.accounts.open_session(_without_code(known))
    text = text_of(browser.get("/account", headers=_HTML))
    assert "还差一步：输入动态码" in text
    assert "修改密码" not in text


def _without_code(known: Signed) -> Session:
    return replace(known.session, second_factor=False, how="provider")


def test_somebody_without_a_password_here_is_told_where_it_is(
    college: College,
) -> None:
    text = text_of(college.browser("zhang").get("/account", headers=_HTML))
    assert "您用统一身份认证登录，在这里没有密码" in text


def test_ended_and_coming_appointments_are_told_apart(college: College) -> None:
    give(college.site, "zhang")
    college.site.clock.pass_by(days=4 * 365)
    text = text_of(_let_in(college, "zhang").get("/account"))
    assert "已期满" in text


def test_ones_own_account_shows_where_one_is_signed_in(site: Site) -> None:
    give(site, "zhang")
    first = signed(site, enter(site, "zhang"))
    site.clock.pass_by(minutes=10)
    second = signed(site, enter(site, "zhang"))
    own = own_account.own_account(site.desk, second)
    assert [one.id for one in own.sessions] == [first.session.id, second.session.id]
    assert own.account.signed_in_at == site.desk.now()
    assert own.recovery_left == 0
    # The first one was left alone for half an hour, and is no place any more.
    site.clock.pass_by(minutes=25)
    with site.desk.store.writing() as work:
        work.accounts.renew_session(
            second.session.id, at=site.desk.now(), address="10.0.0.1"
        )
    own = own_account.own_account(site.desk, second)
    assert [one.id for one in own.sessions] == [second.session.id]


def test_an_ended_session_shows_nothing(site: Site) -> None:
    give(site, "zhang")
    here = signed(site, enter(site, "zhang"))
    sign_in.sign_out_everywhere(site.desk, here)
    with pytest.raises(NotSignedInError):
        own_account.own_account(site.desk, here)
