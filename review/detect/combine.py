"""Joins rules and classifier: severity and an honest score for each finding.

Markings and identifiers stand by themselves. A scope that the lexicons
find stands unless the classifier is nearly sure of a mere mention. Where no
rule speaks, a passage that the classifier holds for a disclosure becomes a
finding of its own, with the words that weighed.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import regex

from review.detect.category_names import CATEGORY_NAMES
from review.detect.detector_names import CERTAIN, NUMBERS
from review.detect.interface import Category, Detection, Exemption, Finding
from review.detect.leading import led
from review.detect.scopes import findings_of
from review.detect.weigh import ENOUGH
from review.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.detect.classifier import Classifier, Verdict
    from review.detect.features import Floats, PassageSignals
    from review.detect.weigh import Evidence
    from review.normalize.interface import NormalizedText, Passage

_SHORTEST: Final = 14
# Below this, only a text with figures says enough to be judged.
_SHORT: Final = 18
_DIGIT: Final = regex.compile(r"[0-9]")
_HAN: Final = regex.compile(r"[\u3400-\u9fff]")
_RUNNING: Final = regex.compile(r"[,。;!?\n]|[0-9].*[0-9]")
_SENTENCE: Final = regex.compile(r"[^。!?;\n]+[。!?;\n]*")
_WORDS_SHOWN: Final = 6
_JUST_BELOW: Final = 0.99
# Points from which a rule speaks for itself, and the part of the point that counts below
# which it does not: who tells votes and dissent tells of a meeting, however it reads.
_CERTAIN_POINTS: Final = 4.0
_CERTAIN_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Judged:
    """What the other detectors made of a draft, before it is joined."""

    text: NormalizedText
    evidence: Sequence[Sequence[Evidence]]
    signals: Sequence[PassageSignals]
    detections: Sequence[Detection]
    favoured: Category | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    """Findings with severity and score; a probability for each passage."""

    findings: tuple[Finding, ...]
    exemptions: tuple[Exemption, ...]
    probabilities: tuple[float, ...]


def combine(judged: Judged, classifier: Classifier | None) -> Combined:
    """Join the detectors' findings with the classifier's verdicts."""
    judgement = (classifier, classifier.judge(judged.signals)) if classifier else None
    verdicts = judgement[1] if judgement else None
    standing = [one for each in judged.detections for one in each.findings]
    kept, dropped = _scope_findings(judged, classifier, verdicts)
    if classifier is not None and verdicts is not None:
        told = _told(judged, classifier, verdicts, kept)
        asked = {one.passage or 0 for one in kept} | set(told)
        about = classifier.categories(
            {at: judged.signals[at] for at in sorted(asked)}, verdicts, judged.favoured
        )
        standing += led(kept, about)
        standing += _classified(judged, (classifier, verdicts), about, told, standing)
    else:
        standing += kept
    return Combined(
        findings=tuple(standing),
        exemptions=tuple(dropped),
        probabilities=_probabilities(judged.text, judgement, standing),
    )


def _scope_findings(
    judged: Judged, classifier: Classifier | None, verdicts: Sequence[Verdict] | None
) -> tuple[list[Finding], list[Exemption]]:
    """Keep the lexicons' findings, less those that are nearly surely mentions."""
    kept: list[Finding] = []
    dropped: list[Exemption] = []
    excused = _excused(judged.detections)
    point = classifier.point_for(judged.text) if classifier else None
    for found, evidence in findings_of(judged.text, judged.evidence):
        finding = found
        at = finding.passage or 0
        because = _excuse(finding, excused.get(at, ()))
        if point is None or verdicts is None or because is not None:
            score = finding.score
        else:
            score = verdicts[at].probability
            because = _mention(score, evidence, point)
            if because is not None and finding.severity == "block":
                # What must not go out is never let pass by the classifier alone.
                because = None
                finding = dataclasses.replace(finding, severity="review")
        if because is not None:
            dropped.append(Exemption(finding, because))
            continue
        kept.append(dataclasses.replace(finding, score=round(max(0.0, score), 4)))
    return kept, dropped


def _mention(probability: float, evidence: Evidence, point: float) -> str | None:
    """Return why a finding is held for a mere mention, or None if it stands.

    A word that discloses by itself, as an office may declare its own, is never held
    for a mention.
    """
    if evidence.object_points >= ENOUGH:
        return None
    share = _CERTAIN_SHARE if evidence.points >= _CERTAIN_POINTS else 1.0
    if probability >= point * share:
        return None
    return "分类模型判断只是提到该事项，没有写出具体内容"


def _excused(detections: Sequence[Detection]) -> dict[int | None, list[Exemption]]:
    """Return the numbers that may stand, by passage."""
    excused: dict[int | None, list[Exemption]] = {}
    for each in detections:
        for one in each.exemptions:
            if one.finding.detector == "pattern":
                excused.setdefault(one.finding.passage, []).append(one)
    return excused


def _excuse(finding: Finding, excused: Sequence[Exemption]) -> str | None:
    """Return why a number inside the finding may stand, if that was all it said."""
    if finding.weighed:
        return None
    for one in excused:
        span = one.finding.span
        if span.start < finding.span.end and finding.span.start < span.end:
            return one.because
    return None


def _told(
    judged: Judged,
    classifier: Classifier,
    verdicts: Sequence[Verdict],
    kept: Sequence[Finding],
) -> list[int]:
    """Return the passages that the classifier flags and no list or marking speaks of."""
    point = classifier.point_for(judged.text)
    others = (one for each in judged.detections for one in each.findings)
    spoken = {
        one.passage
        for one in (*kept, *others)
        if one.severity != "notice" and one.detector not in NUMBERS
    }
    return [
        passage.index
        for passage, verdict in zip(judged.text.passages, verdicts, strict=True)
        if verdict.probability >= point
        and passage.index not in spoken
        and _is_prose(passage)
    ]


def _classified(
    judged: Judged,
    judgement: tuple[Classifier, Sequence[Verdict]],
    about: Mapping[int, Category],
    told: Sequence[int],
    standing: Sequence[Finding],
) -> list[Finding]:
    """Return a finding for each passage told, unless its numbers say the same already."""
    classifier, verdicts = judgement
    said = {(one.passage, one.category) for one in standing if one.severity != "notice"}
    return [
        _classifier_finding(
            judged.text.passages[at],
            verdicts[at],
            classifier,
            judged.signals[at],
            about[at],
        )
        for at in told
        if (at, about[at]) not in said
    ]


def _is_prose(passage: Passage) -> bool:
    """Tell whether there is enough running text to judge by its words.

    A table's heading, a caption or a line of navigation is none.
    """
    count = len(_HAN.findall(passage.text))
    if passage.where.part == "metadata" or count < _SHORTEST:
        return False
    if count < _SHORT and not _DIGIT.search(passage.text):
        return False
    return _RUNNING.search(passage.text) is not None


def _classifier_finding(
    passage: Passage,
    verdict: Verdict,
    classifier: Classifier,
    signal: PassageSignals,
    category: Category,
) -> Finding:
    usual = classifier.manifest["defaults"][category]
    sums = classifier.summed_weights(passage.text)
    is_sure = verdict.probability >= classifier.block_point
    span = passage.to_source(_heaviest_sentence(passage.text, sums))
    words = _heaviest_words(passage.text, signal.words, sums)
    return Finding(
        detector="classifier",
        rule=f"classifier/{category}",
        category=category,
        tier=usual["tier"],
        severity="block" if is_sure else "review",
        score=round(verdict.probability, 4),
        reason=f"写法像是透露了不宜公开的具体内容（{CATEGORY_NAMES[category]}），主要依据：{_grounds(words, verdict)}",
        clauses=tuple(usual["clauses"]),
        passage=passage.index,
        span=span,
        text=passage.source[span.start : span.end],
        where=passage.where,
        hidden=passage.hidden,
        releasable_when="依法或按程序公布之后",
        suggestion="核实该内容是否已经依法公布；未公布的删去具体人员、数字、经过和安排",
        weighed=words,
    )


def _grounds(words: Sequence[str], verdict: Verdict) -> str:
    """Say what it was judged by: the words that weighed, and whether by its meaning too."""
    if not words:
        return "整段的意思" if verdict.by_meaning else "整段的写法"
    shown = "、".join(words)
    return f"{shown}；并看了整段的意思" if verdict.by_meaning else shown


def _heaviest_sentence(text: str, sums: Floats) -> Span:
    sentences = [Span(one.start(), one.end()) for one in _SENTENCE.finditer(text)]
    return max(
        sentences or [Span(0, len(text))],
        key=lambda span: float(sums[span.end] - sums[span.start]),
    )


def _heaviest_words(text: str, words: Sequence[str], sums: Floats) -> tuple[str, ...]:
    """Return the words whose characters speak most for a disclosure."""
    totals: dict[str, float] = {}
    at = 0
    for word in words:
        if not text.startswith(word, at):
            break
        if len(word) > 1 and _HAN.search(word):
            total = float(sums[at + len(word)] - sums[at])
            totals[word] = max(totals.get(word, 0.0), total)
        at += len(word)
    best = sorted(totals, key=lambda word: (-totals[word], word))
    return tuple(word for word in best[:_WORDS_SHOWN] if totals[word] > 0)


def _probabilities(
    text: NormalizedText,
    judgement: tuple[Classifier, Sequence[Verdict]] | None,
    findings: Sequence[Finding],
) -> tuple[float, ...]:
    """Return for each passage the probability that it discloses.

    What is no running text stays below the review point, as it is not flagged
    for its words; a hard finding lifts it again.
    """
    best = [0.0] * len(text.passages)
    if judgement is not None:
        classifier, verdicts = judgement
        below = classifier.point_for(text) * _JUST_BELOW
        best = [
            one.probability if _is_prose(passage) else min(one.probability, below)
            for passage, one in zip(text.passages, verdicts, strict=True)
        ]
    for one in findings:
        if one.passage is None or one.severity == "notice":
            continue
        if judgement is None or one.detector in CERTAIN:
            best[one.passage] = max(best[one.passage], one.score)
    return tuple(round(one, 6) for one in best)
