"""Accounts, sessions and refusals are kept as they are, on every database."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from review.access import sessions
from review.access.accounts import Account, SecondFactor
from review.access.sessions import Session
from review.access.throttling import Refusals
from review.errors import NotFoundError, RefusedError, StoreError
from review.store.store import SqlStore
from tests.contract.material import MORNING

HOUR = timedelta(hours=1)
FULL = Account(
    id="li.yangben_1-2",
    name="李样本",
    created_at=MORNING,
    department="保密办",
    password_hash="$argon2id$…",  # noqa: S106 - made up
    recent_hashes=("$one", '$"two"', "$三"),
    password_set_at=MORNING + HOUR,
    must_change=True,
    failures=3,
    locked_until=MORNING + 2 * HOUR,
    disabled=True,
    demo=True,
    subject="https://id.example.edu.cn 0001",
    second_factor=SecondFactor(
        sealed=b"\0\xff sealed", last_step=2**40, recovery=("a" * 64, "b" * 64)
    ),
    pending_seed=b"\0pending",
    signed_in_at=MORNING,
)
BARE = Account(id="zhang", name="张示例", created_at=MORNING)


def _session(account: str = "zhang", *, minutes: int = 0) -> Session:
    at = MORNING + timedelta(minutes=minutes)
    _, session = sessions.begin(
        account, how="password", second_factor=False, at=at, address="10.0.0.1"
    )
    return session


def test_an_account_is_kept_as_it_is(store: SqlStore) -> None:
    with store.writing() as work:
        work.accounts.add(FULL)
        work.accounts.add(BARE)
    with store.reading() as records:
        assert records.accounts.find(FULL.id) == FULL
        assert records.accounts.find("zhang") == BARE
        assert records.accounts.find("Zhang") is None
        assert records.accounts.page() == (FULL, BARE)


def test_an_account_is_saved_whole(store: SqlStore) -> None:
    with store.writing() as work:
        work.accounts.add(FULL)
        work.accounts.save(replace(BARE, id=FULL.id))
    with store.reading() as records:
        assert records.accounts.find(FULL.id) == replace(BARE, id=FULL.id)


def test_a_login_name_is_one_persons(store: SqlStore) -> None:
    with store.writing() as work:
        work.accounts.add(BARE)
    with store.writing() as work, pytest.raises(RefusedError, match="zhang"):
        work.accounts.add(BARE)


def test_what_is_not_there_is_not_saved(store: SqlStore) -> None:
    with store.writing() as work, pytest.raises(NotFoundError):
        work.accounts.save(BARE)


def test_an_identity_at_the_provider_is_one_persons(store: SqlStore) -> None:
    linked = replace(BARE, subject="https://id.example.edu.cn 7")
    with store.writing() as work:
        work.accounts.add(linked)
        # Nobody's identity is no identity: many accounts have none.
        work.accounts.add(replace(BARE, id="zhao"))
        work.accounts.add(replace(BARE, id="qian"))
    with pytest.raises(StoreError), store.writing() as work:
        work.accounts.add(replace(linked, id="sun"))
    with store.reading() as records:
        assert records.accounts.linked_to("https://id.example.edu.cn 7") == linked
        assert records.accounts.linked_to("https://id.example.edu.cn 8") is None


def test_pages_lead_through_all_accounts(store: SqlStore) -> None:
    names = [f"a{number:02d}" for number in range(23)]
    with store.writing() as work:
        for name in reversed(names):
            work.accounts.add(replace(BARE, id=name))
    found: list[str] = []
    with store.reading() as records:
        while page := records.accounts.page(after=found[-1] if found else "", limit=5):
            assert len(page) <= 5
            found += [one.id for one in page]
    assert found == names


def test_a_session_is_kept_used_strengthened_and_ended(store: SqlStore) -> None:
    session, later = _session(), MORNING + HOUR
    with store.writing() as work:
        work.accounts.open_session(session)
    with store.writing() as work:
        assert work.accounts.session(session.id) == session
        work.accounts.renew_session(session.id, at=later, address="10.0.0.2")
        work.accounts.strengthen_session(session.id, at=later)
    with store.reading() as records:
        assert records.accounts.session(session.id) == replace(
            session,
            seen_at=later,
            address="10.0.0.2",
            second_factor=True,
            proven_at=later,
        )
        assert records.accounts.session("0" * 64) is None
    with store.writing() as work:
        assert work.accounts.end_session(session.id)
        assert not work.accounts.end_session(session.id)
        # A request that was under way does not bring it back.
        work.accounts.renew_session(session.id, at=later, address="10.0.0.2")
        assert work.accounts.session(session.id) is None


def test_all_sessions_of_one_account_end_but_one(store: SqlStore) -> None:
    mine = [_session(minutes=number) for number in range(3)]
    other = _session("zhao")
    with store.writing() as work:
        for one in (mine[2], other, mine[0], mine[1]):
            work.accounts.open_session(one)
        assert work.accounts.sessions_of("zhang") == tuple(mine)
        assert work.accounts.end_sessions("zhang", but=mine[1].id) == 2
        assert work.accounts.sessions_of("zhang") == (mine[1],)
        assert work.accounts.end_sessions("zhang") == 1
        assert work.accounts.sessions_of("zhao") == (other,)


def test_sessions_unused_or_old_are_dropped(store: SqlStore) -> None:
    old, unused, used = (_session(minutes=one) for one in (0, 60, 61))
    with store.writing() as work:
        for one in (old, unused, used):
            work.accounts.open_session(one)
        for one in (old, used):
            later = MORNING + 3 * HOUR
            work.accounts.renew_session(one.id, at=later, address="10.0.0.1")
        dropped = work.accounts.drop_sessions(
            seen_before=MORNING + 2 * HOUR, begun_before=MORNING + HOUR
        )
        assert dropped == 2
        assert [one.id for one in work.accounts.sessions_of("zhang")] == [used.id]


def test_refusals_are_counted_by_account_and_address(store: SqlStore) -> None:
    nobody = Refusals(account=None, address="10.0.0.1", sealed_at=MORNING)
    mine = Refusals(account="zhang", address="10.0.0.1", sealed_at=MORNING + HOUR)
    with store.writing() as work:
        work.accounts.count_refusals(mine)
        work.accounts.count_refusals(nobody)
        work.accounts.count_refusals(replace(nobody, unsealed=7))
    with store.writing() as work:
        assert work.accounts.refusals(None, "10.0.0.1") == replace(nobody, unsealed=7)
        assert work.accounts.refusals("zhang", "10.0.0.1") == mine
        assert work.accounts.refusals("zhang", "10.0.0.2") is None
        assert work.accounts.refusals_before(MORNING + HOUR) == (
            replace(nobody, unsealed=7),
        )
        work.accounts.drop_refusals(nobody)
        assert work.accounts.refusals_before(MORNING + 2 * HOUR) == (mine,)


def test_a_transaction_that_fails_changes_nothing(store: SqlStore) -> None:
    def fail() -> None:
        with store.writing() as work:
            work.accounts.add(BARE)
            work.accounts.open_session(_session())
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError):
        fail()
    with store.reading() as records:
        assert records.accounts.page() == ()
        assert records.accounts.sessions_of("zhang") == ()


_TEXTS = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=_TEXTS,
    hashes=st.lists(_TEXTS, max_size=5),
    sealed=st.binary(max_size=200),
    step=st.integers(0, 2**50),
)
def test_whatever_stands_in_an_account_comes_back(
    store: SqlStore, name: str, hashes: list[str], sealed: bytes, step: int
) -> None:
    factor = SecondFactor(sealed=sealed, last_step=step, recovery=tuple(hashes))
    account = replace(
        BARE, name=name, recent_hashes=tuple(hashes), second_factor=factor
    )
    with store.writing() as work:
        if work.accounts.find("zhang") is None:
            work.accounts.add(account)
        work.accounts.save(account)
        assert work.accounts.find("zhang") == account
