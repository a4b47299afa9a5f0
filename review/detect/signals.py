"""Gathers what rules, identifiers and words say of each passage."""

from collections import Counter
from collections.abc import Sequence

import regex

from review.detect.features import PassageSignals
from review.detect.interface import Detection
from review.detect.weigh import Evidence
from review.normalize.interface import Passage

_DIGIT = regex.compile(r"[0-9]")


def gather(
    passages: Sequence[Passage],
    evidence: Sequence[Sequence[Evidence]],
    detections: Sequence[Detection],
    words: Sequence[Sequence[str]],
) -> list[PassageSignals]:
    """Return the signals of each passage.

    `evidence` and `words` have one entry a passage; `detections` are those of
    the marking and pattern detectors over the same passages.
    """
    found: Counter[tuple[int | None, str]] = Counter(
        (one.passage, one.detector) for each in detections for one in each.findings
    )
    excused: Counter[tuple[int | None, str]] = Counter(
        (one.finding.passage, one.finding.detector)
        for each in detections
        for one in each.exemptions
    )
    return [
        PassageSignals(
            text=passage.text,
            words=(*own, *_fired(rules)),
            dense=_dense(passage, rules, found, excused),
        )
        for passage, rules, own in zip(passages, evidence, words, strict=True)
    ]


def _fired(rules: Sequence[Evidence]) -> list[str]:
    """Return what the rules say, as words that no text contains."""
    return [
        f"{'discloses' if one.discloses else 'touches'}/{one.rule.category}"
        for one in rules
    ]


def _dense(
    passage: Passage,
    rules: Sequence[Evidence],
    found: Counter[tuple[int | None, str]],
    excused: Counter[tuple[int | None, str]],
) -> tuple[float, ...]:
    text = passage.text
    at = passage.index
    return (
        min(4.0, max((one.points for one in rules), default=0.0)) / 4,
        min(3, sum(one.discloses for one in rules)) / 3,
        max((one.status_points for one in rules), default=0.0) / 2,
        max((one.content_points for one in rules), default=0.0) / 3,
        max((one.mention_points for one in rules), default=0.0) / 3,
        min(3, found[at, "pattern"]) / 3,
        min(3, excused[at, "pattern"]) / 3,
        float(found[at, "marking"] > 0),
        float(excused[at, "marking"] > 0),
        min(1.0, 4 * len(_DIGIT.findall(text)) / max(1, len(text))),
        min(1.0, text.count("\n") / 6),
        min(1.0, len(text) / 300),
        float(passage.hidden),
    )
