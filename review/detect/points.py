"""The two operating points, chosen on scores of passages that no model had seen."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

# Recall counts a little more than precision at the review point (F-beta).
BETA: Final = 1.2
_AS_GOOD: Final = 0.005
# At the block point nearly everything flagged is a disclosure.
BLOCK_PRECISION: Final = 0.98


def review_point(
    probabilities: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]
) -> float:
    """Return where F-beta on held-out scores is best.

    The curve is flat at its top: of the points that are as good as the best,
    the highest is taken, which flags least.
    """
    points = np.arange(0.2, 0.8, 0.01)
    values = [_f_beta(probabilities >= point, labels) for point in points]
    enough = max(values) * (1 - _AS_GOOD)
    best = [
        point for point, value in zip(points, values, strict=True) if value >= enough
    ]
    return round(float(max(best)), 2)


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


def _f_beta(flagged: npt.NDArray[np.bool_], labels: npt.NDArray[np.bool_]) -> float:
    hits = float((flagged & labels).sum())
    whole = float(flagged.sum() + BETA**2 * labels.sum())
    return (1 + BETA**2) * hits / max(1.0, whole)
