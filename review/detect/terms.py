"""Many terms at once: an Aho-Corasick automaton over folded text.

A hit strictly inside a shield (a longer, harmless word such as 非涉密 or
保密宣传) is dropped, and so is a hit that straddles two words of the text,
as 机密 does in 司机密切配合. Terms may be letter-spaced or dotted in the
text (机.密): separators inside a word are looked through.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import ahocorasick_rs
import regex

from review.normalize.offsets import Edit, Folded, replace, unfolded
from review.spans import Span

# What people put inside a word to hide it; sentence marks are not among them.
_SEPARATORS: Final = regex.compile(
    r"(?<=[\u3400-\u9fff])[ \n.·*_~^|/\\+=#&@'`°-]{1,3}(?=[\u3400-\u9fff★])"
)


_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class TermIndex:
    """All terms and shields in one automaton."""

    automaton: ahocorasick_rs.AhoCorasick
    words: tuple[str, ...]
    shields: frozenset[str]

    def hits(
        self, text: str, segment: Callable[[], Sequence[str]]
    ) -> dict[str, list[Span]]:
        """Return every unshielded term in `text` with its places, in order.

        `segment` gives the words of `text`; it is called only where the
        borders of words decide.
        """
        found = self._unshielded(text)
        dense = _without_separators(text)
        pairs = [term for term in found if len(term) == _PAIR]
        if not pairs and dense is None:
            return found
        borders = _borders(segment())
        for term in pairs:
            places = [span for span in found[term] if not _straddles(span, borders)]
            if places:
                found[term] = places
            else:
                del found[term]
        if dense is not None:
            self._add_separated(found, dense, borders)
        return found

    def _unshielded(self, text: str) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for which, start, end in self.automaton.find_matches_as_indexes(
            text, overlapping=True
        ):
            found.setdefault(self.words[which], []).append(Span(start, end))
        shields = self.shields.intersection(found)
        if not shields:
            return found
        over = [span for shield in shields for span in found[shield]]
        outside = {
            term: [span for span in spans if not _is_shielded(span, over)]
            for term, spans in found.items()
            if term not in shields
        }
        return {term: spans for term, spans in outside.items() if spans}

    def _add_separated(
        self, found: dict[str, list[Span]], dense: Folded, borders: frozenset[int]
    ) -> None:
        """Add the terms with separators put inside, at the borders of words."""
        for term, places in self._unshielded(dense.text).items():
            for place in places:
                span = dense.to_source(place)
                known = span in found.get(term, ())
                if known or span.end - span.start == len(term):
                    continue
                if span.start in borders and span.end in borders:
                    found[term] = sorted([*found.get(term, ()), span])


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


def _straddles(pair: Span, borders: frozenset[int]) -> bool:
    """Tell whether a pair cuts two words: a border inside, none at its ends."""
    start, end = pair
    return start + 1 in borders and start not in borders and end not in borders
