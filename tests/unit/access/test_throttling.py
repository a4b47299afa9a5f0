"""Each failure costs as much as the one before, or more; refusals share entries."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from review.access.throttling import Refusals, locked_until

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_mistyping_costs_nothing_and_guessing_more_and_more() -> None:
    minutes = [
        None if until is None else (until - AT) / timedelta(minutes=1)
        for until in (locked_until(failures, AT) for failures in range(13))
    ]
    assert minutes == [None] * 5 + [1, 2, 5, 15, 30, 60, 60, 60]


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_more_failures_never_cost_less(one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    first, second = locked_until(fewer, AT), locked_until(more, AT)
    assert first is None or (second is not None and first <= second)
    # Else anybody could shut anybody out for good.
    assert second is None or AT < second <= AT + timedelta(hours=1)


@given(st.lists(st.integers(0, 90), max_size=60))
def test_every_refusal_is_sealed_or_counted_and_one_a_minute_sealed(
    waits: list[int],
) -> None:
    at, told, sealed = AT, 0, [AT]
    known = Refusals(account="li", address="10.0.0.1", sealed_at=AT)
    for seconds in waits:
        at += timedelta(seconds=seconds)
        if known.may_seal(at):
            told += known.unsealed + 1
            sealed.append(at)
        known = known.after(at)
        assert known.sealed_at == sealed[-1]
    assert told + known.unsealed == len(waits)
    gaps = [later - one for one, later in pairwise(sealed)]
    assert all(gap >= timedelta(minutes=1) for gap in gaps)
