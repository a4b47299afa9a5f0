"""Finds passages that disclose a listed scope by the lexicons' words.

A rule counts points in a passage: its object words (at most the weight of
the heaviest), status words (not yet public), verbatim content, less the
words of a mere mention. Two points make a finding; the object words alone
never do, unless a word by itself discloses (weight 2 and more).
"""

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

import regex

from review.detect.interface import Detection, Finding
from review.detect.lexicon import Lexicon, ScopeRule
from review.detect.rule_file import ContextFile, Pattern, Word
from review.detect.terms import index_terms
from review.errors import LexiconError
from review.extract.interface import Gap
from review.normalize.interface import NormalizedText, Passage
from review.normalize.segment import Segmenter
from review.normalize.steps import fold_words
from review.spans import Span

ENOUGH: Final = 2.0
_LINES_KEPT: Final = 64
_MOST_STATUS: Final = 2.0
_MOST_CONTENT: Final = 3.0
_MOST_MENTION: Final = 3.0
PATTERN_SECONDS: Final = 0.5
# In a pattern, full-width marks mean what folding makes of them.
_MARKS: Final = str.maketrans(
    {"：": ":", "，": ",", "；": ";", "（": r"\(", "）": r"\)", "？": r"\?", "！": "!"}
)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A pattern ready to run, and the folded words that call for it."""

    regex: regex.Pattern[str]
    weight: float
    why: str
    anchors: frozenset[str]

    def called_by(self, words: Set[str]) -> bool:
        """Tell whether one of the anchors is among `words`, or none is asked."""
        return not self.anchors or not self.anchors.isdisjoint(words)


@dataclass(frozen=True, slots=True)
class _Side:
    """The words and patterns of one side of one rule."""

    words: Mapping[str, float]
    patterns: tuple[_Compiled, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    scope: ScopeRule
    terms: Mapping[str, float]
    status: Mapping[str, float]
    content: tuple[_Compiled, ...]
    mention: _Side


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for and against one rule in one passage."""

    rule: ScopeRule
    object_points: float
    status_points: float
    content_points: float
    mention_points: float
    spans: tuple[Span, ...]
    words: tuple[str, ...]
    whys: tuple[str, ...]

    @property
    def points(self) -> float:
        """Return what is left when the mention is taken off."""
        return (
            self.object_points
            + self.status_points
            + self.content_points
            - self.mention_points
        )

    @property
    def discloses(self) -> bool:
        """Tell whether the passage discloses the scope by this rule."""
        return self.points >= ENOUGH and (
            self.status_points > 0
            or self.content_points > 0
            or self.object_points >= ENOUGH
        )


class ScopeDetector:
    """The lexicons at work on passages."""

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        """Fold and index every word of `lexicon`.

        Raises:
            LexiconError: A pattern is not a regular expression.
        """
        self._rules = tuple(_compile(scope, lexicon) for scope in lexicon.scopes)
        self._calls = _callers(self._rules)
        self._index = index_terms({*self._calls, *_all_words(self._rules)}, _shields(lexicon))
        self._segmenter = segmenter
        self._lines: dict[str, Set[str]] = {}

    def evidence_in(
        self, text: NormalizedText, words: Sequence[Sequence[str]] = ()
    ) -> tuple[list[list[Evidence]], list[Gap]]:
        """Return the evidence of every passage, and a gap for each that timed out."""
        evidence: list[list[Evidence]] = []
        gaps: list[Gap] = []
        for passage in text.passages:
            try:
                known = words[passage.index] if words else ()
                evidence.append(
                    self.evidence(passage, title=text.title, words=known)
                )
            except TimeoutError:
                evidence.append([])
                gaps.append(
                    Gap(passage.where, "timeout", "一段文字匹配规则超时，未能检查完，请人工审看")
                )
        return evidence, gaps

    def detect(self, text: NormalizedText) -> Detection:
        """Judge every passage, with the title and its heading beside it."""
        evidence, gaps = self.evidence_in(text)
        return Detection(findings_of(text, evidence), gaps=tuple(gaps))

    def evidence(
        self, passage: Passage, *, title: str = "", words: Sequence[str] = ()
    ) -> list[Evidence]:
        """Return what speaks for each rule that the passage touches.

        `words` are the passage's words, if they are known already.

        Raises:
            TimeoutError: A pattern took too long on this passage.
        """
        hits = self._index.hits(
            passage.text, lambda: words or self._segmenter.words(passage.text)
        )
        if not hits:
            return []
        by_term: dict[str, list[Span]] = {}
        for hit in hits:
            by_term.setdefault(hit.term, []).append(hit.span)
        touched = {number for term in by_term for number in self._calls.get(term, ())}
        if not touched:
            return []
        around = self._around(passage, title)
        found = (
            _weigh(self._rules[number], by_term, around, passage.text)
            for number in sorted(touched)
        )
        return [one for one in found if one is not None]

    def _around(self, passage: Passage, title: str) -> Set[str]:
        """Return the terms in the title and the heading."""
        lines = (title, passage.heading) if passage.heading != title else (title,)
        return frozenset().union(*(self._terms_in(line) for line in lines if line))

    def _terms_in(self, line: str) -> Set[str]:
        """Return the terms in a title or heading, remembered for its draft."""
        if line not in self._lines:
            if len(self._lines) > _LINES_KEPT:
                self._lines.clear()
            hits = self._index.hits(line, lambda: self._segmenter.words(line))
            self._lines[line] = frozenset(hit.term for hit in hits)
        return self._lines[line]


def findings_of(
    text: NormalizedText, evidence: Sequence[Sequence[Evidence]]
) -> tuple[Finding, ...]:
    """Return a finding for each rule that a passage discloses."""
    return tuple(
        _finding(one, passage)
        for passage, found in zip(text.passages, evidence, strict=True)
        for one in found
        if one.discloses
    )


def _weigh(
    rule: _Rule, by_term: Mapping[str, list[Span]], around: Set[str], text: str
) -> Evidence | None:
    words = by_term.keys()
    objects = [term for term in words if term in rule.terms]
    heaviest = max((rule.terms[term] for term in objects), default=0.0)
    content = [
        (one, span)
        for one in rule.content
        if one.called_by(words) and (span := _search(one, text)) is not None
    ]
    status = [term for term in words if term in rule.status]
    if not content and (not objects or (not status and heaviest < ENOUGH)):
        return None
    if around:
        beside = max((rule.terms[term] for term in around if term in rule.terms), default=0.0)
        heaviest = max(heaviest, min(1.0, beside))
    return Evidence(
        rule=rule.scope,
        object_points=heaviest,
        status_points=min(_MOST_STATUS, sum(rule.status[term] for term in status)),
        content_points=min(_MOST_CONTENT, sum(one.weight for one, _ in content)),
        mention_points=_mention_points(rule.mention, words, around, text),
        spans=(
            *(span for _, span in content),
            *(by_term[term][0] for term in (*objects, *status)),
        ),
        words=(*objects, *status),
        whys=tuple(one.why for one, _ in content if one.why),
    )


def _mention_points(
    mention: _Side, words: Set[str], around: Set[str], text: str
) -> float:
    points = sum(mention.words[word] for word in words | around if word in mention.words)
    points += sum(
        one.weight
        for one in mention.patterns
        if one.called_by(words) and _search(one, text) is not None
    )
    return min(_MOST_MENTION, points)


def _search(pattern: _Compiled, text: str) -> Span | None:
    found = pattern.regex.search(text, timeout=PATTERN_SECONDS)
    return Span(found.start(), found.end()) if found else None


def _finding(evidence: Evidence, passage: Passage) -> Finding:
    scope = evidence.rule.file
    spans = [passage.to_source(span) for span in evidence.spans]
    start = min(span.start for span in spans)
    end = max(span.end for span in spans)
    whys = "，".join(dict.fromkeys(evidence.whys))
    reason = f"{scope.because}（{whys}）" if whys else scope.because
    return Finding(
        detector="lexicon",
        rule=evidence.rule.id,
        category=scope.category,
        tier=scope.tier,
        level=scope.level,
        severity=scope.severity,
        score=score_of(evidence.points),
        reason=reason,
        clauses=evidence.rule.clauses,
        passage=passage.index,
        span=Span(start, end),
        text=passage.source[start:end],
        where=passage.where,
        hidden=passage.hidden,
        releasable_when=scope.releasable_when,
        suggestion=scope.suggestion,
        weighed=evidence.words,
    )


def score_of(points: float) -> float:
    """Turn points into a probability-like score: two points are 0.68."""
    return round(1 / (1 + math.exp(1.5 * (1.5 - points))), 4)


def _compile(scope: ScopeRule, lexicon: Lexicon) -> _Rule:
    file = scope.file
    disclosing = [lexicon.contexts[name] for name in file.disclosure.uses]
    mentioning = [lexicon.contexts[name] for name in file.mention.uses]
    return _Rule(
        scope=scope,
        terms=_folded(file.terms),
        status=_folded((*file.disclosure.status, *_words_of(disclosing))),
        content=_patterns(scope, (*file.disclosure.content, *_patterns_of(disclosing))),
        mention=_Side(
            _folded((*file.mention.words, *_words_of(mentioning))),
            _patterns(scope, (*file.mention.patterns, *_patterns_of(mentioning))),
        ),
    )


def _words_of(contexts: Iterable[ContextFile]) -> list[Word]:
    return [word for context in contexts for word in context.words]


def _patterns_of(contexts: Iterable[ContextFile]) -> list[Pattern]:
    return [pattern for context in contexts for pattern in context.patterns]


def _folded(words: Iterable[Word]) -> dict[str, float]:
    return {fold_words(word.text): word.weight for word in words}


def _patterns(scope: ScopeRule, patterns: Iterable[Pattern]) -> tuple[_Compiled, ...]:
    return tuple(_compiled(scope, one) for one in patterns)


def _compiled(scope: ScopeRule, one: Pattern) -> _Compiled:
    try:
        expression = regex.compile(one.pattern.translate(_MARKS), regex.IGNORECASE)
    except regex.error as error:
        raise LexiconError(
            f"{scope.id}.yaml：正则表达式“{one.pattern}”写错了（{error}）"
        ) from error
    anchors = frozenset(fold_words(anchor) for anchor in one.anchors)
    return _Compiled(expression, one.weight, one.why, anchors)


def _callers(rules: Sequence[_Rule]) -> dict[str, tuple[int, ...]]:
    """Return for each word the rules that it calls for: terms and anchors."""
    calls: dict[str, set[int]] = {}
    for number, rule in enumerate(rules):
        anchors = {word for pattern in rule.content for word in pattern.anchors}
        for word in (*rule.terms, *anchors):
            calls.setdefault(word, set()).add(number)
    return {word: tuple(sorted(numbers)) for word, numbers in calls.items()}


def _all_words(rules: Iterable[_Rule]) -> set[str]:
    return {
        word
        for rule in rules
        for words in (
            rule.terms,
            rule.status,
            rule.mention.words,
            *(pattern.anchors for pattern in rule.mention.patterns),
        )
        for word in words
    }


def _shields(lexicon: Lexicon) -> set[str]:
    shared = [
        word.text
        for context in lexicon.contexts.values()
        if context.side == "shield"
        for word in context.words
    ]
    own = [word for scope in lexicon.scopes for word in scope.file.shields]
    return {fold_words(word) for word in (*shared, *own)}
