"""How well scores rank disclosures before the rest, fast enough to resample."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Labels: TypeAlias = npt.NDArray[np.bool_]
Scores: TypeAlias = npt.NDArray[np.float64]
Ranking: TypeAlias = Callable[[Labels, Scores], float]


def average_precision(labels: Labels, scores: Scores) -> float:
    """Return the mean precision over the recall gained, equal scores as one step.

    There is at least one True among `labels`.
    """
    hits, false = _counts(labels, scores)
    gained = np.diff(hits, prepend=0) / hits[-1]
    return float(np.sum(gained * hits / (hits + false)))


def area_under_curve(labels: Labels, scores: Scores) -> float:
    """Return the chance that a True outranks a False; a tie counts half.

    There is at least one of each among `labels`.
    """
    hits, false = _counts(labels, scores)
    before = np.concatenate([[0], hits[:-1]])
    outranked = np.diff(false, prepend=0) * (hits + before) / 2
    return float(outranked.sum() / (hits[-1] * false[-1]))


def _counts(
    labels: Labels, scores: Scores
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many True and False lie at or above each score, best first."""
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)
    hits = np.cumsum(labels[order])[last]
    return hits, last + 1 - hits
