"""The part of an answer that was asked for, after all of it was checked."""

from dataclasses import dataclass, field
from typing import Final

import regex

_ONE: Final = regex.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class Part:
    """The half-open range of bytes to send, and how that is said."""

    start: int
    end: int
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def part_of(asked: str | None, size: int) -> Part:
    """Return the one range that is asked for; all of it for several, or for nonsense."""
    found = _ONE.fullmatch(asked.strip()) if asked else None
    if found is None or not (found[1] or found[2]):
        return Part(0, size)
    if found[1]:
        start = int(found[1])
        end = min(int(found[2]) + 1, size) if found[2] else size
    else:
        start, end = max(size - int(found[2]), 0), size
    if start >= size or start >= end:
        return Part(0, 0, 416, {"Content-Range": f"bytes */{size}"})
    return Part(start, end, 206, {"Content-Range": f"bytes {start}-{end - 1}/{size}"})
