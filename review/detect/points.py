"""The operating points, chosen on scores of passages that no model had seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

# What review is for: of a hundred leaking texts that are handed in, so many are looked at.
REVIEW_RECALL: Final = 0.95
# What it may cost: of a hundred passages that were rightly published so many. Real
# offices' texts differ, so a third of what an office would put up with (3 in 100).
MOST_PUBLISHED: Final = 0.01
_POINTS: Final = np.round(np.arange(0.05, 0.8, 0.01), 2)
# At the block point nearly everything flagged is a disclosure.
BLOCK_PRECISION: Final = 0.98


def points_of(
    probabilities: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    published: npt.NDArray[np.float64],
    drafts: Sequence[str],
) -> dict[str, float]:
    """Return all points by their name in the manifest."""
    alone = alone_point(probabilities, labels, published)
    return {
        "alone_point": alone,
        "review_point": review_point(probabilities, labels, drafts) or alone,
        "block_point": block_point(probabilities, labels),
    }


def alone_point(
    probabilities: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    published: npt.NDArray[np.float64],
) -> float:
    """Return the highest point from which enough disclosures that stand alone are flagged.

    All scores are held out. Where that point would flag too many of the `published`
    passages, the lowest that does not is returned, and fewer disclosures are flagged.
    """
    wanted = _finding_enough(probabilities[labels])
    bearable = [one for one in _POINTS if _share(published >= one) <= MOST_PUBLISHED]
    return max(wanted, float(min(bearable, default=_POINTS[-1])))


def review_point(
    probabilities: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    drafts: Sequence[str],
) -> float | None:
    """Return the highest point from which enough leaking drafts are flagged where they leak.

    `drafts` names each passage's draft, "" for one that stands alone. Most paragraphs of a
    draft are harmless and one flagged paragraph has the whole looked at: the point
    lies higher than for a passage alone. None where no draft leaks.
    """
    best: dict[str, float] = {}
    for draft, told, one in zip(drafts, labels, probabilities, strict=True):
        if draft and told:
            best[draft] = max(best.get(draft, 0.0), float(one))
    return _finding_enough(np.asarray(list(best.values()))) if best else None


def _finding_enough(told: npt.NDArray[np.float64]) -> float:
    """Return the highest point that enough of these scores reach."""
    enough = [one for one in _POINTS if _share(told >= one) >= REVIEW_RECALL]
    return float(max(enough, default=_POINTS[0]))


def block_point(
    probabilities: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]
) -> float:
    """Return the lowest point from which nearly all that is flagged is a disclosure."""
    points = np.arange(0.5, 0.995, 0.005)
    sure = [
        one
        for one in points
        if precision(probabilities >= one, labels) >= BLOCK_PRECISION
    ]
    return round(float(min(sure, default=0.995)), 3)


def precision(flagged: npt.NDArray[np.bool_], labels: npt.NDArray[np.bool_]) -> float:
    """Return which share of what is flagged is a disclosure."""
    return float((flagged & labels).sum() / max(1, flagged.sum()))


def _share(flagged: npt.NDArray[np.bool_]) -> float:
    return float(flagged.mean()) if len(flagged) else 0.0
