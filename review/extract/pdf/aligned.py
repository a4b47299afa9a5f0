"""Rosters without rulings: rows of short words that stand under each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from review.extract.pdf.items import Handle
from review.extract.pdf.sight import box_of
from review.extract.pdf.tables import Table
from review.extract.pdf.text import PageText

_MIN_ROWS: Final = 3
_MIN_WORDS: Final = 3
_MAX_WORDS: Final = 24
_LONGEST: Final = 24
_GAP: Final = 0.7
_OFF: Final = 0.8


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a line, from place to place in the page's text."""

    text: str
    start: int
    end: int


def aligned_in(
    textpage: Handle, text: PageText, taken: Mapping[int, object]
) -> dict[int, Table]:
    """Return the table of each place in the text that stands in an unruled one.

    Lines that hold a `taken` place are left as they are.
    """
    found: dict[int, Table] = {}
    run: list[tuple[_Word, ...]] = []
    start = 0
    for raw in [*text.text.split("\n"), ""]:
        end = start + len(raw)
        words = _words(raw, start)
        free = not taken or taken.keys().isdisjoint(range(start, end))
        fits = free and _MIN_WORDS <= len(words) <= _MAX_WORDS
        if not fits or (run and len(run[0]) != len(words)):
            found.update(_table(textpage, text, run))
            run = []
        if fits:
            run.append(words)
        start = end + 1
    return found


def _words(raw: str, start: int) -> tuple[_Word, ...]:
    """Part a line at its spaces; a name or heading of spaced letters is one word."""
    words: list[_Word] = []
    place = 0
    for text in raw.split():
        at = raw.index(text, place)
        place = at + len(text)
        if words and _is_letter(text) and _is_letter(words[-1].text):
            before = words.pop()
            words.append(_Word(before.text + text, before.start, start + place))
            continue
        words.append(_Word(text, start + at, start + place))
        if len(text) > _LONGEST:
            return ()
    return tuple(words)


def _is_letter(text: str) -> bool:
    return len(text) == 1 and "\u3400" <= text <= "\u9fff"


def _table(
    textpage: Handle, text: PageText, rows: Sequence[tuple[_Word, ...]]
) -> dict[int, Table]:
    """Return the table of some lines, if their words stand under each other."""
    if len(rows) < _MIN_ROWS:
        return {}
    boxes = []
    for row in rows:
        ends = [
            (
                box_of(textpage, text.at[word.start]),
                box_of(textpage, text.at[word.end - 1]),
            )
            for word in row
        ]
        if any(first is None or last is None for first, last in ends):
            return {}
        boxes.append([(f.left, z.right, f.height) for f, z in ends if f and z])
    if not all(_is_apart(row) for row in boxes):
        return {}
    if not all(_is_column(column) for column in zip(*boxes, strict=True)):
        return {}
    table = Table(rows[0][0].start, tuple(tuple(w.text for w in row) for row in rows))
    return {
        place: table
        for row in rows
        for place in range(row[0].start, row[-1].end)
        if not text.text[place].isspace()
    }


def _is_apart(row: Sequence[tuple[float, float, float]]) -> bool:
    """Tell whether wide gaps part the words of a line."""
    return all(other[0] - one[1] >= one[2] * _GAP for one, other in pairwise(row))


def _is_column(column: Sequence[tuple[float, float, float]]) -> bool:
    """Tell whether words stand flush left, flush right or centred."""
    most = max(size for _, _, size in column) * _OFF
    lefts = [left for left, _, _ in column]
    rights = [right for _, right, _ in column]
    middles = [(left + right) / 2 for left, right, _ in column]
    return any(max(each) - min(each) <= most for each in (lefts, rights, middles))
