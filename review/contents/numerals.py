"""Numbers of list items as the reader sees them: 3., (c), 三、, ③."""

from collections.abc import Callable
from typing import Final

_DIGITS: Final = "〇一二三四五六七八九"
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_GREEK: Final = "αβγδεζηθικλμνξοπρστυφχψω"
_ROMAN: Final = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MOST: Final = 9999
_TEN: Final = 10
_TWENTY: Final = 20
_ALPHABET: Final = 26


def letters(number: int) -> str:
    """Count a, b … z, aa, ab … as browsers do."""
    found = ""
    while number > 0:
        number, rest = divmod(number - 1, _ALPHABET)
        found = chr(ord("a") + rest) + found
    return found


def repeated_letters(number: int) -> str:
    """Count a, b … z, aa, bb … as office programs do."""
    if number < 1:
        return ""
    times, rest = divmod(number - 1, _ALPHABET)
    return chr(ord("a") + rest) * (times + 1)


def roman(number: int) -> str:
    """Count i, ii, iii, iv."""
    if not 0 < number <= _MOST:
        return str(number)
    found = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        found += sign * times
    return found


def chinese(number: int) -> str:
    """Count 一, 二 … 十, 十一 … 一百零一."""
    return _by_units(number, _DIGITS, "十百千")


def legal(number: int) -> str:
    """Count 壹, 贰 … 壹拾, as on cheques."""
    return _by_units(number, _LEGAL, "拾佰仟", ten="壹拾")


def circled(number: int) -> str:
    """Count ①, ② … ⑳; plain digits beyond."""
    return chr(0x245F + number) if 0 < number <= _TWENTY else str(number)


def from_row(signs: str) -> Callable[[int], str]:
    """Return a way to count through a row of signs, plain digits beyond it."""

    def count(number: int) -> str:
        return signs[number - 1] if 0 < number <= len(signs) else str(number)

    return count


def padded(number: int) -> str:
    """Count 01, 02 … 10."""
    return f"{number:02d}"


stems: Final = from_row(_STEMS)
branches: Final = from_row(_BRANCHES)
greek: Final = from_row(_GREEK)


def _by_units(number: int, digits: str, units: str, ten: str = "") -> str:
    if not 0 < number <= _MOST:
        return str(number)
    found, zero = "", False
    for place in range(3, -1, -1):
        digit = number // _TEN**place % _TEN
        if digit:
            found += ("零" if zero and found else "") + digits[digit]
            found += units[place - 1] if place else ""
            zero = False
        else:
            zero = True
    head = digits[1] + units[0]
    if number < _TWENTY and found.startswith(head):
        return (ten or units[0]) + found[len(head) :]
    return found
