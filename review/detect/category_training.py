"""Trains the category by meaning: kernel ridge regression on the corpus's disclosures.

Look-alikes are left out: held out, they add nothing here (docs/classifier.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from review.detect.category_look import ARRAYS, CategoryLook
from review.detect.second_look import kernel
from review.detect.second_training import gamma_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.detect.encoder import Vectors

# Chosen by family-grouped cross-validation on the corpus (docs/classifier.md).
_RIDGE: Final = 0.3
_SHARE: Final = 1.4


def learn_category_look(
    vectors: Vectors, categories: Sequence[str], names: Sequence[str]
) -> CategoryLook:
    """Learn what each category's disclosures mean.

    `vectors` has a row a disclosure, `categories` its category, `names` all categories in order.
    """
    places = {name: at for at, name in enumerate(names)}
    wanted = np.eye(len(names))[[places[one] for one in categories]] - 1 / len(names)
    gamma = gamma_of(vectors)
    near = kernel(vectors, vectors, gamma)
    near[np.diag_indices(len(near))] += _RIDGE
    # Half precision keeps three digits: what differs between machines is rounded away.
    weights = np.linalg.solve(near, wanted).astype(np.float16)
    return CategoryLook(vectors, weights, gamma, _SHARE)


def manifest_of(look: CategoryLook) -> dict[str, Any]:
    """Return what of it stands in the model's JSON."""
    return {"gamma": look.gamma, "share": look.share}


def arrays_of(look: CategoryLook) -> dict[str, npt.NDArray[Any]]:
    """Return what of it stands in the model's arrays."""
    return dict(zip(ARRAYS, (look.support, look.weights), strict=True))
