"""Many terms at once: an Aho-Corasick automaton over folded text.

A hit strictly inside a shield (a longer, harmless word such as 非涉密 or
保密宣传) is dropped, and so is a hit that straddles two words of the text,
as 机密 does in 司机密切配合. Terms may be letter-spaced or dotted in the
text (机.密): separators inside a word are looked through.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import ahocorasick_rs
import regex

from review.normalize.offsets import Edit, replace, unfolded
from review.normalize.segment import Segmenter, spans_of
from review.spans import Span

# What people put inside a word to hide it; sentence marks are not among them.
_SEPARATORS: Final = regex.compile(
    r"(?<=[\u3400-\u9fff])[ \n.·*_~^|/\\+=#&@'`°-]{1,3}(?=[\u3400-\u9fff★])"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A term (its folded form) at a span of the folded text."""

    term: str
    span: Span


@dataclass(frozen=True, slots=True)
class TermIndex:
    """All terms and shields in one automaton."""

    automaton: ahocorasick_rs.AhoCorasick
    words: tuple[str, ...]
    shields: frozenset[str]
    segmenter: Segmenter
    user_words: frozenset[str] = field(default=frozenset())

    def hits(self, text: str) -> list[Hit]:
        """Return every unshielded term in `text`, in order of place."""
        found = self._plain_hits(text)
        if _SEPARATORS.search(text) is not None:
            found += self._hits_through_separators(text, found)
        return found

    def _plain_hits(self, text: str) -> list[Hit]:
        raw = self.automaton.find_matches_as_indexes(text, overlapping=True)
        if not raw:
            return []
        hits = [Hit(self.words[which], Span(start, end)) for which, start, end in raw]
        shields = [hit.span for hit in hits if hit.term in self.shields]
        if shields:
            hits = [hit for hit in hits if not _is_shielded(hit.span, shields)]
        hits = [hit for hit in hits if hit.term not in self.shields]
        return self._whole_words(text, hits)

    def _whole_words(self, text: str, hits: list[Hit]) -> list[Hit]:
        """Drop two-character hits that straddle two longer words."""
        doubtful = [hit for hit in hits if len(hit.term) == 2]  # noqa: PLR2004 - a pair
        if not doubtful:
            return hits
        borders = _borders(self.segmenter.words(text))
        straddling = {hit for hit in doubtful if _straddles(hit.span, borders)}
        return [hit for hit in hits if hit not in straddling]

    def _hits_through_separators(self, text: str, known: list[Hit]) -> list[Hit]:
        """Find terms with separators put inside, at the borders of words."""
        edits = [
            Edit(match.start(), match.end(), "")
            for match in _SEPARATORS.finditer(text)
        ]
        dense = replace(unfolded(text), edits)
        seen = {hit.span for hit in known}
        borders = _borders(self.segmenter.words(text))
        found: list[Hit] = []
        for hit in self._plain_hits(dense.text):
            span = dense.to_source(hit.span)
            if span in seen or span.end - span.start == len(hit.term):
                continue
            if span.start in borders and span.end in borders:
                found.append(Hit(hit.term, span))
        return found


def index_terms(
    terms: Iterable[str], shields: Iterable[str], segmenter: Segmenter
) -> TermIndex:
    """Build the automaton over folded `terms` and `shields` (0.5 s for 100,000)."""
    shielding = frozenset(shields)
    words = tuple(sorted({*terms, *shielding}))
    automaton = ahocorasick_rs.AhoCorasick(list(words), store_patterns=False)
    return TermIndex(automaton, words, shielding, segmenter)


def counted(hits: Iterable[Hit]) -> Mapping[str, int]:
    """Count how often each term was hit."""
    counts: dict[str, int] = {}
    for hit in hits:
        counts[hit.term] = counts.get(hit.term, 0) + 1
    return counts


def _is_shielded(span: Span, shields: list[Span]) -> bool:
    return any(
        shield.start <= span.start
        and span.end <= shield.end
        and shield.end - shield.start > span.end - span.start
        for shield in shields
    )


def _borders(words: list[str]) -> frozenset[int]:
    return frozenset({0, *(span.end for span in spans_of(words))})


def _straddles(span: Span, borders: frozenset[int]) -> bool:
    """Tell whether both ends cut a word and a word border lies inside."""
    inside = any(at in borders for at in range(span.start + 1, span.end))
    return inside and span.start not in borders and span.end not in borders
