"""Working days in China: public holidays, weekends worked for them, an office's own days.

The State Council announces each year's arrangement (放假调休) in the November
before. Days of years that the `holidays` package does not know yet follow from
the law alone: ordinary weekends, holidays at their legal dates, nothing moved.
Only this file knows that package.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from review.errors import PolicyError, UsageError

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDays:
    """The days on which an office works.

    `own_days_off` and `own_working_days` come before the national arrangement:
    a school's foundation day, a weekend worked, or a year's arrangement that was
    announced after this version was made.
    """

    own_days_off: frozenset[date] = frozenset()
    own_working_days: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a day that is both off and worked."""
        both = self.own_days_off & self.own_working_days
        if both:
            raise PolicyError(
                f"{min(both)} 既列为本单位休息日，又列为本单位工作日，请只留一处"
            )

    def is_working(self, day: date) -> bool:
        """Tell whether the office works on `day`."""
        _refuse_time(day)
        if day in self.own_working_days:
            return True
        if day in self.own_days_off:
            return False
        year = _year(day.year)
        if day.weekday() >= _SATURDAY:
            return day in year.worked
        return day not in year.off

    def add(self, start: date, days: int) -> date:
        """Return the deadline `days` working days after `start`.

        The day after `start` is the first to count. The deadline is always a
        working day, on which the work may still be done.

        Raises:
            UsageError: `days` is less than one.
        """
        if days < 1:
            raise UsageError("期限至少是 1 个工作日，请改正办理期限")
        _refuse_time(start)
        day = start
        for _ in range(days):
            day += _ONE_DAY
            while not self.is_working(day):
                day += _ONE_DAY
        return day

    def between(self, start: date, end: date) -> int:
        """Return how many working days come after `start`, up to and with `end`.

        Negative where `end` comes first; so `between(today, deadline)` is what is
        left, and below zero by how much it is overdue.
        """
        _refuse_time(start)
        _refuse_time(end)
        if end < start:
            return -self.between(end, start)
        span = range(1, (end - start).days + 1)
        return sum(self.is_working(start + timedelta(days=one)) for one in span)


@dataclass(frozen=True, slots=True)
class _Year:
    """One year's holidays, and the weekend days worked in exchange."""

    off: frozenset[date]
    worked: frozenset[date]


@cache
def _year(year: int) -> _Year:
    # Some 0.1 s to import, and most commands never ask for a day.
    from holidays import country_holidays  # noqa: PLC0415 - slow to import

    # Named years, always: the package fills years in as it is asked for weekdays,
    # but not when it is asked for a weekend, and then calls a worked one free.
    calendar = country_holidays("CN", years=year)
    return _Year(
        off=frozenset(day for day in calendar if day.year == year),
        worked=frozenset(day for day in calendar.weekend_workdays if day.year == year),
    )


def _refuse_time(day: date) -> None:
    # A datetime passes as a date, equals none, and would make each day a working one.
    if isinstance(day, datetime):
        raise UsageError("这里要的是日期，不是时刻；请先换算成北京时间的日期")
