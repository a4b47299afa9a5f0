"""The lexicons made ready to run: folded words, patterns with what they need.

What a scan needs of the lexicons, and nothing else. `compile_lexicon.py` makes
it from the rule files; the shipped ones come compiled, since reading and
checking two hundred files would take longer than most scans.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from review.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.detect.interface import Category, Level, Severity, Tier

PATTERN_SECONDS: Final = 0.5


@functools.cache
def compiled_regex(pattern: str, *, lines: bool = False) -> regex.Pattern[str]:
    """Return `pattern` compiled, once, on first use (compiling all takes seconds)."""
    return regex.compile(pattern, regex.MULTILINE if lines else regex.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CompiledPattern:
    """A pattern on folded text.

    `anchors` are the folded words that call for it; every match holds at
    least one word of each of the sets in `required`.
    """

    pattern: str
    weight: float
    why: str
    anchors: frozenset[str]
    required: tuple[tuple[str, ...], ...]

    def may_match(self, text: str) -> bool:
        """Tell cheaply whether a match is possible; never wrongly no."""
        for words in self.required:
            for word in words:
                if word in text:
                    break
            else:
                return False
        return True

    def search(self, text: str) -> Span | None:
        """Return where the pattern matches first, or None.

        Raises:
            TimeoutError: It took too long.
        """
        found = compiled_regex(self.pattern).search(text, timeout=PATTERN_SECONDS)
        return Span(found.start(), found.end()) if found else None


@dataclass(frozen=True, slots=True)
class Scope:
    """What reports say of a rule: id, legal ground, words for the reviewer."""

    id: str
    clauses: tuple[str, ...]
    category: Category
    tier: Tier
    level: Level | None
    severity: Severity
    because: str
    releasable_when: str | None
    suggestion: str


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule: words with weights, patterns, what makes a mere mention.

    Its own status and mention words are here; those of the shared lists are
    in `CompiledLexicon.shared`, by the names in `disclosure_uses` and
    `mention_uses`.
    """

    scope: Scope
    terms: Mapping[str, float]
    status: Mapping[str, float]
    mention: Mapping[str, float]
    anchored: tuple[CompiledPattern, ...]
    unanchored: tuple[CompiledPattern, ...]
    mention_patterns: tuple[CompiledPattern, ...]
    shields: frozenset[str]
    disclosure_uses: tuple[str, ...]
    mention_uses: tuple[str, ...]

    def own_words(self) -> set[str]:
        """Return every word of its own whose places matter."""
        return {*self.terms, *self.status, *self.mention, *self.shields}

    def anchors(self) -> set[str]:
        """Return the words that call for its patterns; that they occur is enough."""
        patterns = (*self.anchored, *self.mention_patterns)
        return {anchor for pattern in patterns for anchor in pattern.anchors}


@dataclass(frozen=True, slots=True)
class CompiledKind:
    """One kind of document: patterns of its title, its formulae, against it."""

    kind: str
    clauses: tuple[str, ...]
    category: Category
    tier: Tier
    severity: Severity
    because: str
    releasable_when: str | None
    suggestion: str
    titles: tuple[CompiledPattern, ...]
    formulae: tuple[CompiledPattern, ...]
    against: tuple[CompiledPattern, ...]


@dataclass(frozen=True, slots=True)
class CompiledLexicon:
    """All rules of one office, ready to run, and the digest of their files.

    `shared` has the words of each shared list with their weights; `about`
    says of each clause, in our own words, what it lists.
    """

    digest: str
    rules: tuple[CompiledRule, ...]
    shared: Mapping[str, Mapping[str, float]]
    shields: frozenset[str]
    kinds: tuple[CompiledKind, ...]
    about: Mapping[str, str]


def compile_all(lexicon: CompiledLexicon) -> None:
    """Compile every pattern now (some seconds), for a process whose children share them."""
    for rule in lexicon.rules:
        for one in (*rule.anchored, *rule.unanchored, *rule.mention_patterns):
            compiled_regex(one.pattern)
    for kind in lexicon.kinds:
        for one in (*kind.titles, *kind.formulae, *kind.against):
            compiled_regex(one.pattern, lines=True)
