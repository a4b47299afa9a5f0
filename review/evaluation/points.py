"""The operating points: what is flagged for review, what for blocking."""

from collections.abc import Mapping, Sequence
from typing import Any

from review.evaluation.judge import Judgement
from review.evaluation.shares import share_of


def operating_points(
    judgements: Sequence[Judgement], points: Mapping[str, float]
) -> dict[str, Any]:
    """Return precision, recall and false flags of each way to draw the line.

    `review` is what the scan flags, `severity_block` what it holds for not to
    be published; `block` takes the score alone, and is there only if `points` has one.
    """
    lines = {
        "review": (points.get("review"), [one.flagged for one in judgements]),
        "severity_block": (
            None,
            [
                any(finding.severity == "block" for finding in one.findings)
                for one in judgements
            ],
        ),
    }
    if "block" in points:
        lines["block"] = (
            points["block"],
            [one.outcomes["both"].score >= points["block"] for one in judgements],
        )
    return {
        name: {"point": point} | _figures(judgements, flags)
        for name, (point, flags) in lines.items()
    }


def _figures(judgements: Sequence[Judgement], flags: Sequence[bool]) -> dict[str, Any]:
    labels = [one.passage.sensitive for one in judgements]
    hits = sum(label and flag for label, flag in zip(labels, flags, strict=True))
    covert = [
        flag
        for one, flag in zip(judgements, flags, strict=True)
        if one.passage.sensitive and not one.passage.overt
    ]
    return {
        "flagged": sum(flags),
        "precision": share_of(hits, sum(flags)),
        "recall": share_of(hits, sum(labels)),
        "covert_recall": share_of(sum(covert), len(covert)),
        "false_flag_rate": share_of(sum(flags) - hits, len(labels) - sum(labels)),
    }
