"""Walk the records of an old workbook, and read the strings in them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BOF, EOF, CONTINUE, FILE_PASS, BOUND_SHEET = 0x809, 0x0A, 0x3C, 0x2F, 0x85
_OLD_BOFS: Final = frozenset({0x009, 0x209, 0x409})
_BIFF8: Final = 0x0600
_HEAD: Final = 4
_WIDE, _PHONETIC, _RICH = 1, 4, 8
_STRING, _ATTRIBUTE, _CHOOSE = 0x17, 0x19, 4
# Sizes of the tokens of a formula; those with a class count from 0x20.
_TOKENS: Final = {
    **dict.fromkeys(range(0x03, 0x17), 0),
    0x01: 4,
    0x02: 4,
    0x1C: 1,
    0x1D: 1,
    0x1E: 2,
    0x1F: 8,
    0x20: 7,
    0x21: 2,
    0x22: 3,
    0x23: 4,
    0x24: 4,
    0x25: 8,
    0x26: 6,
    0x27: 6,
    0x28: 6,
    0x29: 2,
    0x2A: 4,
    0x2B: 8,
    0x2C: 4,
    0x2D: 8,
    0x39: 6,
    0x3A: 6,
    0x3B: 10,
    0x3C: 6,
    0x3D: 10,
}


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `depth` tells how many parts of the book are open around it."""

    kind: int
    data: bytes
    at: int
    depth: int


def records_in(stream: bytes) -> Iterator[Record]:
    """Yield the records in order; the last one may be cut."""
    at = depth = 0
    while at + _HEAD <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == BOF or kind in _OLD_BOFS:
            depth += 1
        yield Record(kind, stream[at + _HEAD : at + _HEAD + size], at, depth)
        if kind == EOF and depth:
            depth -= 1
        at += _HEAD + size


def is_wide(stream: bytes) -> bool:
    """Tell whether the strings of a book are those of Excel 97 and what followed."""
    if len(stream) < _HEAD + 2 or stream[:2] != BOF.to_bytes(2, "little"):
        return False
    return int.from_bytes(stream[_HEAD : _HEAD + 2], "little") >= _BIFF8


def string_at(data: bytes, at: int, *, size: int, wide: bool = True) -> tuple[str, int]:
    """Return a string whose length takes `size` bytes, and where it ends.

    Books before Excel 97 (`wide` false) keep one byte a letter, in the office's code page.
    """
    count = int.from_bytes(data[at : at + size], "little")
    at += size
    if not wide:
        return data[at : at + count].decode("gb18030", "replace"), at + count
    flags = data[at] if at < len(data) else 0
    at += 1
    runs = beyond = 0
    if flags & _RICH:
        runs, at = int.from_bytes(data[at : at + 2], "little"), at + 2
    if flags & _PHONETIC:
        beyond, at = int.from_bytes(data[at : at + 4], "little"), at + 4
    text, at = letters(data, at, count, wide=bool(flags & _WIDE))
    return text, at + 4 * runs + beyond


def letters(data: bytes, at: int, count: int, *, wide: bool) -> tuple[str, int]:
    """Return so many letters of one or two bytes, and where they end."""
    end = at + (2 * count if wide else count)
    raw = data[at:end]
    if wide:
        return raw[: len(raw) & ~1].decode("utf-16-le", "replace"), end
    return raw.decode("latin-1"), end


def formula_strings(rgce: bytes) -> Iterator[str]:
    """Yield the texts that a formula carries, as far as its tokens are known."""
    at = 0
    while at < len(rgce):
        token = rgce[at]
        at += 1
        if token == _STRING:
            text, at = string_at(rgce, at, size=1)
            yield text
        elif token == _ATTRIBUTE:
            flags = rgce[at] if at < len(rgce) else 0
            count = int.from_bytes(rgce[at + 1 : at + 3], "little")
            at += 3 + (2 * (count + 1) if flags & _CHOOSE else 0)
        else:
            plain = token if token < 0x20 else (token & 0x1F) | 0x20  # noqa: PLR2004 - tokens with a class
            if plain not in _TOKENS:
                return
            at += _TOKENS[plain]
