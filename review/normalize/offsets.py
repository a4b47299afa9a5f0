"""The way back: from folded characters to the characters they stand for.

A `Folded` text keeps for each of its characters the half-open range of
source characters that it stands for. Steps that replace one character by
one leave the ranges alone; every other change goes through `replace`.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from review.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` where characters `start` to `end` (half-open) stood."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the source range of each of its characters.

    `starts` and `ends` are None as long as every character stands for the
    source character at its own position.
    """

    text: str
    length: int
    starts: array[int] | None = None
    ends: array[int] | None = None

    def to_source(self, span: Span) -> Span:
        """Lead a span of the folded text back to the source text.

        An empty span stays empty. Characters of the source that were removed
        inside the span belong to the result.
        """
        if self.starts is None or self.ends is None:
            return span
        if span.start >= span.end:
            at = self._source_position(span.start)
            return Span(at, at)
        return Span(self.starts[span.start], self.ends[span.end - 1])

    def _source_position(self, at: int) -> int:
        if self.starts is None or at >= len(self.starts):
            return self.length
        return self.starts[at]


def unfolded(text: str) -> Folded:
    """Return `text` standing for itself."""
    return Folded(text=text, length=len(text))


def translated(folded: Folded, text: str) -> Folded:
    """Return `folded` with a text of the same length, character for character.

    Raises:
        ValueError: The lengths differ, so that positions would be lost.
    """
    if len(text) != len(folded.text):
        raise ValueError("a translation must keep the length")
    return Folded(text, folded.length, folded.starts, folded.ends)


def replace(folded: Folded, edits: Iterable[Edit]) -> Folded:
    """Apply `edits`, which are in order and do not overlap.

    A replacement stands, every character of it, for the whole source range
    of what it replaces; an edit with an empty text removes.
    """
    starts = folded.starts or array("L", range(len(folded.text)))
    ends = folded.ends or array("L", range(1, len(folded.text) + 1))
    pieces: list[str] = []
    new_starts = array("L")
    new_ends = array("L")
    done = 0
    for edit in edits:
        pieces.append(folded.text[done : edit.start])
        new_starts.extend(starts[done : edit.start])
        new_ends.extend(ends[done : edit.start])
        if edit.text:
            pieces.append(edit.text)
            new_starts.extend([starts[edit.start]] * len(edit.text))
            new_ends.extend([ends[edit.end - 1]] * len(edit.text))
        done = edit.end
    pieces.append(folded.text[done:])
    new_starts.extend(starts[done:])
    new_ends.extend(ends[done:])
    return Folded("".join(pieces), folded.length, new_starts, new_ends)
