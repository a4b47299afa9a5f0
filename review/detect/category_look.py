"""The category by meaning: what a disclosure is about, told by the corpus's nearest ones.

Kernel ridge regression over sentence vectors, one output a category, whose scores are
added to those of the words (`classifier.py`). Only passages that are flagged are asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from review.detect.second_look import Numbers, kernel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from review.detect.encoder import Vectors

ARRAYS: Final = ("category_support", "category_meanings")


@dataclass(frozen=True, slots=True)
class CategoryLook:
    """The vectors that it knows, a row each, and each row's weight a category."""

    support: Vectors
    weights: npt.NDArray[np.float16]
    gamma: float
    share: float

    def scores(self, vectors: Vectors) -> Numbers:
        """Return what is added to the words' scores: a row a vector, a column a category."""
        near = kernel(vectors, self.support, self.gamma)
        added: Numbers = self.share * (near @ self.weights.astype(np.float64))
        return added


def category_look(
    manifest: Mapping[str, Any] | None, arrays: Mapping[str, npt.NDArray[Any]]
) -> CategoryLook | None:
    """Return it, if the model has one; one made before there was any has none.

    Raises:
        KeyError: Something of it is missing.
        ValueError: It is damaged.
    """
    if manifest is None:
        return None
    return CategoryLook(
        support=arrays[ARRAYS[0]],
        weights=arrays[ARRAYS[1]],
        gamma=float(manifest["gamma"]),
        share=float(manifest["share"]),
    )
