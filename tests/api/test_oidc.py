"""Signing in through a provider that runs as a process of its own, over real sockets."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import httpx2
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from api import oidc
from api.deps import COOKIE
from review.access.entrance import Entrance, Provider
from review.bootstrap import Installation
from review.errors import ProviderError
from review.settings import Settings
from tests.api.college import College, enter
from tests.api.provider import SECRET
from tests.service.entrance import give, light_hashing
from tests.service.site import MONDAY, Site

__all__ = ["light_hashing"]

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

_START = "/api/v1/session/oidc/start"
_CALLBACK = "/api/v1/session/oidc/callback"

Opening: TypeAlias = Callable[..., College]


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Start the provider; return its address."""
    at = str(int(MONDAY.timestamp()))
    path = Path(__file__).with_name("provider.py")
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, path, at], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait()
    process.stdout.close()


@pytest.fixture
def opened(
    site: Site, installation: Installation, tmp_path: Path, issuer: str
) -> Iterator[Opening]:
    """Return what opens the college's door with a provider."""

    def opening(**chosen: Any) -> College:
        settings = Settings(
            data_dir=tmp_path / "data",
            **{
                "oidc_issuer": issuer,
                "oidc_client_id": "xianshen",
                "oidc_client_secret": SecretStr(SECRET),
                **chosen,
            },
        )
        provider = Provider(
            issuer=str(settings.oidc_issuer),
            login_claim="preferred_username",
            its_second_factor_counts=settings.oidc_second_factor_counts,
        )
        site.desk = replace(site.desk, entrance=Entrance(provider=provider))
        joined = replace(installation, desk=site.desk)
        return going.enter_context(enter(site, joined, settings))

    with ExitStack() as going:
        yield opening


def _leave(browser: TestClient) -> str:
    """Go to the provider; return the address that it was sent to."""
    answer = browser.get(_START, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def _there(address: str, who: str) -> dict[str, str]:
    """Sign in at the provider; return what it sends the browser back with."""
    answer = httpx2.get(f"{address}&who={who}", trust_env=False)
    assert answer.status_code == 302, answer.text
    back = httpx2.URL(answer.headers["Location"])
    assert str(back).startswith(f"http://127.0.0.1:8000{_CALLBACK}?")
    return dict(back.params)


def _come(college: College, who: str) -> tuple[TestClient, httpx2.Response]:
    browser = college.nobody()
    back = _there(_leave(browser), who)
    return browser, browser.get(_CALLBACK, params=back)


def test_a_person_comes_in_through_the_provider(site: Site, opened: Opening) -> None:
    give(site, "zhang")
    browser, answer = _come(opened(), "zhang-0001")
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0;url=/">' in answer.text
    (ours,) = (
        one for one in answer.headers.get_list("Set-Cookie") if one.startswith(COOKIE)
    )
    for flag in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert flag in ours
    # What was sealed for the way there is gone.
    assert oidc.COOKIE not in browser.cookies
    me = browser.get("/api/v1/session").json()
    assert (me["person"], me["must_prove"], me["must_enrol"]) == ("zhang", False, False)


def test_a_public_client_needs_no_secret(site: Site, opened: Opening) -> None:
    give(site, "zhang")
    college = opened(oidc_client_id="public", oidc_client_secret=None)
    assert _come(college, "zhang-0001")[1].status_code == 200


def test_a_wrong_secret_lets_nobody_in(site: Site, opened: Opening) -> None:
    give(site, "zhang")
    _, answer = _come(opened(oidc_client_secret=SecretStr("wrong")), "zhang-0001")
    assert (answer.status_code, answer.json()["code"]) == (503, "provider")


def test_who_has_no_account_stays_outside(opened: Opening) -> None:
    browser, answer = _come(opened(), "nobody-0001")
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")
    assert COOKIE not in browser.cookies


@pytest.mark.parametrize("counts", [True, False])
def test_a_signed_word_of_a_second_factor_counts_where_it_may(
    site: Site, opened: Opening, *, counts: bool
) -> None:
    give(site, "li")
    college = opened(oidc_second_factor_counts=counts)
    strong, _ = _come(college, "li-mfa")
    assert strong.get("/api/v1/session").json()["must_enrol"] is not counts
    with site.desk.store.writing() as work:
        account = work.accounts.find("li")
        assert account is not None
        work.accounts.save(replace(account, subject=None))
    # The other endpoint says mfa too, unsigned.
    weak, _ = _come(college, "li-unsaid")
    assert weak.get("/api/v1/session").json()["must_enrol"]


@pytest.mark.parametrize(
    "how",
    [
        "nonce",
        "no-nonce",
        "audience",
        "party",
        "parties",
        "issuer",
        "expired",
        "future",
        "no-exp",
        "no-sub",
        "key",
        "hmac",
        "none",
        "token",
        "userinfo",
    ],
)
def test_a_token_that_proves_nothing_lets_nobody_in(
    site: Site, opened: Opening, how: str
) -> None:
    give(site, "bad")
    browser, answer = _come(opened(), f"bad-{how}")
    assert (answer.status_code, answer.json()["code"]) == (503, "provider")
    assert COOKIE not in browser.cookies


def test_the_same_subject_unspoilt_would_come_in(site: Site, opened: Opening) -> None:
    give(site, "bad")
    assert _come(opened(), "bad-nothing")[1].status_code == 200


def test_only_the_browser_that_left_comes_back(site: Site, opened: Opening) -> None:
    give(site, "zhang")
    college = opened()
    back = _there(_leave(college.nobody()), "zhang-0001")
    other = college.nobody()
    _leave(other)
    for browser in (college.nobody(), other):
        answer = browser.get(_CALLBACK, params=back)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")


def test_a_code_is_used_once(site: Site, opened: Opening) -> None:
    give(site, "zhang")
    browser = opened().nobody()
    back = _there(_leave(browser), "zhang-0001")
    kept = browser.cookies[oidc.COOKIE]
    assert browser.get(_CALLBACK, params=back).status_code == 200
    browser.cookies.set(oidc.COOKIE, kept, path=oidc.PATH)
    answer = browser.get(_CALLBACK, params=back)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider")


def test_the_way_there_and_back_takes_ten_minutes_at_most(
    site: Site, opened: Opening
) -> None:
    give(site, "zhang")
    browser = opened().nobody()
    back = _there(_leave(browser), "zhang-0001")
    site.clock.pass_by(minutes=10)
    assert browser.get(_CALLBACK, params=back).json()["code"] == "sign_in_refused"


@pytest.mark.parametrize("cookie", ["", "x", "%%%", "WFNWMQ", "A" * 200])
def test_a_forged_cookie_comes_from_nowhere(
    site: Site, opened: Opening, cookie: str
) -> None:
    give(site, "zhang")
    browser = opened().nobody()
    back = _there(_leave(browser), "zhang-0001")
    browser.cookies.clear()
    browser.cookies.set(oidc.COOKIE, cookie)
    assert browser.get(_CALLBACK, params=back).json()["code"] == "sign_in_refused"


def test_the_state_must_be_the_same(site: Site, opened: Opening) -> None:
    give(site, "zhang")
    browser = opened().nobody()
    back = _there(_leave(browser), "zhang-0001")
    for state in ("", "x", "é"):
        answer = browser.get(_CALLBACK, params={**back, "state": state})
        assert answer.json()["code"] == "sign_in_refused"


def test_what_the_provider_refuses_is_said(opened: Opening) -> None:
    browser = opened().nobody()
    _leave(browser)
    for params in ({"error": "access_denied"}, {}):
        answer = browser.get(_CALLBACK, params=params)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_refused")


def test_the_way_there_asks_for_pkce_and_carries_nothing_secret(
    opened: Opening,
) -> None:
    browser = opened().nobody()
    asked = httpx2.URL(_leave(browser)).params
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    assert asked["redirect_uri"] == f"http://127.0.0.1:8000{_CALLBACK}"
    cookie = browser.cookies[oidc.COOKIE]
    assert asked["state"] not in cookie
    assert SECRET not in str(asked)


@pytest.mark.parametrize(
    "path", ["moved", "huge", "text", "list", "other", "empty", "missing"]
)
def test_a_provider_that_describes_itself_wrongly_is_not_gone_to(
    opened: Opening, issuer: str, path: str
) -> None:
    browser = opened(oidc_issuer=f"{issuer}/{path}").nobody()
    answer = browser.get(_START, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider")


def test_no_address_inside_is_asked_without_tls(site: Site, issuer: str) -> None:
    client = oidc.Client(
        issuer=f"{issuer}/inside", client_id="x", secret=None, callback="http://x"
    )
    at = site.desk.now()
    address, cookie = oidc.leave(client, site.desk.secrets, at=at)
    state = httpx2.URL(address).params["state"]
    with pytest.raises(ProviderError, match="https"):
        oidc.come_back(
            client, site.desk.secrets, cookie=cookie, state=state, code="1", at=at
        )


def test_a_provider_that_is_down_is_said(opened: Opening) -> None:
    browser = opened(oidc_issuer="http://127.0.0.1:9").nobody()
    answer = browser.get(_START, follow_redirects=False)
    assert (answer.status_code, answer.json()["code"]) == (503, "provider")


def test_the_sign_in_page_is_told_of_the_provider(
    college: College, opened: Opening
) -> None:
    ways = "/api/v1/session/ways"
    assert college.nobody().get(ways).json()["provider"] is None
    assert college.nobody().get(_START).status_code == 404
    assert opened(oidc_name="云山统一认证").nobody().get(ways).json() == {
        "office": "云山职业学院",
        "provider": {"name": "云山统一认证", "address": _START},
    }
