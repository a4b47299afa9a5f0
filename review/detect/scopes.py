"""Finds passages that disclose a listed scope by the lexicons' words.

One automaton finds all words of all rules; each word calls the rules that
it belongs to, and only those that could reach a finding are weighed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from review.detect.interface import Detection, Finding
from review.detect.terms import index_terms
from review.detect.weigh import (
    ENOUGH,
    MOST_MENTION,
    MOST_STATUS,
    Evidence,
    Reading,
    Touch,
    in_use,
    is_negated,
    weigh,
)
from review.extract.interface import Gap
from review.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from review.detect.compiled_rules import (
        CompiledLexicon,
        CompiledPattern,
        CompiledRule,
    )
    from review.normalize.interface import NormalizedText, Passage
    from review.normalize.segment import Segmenter

_LINES_KEPT = 64
_SOMEWHERE = [Span(0, 1)]


class _Call(NamedTuple):
    """What a word is to a rule: its object, status or mention, or an anchor."""

    rule: int
    weight: float
    status: float
    mention: float
    patterns: tuple[CompiledPattern, ...]


class ScopeDetector:
    """The lexicons at work on passages."""

    def __init__(self, lexicon: CompiledLexicon, segmenter: Segmenter) -> None:
        """Index every word of `lexicon`."""
        self._rules = [in_use(rule, lexicon.shared) for rule in lexicon.rules]
        self._calls = _calls(lexicon.rules)
        self._shared = _shared(lexicon.shared)
        self._disclosing = frozenset(
            name for rule in lexicon.rules for name in rule.disclosure_uses
        )
        self._titles = _bits(lexicon.rules)
        words = {*self._shared}.union(*(rule.own_words() for rule in lexicon.rules))
        anchors = frozenset().union(*(rule.anchors() for rule in lexicon.rules))
        # Single characters are everywhere: whether they occur is asked once.
        self._characters = frozenset(word for word in anchors - words if len(word) == 1)
        self._index = index_terms((words | anchors) - self._characters, lexicon.shields)
        self._segmenter = segmenter
        self._lines: dict[str, AbstractSet[str]] = {}

    def detect(self, text: NormalizedText) -> Detection:
        """Judge every passage, with the title and its heading beside it."""
        evidence, gaps = self.evidence_in(text)
        found = tuple(finding for finding, _ in findings_of(text, evidence))
        return Detection(found, gaps=tuple(gaps))

    def evidence_in(
        self, text: NormalizedText, words: Sequence[Sequence[str]] = ()
    ) -> tuple[list[list[Evidence]], list[Gap]]:
        """Return the evidence of every passage, and a gap for each that timed out.

        `words` are the words of each passage, if they are known already.
        """
        evidence: list[list[Evidence]] = []
        gaps: list[Gap] = []
        for passage in text.passages:
            known = words[passage.index] if words else ()
            try:
                evidence.append(self.evidence(passage, title=text.title, words=known))
            except TimeoutError:
                evidence.append([])
                message = "一段文字匹配规则超时，未能检查完，请人工审看"
                gaps.append(Gap(passage.where, "timeout", message))
        return evidence, gaps

    def evidence(
        self, passage: Passage, *, title: str = "", words: Sequence[str] = ()
    ) -> list[Evidence]:
        """Return what speaks for each rule that makes, or nearly makes, a finding.

        Raises:
            TimeoutError: A pattern took too long on this passage.
        """
        hits = self._index.hits(
            passage.text, lambda: words or self._segmenter.words(passage.text)
        )
        for character in self._characters.intersection(passage.text):
            hits[character] = _SOMEWHERE
        touched = self._touched(hits, passage.text)
        if not touched:
            return []
        reading = Reading(passage.text, hits, self._around(passage, title))
        points = self._points(hits, passage.text)
        shared = _SharedPoints(points, hits.keys(), self._disclosing)
        titles = _joined(self._titles, reading.around)
        found: list[Evidence] = []
        for number, touch in sorted(touched.items()):
            bare = not touch.called and touch.heaviest < ENOUGH
            if bare and not (touch.status or shared.disclosing):
                continue  # a mere object word, as most are
            used = self._rules[number]
            titled = float(titles >> number & 1)
            if _could_reach(used.rule, touch, shared, titled):
                touch.called = _may_match(touch, passage.text)
                if _could_reach(used.rule, touch, shared, titled):
                    one = weigh(used, touch, reading)
                    found += [one] if one is not None else []
        return found

    def _touched(self, words: Mapping[str, list[Span]], text: str) -> dict[int, Touch]:
        """Return what of each rule's own words occurs."""
        touched: dict[int, Touch] = {}
        for word in words:
            for number, weight, status, mention, patterns in self._calls.get(word, ()):
                touch = touched.get(number)
                if touch is None:
                    touch = touched[number] = Touch()
                if weight:
                    if not touch.objects:
                        touch.called += self._rules[number].rule.unanchored
                    touch.objects.append(word)
                    touch.heaviest = max(touch.heaviest, weight)
                if patterns:
                    touch.called += patterns
                touch.status += status
                if mention and not is_negated(words[word][0], text):
                    touch.mention += mention
        return touched

    def _points(self, words: Mapping[str, list[Span]], text: str) -> dict[str, float]:
        """Return the points of each shared list; denied mentions do not count."""
        points: dict[str, float] = {}
        for word in words:
            for name, weight in self._shared.get(word, ()):
                if name in self._disclosing or not is_negated(words[word][0], text):
                    points[name] = points.get(name, 0.0) + weight
        return points

    def _around(self, passage: Passage, title: str) -> AbstractSet[str]:
        """Return the words in the title and the heading."""
        lines = (title, passage.heading) if passage.heading != title else (title,)
        return frozenset().union(*(self._words_in(line) for line in lines if line))

    def _words_in(self, line: str) -> AbstractSet[str]:
        """Return the words in a title or heading, remembered for its draft."""
        if line not in self._lines:
            if len(self._lines) > _LINES_KEPT:
                self._lines.clear()
            hits = self._index.hits(line, lambda: self._segmenter.words(line))
            self._lines[line] = frozenset(hits)
        return self._lines[line]


class _SharedPoints:
    """The points of shared lists in one passage, summed once for each choice."""

    __slots__ = ("_points", "_sums", "disclosing", "words")

    def __init__(
        self,
        points: Mapping[str, float],
        words: AbstractSet[str],
        disclosing: AbstractSet[str],
    ) -> None:
        self.words = words
        self.disclosing = not disclosing.isdisjoint(points)
        self._points = points
        self._sums: dict[tuple[str, ...], float] = {}

    def of(self, names: tuple[str, ...]) -> float:
        """Return the points of all lists named."""
        total = self._sums.get(names)
        if total is None:
            total = 0.0
            for name in names:
                total += self._points.get(name, 0.0)
            self._sums[names] = total
        return total


def _could_reach(
    rule: CompiledRule, touch: Touch, shared: _SharedPoints, titled: float
) -> bool:
    """Tell whether the rule could make a finding at best.

    Nearly all rules are out here, before a pattern runs. Where the rule's own
    shields may take words away, only the exact weighing can tell.
    """
    most = max(touch.heaviest, titled)
    for one in touch.called:
        most += one.weight
    if most == 0:
        return False
    status = touch.status
    if shared.disclosing:
        status += shared.of(rule.disclosure_uses)
    most += min(MOST_STATUS, status)
    if most < ENOUGH:
        return False
    mention = touch.mention + shared.of(rule.mention_uses)
    if most - min(MOST_MENTION, mention) >= ENOUGH:
        return True
    return not rule.shields.isdisjoint(shared.words)


def _may_match(touch: Touch, text: str) -> list[CompiledPattern]:
    """Return the called patterns that could match at all, each once."""
    return [one for one in dict.fromkeys(touch.called) if one.may_match(text)]


def findings_of(
    text: NormalizedText, evidence: Sequence[Sequence[Evidence]]
) -> list[tuple[Finding, Evidence]]:
    """Return a finding, with what it rests on, for each rule that a passage discloses."""
    return [
        (_finding(one, passage), one)
        for passage, found in zip(text.passages, evidence, strict=True)
        for one in found
        if one.discloses
    ]


def _finding(evidence: Evidence, passage: Passage) -> Finding:
    scope = evidence.rule
    spans = [passage.to_source(span) for span in evidence.spans]
    start = min(span.start for span in spans)
    end = max(span.end for span in spans)
    whys = "，".join(dict.fromkeys(evidence.whys))
    return Finding(
        detector="lexicon",
        rule=scope.id,
        category=scope.category,
        tier=scope.tier,
        level=scope.level,
        severity=scope.severity,
        score=score_of(evidence.points),
        reason=f"{scope.because}（{whys}）" if whys else scope.because,
        clauses=scope.clauses,
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


def _calls(rules: Sequence[CompiledRule]) -> dict[str, tuple[_Call, ...]]:
    """Return for each word what it is to which rules."""
    calls: dict[str, list[_Call]] = {}
    for number, rule in enumerate(rules):
        by_anchor: dict[str, list[CompiledPattern]] = {}
        for pattern in rule.anchored:
            for anchor in pattern.anchors:
                by_anchor.setdefault(anchor, []).append(pattern)
        for word in {*rule.terms, *rule.status, *rule.mention, *by_anchor}:
            call = _Call(
                number,
                rule.terms.get(word, 0.0),
                rule.status.get(word, 0.0),
                rule.mention.get(word, 0.0),
                tuple(by_anchor.get(word, ())),
            )
            calls.setdefault(word, []).append(call)
    return {word: tuple(called) for word, called in calls.items()}


def _shared(
    lists: Mapping[str, Mapping[str, float]],
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return for each word the shared lists that hold it, with its weight."""
    shared: dict[str, list[tuple[str, float]]] = {}
    for name, words in lists.items():
        for word, weight in words.items():
            shared.setdefault(word, []).append((name, weight))
    return {word: tuple(entries) for word, entries in shared.items()}


def _bits(rules: Sequence[CompiledRule]) -> dict[str, int]:
    """Return for each object word the rules that have it, one bit a rule."""
    bits: dict[str, int] = {}
    for number, rule in enumerate(rules):
        for word in rule.terms:
            bits[word] = bits.get(word, 0) | 1 << number
    return bits


def _joined(bits: Mapping[str, int], words: Iterable[str]) -> int:
    joined = 0
    for word in words:
        joined |= bits.get(word, 0)
    return joined
