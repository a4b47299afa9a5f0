"""A session ends when unused, ends for good at last, and its token is nowhere."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from review.access import sessions
from review.access.entrance import Entrance
from review.access.sessions import Session

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
RULES = Entrance(idle=timedelta(minutes=30), longest=timedelta(hours=2))


def _begun(**fields: object) -> tuple[str, Session]:
    given = {"how": "password", "second_factor": False, "at": AT, "address": "10.0.0.1"}
    return sessions.begin("zhang", **{**given, **fields})  # type: ignore[arg-type]  # - a test names fields


def test_the_token_is_stored_nowhere() -> None:
    token, session = _begun()
    assert len(token) >= 43
    assert token not in repr(session)
    assert token not in {session.id, session.csrf}
    assert session.id == sessions.id_of(token)
    assert session.csrf not in repr(session)


def test_no_two_are_alike() -> None:
    made = [_begun() for _ in range(50)]
    assert len({token for token, _ in made}) == 50
    assert len({one.csrf for _, one in made}) == 50


def test_whatever_comes_as_a_token_has_an_id() -> None:
    assert sessions.id_of("\ud800") != sessions.id_of("")


def test_an_address_is_cut_to_what_is_kept() -> None:
    assert len(_begun(address="a" * 500)[1].address) == 64


# Now and then to the second when it ends.
_WAITS = st.one_of(st.integers(1, 40 * 60), st.sampled_from([1799, 1800]))
_USES = st.lists(_WAITS, min_size=1, max_size=12)


@given(_USES)
def test_it_lives_exactly_as_long_as_it_is_used_and_no_longer_than_allowed(
    waits: list[int],
) -> None:
    _, session = _begun()
    at, alive = AT, True
    for seconds in waits:
        at += timedelta(seconds=seconds)
        idle = seconds >= RULES.idle.total_seconds()
        alive = alive and not idle and at - AT < RULES.longest
        assert session.is_over(RULES, at) is not alive
        if not alive:
            return
        session = _seen(session, at)


def _seen(session: Session, at: datetime) -> Session:
    return sessions.Session(
        id=session.id,
        account=session.account,
        csrf=session.csrf,
        how=session.how,
        created_at=session.created_at,
        seen_at=at,
        second_factor=session.second_factor,
        address=session.address,
    )


def test_its_use_is_written_down_once_a_minute() -> None:
    _, session = _begun()
    assert not session.wants_renewal(AT + timedelta(seconds=59))
    assert session.wants_renewal(AT + timedelta(seconds=60))
