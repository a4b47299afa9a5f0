"""Sites by themselves: what is taken, and what each event makes of one."""

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review import clock
from review.access.callbacks import callback, forbid_other_places
from review.access.events import SiteChanged
from review.access.site_keys import new_key, presented
from review.access.sites import Site, SiteKey, sites_after, sound
from review.access.webhook_signatures import signature
from review.case.people import By
from review.errors import IncompleteError, RefusedError

AT = datetime(2026, 11, 23, 9, 0, tzinfo=clock.CHINA)
BY = By("system", "周系统", "system_admin")
WANTED = Site(
    id="site-news",
    name="云山新闻网",
    channels=("website",),
    departments=("宣传部",),
    networks=("10.1.2.0/24",),
    callback_hosts=("cms.example.edu.cn", "cms.example.edu.cn:8443"),
)


def event(change: Any, **fields: Any) -> SiteChanged:
    said: dict[str, Any] = {
        "at": AT,
        "by": BY,
        "site": WANTED.id,
        "name": WANTED.name,
        "change": change,
        "channels": WANTED.channels,
        "departments": WANTED.departments,
        "networks": WANTED.networks,
        "callback_hosts": WANTED.callback_hosts,
    }
    return SiteChanged(**{**said, **fields})


def after(*happened: SiteChanged) -> Site:
    return sites_after(happened)[WANTED.id]


def test_a_registration_is_taken_in_one_spelling() -> None:
    loose = replace(
        WANTED,
        name="  云山新闻网 ",
        networks=(" 10.1.2.0/24", "10.1.2.0/24", "::1"),
        callback_hosts=("CMS.example.edu.cn",),
    )
    made = sound(loose)
    assert made.name == "云山新闻网"
    assert made.networks == ("10.1.2.0/24", "::1/128")
    assert made.callback_hosts == ("cms.example.edu.cn",)


@pytest.mark.parametrize(
    "name",
    ["news", "site-", "site-News", "site-a_b", "site-" + "a" * 41, "site--a-", "zhang"],
)
def test_other_ids_are_refused(name: str) -> None:
    with pytest.raises(RefusedError):
        sound(replace(WANTED, id=name))


@pytest.mark.parametrize(
    "missing",
    [{"name": " "}, {"channels": ()}, {"departments": (" ",)}, {"networks": ()}],
)
def test_what_is_missing_is_named(missing: dict[str, Any]) -> None:
    with pytest.raises(IncompleteError):
        sound(replace(WANTED, **missing))


@pytest.mark.parametrize(
    "wrong",
    [
        {"networks": ("10.1.2.3/24",)},
        {"networks": ("everywhere",)},
        {"callback_hosts": ("https://cms.example.edu.cn",)},
        {"callback_hosts": ("cms.example.edu.cn/hooks",)},
        {"callback_hosts": ("user@cms.example.edu.cn",)},
        {"name": "长" * 61},
    ],
)
def test_what_is_badly_written_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(RefusedError):
        sound(replace(WANTED, **wrong))


@pytest.mark.parametrize(
    ("address", "is_home"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("10.1.3.3", False),
        ("::1", False),
        ("testclient", False),
        ("", False),
    ],
)
def test_where_a_site_is_at_home(address: str, is_home: bool) -> None:  # noqa: FBT001 - a column of the table
    assert WANTED.is_at_home(address) is is_home


def test_keys_come_and_go_with_events() -> None:
    begun = event("registered")
    given = event("key_issued", key="a1", key_digest="d" * 64)
    assert after(begun, given).key("a1") == SiteKey(
        id="a1", digest="d" * 64, issued_at=AT
    )
    later = event("key_revoked", key="a1", at=AT + timedelta(days=1))
    assert after(begun, given, later).key("a1") is None
    assert after(begun, given, event("closed")).key("a1") is None
    changed = after(begun, given, event("changed", name="官网"))
    assert (changed.name, changed.key("a1") is not None) == ("官网", True)
    assert after(begun, event("key_issued", key="webhook")).keys == ()


def test_a_key_is_known_by_its_digest_alone() -> None:
    key = new_key()
    kept = SiteKey(id=key.id, digest=key.digest, issued_at=AT)
    again = presented(key.text)
    assert again is not None
    assert again.opens(kept)
    assert key.text not in repr(key)
    other = presented(f"xs_{key.id}_{'0' * 64}")
    assert other is not None
    assert not other.opens(kept)


@given(st.text())
def test_nothing_else_is_taken_for_a_key(text: str) -> None:
    assert presented(text) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://cms.example.edu.cn/hooks?a=1",
        "https://cms.example.edu.cn:8443/",
        "https://CMS.example.edu.cn",
    ],
)
def test_a_listed_host_may_be_told(url: str) -> None:
    assert forbid_other_places(WANTED, url).host == "cms.example.edu.cn"


@pytest.mark.parametrize(
    "url",
    [
        "https://cms.example.edu.cn:9000/",
        "http://cms.example.edu.cn/",
        "https://evil.example.com/",
        "https://cms.example.edu.cn.evil.example.com/",
        "https://cms.example.edu.cn@evil.example.com/",
        "https://evil.example.com/?cms.example.edu.cn",
        "https://cms.example.edu.cn#@evil.example.com/",
        "https://evil.example.com\\@cms.example.edu.cn/",
        "ftp://cms.example.edu.cn/",
        "https:///hooks",
        "https://cms.example.edu.cn:99999/",
        "//cms.example.edu.cn/",
        "https://cms.example.edu.cn/\r\nHost: evil",
        "https://cms。example.edu.cn/",
    ],
)
def test_other_places_may_not(url: str) -> None:
    with pytest.raises(RefusedError):
        forbid_other_places(WANTED, url)


@given(st.text(max_size=60))
def test_an_address_is_refused_or_taken_apart(text: str) -> None:
    try:
        found = callback(f"https://{text}")
    except RefusedError:
        return
    assert found.host
    assert found.target.startswith("/")


def test_a_signature_holds_body_and_moment() -> None:
    made = signature(b"{}", secret=b"s", timestamp=1_700_000_000)
    assert made.startswith("t=1700000000,v1=")
    assert made != signature(b"{ }", secret=b"s", timestamp=1_700_000_000)
    moved = signature(b"{}", secret=b"s", timestamp=1_700_000_001)
    assert made.partition(",")[2] != moved.partition(",")[2]
    assert made.endswith(_by_the_book())


def _by_the_book() -> str:
    """Return the same HMAC by RFC 2104, written out."""
    block = b"s".ljust(64, b"\0")
    inner = hashlib.sha256(bytes(one ^ 0x36 for one in block) + b"1700000000.{}")
    outer = bytes(one ^ 0x5C for one in block)
    return hashlib.sha256(outer + inner.digest()).hexdigest()
