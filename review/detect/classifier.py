"""P(disclosure) and category of passages: the trained weights at work.

A linear model over hashed character n-grams, words and dense counts, and a second look
at what that leaves in doubt (`second_look.py`). It runs on numpy;
`train.py` makes the weights with scikit-learn. The files
are `model.npz` (arrays, no pickle) and `model.json` (everything else).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from review import digests
from review.detect.category_look import CategoryLook, category_look
from review.detect.features import (
    ORDERS,
    Floats,
    PassageSignals,
    dense_rows,
    hash_ngrams,
    hash_words,
    ngram_columns,
    scores,
)
from review.detect.second_look import MOST, SecondLook, meanings, second_look
from review.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from review.detect.interface import Category
    from review.normalize.interface import NormalizedText

Vector = npt.NDArray[np.int8]

FORMAT: Final = 3
_STRETCH: Final = 512
# The margin by which the kind of document favours its category.
_FAVOUR: Final = 0.5
ARRAYS: Final = ("ngrams", "words", "dense", "category_ngrams", "category_words")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the classifier says of one passage: a probability, 0 to 1.

    `vector` is what it means, where it was in doubt and looked at again.
    """

    probability: float
    log_odds: float
    vector: Vector | None = field(default=None, compare=False, repr=False)

    @property
    def by_meaning(self) -> bool:
        """Tell whether it was in doubt, and looked at again by its meaning."""
        return self.vector is not None


@dataclass(frozen=True, slots=True)
class Classifier:
    """The weights, how to read them, and the digest that reports name."""

    ngrams: Floats
    words: Floats
    dense: Floats
    category_ngrams: Floats
    category_words: Floats
    manifest: Mapping[str, Any]
    digest: str
    second: SecondLook | None = None
    about: CategoryLook | None = None

    @property
    def review_point(self) -> float:
        """Return the probability from which a draft's passage needs a disposition."""
        return float(self.manifest["review_point"])

    @property
    def alone_point(self) -> float:
        """Return the probability from which a passage that stands alone needs one."""
        return float(self.manifest.get("alone_point", self.review_point))

    def point_for(self, text: NormalizedText) -> float:
        """Return the point that counts for its passages."""
        return self.alone_point if text.is_alone else self.review_point

    @property
    def block_point(self) -> float:
        """Return the probability from which a passage must not go out as it stands."""
        return float(self.manifest["block_point"])

    def judge(self, signals: Sequence[PassageSignals]) -> list[Verdict]:
        """Return a verdict for each passage, in order."""
        if not signals:
            return []
        # In stretches: the n-grams of a whole book would fill the memory.
        raw = np.concatenate(
            [
                self._raw(signals[start : start + _STRETCH])
                for start in range(0, len(signals), _STRETCH)
            ]
        )
        slope, offset = self.manifest["calibration"]
        odds = slope * raw + offset
        read: dict[int, Vector] = {}
        if self.second is not None:
            again = self.second.looked_at(raw, [one.text for one in signals])
            odds[again.passages] = again.log_odds
            read = dict(zip(again.passages.tolist(), again.vectors, strict=True))
        return [
            Verdict(float(1 / (1 + np.exp(-one))), float(one), read.get(at))
            for at, one in enumerate(odds)
        ]

    def _raw(self, signals: Sequence[PassageSignals]) -> npt.NDArray[np.float64]:
        total = scores(hash_ngrams([one.text for one in signals]), self.ngrams)
        total = total + scores(hash_words([one.words for one in signals]), self.words)
        total = total + dense_rows(signals) @ self.dense
        return np.asarray(total, dtype=np.float64) + float(self.manifest["bias"])

    def categories(
        self,
        signals: Mapping[int, PassageSignals],
        verdicts: Sequence[Verdict],
        favoured: Category | None = None,
    ) -> dict[int, Category]:
        """Return the category that each of those passages most likely belongs to.

        `signals` are those of the passages asked about, by their place among the draft's
        `verdicts`. What no look at the draft has read yet is read now, as far as a draft
        may be read; beyond that the words alone decide.
        """
        added: dict[int, npt.NDArray[np.float64]] = {}
        if self.about is not None:
            read = self._read(signals, verdicts)
            known = [at for at in signals if at in read]
            if known:
                rows = self.about.scores(np.stack([read[at] for at in known]))
                added = dict(zip(known, rows, strict=True))
        return {
            at: self.category(signal, favoured, added.get(at))
            for at, signal in signals.items()
        }

    def _read(
        self, signals: Mapping[int, PassageSignals], verdicts: Sequence[Verdict]
    ) -> dict[int, Vector]:
        """Return the vectors of passages, old and new."""
        known = {
            at: one.vector for at, one in enumerate(verdicts) if one.vector is not None
        }
        room = max(0, MOST - len(known))
        others = [at for at in signals if at not in known][:room]
        vectors = meanings([signals[at].text for at in others])
        if vectors is None:
            return known
        return known | dict(zip(others, vectors, strict=True))

    def category(
        self,
        signal: PassageSignals,
        favoured: Category | None = None,
        meaning: npt.NDArray[np.float64] | None = None,
    ) -> Category:
        """Return the category that a disclosure most likely belongs to.

        `favoured` is that of the document's kind; it decides what is close. `meaning` is
        what its meaning adds to each category, if it was read.
        """
        totals = np.asarray(self.manifest["category_bias"])
        for hashed, weights in (
            (hash_ngrams([signal.text]), self.category_ngrams),
            (hash_words([signal.words]), self.category_words),
        ):
            columns = hashed.columns % weights.shape[1]
            totals = totals + weights[:, columns].astype(np.float32) @ hashed.values
        if meaning is not None:
            totals = totals + meaning
        if favoured is not None:
            totals[self.manifest["categories"].index(favoured)] += _FAVOUR
        best = int(np.argmax(totals))
        category: Category = self.manifest["categories"][best]
        return category

    def summed_weights(self, text: str) -> Floats:
        """Return how much the characters before each place speak for a disclosure.

        One number more than there are characters: the difference between two
        places is the weight of what stands between them.
        """
        weights = np.zeros(len(text), dtype=np.float32)
        for order in ORDERS:
            each = self.ngrams[ngram_columns(text, order)] / order
            for place in range(order):
                weights[place : place + len(each)] += each
        sums = np.zeros(len(text) + 1, dtype=np.float32)
        np.cumsum(weights, out=sums[1:])
        return sums


def load_classifier(folder: Path) -> Classifier:
    """Load the model in `folder`.

    Raises:
        ModelError: A file is missing, damaged, or of another format.
    """
    try:
        manifest = json.loads((folder / "model.json").read_text("utf-8"))
        blob = (folder / "model.npz").read_bytes()
        if manifest["format"] != FORMAT or digests.of_bytes(blob) != manifest["arrays"]:
            raise ModelError(
                "分类模型文件不完整或版本不符，请重新安装，或运行 xianshen model train"
            )
        with np.load(folder / "model.npz", allow_pickle=False) as arrays:
            loaded = {name: arrays[name] for name in ARRAYS}
            second = second_look(manifest["second_look"], arrays)
            about = category_look(manifest.get("category_look"), arrays)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(
            "读不到分类模型，请重新安装，或运行 xianshen model train"
        ) from error
    return Classifier(
        ngrams=_expanded(loaded["ngrams"], manifest["sizes"]["ngrams"]),
        words=_expanded(loaded["words"], manifest["sizes"]["words"]),
        dense=loaded["dense"],
        category_ngrams=loaded["category_ngrams"],
        category_words=loaded["category_words"],
        manifest=manifest,
        digest=digests.of_json(manifest),
        second=second,
        about=about,
    )


def _expanded(pairs: npt.NDArray[Any], size: int) -> Floats:
    """Return the full weight vector from stored (column, weight) pairs."""
    full = np.zeros(size, dtype=np.float32)
    full[pairs["column"]] = pairs["weight"]
    return full
