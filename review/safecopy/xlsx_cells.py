"""Addresses of cells."""

from typing import Final

_LETTERS: Final = 26
_MOST: Final = 16_384


def column_of(address: str | None) -> int:
    """Return the number of a cell's column: 1 for `A7`, 0 where there is none."""
    number = 0
    for letter in address or "":
        if not "A" <= letter <= "Z" or number > _MOST:
            break
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
