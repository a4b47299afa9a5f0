"""Trains the second look: a kernel machine on the corpus's vectors, and when to ask it.

Everything is chosen on the corpus and the published passages: which passages are in
doubt by how few published ones are, the weights of both scores by held-out scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import SVC

from review.detect.encoder import NAME
from review.detect.second_look import ARRAYS, Numbers, SecondLook, in_doubt, kernel

if TYPE_CHECKING:
    from review.detect.encoder import Vectors

# Chosen by family-grouped cross-validation on the corpus (docs/classifier.md).
_STRENGTH: Final = 2.0
_FOLDS: Final = 4
# One published passage in so many is looked at twice: a vector takes a tenth of a second.
_IN_DOUBT: Final = 0.01
# The corpus's own harmless passages are harder: as many of them lie above that score.
_IN_DOUBT_OF_CORPUS: Final = 0.25
# Where the first look alone is as sure as the block point asks.
_SURE: Final = 0.98
_FEWEST: Final = 30  # disclosures, and as many harmless passages
_CACHE_MB: Final = 500
_LEAST_SPREAD: Final = 1e-6  # of vectors that are all the same


@dataclass(frozen=True, slots=True)
class Held:
    """The corpus's rows as the first look, which saw none of their family, scored them.

    `published` are the scores of the published passages, held out in the same way; where
    there are none, the corpus's harmless passages stand for them.
    """

    first: Numbers
    labels: npt.NDArray[np.bool_]
    families: npt.NDArray[np.str_]
    published: Numbers


def learn_second_look(
    vectors: Vectors, held: Held, *, seed: int
) -> tuple[SecondLook, Numbers] | None:
    """Return the second look, and the log-odds of the rows that are in doubt.

    The log-odds are in the order of `in_doubt`; each comes from a machine that saw
    no passage of its family. None where too few are in doubt to learn from.
    """
    low, high = _bounds(held)
    doubtful = in_doubt(held.first, low, high)
    if min(np.bincount(held.labels[doubtful], minlength=2)) < _FEWEST:
        return None
    gamma = gamma_of(vectors)
    second = np.zeros(len(vectors))
    folds = GroupKFold(n_splits=_FOLDS, shuffle=True, random_state=seed)
    for seen, unseen in folds.split(vectors, held.labels, held.families):
        made = _machine(vectors[seen], held.labels[seen], gamma)
        near = kernel(vectors[unseen], vectors[seen][made.support_], gamma)
        second[unseen] = near @ made.dual_coef_[0] + made.intercept_[0]
    both = np.column_stack([held.first, second])[doubtful]
    weighing = LogisticRegression(C=1e6).fit(both, held.labels[doubtful])
    whole = _machine(vectors, held.labels, gamma)
    one, two = (round(float(each), 8) for each in weighing.coef_[0])
    look = SecondLook(
        low=low,
        high=high,
        support=vectors[whole.support_],
        weights=whole.dual_coef_[0].astype(np.float32),
        bias=round(float(whole.intercept_[0]), 8),
        gamma=gamma,
        odds=(one, two, round(float(weighing.intercept_[0]), 8)),
    )
    return look, weighing.decision_function(both)


def gamma_of(vectors: Vectors) -> float:
    """Return how fast nearness falls off: by how far vectors lie from their middle.

    Sentence vectors share a large common part, which says nothing: counting it in, as
    the usual rule does, makes all passages near to each other.
    """
    spread = float(vectors.astype(np.float64).var(axis=0).mean())
    width: int = vectors.shape[1]
    return round(1 / (width * max(spread, _LEAST_SPREAD)), 12)


def manifest_of(look: SecondLook) -> dict[str, Any]:
    """Return what of it stands in the model's JSON."""
    return {
        "encoder": NAME,
        "low": look.low,
        "high": look.high,
        "bias": look.bias,
        "gamma": look.gamma,
        "odds": list(look.odds),
    }


def arrays_of(look: SecondLook) -> dict[str, npt.NDArray[Any]]:
    """Return what of it stands in the model's arrays."""
    return dict(zip(ARRAYS, (look.support, look.weights), strict=True))


def _machine(vectors: Vectors, labels: npt.NDArray[np.bool_], gamma: float) -> Any:
    machine = SVC(C=_STRENGTH, gamma=gamma, cache_size=_CACHE_MB)
    return machine.fit(vectors.astype(np.float64), labels)


def _bounds(held: Held) -> tuple[float, float]:
    """Return from which score of the first look, and up to which, it is asked."""
    harmless, share = held.published, _IN_DOUBT
    if not len(harmless):
        harmless, share = held.first[~held.labels], _IN_DOUBT_OF_CORPUS
    low = float(np.quantile(harmless, 1 - share))
    order = np.argsort(-held.first, kind="stable")
    right = np.cumsum(held.labels[order]) / np.arange(1, len(order) + 1)
    sure = np.flatnonzero(right >= _SURE)
    high = float(held.first[order[sure[-1]]]) if len(sure) else float(held.first.max())
    return round(low, 6), round(max(high, low), 6)
