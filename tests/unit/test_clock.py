"""Times are written one way, in China's time, and read back only from that."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.clock import CHINA, china_date, now, parse_stamp, stamp
from review.errors import UsageError

# Wide enough for any record, and clear of the ends of the calendar.
_MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 3),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9999, 12, 29),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: timezone(timedelta(minutes=minutes))
    ),
)


def _cut(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def test_now_is_aware_utc_in_whole_milliseconds():
    first, second = now(), now()

    assert first.tzinfo is UTC
    assert first.microsecond % 1000 == 0
    assert first <= second
    assert parse_stamp(stamp(first)) == first


@pytest.mark.parametrize(
    ("at", "text", "day"),
    [
        (
            datetime(2026, 11, 22, 1, 15, 0, 123_999, tzinfo=UTC),
            "2026-11-22T09:15:00.123+08:00",
            date(2026, 11, 22),
        ),
        # Before midnight in London it is the next day in China.
        (
            datetime(2026, 12, 31, 16, 0, tzinfo=UTC),
            "2027-01-01T00:00:00.000+08:00",
            date(2027, 1, 1),
        ),
        (
            datetime(2026, 12, 31, 15, 59, 59, 999_999, tzinfo=UTC),
            "2026-12-31T23:59:59.999+08:00",
            date(2026, 12, 31),
        ),
        # No summer time: July is as January.
        (
            datetime(2026, 7, 1, 8, 0, tzinfo=CHINA),
            "2026-07-01T08:00:00.000+08:00",
            date(2026, 7, 1),
        ),
        (
            datetime(2026, 7, 1, 2, 0, tzinfo=timezone(timedelta(hours=-5.5))),
            "2026-07-01T15:30:00.000+08:00",
            date(2026, 7, 1),
        ),
    ],
)
def test_a_moment_has_one_text_and_one_day(at: datetime, text: str, day: date):
    assert stamp(at) == text
    assert china_date(at) == day
    assert parse_stamp(text) == _cut(at)


@given(_MOMENTS)
def test_parsing_undoes_stamping(at: datetime):
    text = stamp(at)

    assert len(text) == len("2026-11-22T09:15:00.123+08:00")
    assert parse_stamp(text) == _cut(at)
    assert parse_stamp(text).tzinfo is UTC
    assert stamp(parse_stamp(text)) == text


@given(_MOMENTS, _MOMENTS)
def test_texts_stand_in_the_order_of_the_moments(one: datetime, other: datetime):
    assert (stamp(one) < stamp(other)) == (_cut(one) < _cut(other))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "2026-11-22",
        "2026-11-22T09:15:00.123",
        "2026-11-22T09:15:00.123Z",
        "2026-11-22T01:15:00.123+00:00",
        "2026-11-22T09:15:00+08:00",
        "2026-11-22T09:15:00.1+08:00",
        "2026-11-22T09:15:00.123000+08:00",
        "2026-11-22T09:15:00.123+0800",
        "2026-11-22T09:15:00.123+08",
        "2026-11-22T09:15:00,123+08:00",
        "2026-11-22 09:15:00.123+08:00",
        "2026-11-22t09:15:00.123+08:00",
        "20261122T091500.123+08:00",
        "2026-W47-7T09:15:00.123+08:00",
        " 2026-11-22T09:15:00.123+08:00",
        "2026-11-22T09:15:00.123+08:00\n",
        "2026-02-30T09:15:00.123+08:00",
        "2026-11-22T24:00:00.000+08:00",
        "2026-11-22T09:15:60.000+08:00",
        "\uff12026-11-22T09:15:00.123+08:00",  # a full-width two
        "0001-01-01T00:00:00.000+08:00",
    ],
)
def test_no_other_spelling_is_taken(text: str):
    with pytest.raises(UsageError, match="北京时间"):
        parse_stamp(text)


@given(st.text(max_size=32))
def test_any_text_is_refused_or_canonical(text: str):
    try:
        at = parse_stamp(text)
    except UsageError:
        return
    assert stamp(at) == text


@pytest.mark.parametrize("ask", [stamp, china_date])
def test_a_time_without_offset_is_refused(ask: Callable[[datetime], object]):
    with pytest.raises(UsageError, match="时区"):
        ask(datetime(2026, 11, 22, 9, 15))  # noqa: DTZ001 - this is what is refused
