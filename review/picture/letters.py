"""Finding words on a page whatever its spaces and line breaks: letters, and where they are.

Letters are characters folded one by one (NFKC); what leaves no ink is none.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from review.picture.interface import Excerpt
from review.spans import Span

# So many letters of an excerpt must stand at a page's end to be its beginning, and
# so many may come after it: the page's number.
_BEGINNING: Final = 6
_FOOT: Final = 12
_NO_INK: Final = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp", "Zs"})
_PLAIN: Final = range(0x4E00, 0xA000)  # most of what we see, and folds to itself


@dataclass(frozen=True, slots=True)
class Letters:
    """A page's letters as one text; `places[i]` is the character that letter i is from."""

    text: str
    places: tuple[int, ...]


def letters_in(characters: Iterable[str]) -> Letters:
    """Return the letters of characters that are counted from 0."""
    text: list[str] = []
    places: list[int] = []
    for at, character in enumerate(characters):
        letters = _folded(character)
        text.append(letters)
        places += [at] * len(letters)
    return Letters("".join(text), tuple(places))


def squeezed(text: str) -> str:
    """Return the letters alone."""
    return "".join(map(_folded, text))


def find(excerpts: Sequence[Excerpt], page: Letters) -> dict[str, tuple[Span, ...]]:
    """Return the ranges of characters where each excerpt of the page stands.

    Where the same words stand several times, each excerpt gets the place nearest to
    where it should be, and no two the same as long as there are enough; one that does
    not know where it should be gets all. Of words that go on overleaf, what is here.
    """
    same: dict[str, list[Excerpt]] = {}
    for one in excerpts:
        same.setdefault(squeezed(one.text), []).append(one)
    found: dict[str, tuple[Span, ...]] = {}
    for text, members in same.items():
        places, length = _places(text, page.text)
        for one, at in _shared_out(members, places):
            found[one.id] = tuple(_span(page, start, length) for start in at)
    return found


def _folded(character: str) -> str:
    if len(character) == 1 and ord(character) in _PLAIN:
        return character
    if unicodedata.category(character[:1] or " ") in _NO_INK:
        return ""
    return "".join(unicodedata.normalize("NFKC", character).split())


def _places(text: str, page: str) -> tuple[list[int], int]:
    """Return where the text stands, or the beginning of it that goes on overleaf."""
    found = _every(text, page)
    if found:
        return found, len(text)
    for length in range(len(text) - 1, _BEGINNING - 1, -1):
        at = page.rfind(text[:length])
        if at >= 0 and at + length + _FOOT >= len(page):
            return [at], length
    return [], 0


def _every(text: str, page: str) -> list[int]:
    found: list[int] = []
    at = page.find(text) if text else -1
    while at >= 0:
        found.append(at)
        at = page.find(text, at + len(text))
    return found


def _shared_out(
    members: Sequence[Excerpt], places: Sequence[int]
) -> Iterable[tuple[Excerpt, Sequence[int]]]:
    """Give each its place, in the order in which they should stand."""
    for one in members:
        if one.after is None:
            yield one, places
    known = sorted(
        (one.after, at) for at, one in enumerate(members) if one.after is not None
    )
    first = 0
    for rank, (after, at) in enumerate(known):
        last = len(places) - (len(known) - rank - 1)
        free = range(first, last) or range(len(places))
        if not free:
            yield members[at], ()
            continue
        nearest = min(free, key=lambda place: abs(places[place] - after))
        first = nearest + 1
        yield members[at], (places[nearest],)


def _span(page: Letters, start: int, length: int) -> Span:
    return Span(page.places[start], page.places[start + length - 1] + 1)
