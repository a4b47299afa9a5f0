"""Figures from judgements: precision, recall, ranking, with bootstrap intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from review.evaluation.judge import METHODS, Judgement, Method
from review.evaluation.ranking import (
    Ranking,
    area_under_curve,
    average_precision,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SAMPLES: Final = 500
SEED: Final = 7


@dataclass(frozen=True, slots=True)
class _Arrays:
    labels: npt.NDArray[np.bool_]
    flags: npt.NDArray[np.bool_]
    scores: npt.NDArray[np.float64]
    covert: npt.NDArray[np.bool_]

    def take(self, rows: npt.NDArray[np.int64]) -> _Arrays:
        return _Arrays(
            self.labels[rows], self.flags[rows], self.scores[rows], self.covert[rows]
        )


def measure(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Return every figure of `xianshen evaluate` as plain data."""
    return {
        "passages": len(judgements),
        "methods": {
            method: _figures(judgements, method, intervals=True) for method in METHODS
        },
        "category_accuracy": _accuracy(judgements),
        "clause_accuracy": _clause_accuracy(judgements),
        "by_category": _groups(
            judgements, lambda one: one.passage.category or "（无）"
        ),
        "by_tier": _groups(judgements, lambda one: one.passage.tier or "（公开）"),
        "by_overt": _groups(
            judgements, lambda one: "overt" if one.passage.overt else "covert"
        ),
        "by_variant": _groups(judgements, lambda one: one.passage.variant),
    }


def _groups(
    judgements: Sequence[Judgement], key: Callable[[Judgement], str]
) -> dict[str, Any]:
    names = sorted({key(one) for one in judgements})
    return {
        name: {
            method: _figures(
                [one for one in judgements if key(one) == name], method, intervals=False
            )
            for method in METHODS
        }
        for name in names
    }


def _figures(
    judgements: Sequence[Judgement], method: Method, *, intervals: bool
) -> dict[str, Any]:
    arrays = _Arrays(
        np.asarray([one.passage.sensitive for one in judgements], dtype=bool),
        np.asarray([one.outcomes[method].flag for one in judgements], dtype=bool),
        np.asarray([one.outcomes[method].score for one in judgements], dtype=float),
        np.asarray([not one.passage.overt for one in judgements], dtype=bool),
    )
    figures: dict[str, Any] = {name: of(arrays) for name, of in _FIGURES.items()}
    figures["sensitive"] = int(arrays.labels.sum())
    figures["public"] = int((~arrays.labels).sum())
    if intervals:
        figures["intervals"] = _bootstrap(arrays)
    return figures


def _ratio(part: Any, whole: Any) -> float | None:
    return round(float(part) / float(whole), 4) if whole else None


def _precision(arrays: _Arrays) -> float | None:
    return _ratio((arrays.flags & arrays.labels).sum(), arrays.flags.sum())


def _recall(arrays: _Arrays) -> float | None:
    return _ratio((arrays.flags & arrays.labels).sum(), arrays.labels.sum())


def _covert_recall(arrays: _Arrays) -> float | None:
    leaks = arrays.labels & arrays.covert
    return _ratio((arrays.flags & leaks).sum(), leaks.sum())


def _f_beta(beta: float) -> Callable[[_Arrays], float | None]:
    def of(arrays: _Arrays) -> float | None:
        hits = (arrays.flags & arrays.labels).sum()
        whole = arrays.flags.sum() + beta**2 * arrays.labels.sum()
        return _ratio((1 + beta**2) * hits, whole)

    return of


def _false_flags(arrays: _Arrays) -> float | None:
    return _ratio((arrays.flags & ~arrays.labels).sum(), (~arrays.labels).sum())


def _ranked(score: Ranking) -> Callable[[_Arrays], float | None]:
    def of(arrays: _Arrays) -> float | None:
        if arrays.labels.all() or not arrays.labels.any():
            return None
        return round(score(arrays.labels, arrays.scores), 4)

    return of


_FIGURES: Final[dict[str, Callable[[_Arrays], float | None]]] = {
    "precision": _precision,
    "recall": _recall,
    "covert_recall": _covert_recall,
    "f1": _f_beta(1.0),
    "f2": _f_beta(2.0),
    "average_precision": _ranked(average_precision),
    "roc_auc": _ranked(area_under_curve),
    "false_flag_rate": _false_flags,
}


def _bootstrap(arrays: _Arrays) -> dict[str, list[float]]:
    """Return the 95 % interval of each figure over resampled passages."""
    random = np.random.default_rng(SEED)
    size = len(arrays.labels)
    drawn: dict[str, list[float]] = {name: [] for name in _FIGURES}
    for _ in range(SAMPLES):
        sample = arrays.take(random.integers(0, size, size))
        for name, of in _FIGURES.items():
            value = of(sample)
            if value is not None:
                drawn[name].append(value)
    return {
        name: [round(float(one), 4) for one in np.percentile(values, [2.5, 97.5])]
        for name, values in drawn.items()
        if values
    }


def _accuracy(judgements: Sequence[Judgement]) -> float | None:
    """Return how many true findings carry the labelled category."""
    true = [one for one in judgements if one.passage.sensitive and one.category]
    return _ratio(sum(one.category == one.passage.category for one in true), len(true))


def _clause_accuracy(judgements: Sequence[Judgement]) -> float | None:
    """Return how many true findings name at least one labelled clause."""
    true = [one for one in judgements if one.passage.sensitive and one.category]
    met = sum(bool(set(one.clauses) & set(one.passage.clauses)) for one in true)
    return _ratio(met, len(true))
