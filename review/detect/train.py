"""Trains the passage classifier from the corpus.

Reproducible from the repository: the corpus in `models/passage/corpus/`, the
lexicons and a seed give the same weights bit for bit. Operating points and
calibration come from family-grouped cross-validation on the corpus alone.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn import __version__ as sklearn_version
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import GroupKFold

from review import digests
from review.detect.classifier import FORMAT
from review.detect.features import (
    DENSE_NAMES,
    NGRAM_BITS,
    ORDERS,
    WORD_BITS,
    Hashed,
    PassageSignals,
    dense_rows,
    hash_ngrams,
    hash_words,
)
from review.detect.learners import Categories, Linear, learn, learn_categories
from review.detect.own_passages import NO_PASSAGES, OWN_WEIGHT, OwnPassages
from review.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.detect.corpus import Example

SEED: Final = 20261122
FOLDS: Final = 8
CATEGORY_BITS: Final = 16
CATEGORY_WORD_BITS: Final = 15
DENSE_SCALE: Final = 0.6
# Recall counts a little more than precision at the review point (F-beta).
BETA: Final = 1.2
_AS_GOOD: Final = 0.005
# At the block point nearly everything flagged is a disclosure.
BLOCK_PRECISION: Final = 0.98
# What each published passage weighs beside one of the corpus.
BACKGROUND_WEIGHT: Final = 0.3
_WIDTHS: Final = (len(ORDERS) << NGRAM_BITS, 1 << WORD_BITS, len(DENSE_NAMES))


@dataclass(frozen=True, slots=True)
class Background:
    """Signals of published passages, and the digest of their file."""

    signals: Sequence[PassageSignals] = ()
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Corpus rows first, then the background's, which are all harmless, then an office's own."""

    features: Any
    labels: npt.NDArray[np.bool_]
    families: npt.NDArray[np.str_]
    weights: npt.NDArray[np.float64]
    own: int


def _sparse(hashed: Hashed, width: int) -> Any:
    return csr_matrix(
        (hashed.values, (hashed.rows, hashed.columns)), shape=(hashed.height, width)
    )


def features_of(signals: Sequence[PassageSignals]) -> Any:
    """Return the sparse feature matrix that the weights are learned on."""
    return hstack(
        [
            _sparse(hash_ngrams([one.text for one in signals]), _WIDTHS[0]),
            _sparse(hash_words([one.words for one in signals]), _WIDTHS[1]),
            csr_matrix(dense_rows(signals) * DENSE_SCALE),
        ],
        format="csr",
    )


def _learned(matrix: _Matrix, rows: Any = slice(None)) -> Linear:
    """Learn from those rows."""
    return learn(
        matrix.features[rows],
        matrix.labels[rows],
        matrix.weights[rows],
        counted=sum(_WIDTHS[:2]),
        seed=SEED,
    )


def train(  # noqa: PLR0913 - each is something that the weights depend on
    examples: Sequence[Example],
    signals: Sequence[PassageSignals],
    background: Background = Background(),
    own: OwnPassages = NO_PASSAGES,
    *,
    lexicon_digest: str,
    corpus_digest: str,
) -> tuple[bytes, dict[str, Any], dict[str, Any]]:
    """Return the arrays' file, the manifest and the metrics.

    An office's own passages are learned from; calibration, operating points and
    the figures stay those of the corpus, so that two models can be compared.

    Raises:
        UsageError: The corpus is too small to cross-validate.
    """
    if len(examples) < FOLDS * 10:
        raise UsageError(f"语料太少（{len(examples)} 段），至少需要 {FOLDS * 10} 段")
    matrix = _matrix(examples, signals, background.signals, own)
    held_out = _held_out_scores(matrix)
    slope, offset = _calibrate(held_out, matrix)
    probabilities = 1 / (1 + np.exp(-(slope * held_out + offset)))
    judged = probabilities[: matrix.own], matrix.labels[: matrix.own]
    point, block = _review_point(*judged), _block_point(*judged)
    model = _learned(matrix)
    categories = _categories([*examples, *own.examples], [*signals, *own.signals])
    blob = _pack(model.weights.astype(np.float32), categories.weights)
    manifest = {
        "format": FORMAT,
        "arrays": digests.of_bytes(blob),
        "sizes": {"ngrams": _WIDTHS[0], "words": _WIDTHS[1]},
        "bias": round(model.bias, 8),
        "calibration": [round(slope, 8), round(offset, 8)],
        "review_point": point,
        "block_point": block,
        "categories": list(categories.names),
        "category_bias": [round(float(one), 6) for one in categories.bias],
        "defaults": _defaults(examples),
        "lexicons": lexicon_digest,
        "corpus": corpus_digest,
        **_provenance(background, own),
    }
    metrics = _metrics(examples, probabilities[: matrix.own], point)
    metrics["at_block"] = _block_metrics(probabilities, matrix, block)
    beside = _metrics_beside(probabilities[matrix.own :], point, background, own)
    return blob, manifest, metrics | beside


def _metrics_beside(
    probabilities: npt.NDArray[np.float64],
    point: float,
    background: Background,
    own: OwnPassages,
) -> dict[str, Any]:
    """Return how the published passages, and an office's own after them, are judged."""
    published, ours = np.split(probabilities, [len(background.signals)])
    figures = {"background": _background_metrics(published, point)}
    return figures | own.metrics(ours.tolist(), point)


def _provenance(background: Background, own: OwnPassages) -> dict[str, Any]:
    """Return what else the weights depend on."""
    return {
        "background": {
            "digest": background.digest,
            "passages": len(background.signals),
            "weight": BACKGROUND_WEIGHT,
        },
        "tokenizer": "rjieba",
        "scikit_learn": sklearn_version,
        "seed": SEED,
        **own.provenance(),
    }


def _matrix(
    examples: Sequence[Example],
    signals: Sequence[PassageSignals],
    background: Sequence[PassageSignals],
    own: OwnPassages,
) -> _Matrix:
    extra = len(background)
    return _Matrix(
        features=features_of([*signals, *background, *own.signals]),
        labels=np.asarray(
            [one.sensitive for one in examples]
            + [False] * extra
            + [one.sensitive for one in own.examples]
        ),
        families=np.asarray(
            [one.family for one in examples]
            + [f"background-{at}" for at in range(extra)]
            + [one.family for one in own.examples]
        ),
        weights=np.asarray(
            [1.0] * len(examples)
            + [BACKGROUND_WEIGHT] * extra
            + [OWN_WEIGHT] * len(own.examples)
        ),
        own=len(examples),
    )


def _held_out_scores(matrix: _Matrix) -> npt.NDArray[np.float64]:
    """Score each passage by a model that saw no passage of its family."""
    held_out = np.zeros(len(matrix.labels))
    folds = GroupKFold(n_splits=FOLDS, shuffle=True, random_state=SEED)
    for seen, unseen in folds.split(matrix.features, matrix.labels, matrix.families):
        held_out[unseen] = _learned(matrix, seen).score(matrix.features[unseen])
    return held_out


def _calibrate(raw: npt.NDArray[np.float64], matrix: _Matrix) -> tuple[float, float]:
    """Return slope and offset that turn held-out scores into log-odds (Platt)."""
    own = slice(0, matrix.own)
    platt = LogisticRegression(C=1e6).fit(raw[own].reshape(-1, 1), matrix.labels[own])
    return float(platt.coef_[0][0]), float(platt.intercept_[0])


def _review_point(
    probabilities: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]
) -> float:
    """Return where F-beta on held-out scores is best.

    The curve is flat at its top: of the points that are as good as the best,
    the highest is taken, which flags least.
    """
    points = np.arange(0.2, 0.8, 0.01)
    values = [_f_beta(probabilities >= point, labels) for point in points]
    enough = max(values) * (1 - _AS_GOOD)
    best = [
        point for point, value in zip(points, values, strict=True) if value >= enough
    ]
    return round(float(max(best)), 2)


def _block_point(
    probabilities: npt.NDArray[np.float64], labels: npt.NDArray[np.bool_]
) -> float:
    """Return the lowest point from which nearly all that is flagged is a disclosure."""
    points = np.arange(0.5, 0.995, 0.005)
    sure = [
        one
        for one in points
        if _precision(probabilities >= one, labels) >= BLOCK_PRECISION
    ]
    return round(float(min(sure, default=0.995)), 3)


def _precision(flagged: npt.NDArray[np.bool_], labels: npt.NDArray[np.bool_]) -> float:
    return float((flagged & labels).sum() / max(1, flagged.sum()))


def _block_metrics(
    probabilities: npt.NDArray[np.float64], matrix: _Matrix, point: float
) -> dict[str, Any]:
    """Return how the corpus's held-out passages fare at the block point."""
    labels = matrix.labels[: matrix.own]
    flagged = probabilities[: matrix.own] >= point
    return {
        "block_point": point,
        "precision": round(_precision(flagged, labels), 4),
        "recall": round(float((flagged & labels).sum() / max(1, labels.sum())), 4),
        "false_flag_rate": round(
            float((flagged & ~labels).sum() / max(1, (~labels).sum())), 4
        ),
    }


def _f_beta(flagged: npt.NDArray[np.bool_], labels: npt.NDArray[np.bool_]) -> float:
    hits = float((flagged & labels).sum())
    whole = float(flagged.sum() + BETA**2 * labels.sum())
    return (1 + BETA**2) * hits / max(1.0, whole)


def _categories(
    examples: Sequence[Example], signals: Sequence[PassageSignals]
) -> Categories:
    """Learn the category from all passages: look-alikes share their topic."""
    known = [at for at, one in enumerate(examples) if one.category is not None]
    hashed = (
        (hash_ngrams([signals[at].text for at in known]), CATEGORY_BITS),
        (hash_words([signals[at].words for at in known]), CATEGORY_WORD_BITS),
    )
    return learn_categories(
        hstack([_narrow(one, bits) for one, bits in hashed], format="csr"),
        [str(examples[at].category) for at in known],
        np.asarray([examples[at].sensitive for at in known]),
        seed=SEED,
    )


def _narrow(hashed: Hashed, bits: int) -> Any:
    width = 1 << bits
    columns = hashed.columns % width
    return _sparse(Hashed(hashed.rows, columns, hashed.values, hashed.height), width)


def _pack(
    weights: npt.NDArray[np.float32], categories: npt.NDArray[np.float64]
) -> bytes:
    """Return an .npz whose bytes depend on the numbers alone (no timestamps)."""
    ngrams, words, dense = np.split(weights, np.cumsum(_WIDTHS)[:2])
    about = np.split(categories.astype(np.float16), [1 << CATEGORY_BITS], axis=1)
    arrays = {
        "ngrams": _pairs(ngrams),
        "words": _pairs(words),
        "dense": dense * np.float32(DENSE_SCALE),
        "category_ngrams": about[0],
        "category_words": about[1],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, member.getvalue())
    return packed.getvalue()


def _pairs(weights: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
    columns = np.flatnonzero(weights)
    pairs = np.empty(len(columns), dtype=[("column", "<u4"), ("weight", "<f4")])
    pairs["column"] = columns
    pairs["weight"] = weights[columns]
    return pairs


def _defaults(examples: Sequence[Example]) -> dict[str, dict[str, Any]]:
    """Return for each category the usual tier and clauses of its disclosures."""
    defaults: dict[str, dict[str, Any]] = {}
    for category in sorted({one.category for one in examples if one.category}):
        own = [one for one in examples if one.category == category and one.sensitive]
        tiers = Counter(one.tier for one in own)
        clauses = Counter(one.clauses[0] for one in own if one.clauses)
        defaults[category] = {
            "tier": min(tiers, key=lambda tier: (-tiers[tier], str(tier))),
            "clauses": [
                name
                for name, _ in sorted(clauses.items(), key=lambda x: (-x[1], x[0]))[:1]
            ],
        }
    return defaults


def _background_metrics(
    probabilities: npt.NDArray[np.float64], point: float
) -> dict[str, Any]:
    """Return how many published passages a model that did not see them flags."""
    count = len(probabilities)
    flagged = int((probabilities >= point).sum())
    return {
        "passages": count,
        "false_flag_rate": round(flagged / count, 4) if count else None,
    }


def _metrics(
    examples: Sequence[Example], probabilities: npt.NDArray[np.float64], point: float
) -> dict[str, Any]:
    labels = np.asarray([one.sensitive for one in examples])
    covert = np.asarray([one.covert and one.sensitive for one in examples])
    flagged = probabilities >= point
    hits = int((flagged & labels).sum())
    return {
        "passages": len(examples),
        "disclosures": int(labels.sum()),
        "covert_disclosures": int(covert.sum()),
        "families": len({one.family for one in examples}),
        "by_category": dict(
            sorted(Counter(one.category or "其他" for one in examples).items())
        ),
        "held_out": {
            "average_precision": round(
                float(average_precision_score(labels, probabilities)), 4
            ),
            "roc_auc": round(float(roc_auc_score(labels, probabilities)), 4),
            "review_point": point,
            "precision": round(hits / max(1, int(flagged.sum())), 4),
            "recall": round(hits / max(1, int(labels.sum())), 4),
            "covert_recall": round(
                float((flagged & covert).sum() / max(1, covert.sum())), 4
            ),
            "false_flag_rate": round(
                float((flagged & ~labels).sum() / max(1, (~labels).sum())), 4
            ),
        },
    }
