"""The real arrangements of 2025 and 2026, an office's own days, and the laws of counting."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.case.working_days import WorkingDays
from review.errors import PolicyError, UsageError

_PLAIN = WorkingDays()
_DAY = timedelta(days=1)
# What the State Council announced: first and last day of each holiday, days worked.
_HOLIDAYS = [
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
]
_WORKED_WEEKENDS = [
    "2025-01-26",
    "2025-02-08",
    "2025-04-27",
    "2025-09-28",
    "2025-10-11",
    "2026-01-04",
    "2026-02-14",
    "2026-02-28",
    "2026-05-09",
    "2026-09-20",
    "2026-10-10",
]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _days(first: date, last: date) -> list[date]:
    return [first + n * _DAY for n in range((last - first).days + 1)]


def test_every_day_of_2025_and_2026_is_as_announced():
    off = {day for first, last in _HOLIDAYS for day in _days(_day(first), _day(last))}
    worked = {_day(one) for one in _WORKED_WEEKENDS}

    for day in _days(date(2025, 1, 1), date(2026, 12, 31)):
        expected = day in worked or (day.weekday() < 5 and day not in off)
        assert _PLAIN.is_working(day) == expected, day


def test_a_worked_weekend_counts_whatever_was_asked_before():
    # The package alone forgets it when a weekend is the first thing asked.
    assert WorkingDays().is_working(_day("2024-02-04"))
    # Worked in December by the next year's announcement.
    assert WorkingDays().is_working(_day("2006-12-30"))


@pytest.mark.parametrize(
    ("start", "days", "deadline"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # over a weekend
        ("2026-11-22", 1, "2026-11-23"),  # from a Sunday
        ("2026-09-30", 1, "2026-10-08"),  # over 国庆
        ("2026-09-30", 3, "2026-10-10"),  # its Saturday is worked
        ("2026-09-30", 7, "2026-10-15"),
        ("2026-02-13", 1, "2026-02-14"),  # the Saturday before 春节
        ("2026-02-13", 2, "2026-02-24"),
        ("2025-01-24", 1, "2025-01-26"),  # a worked Sunday
        ("2025-12-30", 3, "2026-01-05"),  # over the year, 01-04 is worked
    ],
)
def test_deadlines(start: str, days: int, deadline: str):
    assert _PLAIN.add(_day(start), days) == _day(deadline)
    assert _PLAIN.between(_day(start), _day(deadline)) == days
    assert _PLAIN.between(_day(deadline), _day(start)) == -days


def test_own_days_come_before_the_national_arrangement():
    own = WorkingDays(
        own_days_off=frozenset({_day("2026-11-23"), _day("2026-10-10")}),
        own_working_days=frozenset({_day("2026-11-22"), _day("2026-10-01")}),
    )

    assert not own.is_working(_day("2026-11-23"))
    assert not own.is_working(_day("2026-10-10"))
    assert own.is_working(_day("2026-11-22"))
    assert own.is_working(_day("2026-10-01"))
    assert own.add(_day("2026-11-21"), 2) == _day("2026-11-24")
    assert own.between(_day("2026-11-21"), _day("2026-11-24")) == 2


def test_a_day_is_not_both_off_and_worked():
    day = frozenset({_day("2026-11-23")})
    with pytest.raises(PolicyError, match="2026-11-23"):
        WorkingDays(own_days_off=day, own_working_days=day)


def test_a_year_not_announced_follows_the_law_alone():
    assert not _PLAIN.is_working(date(2060, 10, 1))
    assert not _PLAIN.is_working(date(2060, 10, 2))
    assert not _PLAIN.is_working(date(2060, 10, 9))
    assert _PLAIN.is_working(date(2060, 11, 10))
    assert _PLAIN.is_working(date(2150, 11, 10))


@pytest.mark.parametrize("days", [0, -1])
def test_a_term_is_at_least_a_day(days: int):
    with pytest.raises(UsageError, match="至少"):
        _PLAIN.add(_day("2026-11-22"), days)


def test_a_moment_is_not_taken_for_a_day():
    moment = datetime(2026, 10, 1, tzinfo=UTC)
    for ask in (
        lambda: _PLAIN.is_working(moment),
        lambda: _PLAIN.add(moment, 1),
        lambda: _PLAIN.between(moment, _day("2026-10-09")),
        lambda: _PLAIN.between(_day("2026-10-09"), moment),
    ):
        with pytest.raises(UsageError, match="日期"):
            ask()


# --- laws ---

_DATES = st.dates(date(2024, 1, 1), date(2028, 12, 31))
_TERMS = st.integers(1, 30)


@st.composite
def _offices(draw: st.DrawFn) -> WorkingDays:
    own = draw(st.sets(_DATES, max_size=30))
    worked = draw(st.sets(st.sampled_from(sorted(own)))) if own else set()
    return WorkingDays(
        own_days_off=frozenset(own - worked), own_working_days=frozenset(worked)
    )


@given(_offices(), _DATES, _TERMS)
def test_between_undoes_add_and_no_deadline_is_a_day_off(
    office: WorkingDays, start: date, days: int
):
    deadline = office.add(start, days)

    assert office.is_working(deadline)
    assert deadline > start
    assert office.between(start, deadline) == days


@given(_offices(), _DATES, _DATES)
def test_add_undoes_between_up_to_the_days_off(
    office: WorkingDays, start: date, end: date
):
    start, end = sorted((start, end))
    days = office.between(start, end)

    assert 0 <= days <= (end - start).days
    if days:
        # The last working day up to and with the end.
        reached = office.add(start, days)
        assert reached <= end
        assert office.between(reached, end) == 0


@given(_offices(), _DATES, _DATES, _DATES)
def test_between_adds_up(office: WorkingDays, one: date, two: date, three: date):
    assert office.between(one, two) + office.between(two, three) == office.between(
        one, three
    )


@given(_offices(), _DATES, _DATES, _TERMS, _TERMS)
def test_who_starts_later_or_has_longer_is_due_later(
    office: WorkingDays, one: date, other: date, short: int, more: int
):
    first, second = sorted((one, other))

    assert office.add(first, short) <= office.add(second, short)
    assert office.add(first, short) < office.add(first, short + more)


@given(_offices(), _DATES, _TERMS, _TERMS)
def test_terms_follow_each_other(
    office: WorkingDays, start: date, one: int, other: int
):
    assert office.add(office.add(start, one), other) == office.add(start, one + other)
