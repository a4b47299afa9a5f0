"""Rows of page numbers, which lead from page to page and are no telephone's."""

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import Final

import regex

_ROW: Final = regex.compile(r"\d+(?:[^\p{L}\p{N}]{1,5}\d+)*")
_NUMBER: Final = regex.compile(r"\d+")
_OF: Final = regex.compile(r"(\d+)\s*/\s*(\d+)")
# Pages that are left out of a row.
_GAP: Final = regex.compile(r"…|\.{2,}")
_FEWEST: Final = 3
_LONGEST: Final = 4
_STARTS: Final = range(1, _LONGEST + 1)


def without_pages(text: str, linked: Collection[str] = ()) -> str:
    """Return a text without the numbers in it that are pages.

    They count on by one, also where some are left out for an ellipsis, or each but the
    one at hand is a link of its own (`linked` has the words of links), or are a page
    of so many (3/12).
    """
    return _ROW.sub(lambda row: " " if _is_row(row[0], linked) else row[0], text)


def _is_row(row: str, linked: Collection[str]) -> bool:
    numbers = _NUMBER.findall(row)
    if len(numbers) == 1:
        numbers = next(_counted(row), [])
    if any(one.startswith("0") or len(one) > _LONGEST for one in numbers):
        return False
    of = _OF.fullmatch(row)
    if of is not None:
        return int(of[1]) <= int(of[2])
    if len(numbers) > 1 and sum(one not in linked for one in numbers) <= 1:
        return True
    return len(numbers) >= _FEWEST and _counts_on(row, numbers)


def _counts_on(row: str, numbers: list[str]) -> bool:
    """Tell whether each number is the one before and one, or more after an ellipsis."""
    between = _NUMBER.split(row)[1:-1] or [""] * len(numbers)
    steps = [int(later) - int(one) for one, later in pairwise(numbers)]
    on = [
        step == 1 or (step > 1 and _GAP.search(sign) is not None)
        for step, sign in zip(steps, between, strict=False)
    ]
    return all(on) and 1 in steps


def _counted(digits: str) -> Iterator[list[str]]:
    """Yield the numbers that a run of digits is made of, if they count on by one."""
    for length in _STARTS:
        first = int(digits[:length])
        found, whole = [str(first)], str(first)
        while len(whole) < len(digits):
            found.append(str(first + len(found)))
            whole += found[-1]
        if whole == digits and len(found) >= _FEWEST:
            yield found
