"""A person's own password and second factor."""

from dataclasses import replace

import pytest

from review.access.events import AccountChanged, AccountLocked, SignInRefused
from review.errors import (
    AccountLockedError,
    NotSignedInError,
    RefusedError,
    SecondFactorNeededError,
    SignInRefusedError,
    VaultDamagedError,
    WeakPasswordError,
    WrongCodeError,
)
from review.service.people import own_account, sign_in
from review.service.people.entrance_upkeep import rewrap_secrets
from review.service.people.sign_in import Signed
from review.vault.keys import new_key, ring_of
from review.vault.secrets import SealedSecrets
from tests.service.entrance import (
    HERE,
    OTHER,
    PASSWORD,
    account_of,
    code_now,
    come_in,
    enrol,
    enter,
    give,
    light_hashing,
    on_record,
    signed,
)
from tests.service.site import Secrets, Site

__all__ = ["light_hashing"]


def _change(
    site: Site, asker: Signed, *, current: str = PASSWORD, new: str = OTHER
) -> None:
    own_account.change_password(
        site.desk, asker, current=current, new=new, address=HERE
    )


def test_another_password_ends_every_other_session(site: Site) -> None:
    give(site, "zhang", must_change=True)
    elsewhere, here = enter(site, "zhang"), enter(site, "zhang")
    assert signed(site, here).must_change
    _change(site, signed(site, here))

    assert not signed(site, here).must_change
    with pytest.raises(NotSignedInError):
        signed(site, elsewhere)
    with pytest.raises(SignInRefusedError):
        enter(site, "zhang", PASSWORD)
    enter(site, "zhang", OTHER)
    (event,) = on_record(site, AccountChanged)
    assert (event.account, event.change, event.by.id) == (
        "zhang",
        "password_set",
        "zhang",
    )


def test_a_password_must_keep_the_rule_and_be_new(site: Site) -> None:
    give(site, "zhang")
    asker = come_in(site, "zhang")
    for new in ("short", "Zhang+2026xyz", PASSWORD):
        with pytest.raises(WeakPasswordError):
            _change(site, asker, new=new)
    _change(site, asker, new=OTHER)
    with pytest.raises(WeakPasswordError, match="最近 5 次"):
        _change(site, asker, current=OTHER, new=PASSWORD)


def test_guessing_the_present_password_from_inside_is_locked_out(site: Site) -> None:
    give(site, "zhang")
    asker = come_in(site, "zhang")
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            _change(site, asker, current="wrong")
    with pytest.raises(AccountLockedError, match="09:01"):
        _change(site, asker)
    # Not even whether it is right is told, by what is said of the new one.
    with pytest.raises(AccountLockedError):
        _change(site, asker, new="short")
    assert len(on_record(site, AccountLocked)) == 1
    assert on_record(site, SignInRefused)[0].code == "wrong_password"


def test_whose_session_ended_changes_nothing(site: Site) -> None:
    give(site, "zhang")
    asker = come_in(site, "zhang")
    sign_in.sign_out_everywhere(site.desk, asker)
    with pytest.raises(NotSignedInError):
        _change(site, asker)
    with pytest.raises(NotSignedInError):
        own_account.begin_second_factor(site.desk, asker)


def test_who_has_no_password_here_cannot_change_it(site: Site) -> None:
    give(site, "zhang")
    asker = come_in(site, "zhang")
    with site.desk.store.writing() as work:
        work.accounts.save(replace(account_of(site, "zhang"), password_hash=None))
    with pytest.raises(RefusedError, match="统一身份认证"):
        _change(site, asker)


def test_a_second_factor_counts_once_it_is_confirmed(site: Site) -> None:
    give(site, "li")
    elsewhere, here = enter(site, "li"), enter(site, "li")
    asker = signed(site, here)
    with pytest.raises(RefusedError, match="二维码"):
        own_account.confirm_second_factor(site.desk, asker, "123456")
    own_account.begin_second_factor(site.desk, asker)
    with pytest.raises(WrongCodeError):
        own_account.confirm_second_factor(site.desk, asker, "000000")
    assert account_of(site, "li").second_factor is None
    _, codes = enrol(site, asker)

    assert len(codes) == 10
    ready = signed(site, here)
    sign_in.require_ready(ready)
    with pytest.raises(NotSignedInError):
        signed(site, elsewhere)
    assert [one.change for one in on_record(site, AccountChanged)] == [
        "second_factor_set"
    ]
    with pytest.raises(RefusedError, match="已经绑定"):
        own_account.begin_second_factor(site.desk, ready)


def test_the_confirming_code_does_not_let_in_afterwards(site: Site) -> None:
    give(site, "li")
    seed, _ = enrol(site, come_in(site, "li"))
    with pytest.raises(WrongCodeError):
        enter(site, "li", code=code_now(site, seed))


def test_seeds_and_recovery_codes_are_stored_sealed(site: Site) -> None:
    give(site, "li")
    seed, codes = enrol(site, come_in(site, "li"))
    factor = account_of(site, "li").second_factor
    assert factor is not None
    assert seed not in factor.sealed
    assert not any(one.replace("-", "") in str(factor.recovery) for one in codes)
    # Bound to the account: copied to another row it opens nothing.
    with pytest.raises(VaultDamagedError):
        site.desk.secrets.open(factor.sealed, purpose="account:qian:totp")


def test_a_session_without_the_second_factor_proves_it_first(site: Site) -> None:
    give(site, "li")
    first = enter(site, "li")
    seed, _ = enrol(site, signed(site, first))
    with site.desk.store.writing() as work:
        # As one that came through the provider.
        session = signed(site, first).session
        work.accounts.end_session(session.id)
        work.accounts.open_session(
            replace(session, second_factor=False, how="provider")
        )
    asker = signed(site, first)
    assert asker.must_prove
    for forbidden in (
        lambda: sign_in.require_ready(asker),
        lambda: _change(site, asker),
        lambda: own_account.renew_recovery_codes(site.desk, asker, "1", address=HERE),
    ):
        with pytest.raises(SecondFactorNeededError):
            forbidden()
    with pytest.raises(WrongCodeError):
        own_account.prove_second_factor(site.desk, asker, "000000", address=HERE)
    assert account_of(site, "li").failures == 1
    site.clock.pass_by(minutes=1)
    own_account.prove_second_factor(
        site.desk, asker, code_now(site, seed), address=HERE
    )
    sign_in.require_ready(signed(site, first))
    assert account_of(site, "li").failures == 0


def test_guessing_codes_from_inside_is_locked_out(site: Site) -> None:
    give(site, "li")
    entered = enter(site, "li")
    seed, _ = enrol(site, signed(site, entered))
    asker = signed(site, entered)
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            own_account.prove_second_factor(site.desk, asker, "000000", address=HERE)
    site.clock.pass_by(minutes=0)
    code = code_now(site, seed, steps=1)
    with pytest.raises(AccountLockedError):
        own_account.prove_second_factor(site.desk, asker, code, address=HERE)


def test_new_recovery_codes_end_the_old_ones(site: Site) -> None:
    give(site, "li")
    entered = enter(site, "li")
    seed, old = enrol(site, signed(site, entered))
    site.clock.pass_by(minutes=1)
    asker = signed(site, entered)
    with pytest.raises(WrongCodeError):
        own_account.renew_recovery_codes(site.desk, asker, "000000", address=HERE)
    new = own_account.renew_recovery_codes(
        site.desk, asker, code_now(site, seed), address=HERE
    )
    assert not set(old) & set(new)
    with pytest.raises(WrongCodeError):
        enter(site, "li", code=old[0])
    enter(site, "li", code=new[0])


def test_seeds_follow_a_new_key_of_the_vault(site: Site, secrets: Secrets) -> None:
    give(site, "li")
    give(site, "qian")
    give(site, "zhang")
    seed, _ = enrol(site, come_in(site, "li"))
    own_account.begin_second_factor(site.desk, come_in(site, "qian"))
    newer = new_key()
    both = SealedSecrets(ring_of(secrets.vault, newer))
    site.desk = replace(site.desk, secrets=both)

    assert rewrap_secrets(site.desk) == 2
    assert rewrap_secrets(site.desk) == 0
    site.desk = replace(site.desk, secrets=SealedSecrets(ring_of(newer)))
    site.clock.pass_by(minutes=1)
    enter(site, "li", code=code_now(site, seed))
    pending = account_of(site, "qian").pending_seed
    assert pending is not None
    site.desk.secrets.open(pending, purpose="account:qian:totp")
