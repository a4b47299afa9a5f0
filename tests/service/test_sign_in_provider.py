"""Whom the office's own provider vouches for: an account that exists, and no other."""

from dataclasses import replace
from typing import Any

import pytest

from review.access.entrance import Entrance, Provider
from review.access.events import AccountChanged, SignedIn, SignInRefused
from review.errors import SignInRefusedError
from review.service.people import accounts
from review.service.people.sign_in import Entered
from review.service.people.sign_in_provider import sign_in_with_identity
from tests.service.entrance import (
    HERE,
    account_of,
    come_in,
    enrol,
    give,
    light_hashing,
    on_record,
    signed,
)
from tests.service.site import Site, on_both

__all__ = ["light_hashing"]

ISSUER = "https://id.example.edu.cn"
CLAIM = "preferred_username"


def _with_provider(site: Site, **fields: Any) -> None:
    provider = Provider(**{"issuer": ISSUER, "login_claim": CLAIM, **fields})
    site.desk = replace(site.desk, entrance=Entrance(provider=provider))


def _come(
    site: Site, subject: str = "0001", *, issuer: str = ISSUER, **claims: object
) -> Entered:
    return sign_in_with_identity(site.desk, issuer, subject, claims, address=HERE)


def _refused(site: Site, *args: str, **claims: Any) -> None:
    with pytest.raises(SignInRefusedError):
        _come(site, *args, **claims)
    assert on_record(site, SignInRefused)[-1].account is None


@on_both
def test_a_claim_links_the_account_of_that_login_name_once(site: Site) -> None:
    _with_provider(site)
    give(site, "zhang", password_hash=None)
    entered = _come(site, preferred_username=" Zhang ")
    assert signed(site, entered).person == "zhang"
    assert account_of(site, "zhang").subject == f"{ISSUER} 0001"
    (event,) = on_record(site, AccountChanged)
    assert (event.account, event.change, event.by.id) == (
        "zhang",
        "identity_linked",
        "zhang",
    )
    # From now on the provider's own name for him counts, whatever he is called.
    assert _come(site, preferred_username="renamed").account.id == "zhang"
    assert {one.how for one in on_record(site, SignedIn)} == {"provider"}


def test_a_login_name_given_to_somebody_else_there_does_not_let_him_in(
    site: Site,
) -> None:
    _with_provider(site)
    give(site, "zhang")
    _come(site, "0001", preferred_username="zhang")
    _refused(site, "0002", preferred_username="zhang")


def test_no_account_is_ever_made(site: Site) -> None:
    _with_provider(site)
    _refused(site, preferred_username="zhang")
    assert accounts.page(site.desk, person="system") == ()


@pytest.mark.parametrize(
    "claimed", [None, 7, ["zhang"], "", "zhang\0", "张示例", "x" * 5000, {}]
)
def test_a_claim_that_is_no_login_name_links_nobody(site: Site, claimed: Any) -> None:
    _with_provider(site)
    give(site, "zhang")
    _refused(site, preferred_username=claimed)


@pytest.mark.parametrize("subject", ["", "x" * 600, "a\0b", "a\nb"])
def test_a_subject_that_cannot_be_kept_links_nobody(site: Site, subject: str) -> None:
    _with_provider(site)
    give(site, "zhang")
    _refused(site, subject, preferred_username="zhang")


def test_without_a_claim_an_account_is_linked_by_hand(site: Site) -> None:
    _with_provider(site, login_claim=None)
    give(site, "zhang")
    _refused(site, preferred_username="zhang")
    accounts.link_identity(site.desk, "zhang", "0001", person="system")
    assert _come(site).account.id == "zhang"


def test_another_providers_word_counts_nothing(site: Site) -> None:
    give(site, "zhang")
    _refused(site, preferred_username="zhang")
    _with_provider(site)
    _come(site, preferred_username="zhang")
    _refused(site, issuer="https://evil.example.org", preferred_username="zhang")


def test_a_closed_account_lets_nobody_in_by_the_provider_either(site: Site) -> None:
    _with_provider(site)
    give(site, "zhang")
    _come(site, preferred_username="zhang")
    accounts.disable(site.desk, "zhang", person="system")
    _refused(site)
    give(site, "zhao", disabled=True)
    _refused(site, "0003", preferred_username="zhao")
    assert account_of(site, "zhao").subject is None


def test_a_signer_still_gives_his_second_factor(site: Site) -> None:
    _with_provider(site)
    give(site, "li")
    give(site, "qian")
    enrol(site, come_in(site, "li"))
    asker = signed(site, _come(site, preferred_username="li", amr=["pwd", "mfa"]))
    assert (asker.must_prove, asker.must_enrol) == (True, False)
    other = signed(site, _come(site, "2", preferred_username="qian", amr=["mfa"]))
    assert (other.must_prove, other.must_enrol) == (False, True)


def test_the_providers_second_factor_counts_where_the_operator_says_so(
    site: Site,
) -> None:
    _with_provider(site, its_second_factor_counts=True)
    give(site, "li")
    give(site, "qian")
    enrol(site, come_in(site, "li"))
    for subject, login in (("1", "li"), ("2", "qian")):
        strong = _come(site, subject, preferred_username=login, amr=["pwd", "mfa"])
        asker = signed(site, strong)
        assert not asker.must_prove
        assert not asker.must_enrol
        for said in (["pwd"], "mfa", None, {"mfa": 1}):
            weak = signed(site, _come(site, subject, amr=said))
            assert weak.must_prove or weak.must_enrol


def test_a_password_that_is_due_does_not_matter_to_who_came_without(
    site: Site,
) -> None:
    _with_provider(site)
    give(site, "zhang", must_change=True)
    assert not signed(site, _come(site, preferred_username="zhang")).must_change
