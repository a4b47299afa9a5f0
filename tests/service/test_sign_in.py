"""Who comes in by password and second factor, who does not, and what stands on record."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from review.access import passwords
from review.access.entrance import Entrance
from review.access.events import AccountLocked, SignedIn, SignInRefused
from review.errors import (
    EntryError,
    NotSignedInError,
    PasswordChangeNeededError,
    SecondFactorEnrolmentNeededError,
    SecondFactorNeededError,
    SignInRefusedError,
    WrongCodeError,
)
from review.service.people import appointments as people
from review.service.people import entrance_upkeep, own_account, sign_in
from tests.service.entrance import (
    HERE,
    OTHER,
    PASSWORD,
    account_of,
    code_now,
    come_in,
    enrol,
    enter,
    forget_hasher,
    give,
    light_hashing,
    on_record,
    signed,
)
from tests.service.site import Site, appointment, on_both

__all__ = ["light_hashing"]

WRONG = "wrong"


def _refused(
    site: Site, login: str, password: str = WRONG, code: str | None = None
) -> EntryError:
    with pytest.raises(EntryError) as refusal:
        enter(site, login, password, code)
    return refusal.value


@on_both
def test_a_reviewer_comes_in_by_password(site: Site) -> None:
    give(site, "zhang")
    entered = enter(site, " ZHANG ")
    asker = signed(site, entered)

    assert (asker.person, asker.csrf) == ("zhang", entered.csrf)
    assert [one.post for one in asker.appointments] == ["reviewer"]
    sign_in.require_ready(asker)
    (event,) = on_record(site, SignedIn)
    assert (event.account, event.how, event.address) == ("zhang", "password", HERE)
    assert (event.by.id, event.by.post) == ("zhang", "reviewer")


def test_neither_password_nor_token_is_stored_or_shown(site: Site) -> None:
    give(site, "zhang")
    entered = enter(site, "zhang")
    _refused(site, "zhang", "Wrong+2026xy")
    site.engine.dispose()
    stored = Path(str(site.engine.url.database)).read_bytes()
    assert b"zhang" in stored
    for secret in (PASSWORD, entered.token, "Wrong+2026xy"):
        assert secret.encode() not in stored
        assert secret not in repr(entered)


def test_an_appointed_person_without_account_does_not_come_in(site: Site) -> None:
    assert isinstance(_refused(site, "zhang", PASSWORD), SignInRefusedError)


def test_whoever_is_appointed_to_nothing_comes_in_and_has_no_post(site: Site) -> None:
    give(site, "visitor")
    asker = come_in(site, "visitor")
    assert asker.appointments == ()
    (event,) = on_record(site, SignedIn)
    assert event.by.post == "nobody"


def test_no_refusal_tells_whether_the_name_exists(site: Site) -> None:
    give(site, "zhang")
    give(site, "closed", disabled=True)
    give(site, "locked", locked_until=site.desk.now() + timedelta(hours=1))
    give(site, "outside", password_hash=None)
    said = {
        (type(refusal), refusal.code, refusal.message)
        for refusal in (
            _refused(site, "zhang"),
            _refused(site, "nobody.there"),
            _refused(site, "没有这个人 \0"),
            _refused(site, ""),
            _refused(site, "closed", PASSWORD),
            _refused(site, "locked", PASSWORD),
            _refused(site, "locked"),
            _refused(site, "outside", ""),
        )
    }
    assert len(said) == 1


def test_what_was_typed_as_a_name_is_not_on_record(site: Site) -> None:
    secret = "Typed-into-the-wrong-field1"  # noqa: S105 - invented
    _refused(site, secret, "x")
    (event,) = on_record(site, SignInRefused)
    assert (event.account, event.code) == (None, "unknown_account")
    with site.desk.store.reading() as records:
        every = [one.statement for one in records.entries()]
    assert not any(secret.lower() in one.lower() for one in every)


def test_a_flood_of_refusals_fills_no_ledger_and_is_counted(site: Site) -> None:
    give(site, "zhang")
    for _ in range(3):
        _refused(site, "nobody.there")
        _refused(site, "zhang")
    known = on_record(site, SignInRefused)
    assert [(one.account, one.unsealed) for one in known] == [(None, 0), ("zhang", 0)]

    site.clock.pass_by(minutes=1)
    _refused(site, "nobody.there")
    later = on_record(site, SignInRefused)[2:]
    assert [(one.account, one.unsealed) for one in later] == [(None, 2)]

    site.clock.pass_by(hours=2)
    entrance_upkeep.tidy_entrance(site.desk)
    tidied = on_record(site, SignInRefused)[3:]
    assert [(one.account, one.code, one.unsealed) for one in tidied] == [
        ("zhang", "repeated", 2)
    ]
    entrance_upkeep.tidy_entrance(site.desk)
    assert len(on_record(site, SignInRefused)) == 4


def test_guessing_is_locked_out_longer_and_longer(site: Site) -> None:
    give(site, "zhang")
    for _ in range(4):
        _refused(site, "zhang")
    assert on_record(site, AccountLocked) == ()
    _refused(site, "zhang")
    for _ in range(9):
        # Meanwhile even the right one does not help, and costs nothing more.
        _refused(site, "zhang", PASSWORD)
    assert account_of(site, "zhang").failures == 5
    site.clock.pass_by(minutes=1)
    _refused(site, "zhang")
    site.clock.pass_by(minutes=1)
    _refused(site, "zhang", PASSWORD)
    site.clock.pass_by(minutes=1)
    enter(site, "zhang")
    locks = on_record(site, AccountLocked)
    assert [one.failures for one in locks] == [5, 6]
    assert [(one.until - one.at) / timedelta(minutes=1) for one in locks] == [1, 2]
    assert account_of(site, "zhang").failures == 0


def test_whoever_signs_first_sets_a_second_factor_up(site: Site) -> None:
    give(site, "li")
    asker = come_in(site, "li")
    assert asker.must_enrol
    with pytest.raises(SecondFactorEnrolmentNeededError):
        sign_in.require_ready(asker)
    seed, _ = enrol(site, asker)

    again = sign_in.who(site.desk, _token(site, "li", seed), address=HERE)
    sign_in.require_ready(again)


def _token(site: Site, login: str, seed: bytes) -> str:
    site.clock.pass_by(minutes=1)
    return enter(site, login, code=code_now(site, seed)).token


def test_with_a_second_factor_a_password_is_not_enough(site: Site) -> None:
    give(site, "li")
    seed, _ = enrol(site, come_in(site, "li"))
    site.clock.pass_by(minutes=1)
    with pytest.raises(SecondFactorNeededError):
        enter(site, "li")
    assert account_of(site, "li").failures == 0
    with pytest.raises(SignInRefusedError):
        enter(site, "li", "wrong", code_now(site, seed))
    with pytest.raises(WrongCodeError):
        enter(site, "li", code="000000")
    assert account_of(site, "li").failures == 2
    entered = enter(site, "li", code=code_now(site, seed))
    assert signed(site, entered).session.second_factor
    assert on_record(site, SignedIn)[-1].how == "second_factor"
    assert account_of(site, "li").failures == 0


def test_a_code_lets_in_once(site: Site) -> None:
    give(site, "li")
    seed, _ = enrol(site, come_in(site, "li"))
    site.clock.pass_by(minutes=1)
    code = code_now(site, seed)
    enter(site, "li", code=code)
    with pytest.raises(WrongCodeError):
        enter(site, "li", code=code)
    # Nor does an earlier one that was never used.
    with pytest.raises(WrongCodeError):
        enter(site, "li", code=code_now(site, seed, steps=-1))
    enter(site, "li", code=code_now(site, seed, steps=1))


def test_guessing_codes_is_locked_out_too(site: Site) -> None:
    give(site, "li")
    seed, _ = enrol(site, come_in(site, "li"))
    site.clock.pass_by(minutes=1)
    for _ in range(5):
        with pytest.raises(WrongCodeError):
            enter(site, "li", code="000000")
    with pytest.raises(SignInRefusedError):
        enter(site, "li", code=code_now(site, seed))


def test_a_recovery_code_lets_in_once(site: Site) -> None:
    give(site, "li")
    _, codes = enrol(site, come_in(site, "li"))
    enter(site, "li", code=codes[0].upper())
    with pytest.raises(WrongCodeError):
        enter(site, "li", code=codes[0])
    enter(site, "li", code=codes[9])


def test_a_session_ends_when_unused_and_after_twelve_hours(site: Site) -> None:
    give(site, "zhang")
    token = enter(site, "zhang").token
    for _ in range(24):
        site.clock.pass_by(minutes=29)
        sign_in.who(site.desk, token, address=HERE)
    site.clock.pass_by(minutes=24)
    with pytest.raises(NotSignedInError):
        sign_in.who(site.desk, token, address=HERE)

    unused = enter(site, "zhang").token
    site.clock.pass_by(minutes=31)
    with pytest.raises(NotSignedInError):
        sign_in.who(site.desk, unused, address=HERE)
    assert entrance_upkeep.tidy_entrance(site.desk) == 2


def test_looking_who_it_is_writes_once_a_minute(site: Site) -> None:
    give(site, "zhang")
    token = enter(site, "zhang").token
    begun = sign_in.who(site.desk, token, address=HERE).session
    site.clock.pass_by(minutes=1)
    assert sign_in.who(site.desk, token, address="10.0.0.9").session == begun
    renewed = sign_in.who(site.desk, token, address="10.0.0.9").session
    assert (renewed.seen_at, renewed.address) == (site.desk.now(), "10.0.0.9")


@pytest.mark.parametrize("token", ["", "x", "\ud800", "0" * 64])
def test_what_is_no_token_is_nobodys(site: Site, token: str) -> None:
    with pytest.raises(NotSignedInError):
        sign_in.who(site.desk, token, address=HERE)


def test_the_id_of_a_session_is_no_token(site: Site) -> None:
    give(site, "zhang")
    session = come_in(site, "zhang").session
    with pytest.raises(NotSignedInError):
        sign_in.who(site.desk, session.id, address=HERE)


def test_signing_out_ends_this_session_or_all(site: Site) -> None:
    give(site, "zhang")
    first, second, third = (enter(site, "zhang") for _ in range(3))
    assert sign_in.sign_out(site.desk, first.token)
    assert not sign_in.sign_out(site.desk, first.token)
    with pytest.raises(NotSignedInError):
        signed(site, first)
    assert sign_in.sign_out_everywhere(site.desk, signed(site, second)) == 2
    with pytest.raises(NotSignedInError):
        signed(site, third)


def test_of_many_sessions_the_oldest_end(site: Site) -> None:
    give(site, "zhang")
    entered = []
    for _ in range(12):
        entered.append(enter(site, "zhang"))
        site.clock.pass_by(minutes=1)
    for gone in entered[:2]:
        with pytest.raises(NotSignedInError):
            signed(site, gone)
    for one in entered[2:]:
        signed(site, one)


def test_a_closed_account_ends_its_sessions_at_once(site: Site) -> None:
    give(site, "zhang")
    entered = enter(site, "zhang")
    with site.desk.store.writing() as work:
        work.accounts.save(replace(account_of(site, "zhang"), disabled=True))
    with pytest.raises(NotSignedInError):
        signed(site, entered)


def test_a_password_that_is_too_old_is_changed_first(site: Site) -> None:
    give(site, "zhang")
    site.desk = replace(site.desk, entrance=Entrance(password_days=90))
    site.clock.pass_by(days=90)
    asker = come_in(site, "zhang")
    assert asker.must_change
    with pytest.raises(PasswordChangeNeededError):
        sign_in.require_ready(asker)
    own_account.change_password(
        site.desk, asker, current=PASSWORD, new=OTHER, address=HERE
    )
    assert not come_in(site, "zhang", OTHER).must_change


def test_who_becomes_a_signer_while_inside_sets_a_second_factor_up(site: Site) -> None:
    give(site, "zhao")
    entered = enter(site, "zhao")
    assert not signed(site, entered).must_enrol
    wanted = appointment("zhao", "赵虚拟", "office")
    people.appoint(site.desk, wanted, person="security")
    assert signed(site, entered).must_enrol


def test_posts_count_on_their_days(site: Site) -> None:
    wanted = appointment("zhao", "赵虚拟", "office", since=date(2026, 11, 24))
    people.appoint(site.desk, wanted, person="security")
    give(site, "zhao")
    assert not come_in(site, "zhao").must_enrol
    site.clock.pass_by(days=1)
    assert come_in(site, "zhao").must_enrol


def test_an_account_for_trying_out_needs_no_second_factor(site: Site) -> None:
    give(site, "li", demo=True)
    sign_in.require_ready(come_in(site, "li"))


def test_a_password_is_kept_anew_when_the_parameters_have_changed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = give(site, "zhang")
    monkeypatch.setattr(passwords, "_PASSES", 2)
    forget_hasher()
    enter(site, "zhang")
    after = account_of(site, "zhang")
    assert after.password_hash != before.password_hash
    assert after.recent_hashes == (after.password_hash,)
    assert after.password_set_at == before.password_set_at
    enter(site, "zhang")
    assert account_of(site, "zhang") == after


def test_a_password_that_is_reset_meanwhile_lets_nobody_in(site: Site) -> None:
    account = give(site, "zhang")
    tried = sign_in._tried(account, PASSWORD)
    kept = passwords.hash_password(OTHER)
    with site.desk.store.writing() as work:
        work.accounts.save(account.with_password(kept, site.desk.now()))
    with site.desk.store.writing() as work:
        outcome = sign_in._attempt(site.desk, work, tried, code=None, address=HERE)
    assert isinstance(outcome, SignInRefusedError)
    assert on_record(site, SignInRefused)[-1].code == "password_changed"
