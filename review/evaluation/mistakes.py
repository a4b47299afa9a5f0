"""The worst mistakes, each with what it takes to understand it."""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal, TypeAlias

from review.detect.interface import Finding
from review.evaluation.data import LabelledDraft
from review.evaluation.drafts import Judged
from review.evaluation.judge import METHODS, Judgement
from review.evaluation.pulls import Pulls

Kind: TypeAlias = Literal["miss", "false_flag"]
KINDS: Final[tuple[Kind, ...]] = ("miss", "false_flag")


def worst_mistakes(
    judged: Sequence[Judged], pulls: Callable[[str], Pulls], *, most: int
) -> dict[Kind, dict[str, Any]]:
    """Return the worst misses and false flags, `most` of each, with their number.

    A miss is the worse the lower its score, a false flag the higher it is.
    `pulls` tells which words of a text speak for and against a disclosure.
    """
    wrong = [
        (draft, one)
        for draft, judgements in judged
        for one in judgements
        if one.flagged != one.passage.sensitive
    ]
    result: dict[Kind, dict[str, Any]] = {}
    for kind in KINDS:
        own = sorted((one for one in wrong if _kind(one[1]) == kind), key=_badness)
        result[kind] = {
            "total": len(own),
            "worst": [_mistake(*one, pulls) for one in own[:most]],
        }
    return result


def _kind(judgement: Judgement) -> Kind:
    return "miss" if judgement.passage.sensitive else "false_flag"


def _badness(mistake: tuple[LabelledDraft, Judgement]) -> tuple[float, str]:
    _, one = mistake
    score = one.outcomes["both"].score
    return (score if one.passage.sensitive else -score, one.passage.id)


def _mistake(
    draft: LabelledDraft, judgement: Judgement, pulls: Callable[[str], Pulls]
) -> dict[str, Any]:
    passage = judgement.passage
    pulled = pulls(passage.text)
    return {
        "kind": _kind(judgement),
        "id": passage.id,
        "draft": draft.title or None,
        "text": passage.text,
        "note": passage.note,
        "category": passage.category,
        "tier": passage.tier,
        "clauses": list(passage.clauses),
        "overt": passage.overt,
        "variant": passage.variant,
        "scores": {name: judgement.outcomes[name].score for name in METHODS},
        "findings": [_finding(one) for one in judgement.findings],
        "exempted": [
            {**_finding(one.finding), "because": one.because}
            for one in judgement.exempted
        ],
        "pulled_up": [list(one) for one in pulled.up],
        "pulled_down": [list(one) for one in pulled.down],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "detector": finding.detector,
        "rule": finding.rule,
        "category": finding.category,
        "tier": finding.tier,
        "severity": finding.severity,
        "score": round(finding.score, 4),
        "clauses": list(finding.clauses),
        "text": finding.text,
        "reason": finding.reason,
        "weighed": list(finding.weighed),
    }
