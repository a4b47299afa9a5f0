"""The lexicons' rules made ready to run: folded words, compiled patterns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from review.detect.literals import required_words
from review.errors import LexiconError
from review.normalize.steps import fold_words
from review.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from review.detect.lexicon import Lexicon, ScopeRule
    from review.detect.rule_file import ContextFile, Pattern, Word

PATTERN_SECONDS: Final = 0.5
# In a pattern, full-width marks mean what folding makes of them.
_MARKS: Final = str.maketrans(
    {"：": ":", "，": ",", "；": ";", "（": r"\(", "）": r"\)", "？": r"\?", "！": "!"}
)


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPattern:
    """A pattern ready to run.

    `anchors` are the folded words that call for it; every match holds at
    least one word of each of the sets in `required`.
    """

    regex: regex.Pattern[str]
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
        found = self.regex.search(text, timeout=PATTERN_SECONDS)
        return Span(found.start(), found.end()) if found else None


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One rule: words with weights, patterns, what makes a mere mention.

    `status` and `mention_words` hold the rule's own words and those of the
    shared lists it uses; the own ones and the lists' names are kept apart too.
    """

    scope: ScopeRule
    terms: Mapping[str, float]
    status: Mapping[str, float]
    anchored: tuple[CompiledPattern, ...]
    unanchored: tuple[CompiledPattern, ...]
    mention_words: Mapping[str, float]
    mention_patterns: tuple[CompiledPattern, ...]
    shields: frozenset[str]
    own_status: Mapping[str, float]
    own_mention: Mapping[str, float]
    disclosure_uses: tuple[str, ...]
    mention_uses: tuple[str, ...]

    def all_words(self) -> set[str]:
        """Return every word that the index must find for this rule."""
        patterns = (*self.anchored, *self.mention_patterns)
        anchors = {anchor for pattern in patterns for anchor in pattern.anchors}
        return {
            *self.terms,
            *self.status,
            *self.mention_words,
            *self.shields,
            *anchors,
        }


class _Patterns:
    """Compiles each pattern once, however many rules share it."""

    def __init__(self) -> None:
        self._known: dict[Pattern, CompiledPattern] = {}

    def compile(
        self, scope: ScopeRule, patterns: Iterable[Pattern]
    ) -> tuple[CompiledPattern, ...]:
        return tuple(self._one(scope, pattern) for pattern in patterns)

    def _one(self, scope: ScopeRule, pattern: Pattern) -> CompiledPattern:
        if pattern not in self._known:
            self._known[pattern] = _compiled(scope, pattern)
        return self._known[pattern]


def compile_rules(lexicon: Lexicon) -> tuple[CompiledRule, ...]:
    """Return the rules of `lexicon`, in its order.

    Raises:
        LexiconError: A pattern is not a regular expression.
    """
    patterns = _Patterns()
    return tuple(_rule(scope, lexicon, patterns) for scope in lexicon.scopes)


def _rule(scope: ScopeRule, lexicon: Lexicon, patterns: _Patterns) -> CompiledRule:
    file = scope.file
    disclosing = [lexicon.contexts[name] for name in file.disclosure.uses]
    mentioning = [lexicon.contexts[name] for name in file.mention.uses]
    content = patterns.compile(
        scope, (*file.disclosure.content, *_patterns_of(disclosing))
    )
    return CompiledRule(
        scope=scope,
        terms=_folded(file.terms),
        status=_folded((*file.disclosure.status, *_words_of(disclosing))),
        anchored=tuple(one for one in content if one.anchors),
        unanchored=tuple(one for one in content if not one.anchors),
        mention_words=_folded((*file.mention.words, *_words_of(mentioning))),
        mention_patterns=patterns.compile(
            scope, (*file.mention.patterns, *_patterns_of(mentioning))
        ),
        shields=frozenset(fold_words(word) for word in file.shields),
        own_status=_folded(file.disclosure.status),
        own_mention=_folded(file.mention.words),
        disclosure_uses=file.disclosure.uses,
        mention_uses=file.mention.uses,
    )


def shared_shields(lexicon: Lexicon) -> set[str]:
    """Return the harmless longer words that shield for every rule."""
    return {
        fold_words(word.text)
        for context in lexicon.contexts.values()
        if context.side == "shield"
        for word in context.words
    }


def words_of_contexts(lexicon: Lexicon) -> dict[str, Mapping[str, float]]:
    """Return the folded words of each shared list, by its name."""
    return {
        name: _folded(context.words)
        for name, context in lexicon.contexts.items()
        if context.side != "shield"
    }


def _words_of(contexts: Iterable[ContextFile]) -> list[Word]:
    return [word for context in contexts for word in context.words]


def _patterns_of(contexts: Iterable[ContextFile]) -> list[Pattern]:
    return [pattern for context in contexts for pattern in context.patterns]


def _folded(words: Iterable[Word]) -> dict[str, float]:
    return {fold_words(word.text): word.weight for word in words}


def _compiled(scope: ScopeRule, pattern: Pattern) -> CompiledPattern:
    folded = pattern.pattern.translate(_MARKS)
    try:
        expression = regex.compile(folded, regex.IGNORECASE)
    except regex.error as error:
        raise LexiconError(
            f"{scope.id}.yaml：正则表达式“{pattern.pattern}”写错了（{error}）"
        ) from error
    return CompiledPattern(
        regex=expression,
        weight=pattern.weight,
        why=pattern.why,
        anchors=frozenset(fold_words(anchor) for anchor in pattern.anchors),
        required=tuple(tuple(sorted(words)) for words in required_words(folded)),
    )
