"""The second look: passages that the fast model leaves in doubt, judged by their meaning too.

A kernel machine over sentence vectors, whose score is weighed with that of the first
look. Only what lies between two scores of the first is looked at: below is nearly every
passage that an office publishes, above is what discloses anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from review.detect.encoder import WIDTH, encoder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.detect.encoder import Vectors

ARRAYS: Final = ("second_support", "second_weights")
# What a draft gets at most: a roster of a thousand doubtful rows would take minutes.
MOST: Final = 300

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SecondLook:
    """Between which scores it is asked, the machine, and how both scores are weighed.

    `support` has a row a support vector, in the encoder's steps; `odds` are the
    weights of both scores and what is added to them.
    """

    low: float
    high: float
    support: Vectors
    weights: npt.NDArray[np.float32]
    bias: float
    gamma: float
    odds: tuple[float, float, float]

    def warm(self) -> None:
        """Load the encoder, for a process whose children share it."""
        reader = encoder()
        if reader is not None:
            reader.vectors(["学院举行秋季运动会。"])

    def asked(self, first: Numbers) -> npt.NDArray[np.intp]:
        """Return which passages are in doubt; the most doubtful where they are too many."""
        doubtful = in_doubt(first, self.low, self.high)
        if len(doubtful) <= MOST:
            return doubtful
        nearest = np.argsort(-first[doubtful], kind="stable")[:MOST]
        chosen: npt.NDArray[np.intp] = np.sort(doubtful[nearest])
        return chosen

    def log_odds(self, first: Numbers, vectors: Vectors) -> Numbers:
        """Return the log-odds of passages from their first score and their vector."""
        second = kernel(vectors, self.support, self.gamma) @ self.weights + self.bias
        one, two, offset = self.odds
        weighed: Numbers = one * first + two * second + offset
        return weighed

    def looked_at(self, first: Numbers, texts: Sequence[str]) -> LookedAt:
        """Look again at what is in doubt."""
        asked = self.asked(first)
        vectors = meanings([texts[at] for at in asked])
        if vectors is None:
            return LookedAt(asked[:0], first[:0], np.zeros((0, WIDTH), dtype=np.int8))
        return LookedAt(asked, self.log_odds(first[asked], vectors), vectors)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Which passages were looked at again, their log-odds now, and their vectors."""

    passages: npt.NDArray[np.intp]
    log_odds: Numbers
    vectors: Vectors


def in_doubt(first: Numbers, low: float, high: float) -> npt.NDArray[np.intp]:
    """Return which passages lie between two scores of the first look."""
    return np.flatnonzero((first > low) & (first < high))


def meanings(texts: Sequence[str]) -> Vectors | None:
    """Return the vectors of texts; equal texts are read once.

    None where there are no texts, or no encoder is made for this kind of machine.
    """
    reader = encoder() if texts else None
    if reader is None:
        return None
    distinct = list(dict.fromkeys(texts))
    rows = dict(zip(distinct, reader.vectors(distinct), strict=True))
    return np.stack([rows[one] for one in texts])


def kernel(rows: Vectors, others: Vectors, gamma: float) -> Numbers:
    """Return how near each row is to each of the others, from 1 (equal) down to 0."""
    # Whole numbers below 2 to the 24th: exact in single precision, in whatever order.
    left, right = rows.astype(np.float32), others.astype(np.float32)
    apart = (
        (left**2).sum(axis=1)[:, None]
        + (right**2).sum(axis=1)[None, :]
        - 2 * left @ right.T
    )
    near: Numbers = np.exp(-gamma * apart.astype(np.float64))
    return near


def second_look(
    manifest: Mapping[str, Any] | None, arrays: Mapping[str, npt.NDArray[Any]]
) -> SecondLook | None:
    """Return the second look of a model, if it has one.

    Raises:
        KeyError: Something of it is missing.
        ValueError: It is damaged.
    """
    if manifest is None:
        return None
    one, two, offset = map(float, manifest["odds"])
    return SecondLook(
        low=float(manifest["low"]),
        high=float(manifest["high"]),
        support=arrays[ARRAYS[0]],
        weights=arrays[ARRAYS[1]],
        bias=float(manifest["bias"]),
        gamma=float(manifest["gamma"]),
        odds=(one, two, offset),
    )
