"""Numbers of lists as readers see them."""

from collections.abc import Callable

import pytest

from review.contents import numerals


@pytest.mark.parametrize(
    ("count", "number", "shown"),
    [
        (numerals.letters, 1, "a"),
        (numerals.letters, 28, "ab"),
        (numerals.letters, 0, ""),
        (numerals.repeated_letters, 28, "bb"),
        (numerals.repeated_letters, 0, ""),
        (numerals.roman, 1994, "mcmxciv"),
        (numerals.roman, 0, "0"),
        (numerals.chinese, 1, "一"),
        (numerals.chinese, 10, "十"),
        (numerals.chinese, 11, "十一"),
        (numerals.chinese, 20, "二十"),
        (numerals.chinese, 101, "一百零一"),
        (numerals.chinese, 110, "一百一十"),
        (numerals.chinese, 2026, "二千零二十六"),
        (numerals.chinese, 10000, "10000"),
        (numerals.legal, 10, "壹拾"),
        (numerals.legal, 23, "贰拾叁"),
        (numerals.circled, 20, "⑳"),
        (numerals.circled, 21, "21"),
        (numerals.stems, 3, "丙"),
        (numerals.branches, 12, "亥"),
        (numerals.greek, 1, "\u03b1"),
        (numerals.padded, 7, "07"),
    ],
)
def test_counting(count: Callable[[int], str], number: int, shown: str) -> None:
    assert count(number) == shown
