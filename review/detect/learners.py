"""What is learned on feature matrices: one linear score, and a score a category.

The score is the sum of two linear learners, which err in different places: logistic
regression on columns scaled by inverse document frequency, and on columns scaled by
how unevenly they are spread over the labels (NB-SVM; Wang and Manning, Baselines and
Bigrams, 2012). Both scales and the sum fold into one weight a column, so that
judging costs what one learner costs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import diags
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

if TYPE_CHECKING:
    from collections.abc import Sequence

# All chosen by family-grouped cross-validation on the corpus (docs/classifier.md).
_RARE_STRENGTH: Final = 150.0
_UNEVEN_STRENGTH: Final = 4.0
_UNEVEN_SHARE: Final = 0.28  # makes its spread half of the other's
_CATEGORY_STRENGTH: Final = 0.5
# A look-alike shares its category's topic, but not how it is told when it is told.
_LOOK_ALIKE: Final = 0.2
_STEPS: Final = 300

Labels = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linear:
    """A weight a column, and what is added to every sum."""

    weights: Numbers
    bias: float

    def score(self, features: Any) -> Numbers:
        """Return the sum of each row."""
        return np.asarray(features @ self.weights) + self.bias


@dataclass(frozen=True, slots=True)
class Categories:
    """For each category, in order of name, a weight a column and a bias."""

    names: tuple[str, ...]
    weights: Numbers
    bias: Numbers


def learn(
    features: Any, labels: Labels, weights: Numbers, *, counted: int, seed: int
) -> Linear:
    """Learn which rows are disclosures.

    The first `counted` columns are n-grams and words, which are scaled; the rest
    are taken as they are. `weights` says how much each row counts.
    """
    rare = regressed(
        features, labels, weights, rarity(features, counted), _RARE_STRENGTH, seed
    )
    uneven = unevenness(features, labels, weights)
    other = regressed(features, labels, weights, uneven, _UNEVEN_STRENGTH, seed)
    return Linear(
        rare.weights + _UNEVEN_SHARE * other.weights,
        rare.bias + _UNEVEN_SHARE * other.bias,
    )


def learn_categories(
    features: Any, names: Sequence[str], disclosures: Labels, *, seed: int
) -> Categories:
    """Learn the category of each row; look-alikes count less than disclosures."""
    weights = np.where(disclosures, 1.0, _LOOK_ALIKE)
    model = LinearSVC(C=_CATEGORY_STRENGTH, random_state=seed)
    model.fit(features, list(names), sample_weight=weights)
    return Categories(
        tuple(str(one) for one in model.classes_), model.coef_, model.intercept_
    )


def regressed(  # noqa: PLR0913, PLR0917 - what one regression is made of
    features: Any,
    labels: Labels,
    weights: Numbers,
    scale: Numbers,
    strength: float,
    seed: int,
) -> Linear:
    """Learn logistic regression on scaled columns; the scale is in the weights."""
    model = LogisticRegression(
        C=strength, solver="liblinear", dual=True, max_iter=_STEPS, random_state=seed
    )
    model.fit(features @ diags(scale), labels, sample_weight=weights)
    return Linear(model.coef_[0] * scale, float(model.intercept_[0]))


def rarity(features: Any, counted: int) -> Numbers:
    """Return each column's inverse document frequency, on average 1."""
    holding = np.asarray((features != 0).sum(axis=0)).ravel()[:counted]
    spread = np.log((1 + features.shape[0]) / (1 + holding)) + 1
    rest = np.ones(features.shape[1] - counted)
    scale: Numbers = np.concatenate([spread / spread.mean(), rest])
    return scale


def unevenness(features: Any, labels: Labels, weights: Numbers) -> Numbers:
    """Return how unevenly each column is spread over the labels, on average 1."""
    told = np.asarray(features.T @ (weights * labels)).ravel() + 1
    harmless = np.asarray(features.T @ (weights * ~labels)).ravel() + 1
    spread = np.abs(np.log((told / told.sum()) / (harmless / harmless.sum())))
    scale: Numbers = spread / spread.mean()
    return scale
