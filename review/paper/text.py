"""What a form prints: text that is safe and hides nothing, dates, boxes."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from review.clock import CHINA

BLANK: Final = "　　　　"
BLANK_DAY: Final = "　　　　年　　月　　日"
_BLANK_MOMENT: Final = "　　年　　月　　日　　时"
_LINE_ENDS: Final = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
_SHOWN: Final = frozenset({"Cc", "Cf", "Cs"})
_PLANE_END: Final = 0xFFFE
_NUMERALS: Final = "零一二三四五六七八九十"
_TEN: Final = 10


def clean(text: str) -> str:
    r"""Return `text` as a form may show it; lines end in `\n` alone.

    Characters that a page would swallow, or that reorder what stands beside
    them, are written out as [U+202E]: two names that differ must look
    different on paper, and a file name must not read backwards. The result
    holds only characters that XML allows.
    """
    if text.isprintable():
        return text
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    return "".join(_shown(one) for one in text.replace("\t", " "))


def spelt(character: str) -> str:
    """Return the character's number, as [U+4E00]."""
    return f"[U+{ord(character):04X}]"


def cut(text: str, limit: int) -> str:
    """Return at most `limit` characters, saying so where something is left out."""
    if len(text) <= limit:
        return text
    note = f"……（全文{len(text)}字，此处从略）"
    return text[: limit - len(note)] + note


def day(value: date | None) -> str:
    """Return 2026年11月22日, or the blank to fill in."""
    return f"{value.year}年{value.month}月{value.day}日" if value else BLANK_DAY


def moment(value: datetime | None) -> str:
    """Return 2026年11月22日09:15 in China's time, or the blank.

    Raises:
        ValueError: The time is naive, so nobody knows which moment it is.
    """
    if value is None:
        return _BLANK_MOMENT
    at = in_china(value)
    return f"{day(at.date())}{at:%H:%M}"


def in_china(value: datetime) -> datetime:
    """Return the same moment by China's clocks.

    Raises:
        ValueError: The time is naive.
    """
    if value.tzinfo is None:
        raise ValueError("a form needs aware times")
    return value.astimezone(CHINA)


def listed(values: Sequence[str]) -> str:
    """Return 网站、公众号."""
    return "、".join(values)


def boxes(options: Sequence[str], chosen: str) -> str:
    """Return the options with a box each, the chosen one's filled.

    A choice outside the options stands by itself: what was decided is printed,
    whatever a form offers.
    """
    if chosen and chosen not in options:
        return f"■{chosen}"
    return "　".join(f"{'■' if one == chosen else '□'}{one}" for one in options)


def ordinal(number: int) -> str:
    """Return 一 to 十九, for the headings of a form."""
    if number <= _TEN:
        return _NUMERALS[number]
    return "十" + _NUMERALS[number - _TEN]


def _shown(character: str) -> str:
    if character == "\n":
        return character
    hidden = unicodedata.category(character) in _SHOWN
    if hidden or ord(character) & _PLANE_END == _PLANE_END:
        return spelt(character)
    return character
