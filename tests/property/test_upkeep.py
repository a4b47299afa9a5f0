"""Laws of the office's own lexicon that hold whatever anybody asks, in any order."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from review.case.people import By
from review.errors import XianshenError
from review.upkeep import deciding
from review.upkeep.events import LexiconActivated, LexiconProposed, UpkeepEvent
from review.upkeep.lexicons import Previewed, in_force, versions_after

_START = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
_PEOPLE = tuple(By(one, one, "office") for one in ("li", "qian", "sun"))
_DIGESTS = tuple(one * 64 for one in "1234")

_asked = st.lists(
    st.tuples(
        st.sampled_from(["propose", "activate", "reject"]),
        st.integers(1, 6),
        st.sampled_from(_PEOPLE),
        st.sampled_from(_DIGESTS),
        st.booleans(),
    ),
    max_size=30,
)


def _played(asked: Sequence[Any]) -> tuple[UpkeepEvent, ...]:
    """Return what happened; what was refused did not."""
    happened: list[UpkeepEvent] = []
    for place, (verb, which, by, digest, good) in enumerate(asked):
        known = versions_after(happened)
        at, change = _START + timedelta(minutes=place), f"词{which:04d}"
        try:
            if verb == "propose":
                event: UpkeepEvent = deciding.propose(
                    known, digest=digest, reason="试", by=by, at=at
                )
            elif verb == "reject":
                event = deciding.reject(known, change, reason="试", by=by, at=at)
            else:
                preview = Previewed(
                    change=change,
                    digest="5" * 64,
                    version=_digest_of(happened, change) or digest,
                    lexicons="a" * 64,
                    sound=good,
                )
                event = deciding.activate(
                    known,
                    change,
                    preview=preview,
                    seen="5" * 64,
                    lexicons="a" * 64,
                    by=by,
                    at=at,
                )
        except XianshenError:
            continue
        happened.append(event)
    return tuple(happened)


def _digest_of(happened: Sequence[UpkeepEvent], change: str) -> str | None:
    return next(
        (
            one.digest
            for one in happened
            if isinstance(one, LexiconProposed) and one.change == change
        ),
        None,
    )


@given(_asked)
def test_one_version_at_most_is_in_force_and_it_is_the_last_activated(
    asked: Sequence[Any],
) -> None:
    happened = _played(asked)
    versions = versions_after(happened)
    states = [one.state for one in versions]
    assert states.count("active") <= 1
    put = [one for one in happened if isinstance(one, LexiconActivated)]
    active = in_force(versions)
    assert (active.change if active else None) == (put[-1].change if put else None)


@given(_asked)
def test_what_is_in_force_was_activated_by_another_than_its_proposer(
    asked: Sequence[Any],
) -> None:
    for one in versions_after(_played(asked)):
        if one.state in {"active", "retired"}:
            assert one.decided_by is not None
            assert one.decided_by.id != one.proposed_by.id


@given(_asked)
def test_each_version_was_made_from_the_one_that_it_replaced(
    asked: Sequence[Any],
) -> None:
    before: str | None = None
    happened = _played(asked)
    bases = {one.change: one.base for one in versions_after(happened)}
    for one in happened:
        if isinstance(one, LexiconActivated):
            assert bases[one.change] == before
            before = one.change


@given(_asked)
def test_a_version_is_decided_on_once_and_names_never_return(
    asked: Sequence[Any],
) -> None:
    happened = _played(asked)
    decided = [one.change for one in happened if not isinstance(one, LexiconProposed)]
    assert len(decided) == len(set(decided))
    named = [one.change for one in happened if isinstance(one, LexiconProposed)]
    assert named == [f"词{place:04d}" for place in range(1, len(named) + 1)]
