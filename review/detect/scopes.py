"""Finds passages that disclose a listed scope by the lexicons' words.

A rule counts points in a passage: its object words (at most the weight of
the heaviest), status words (not yet public), verbatim content, less the
words of a mere mention. Two points make a finding; the object words alone
never do, unless a word by itself discloses (weight 2 and more).
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import regex

from review.detect.interface import Detection, Finding
from review.detect.lexicon import Lexicon, ScopeRule
from review.detect.literals import required_words
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
_DENIALS: Final = ("不", "别", "勿", "未", "莫", "没", "严禁")
_YET_TO_COME: Final = ("前", "之前", "以前")
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
    words: tuple[str, ...]

    def search(self, text: str) -> Span | None:
        """Return where the pattern matches first, or None.

        Raises:
            TimeoutError: It took too long.
        """
        if self.words and not any(word in text for word in self.words):
            return None
        found = self.regex.search(text, timeout=PATTERN_SECONDS)
        return Span(found.start(), found.end()) if found else None

    def called_by(self, words: AbstractSet[str], *, touched: bool = True) -> bool:
        """Tell whether an anchor is among `words`; without anchors, if touched."""
        if self.anchors:
            return not self.anchors.isdisjoint(words)
        return touched


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
    shields: frozenset[str]


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
        self._objects = _callers(self._rules, _most_by_object)
        self._anchors = _callers(self._rules, _most_by_anchor)
        self._statuses = _bits(self._rules, lambda rule: rule.status)
        self._beside = _bits(self._rules, lambda rule: rule.terms)
        self._index = index_terms(_all_words(self._rules), _shields(lexicon))
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
                evidence.append(self.evidence(passage, title=text.title, words=known))
            except TimeoutError:
                evidence.append([])
                gaps.append(
                    Gap(
                        passage.where,
                        "timeout",
                        "一段文字匹配规则超时，未能检查完，请人工审看",
                    )
                )
        return evidence, gaps

    def detect(self, text: NormalizedText) -> Detection:
        """Judge every passage, with the title and its heading beside it."""
        evidence, gaps = self.evidence_in(text)
        found = tuple(finding for finding, _ in findings_of(text, evidence))
        return Detection(found, gaps=tuple(gaps))

    def evidence(
        self, passage: Passage, *, title: str = "", words: Sequence[str] = ()
    ) -> list[Evidence]:
        """Return what speaks for each rule that would make a finding.

        A rule that only the words of a mention keep from a finding is there too.

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
        around = self._around(passage, title)
        found = (
            _weigh(rule, by_term, around, passage.text)
            for rule in self._worth_weighing(by_term.keys(), around)
        )
        return [one for one in found if one is not None]

    def _worth_weighing(
        self, words: AbstractSet[str], around: AbstractSet[str]
    ) -> list[_Rule]:
        """Return the rules that could reach enough points at best.

        Nearly all are out here, before a pattern runs or a word is counted.
        """
        objects: dict[int, float] = {}
        called: dict[int, float] = {}
        for word in words:
            for number, weight in self._objects.get(word, ()):
                objects[number] = max(objects.get(number, 0.0), weight)
            for number, weight in self._anchors.get(word, ()):
                called[number] = called.get(number, 0.0) + weight
        titles = _joined(self._beside, around)
        status = _joined(self._statuses, words)
        worth: list[_Rule] = []
        for number in sorted(objects.keys() | called.keys()):
            most = objects.get(number) or float(titles >> number & 1)
            most += called.get(number, 0.0)
            if most + (_MOST_STATUS if status >> number & 1 else 0) >= ENOUGH:
                worth.append(self._rules[number])
        return worth

    def _around(self, passage: Passage, title: str) -> AbstractSet[str]:
        """Return the terms in the title and the heading."""
        lines = (title, passage.heading) if passage.heading != title else (title,)
        return frozenset().union(*(self._terms_in(line) for line in lines if line))

    def _terms_in(self, line: str) -> AbstractSet[str]:
        """Return the terms in a title or heading, remembered for its draft."""
        if line not in self._lines:
            if len(self._lines) > _LINES_KEPT:
                self._lines.clear()
            hits = self._index.hits(line, lambda: self._segmenter.words(line))
            self._lines[line] = frozenset(hit.term for hit in hits)
        return self._lines[line]


def findings_of(
    text: NormalizedText, evidence: Sequence[Sequence[Evidence]]
) -> list[tuple[Finding, float]]:
    """Return a finding, with its points, for each rule that a passage discloses."""
    return [
        (_finding(one, passage), one.points)
        for passage, found in zip(text.passages, evidence, strict=True)
        for one in found
        if one.discloses
    ]


def _weigh(
    rule: _Rule,
    by_term: Mapping[str, list[Span]],
    around: AbstractSet[str],
    text: str,
) -> Evidence | None:
    by_term = _outside_shields(rule, by_term)
    words = by_term.keys()
    objects = [term for term in words if term in rule.terms]
    status = _apart([term for term in words if term in rule.status], objects, by_term)
    called = [
        one for one in rule.content if one.called_by(words, touched=bool(objects))
    ]
    heaviest = max((rule.terms[term] for term in objects), default=0.0)
    if around:
        beside = max(
            (rule.terms[one] for one in around if one in rule.terms), default=0
        )
        heaviest = max(heaviest, min(1.0, beside))
    status_points = min(_MOST_STATUS, sum(rule.status[term] for term in status))
    if heaviest + status_points + sum(one.weight for one in called) < ENOUGH:
        return None
    found = [(one, one.search(text)) for one in called]
    content = [(one, span) for one, span in found if span is not None]
    content_points = min(_MOST_CONTENT, sum(one.weight for one, _ in content))
    if heaviest + status_points + content_points < ENOUGH or not (objects or content):
        return None
    return Evidence(
        rule=rule.scope,
        object_points=heaviest,
        status_points=status_points,
        content_points=content_points,
        mention_points=_mention_points(rule.mention, by_term, around, text),
        spans=(
            *(span for _, span in content),
            *(by_term[term][0] for term in (*objects, *status)),
        ),
        words=(*objects, *status),
        whys=tuple(one.why for one, _ in content if one.why),
    )


def _outside_shields(
    rule: _Rule, by_term: Mapping[str, list[Span]]
) -> Mapping[str, list[Span]]:
    """Return the words without those inside the rule's own longer words."""
    shields = [
        span for word in rule.shields if word in by_term for span in by_term[word]
    ]
    if not shields:
        return by_term
    outside = {
        word: [span for span in spans if not _is_inside(span, shields)]
        for word, spans in by_term.items()
    }
    return {word: spans for word, spans in outside.items() if spans}


def _is_inside(span: Span, others: Iterable[Span]) -> bool:
    return any(one.start <= span.start and span.end <= one.end for one in others)


def _apart(
    status: Sequence[str], objects: Sequence[str], by_term: Mapping[str, list[Span]]
) -> list[str]:
    """Return the status words that are not part of an object word themselves.

    Without this, 未公开数据 would count as an object and as 未公开 beside it.
    """
    if not status or not objects:
        return list(status)
    spans = [span for word in objects for span in by_term[word]]
    return [
        word
        for word in status
        if not all(_is_inside(span, spans) for span in by_term[word])
    ]


def _mention_points(
    mention: _Side,
    by_term: Mapping[str, list[Span]],
    around: AbstractSet[str],
    text: str,
) -> float:
    points = sum(mention.words[word] for word in around if word in mention.words)
    points += sum(
        mention.words[word]
        for word, spans in by_term.items()
        if word in mention.words
        and word not in around
        and not all(_is_negated(span, text) for span in spans)
    )
    points += sum(
        one.weight
        for one in mention.patterns
        if one.called_by(by_term.keys()) and one.search(text) is not None
    )
    return min(_MOST_MENTION, points)


def _is_negated(span: Span, text: str) -> bool:
    """Tell whether a word is denied (别报道, 严禁公开) or still to come (公布前)."""
    before = text[max(0, span.start - 2) : span.start]
    after = text[span.end : span.end + 2]
    return any(one in before for one in _DENIALS) or after.startswith(_YET_TO_COME)


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
    content = _patterns(scope, (*file.disclosure.content, *_patterns_of(disclosing)))
    return _Rule(
        scope=scope,
        terms=_folded(file.terms),
        status=_folded((*file.disclosure.status, *_words_of(disclosing))),
        content=content,
        mention=_Side(
            _folded((*file.mention.words, *_words_of(mentioning))),
            _patterns(scope, (*file.mention.patterns, *_patterns_of(mentioning))),
        ),
        shields=frozenset(fold_words(word) for word in file.shields),
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
        folded = one.pattern.translate(_MARKS)
        expression = regex.compile(folded, regex.IGNORECASE)
    except regex.error as error:
        raise LexiconError(
            f"{scope.id}.yaml：正则表达式“{one.pattern}”写错了（{error}）"
        ) from error
    anchors = frozenset(fold_words(anchor) for anchor in one.anchors)
    words = tuple(sorted(required_words(folded)))
    return _Compiled(expression, one.weight, one.why, anchors, words)


def _callers(
    rules: Sequence[_Rule], weights_of: Callable[[_Rule], Mapping[str, float]]
) -> dict[str, tuple[tuple[int, float], ...]]:
    """Return for each word the rules that it calls, and the most it could weigh."""
    calls: dict[str, list[tuple[int, float]]] = {}
    for number, rule in enumerate(rules):
        for word, weight in weights_of(rule).items():
            calls.setdefault(word, []).append((number, weight))
    return {word: tuple(called) for word, called in calls.items()}


def _most_by_object(rule: _Rule) -> dict[str, float]:
    """Return each object word's weight with that of all patterns it lets run."""
    unanchored = sum(one.weight for one in rule.content if not one.anchors)
    return {word: max(weight, 1.0) + unanchored for word, weight in rule.terms.items()}


def _most_by_anchor(rule: _Rule) -> dict[str, float]:
    """Return for each anchor the weight of the patterns that it lets run."""
    most: dict[str, float] = {}
    for one in rule.content:
        for anchor in one.anchors:
            most[anchor] = most.get(anchor, 0.0) + one.weight
    return most


def _bits(
    rules: Sequence[_Rule], words_of: Callable[[_Rule], Iterable[str]]
) -> dict[str, int]:
    """Return for each word the rules that have it, one bit a rule."""
    bits: dict[str, int] = {}
    for number, rule in enumerate(rules):
        for word in words_of(rule):
            bits[word] = bits.get(word, 0) | 1 << number
    return bits


def _joined(bits: Mapping[str, int], words: AbstractSet[str]) -> int:
    joined = 0
    for word in words:
        joined |= bits.get(word, 0)
    return joined


def _all_words(rules: Iterable[_Rule]) -> set[str]:
    return {
        word
        for rule in rules
        for words in (
            rule.terms,
            rule.status,
            rule.mention.words,
            rule.shields,
            *(pattern.anchors for pattern in (*rule.content, *rule.mention.patterns)),
        )
        for word in words
    }


def _shields(lexicon: Lexicon) -> set[str]:
    return {
        fold_words(word.text)
        for context in lexicon.contexts.values()
        if context.side == "shield"
        for word in context.words
    }
