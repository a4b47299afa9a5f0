"""Compares ways of learning what a disclosure is, on the corpus alone, by families.

    python -m benchmarks.classifiers [PUBLISHED.jsonl]

Every way is judged on passages of whose family it saw none (grouped cross-validation,
the same folds for all). Published passages, where given, are harmless examples in
every fold's training and are judged only for how many of them would be flagged.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from review.detect import learners
from review.detect.corpus import read_background, read_corpus
from review.detect.examine import Examiner
from review.detect.features import PassageSignals, dense_rows
from review.detect.train import BACKGROUND_WEIGHT, SEED, features_of
from review.normalize.passages import single_passage
from review.pipeline import Scanner
from review.resources import passage_model_folder

FOLDS: Final = 4
_PRECISION: Final = 0.9
_PLAIN_STRENGTH: Final = 20.0
_RARE_STRENGTH: Final = 150.0
_UNEVEN_STRENGTH: Final = 4.0

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Way = Callable[["Data", Rows, Rows], Numbers]


@dataclass(frozen=True, slots=True)
class Data:
    """Everything once: the corpus's rows first, then the published."""

    features: Any
    dense: Any
    labels: npt.NDArray[np.bool_]
    weights: Numbers
    families: list[str]
    own: int


def main() -> None:
    """Compare, and print a row a way."""
    data = _data(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    published = len(data.labels) - data.own
    print(f"{data.own} passages, {published} published, {FOLDS} folds by family")
    print(f"{'way':<40}{'AP':>8}{'AUC':>8}{'recall':>8}{'seconds':>9}")
    for name, way in WAYS.items():
        began = time.perf_counter()
        scores = _held_out(data, way)[: data.own]
        labels = data.labels[: data.own]
        row = (
            average_precision_score(labels, scores),
            roc_auc_score(labels, scores),
            _recall(labels, scores),
        )
        figures = "".join(f"{one:8.4f}" for one in row)
        print(f"{name:<40}{figures}{time.perf_counter() - began:9.0f}", flush=True)


def _data(published: Path | None) -> Data:
    examples = read_corpus(passage_model_folder() / "corpus")
    examiner = Examiner(Scanner().examiner.lexicon, None)
    signals = [_signal(examiner, one.text, one.title) for one in examples]
    texts = read_background(published) if published else []
    signals += [_signal(examiner, one, "") for one in texts]
    extra = len(texts)
    return Data(
        features=features_of(signals),
        dense=dense_rows(signals),
        labels=np.asarray([one.sensitive for one in examples] + [False] * extra),
        weights=np.asarray([1.0] * len(examples) + [BACKGROUND_WEIGHT] * extra),
        families=[one.family for one in examples]
        + [f"published-{at}" for at in range(extra)],
        own=len(examples),
    )


def _signal(examiner: Examiner, text: str, title: str) -> PassageSignals:
    return examiner.signals(single_passage(text, title=title))[0]


def _folds(data: Data, rows: Rows) -> Iterator[tuple[Rows, Rows]]:
    folds = GroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    families = np.asarray(data.families)[rows]
    for seen, unseen in folds.split(rows, groups=families):
        yield rows[seen], rows[unseen]


def _held_out(data: Data, way: Way, rows: Rows | None = None) -> Numbers:
    """Return each row's score by what was learned without its family."""
    every = np.arange(len(data.labels)) if rows is None else rows
    scores = np.zeros(len(data.labels))
    for seen, unseen in _folds(data, every):
        scores[unseen] = way(data, seen, unseen)
    return scores


def _regression(scale: Callable[[Data, Rows], Numbers], strength: float) -> Way:
    def way(data: Data, seen: Rows, unseen: Rows) -> Numbers:
        model = learners.regressed(
            data.features[seen],
            data.labels[seen],
            data.weights[seen],
            scale(data, seen),
            strength,
            SEED,
        )
        return model.score(data.features[unseen])

    return way


def _ones(data: Data, _seen: Rows) -> Numbers:
    return np.ones(data.features.shape[1])


def _rare(data: Data, seen: Rows) -> Numbers:
    return learners.rarity(data.features[seen], _counted(data))


def _uneven(data: Data, seen: Rows) -> Numbers:
    return learners.unevenness(
        data.features[seen], data.labels[seen], data.weights[seen]
    )


def _counted(data: Data) -> int:
    return int(data.features.shape[1] - data.dense.shape[1])


def _sum(data: Data, seen: Rows, unseen: Rows) -> Numbers:
    """Learn as the program does."""
    model = learners.learn(
        data.features[seen],
        data.labels[seen],
        data.weights[seen],
        counted=_counted(data),
        seed=SEED,
    )
    return model.score(data.features[unseen])


def _boosted(features: Any, data: Data, seen: Rows, unseen: Rows) -> Numbers:
    model = HistGradientBoostingClassifier(
        max_iter=200, learning_rate=0.05, random_state=SEED
    )
    model.fit(features[seen], data.labels[seen], sample_weight=data.weights[seen])
    return np.asarray(model.predict_proba(features[unseen])[:, 1])


def _dense(data: Data, seen: Rows, unseen: Rows) -> Numbers:
    """Learn from the rules' points and the shape alone, without a word."""
    return _boosted(data.dense, data, seen, unseen)


def _stacked(data: Data, seen: Rows, unseen: Rows) -> Numbers:
    """Let boosted trees weigh the linear score beside the dense features."""
    scores = _held_out(data, _sum, seen)
    scores[unseen] = _sum(data, seen, unseen)
    return _boosted(np.column_stack([scores, data.dense]), data, seen, unseen)


WAYS: Final[dict[str, Way]] = {
    "logistic regression, hashed n-grams": _regression(_ones, _PLAIN_STRENGTH),
    "the same, TF-IDF": _regression(_rare, _RARE_STRENGTH),
    "NB-SVM": _regression(_uneven, _UNEVEN_STRENGTH),
    "sum of the last two (in use)": _sum,
    "gradient boosting, dense features": _dense,
    "stacking: the sum under boosting": _stacked,
}


def _recall(labels: npt.NDArray[np.bool_], scores: Numbers) -> float:
    """Return the largest recall at which the wanted precision holds."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    holds = hits / np.arange(1, len(order) + 1) >= _PRECISION
    last = int(np.flatnonzero(holds).max(initial=0))
    return float(hits[last] / labels.sum())


if __name__ == "__main__":
    main()
