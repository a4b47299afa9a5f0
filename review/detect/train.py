"""Trains the passage classifier from the corpus.

Reproducible from the repository: the corpus in `models/passage/corpus/`, the
lexicons and a seed give the same weights bit for bit. Operating points and
calibration come from family-grouped cross-validation on the corpus alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn import __version__ as sklearn_version
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from review import digests
from review.detect import category_training
from review.detect.category_training import learn_category_look
from review.detect.classifier import FORMAT
from review.detect.corpus_vectors import packed
from review.detect.encoder import Vectors
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
from review.detect.points import points_of
from review.detect.second_look import in_doubt
from review.detect.second_training import (
    Held,
    arrays_of,
    learn_second_look,
    manifest_of,
)
from review.detect.training_metrics import (
    block_metrics,
    draft_metrics,
    held_out_metrics,
    metrics_beside,
)
from review.errors import UsageError

if TYPE_CHECKING:
    from review.detect.category_look import CategoryLook
    from review.detect.corpus import Example
    from review.detect.second_look import SecondLook

SEED: Final = 20261122
FOLDS: Final = 8
CATEGORY_BITS: Final = 16
CATEGORY_WORD_BITS: Final = 15
DENSE_SCALE: Final = 0.6
# What each published passage weighs beside one of the corpus.
BACKGROUND_WEIGHT: Final = 0.3
_WIDTHS: Final = (len(ORDERS) << NGRAM_BITS, 1 << WORD_BITS, len(DENSE_NAMES))


@dataclass(frozen=True, slots=True)
class Background:
    """Signals of published passages, and the digest of their file."""

    signals: Sequence[PassageSignals] = ()
    digest: str | None = None


# Returns a row a text; where it is missing, the model has no second look.
VectorsOf: TypeAlias = Callable[[Sequence[str]], Vectors]


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
    vectors_of: VectorsOf | None = None,
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
    odds = slope * held_out + offset
    second = None
    if vectors_of is not None:
        second = _look_again(matrix, held_out, odds, signals, background, vectors_of)
    probabilities = 1 / (1 + np.exp(-odds))
    judged = probabilities[: matrix.own], matrix.labels[: matrix.own]
    published = probabilities[matrix.own :][: len(background.signals)]
    points = points_of(*judged, published, [one.draft for one in examples])
    blob, written = _written(matrix, second, examples, signals, own, vectors_of)
    manifest = {
        **written,
        "calibration": [round(slope, 8), round(offset, 8)],
        **points,
        "defaults": _defaults(examples),
        "lexicons": lexicon_digest,
        "corpus": corpus_digest,
        **_provenance(background, own),
    }
    metrics = held_out_metrics(examples, judged[0], points["alone_point"])
    metrics["drafts"] = draft_metrics(examples, judged[0], points["review_point"])
    metrics["at_block"] = block_metrics(*judged, points["block_point"])
    rest = probabilities[matrix.own :], points["alone_point"]
    beside = metrics_beside(*rest, len(background.signals), own)
    return blob, manifest, metrics | beside


def _written(  # noqa: PLR0913, PLR0917 - each goes into the arrays
    matrix: _Matrix,
    second: SecondLook | None,
    examples: Sequence[Example],
    signals: Sequence[PassageSignals],
    own: OwnPassages,
    vectors_of: VectorsOf | None,
) -> tuple[bytes, dict[str, Any]]:
    """Learn from everything; return the arrays' file and what the manifest says of it."""
    model = _learned(matrix)
    categories = _categories([*examples, *own.examples], [*signals, *own.signals])
    about = _meanings(examples, signals, categories.names, vectors_of)
    arrays = _arrays(model.weights.astype(np.float32), categories.weights)
    arrays |= arrays_of(second) if second else {}
    blob = packed(arrays | (category_training.arrays_of(about) if about else {}))
    return blob, {
        "format": FORMAT,
        "arrays": digests.of_bytes(blob),
        "sizes": {"ngrams": _WIDTHS[0], "words": _WIDTHS[1]},
        "bias": round(model.bias, 8),
        "second_look": manifest_of(second) if second else None,
        "category_look": category_training.manifest_of(about) if about else None,
        "categories": list(categories.names),
        "category_bias": [round(float(one), 6) for one in categories.bias],
    }


def _meanings(
    examples: Sequence[Example],
    signals: Sequence[PassageSignals],
    names: Sequence[str],
    vectors_of: VectorsOf | None,
) -> CategoryLook | None:
    """Learn from the corpus's disclosures what their categories mean, where they can be read."""
    if vectors_of is None:
        return None
    told = [
        (signal.text, str(one.category))
        for one, signal in zip(examples, signals, strict=True)
        if one.sensitive and one.category is not None
    ]
    read = vectors_of([text for text, _ in told])
    return learn_category_look(read, [category for _, category in told], names)


def _look_again(  # noqa: PLR0913, PLR0917 - what the second look is learned from
    matrix: _Matrix,
    first: npt.NDArray[np.float64],
    odds: npt.NDArray[np.float64],
    signals: Sequence[PassageSignals],
    background: Background,
    vectors_of: VectorsOf,
) -> SecondLook | None:
    """Learn the second look; put into `odds` what it says of held-out passages."""
    published = slice(matrix.own, matrix.own + len(background.signals))
    held = Held(
        first=first[: matrix.own],
        labels=matrix.labels[: matrix.own],
        families=matrix.families[: matrix.own],
        published=first[published],
    )
    vectors = vectors_of([one.text for one in signals])
    learnt = learn_second_look(vectors, held, seed=SEED)
    if learnt is None:
        return None
    look, again = learnt
    odds[in_doubt(held.first, look.low, look.high)] = again
    doubtful = in_doubt(held.published, look.low, look.high)
    if len(doubtful):
        read = vectors_of([background.signals[at].text for at in doubtful])
        odds[published][doubtful] = look.log_odds(held.published[doubtful], read)
    return look


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


def _arrays(
    weights: npt.NDArray[np.float32], categories: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[Any]]:
    """Return what is kept of the weights."""
    ngrams, words, dense = np.split(weights, np.cumsum(_WIDTHS)[:2])
    about = np.split(categories.astype(np.float16), [1 << CATEGORY_BITS], axis=1)
    return {
        "ngrams": _pairs(ngrams),
        "words": _pairs(words),
        "dense": dense * np.float32(DENSE_SCALE),
        "category_ngrams": about[0],
        "category_words": about[1],
    }


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
