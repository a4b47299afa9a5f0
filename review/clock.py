"""The system clock, read here and nowhere else, and the one way times are written.

Moments are kept in UTC and in whole milliseconds. Whatever people or records read
is written in China's time, which has had one offset and no summer time since 1991.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from review.errors import UsageError

CHINA: Final = timezone(timedelta(hours=8))
_MILLISECOND: Final = 1000  # in microseconds, the unit that datetime counts in
_WRONG_STAMP: Final = (
    "时间的写法不对，应写成 2026-11-22T09:15:00.123+08:00（北京时间，精确到毫秒）"
)


def now() -> datetime:
    """Return the present moment, aware, in UTC, cut to whole milliseconds."""
    return _whole(datetime.now(UTC))  # noqa: TID251 - the only reading of the clock


def china_date(at: datetime) -> date:
    """Return the day that it is in China at that moment.

    Raises:
        UsageError: The time does not say its offset.
    """
    return _in_china(at).date()


def china_time(at: datetime) -> datetime:
    """Return the moment with China's offset, for people to read.

    Raises:
        UsageError: The time does not say its offset.
    """
    return _in_china(at)


def midnight(day: date, *, days: int = 0) -> datetime:
    """Return, in UTC, when that day begins in China, or the day so many days later."""
    start = datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(days=days)
    return start.astimezone(UTC)


def stamp(at: datetime) -> str:
    """Return the moment as records write it: 2026-11-22T09:15:00.123+08:00.

    Always RFC 3339, at +08:00, with three decimals; what is finer is cut off.

    Raises:
        UsageError: The time does not say its offset.
    """
    return _in_china(at).isoformat(timespec="milliseconds")


def parse_stamp(text: str) -> datetime:
    """Return, in UTC, the moment that `stamp` wrote.

    No other spelling is taken, so that one moment has one text and one digest.

    Raises:
        UsageError: The text is not exactly what `stamp` writes.
    """
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
        canonical = stamp(at)
    except (ValueError, OverflowError) as error:
        raise UsageError(_WRONG_STAMP) from error
    if canonical != text:
        raise UsageError(_WRONG_STAMP)
    return at


def _in_china(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise UsageError("时间没有写明时区，请带上时区，例如 +08:00")
    return _whole(at.astimezone(CHINA))


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // _MILLISECOND * _MILLISECOND)
