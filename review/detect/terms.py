"""Many terms at once: an Aho-Corasick automaton over folded text.

A hit strictly inside a shield (a longer, harmless word such as 非涉密 or
保密宣传) is dropped, and so is a hit that straddles two words of the text,
as 机密 does in 司机密切配合. Terms may be letter-spaced or dotted in the
text (机.密): separators inside a word are looked through.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

import ahocorasick_rs
import regex

from review.normalize.offsets import Edit, Folded, replace, unfolded
from review.spans import Span

# What people put inside a word to hide it; sentence marks are not among them.
_SEPARATORS: Final = regex.compile(
    r"(?<=[\u3400-\u9fff])[ \n.·*_~^|/\\+=#&@'`°-]{1,3}(?=[\u3400-\u9fff★])"
)


_PAIR: Final = 2


class Hit(NamedTuple):
    """A term (its folded form) at a span of the folded text."""

    term: str
    span: Span


@dataclass(frozen=True, slots=True)
class TermIndex:
    """All terms and shields in one automaton."""

    automaton: ahocorasick_rs.AhoCorasick
    words: tuple[str, ...]
    shields: frozenset[str]

    def hits(self, text: str, segment: Callable[[], Sequence[str]]) -> list[Hit]:
        """Return every unshielded term in `text`, in order of place.

        `segment` gives the words of `text`; it is called only where the
        borders of words decide.
        """
        found = self._unshielded(text)
        dense = _without_separators(text)
        if dense is None and not any(len(hit.term) == _PAIR for hit in found):
            return found
        borders = _borders(segment())
        found = [hit for hit in found if not _straddles(hit, borders)]
        if dense is not None:
            found += self._through_separators(dense, found, borders)
        return found

    def _unshielded(self, text: str) -> list[Hit]:
        raw = self.automaton.find_matches_as_indexes(text, overlapping=True)
        hits = [Hit(self.words[which], Span(start, end)) for which, start, end in raw]
        shields = [hit.span for hit in hits if hit.term in self.shields]
        if not shields:
            return hits
        return [
            hit
            for hit in hits
            if hit.term not in self.shields and not _is_shielded(hit.span, shields)
        ]

    def _through_separators(
        self, dense: Folded, known: Iterable[Hit], borders: frozenset[int]
    ) -> list[Hit]:
        """Find terms with separators put inside, at the borders of words."""
        seen = {hit.span for hit in known}
        found: list[Hit] = []
        for hit in self._unshielded(dense.text):
            span = dense.to_source(hit.span)
            if span in seen or span.end - span.start == len(hit.term):
                continue
            if span.start in borders and span.end in borders:
                found.append(Hit(hit.term, span))
        return found


def index_terms(terms: Iterable[str], shields: Iterable[str]) -> TermIndex:
    """Build the automaton over folded `terms` and `shields` (0.5 s for 100,000)."""
    shielding = frozenset(shields)
    words = tuple(sorted({*terms, *shielding}))
    automaton = ahocorasick_rs.AhoCorasick(list(words), store_patterns=False)
    return TermIndex(automaton, words, shielding)


def _without_separators(text: str) -> Folded | None:
    """Return `text` without the separators inside words; None if there are none."""
    edits = [
        Edit(match.start(), match.end(), "") for match in _SEPARATORS.finditer(text)
    ]
    return replace(unfolded(text), edits) if edits else None


def _is_shielded(span: Span, shields: Iterable[Span]) -> bool:
    return any(
        shield.start <= span.start
        and span.end <= shield.end
        and shield.end - shield.start > span.end - span.start
        for shield in shields
    )


def _borders(words: Sequence[str]) -> frozenset[int]:
    return frozenset(accumulate(map(len, words), initial=0))


def _straddles(hit: Hit, borders: frozenset[int]) -> bool:
    """Tell whether a pair cuts two words: a border inside, none at its ends."""
    if len(hit.term) != _PAIR:
        return False
    start, end = hit.span
    return start + 1 in borders and start not in borders and end not in borders
