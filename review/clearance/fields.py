"""Read the fields of a signed JSON object, strictly: one value, one spelling.

Each function returns what it promises or raises `ClearanceInvalidError`.
Nothing is converted, filled in or passed over: 1.0 is no round, `true` is no
number, and a field nobody knows is a reason to refuse.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from review.clock import CHINA
from review.errors import ClearanceInvalidError

_HEXADECIMAL = frozenset("0123456789abcdef")
_NAME = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-")
_DIGEST_DIGITS = 64
_LONGEST_NAME = 64
_LONGEST_TITLE = 200
_LARGEST_NUMBER = 2**53 - 1  # beyond it, readers in other languages round
_LAST_SECOND = 253402300799  # the year 9999; datetime ends there


def forbid_other_fields(fields: Mapping[str, object], names: frozenset[str]) -> None:
    """Refuse an object that lacks one of `names` or has any other.

    Raises:
        ClearanceInvalidError: The names differ.
    """
    if fields.keys() != names:
        raise ClearanceInvalidError("签名文件的字段不全或有多余字段，不能采信。")


def name(value: object) -> str:
    """Return a number or id: 1 to 64 of ASCII letters, digits, `.`, `_` and `-`."""
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_NAME:
        raise _unreadable("编号")
    if not _NAME.issuperset(value):
        raise _unreadable("编号")
    return value


def title(value: object) -> str:
    """Return an issuer's name: 1 to 200 printable characters of any script."""
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_TITLE:
        raise _unreadable("签发单位")
    if not value.isprintable() or value != value.strip():
        raise _unreadable("签发单位")
    return value


def digest(value: object) -> str:
    """Return a SHA-256 as 64 lower-case hexadecimal digits."""
    if not isinstance(value, str) or len(value) != _DIGEST_DIGITS:
        raise _unreadable("摘要")
    if not _HEXADECIMAL.issuperset(value):
        raise _unreadable("摘要")
    return value


def items(value: object) -> list[object]:
    """Return a JSON array."""
    if not isinstance(value, list):
        raise _unreadable("列表")
    return value


def distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values` if none of them comes twice."""
    if len(set(values)) != len(values):
        raise _unreadable("列表")
    return values


def ascending(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return `values` if they are sorted; equal ones may stand side by side."""
    if list(values) != sorted(values):
        raise _unreadable("列表")
    return values


def number(value: object, *, least: int) -> int:
    """Return a whole number from `least` to 2**53 - 1."""
    # bool is an int to Python, and `true` would read as round 1
    if type(value) is not int or not least <= value <= _LARGEST_NUMBER:
        raise _unreadable("数字")
    return value


def instant(value: object) -> datetime:
    """Return whole seconds since 1970 as an aware time in UTC."""
    if type(value) is not int or not 0 <= value <= _LAST_SECOND:
        raise _unreadable("时间")
    return datetime.fromtimestamp(value, UTC)


def seconds(at: datetime) -> int:
    """Return `at` in whole seconds since 1970; the inverse of `instant`."""
    return int(at.timestamp())


def in_words(at: datetime) -> str:
    """Return `at` as people in China write it, to the minute."""
    there = at.astimezone(CHINA)
    return f"{there.year}年{there.month}月{there.day}日{there:%H:%M}"


def _unreadable(what: str) -> ClearanceInvalidError:
    return ClearanceInvalidError(f"签名文件中的{what}不合格式，不能采信。")
