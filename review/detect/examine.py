"""Puts the detectors together: passages in, one report of findings out."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from review.detect.combine import Judged, combine
from review.detect.document_kind import KindDetector, KindVerdict, kind_gap
from review.detect.hidden import HiddenDetector
from review.detect.markings import MarkingDetector
from review.detect.merge import merge
from review.detect.patterns import PatternDetector
from review.detect.repost import RepostDetector
from review.detect.rosters import RosterDetector
from review.detect.scopes import ScopeDetector
from review.detect.signals import gather
from review.normalize.segment import segmenter_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.detect.classifier import Classifier
    from review.detect.compiled_rules import CompiledLexicon
    from review.detect.features import PassageSignals
    from review.detect.interface import (
        Category,
        Detection,
        Detector,
        Exemption,
        Finding,
    )
    from review.detect.weigh import Evidence
    from review.extract.interface import Gap
    from review.normalize.interface import NormalizedText


# A new detector that needs nothing but the text is a line in one of these. What the first
# find, the classifier is told of (`signals.py`): it must be trained again when one is added.
HEARD_BY_THE_CLASSIFIER: Final[tuple[Detector, ...]] = (
    MarkingDetector(),
    PatternDetector(),
)
BESIDE_THE_CLASSIFIER: Final[tuple[Detector, ...]] = (
    RosterDetector(),
    RepostDetector(),
    HiddenDetector(),
)

_CHINESE: Final = regex.compile(r"[\u4e00-\u9fff]{2,8}")


@dataclass(frozen=True, slots=True)
class Examination:
    """All that detection says of one normalized text.

    `probabilities` has one number a passage: that it discloses.
    """

    findings: tuple[Finding, ...]
    exemptions: tuple[Exemption, ...]
    gaps: tuple[Gap, ...]
    kind: KindVerdict | None
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Gathered:
    evidence: list[list[Evidence]]
    gaps: list[Gap]
    detections: tuple[Detection, ...]
    signals: list[PassageSignals]


class Examiner:
    """Lexicons and classifier, loaded once, at work on any number of drafts."""

    def __init__(self, lexicon: CompiledLexicon, classifier: Classifier | None) -> None:
        """Build the automaton and the tokenizer (about 0.3 s)."""
        self.lexicon = lexicon
        self.classifier = classifier
        self._segmenter = segmenter_for(user_words(lexicon))
        self._scopes = ScopeDetector(lexicon, self._segmenter)
        self._kinds = KindDetector(lexicon.kinds)

    def warm(self) -> None:
        """Load now what is otherwise loaded when a passage is first in doubt."""
        if self.classifier is not None and self.classifier.second is not None:
            self.classifier.second.warm()

    def signals(self, text: NormalizedText) -> list[PassageSignals]:
        """Return what the classifier learns from, without judging."""
        return self._gather(text).signals

    def examine(self, text: NormalizedText) -> Examination:
        """Examine one draft; the same draft always gives the same findings."""
        gathered = self._gather(text)
        kind, late = self._kind(text)
        beside = (one.detect(text) for one in BESIDE_THE_CLASSIFIER)
        others = (*gathered.detections, *beside)
        judged = combine(
            Judged(text, gathered.evidence, gathered.signals, others, _favoured(kind)),
            self.classifier,
        )
        findings = merge((*judged.findings, *self._kinds.findings(kind)))
        return Examination(
            findings=findings,
            exemptions=tuple(one for each in others for one in each.exemptions)
            + judged.exemptions,
            gaps=(*text.gaps, *gathered.gaps, *late),
            kind=kind,
            probabilities=judged.probabilities,
        )

    def _kind(self, text: NormalizedText) -> tuple[KindVerdict | None, list[Gap]]:
        try:
            return self._kinds.recognize(text), []
        except TimeoutError:
            return None, [kind_gap()]

    def _gather(self, text: NormalizedText) -> _Gathered:
        # One string for each word, however often it occurs: a book has a million.
        words = [
            list(map(sys.intern, self._segmenter.words(one.text)))
            for one in text.passages
        ]
        evidence, gaps = self._scopes.evidence_in(text, words)
        detections = tuple(one.detect(text) for one in HEARD_BY_THE_CLASSIFIER)
        signals = gather(text.passages, evidence, detections, words)
        return _Gathered(evidence, gaps, detections, signals)


def user_words(lexicon: CompiledLexicon) -> tuple[str, ...]:
    """Return the words that the tokenizer learns from the lexicons.

    Only plain Chinese words: neither engine joins punctuation or Latin letters.
    """
    words = {word for rule in lexicon.rules for word in rule.terms}
    return tuple(sorted(word for word in words if _CHINESE.fullmatch(word)))


def _favoured(kind: KindVerdict | None) -> Category | None:
    """Return the category of a kind that a scope lists."""
    return kind.file.category if kind is not None and kind.file.clauses else None


def rule_scores(findings: Sequence[Finding], count: int) -> list[float]:
    """Return the best score of the rules (not the classifier) a passage."""
    best = [0.0] * count
    for one in findings:
        if one.passage is not None and one.detector not in {"classifier", "hidden"}:
            best[one.passage] = max(best[one.passage], one.score)
    return best
