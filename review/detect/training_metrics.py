"""The figures that a model is written down with, all on held-out passages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from review.detect.points import precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from review.detect.corpus import Example
    from review.detect.own_passages import OwnPassages


def metrics_beside(
    probabilities: npt.NDArray[np.float64],
    point: float,
    count: int,
    own: OwnPassages,
) -> dict[str, Any]:
    """Return how `count` published passages, and an office's own after them, are judged."""
    published, ours = np.split(probabilities, [count])
    figures = {"background": _background_metrics(published, point)}
    return figures | own.metrics(ours.tolist(), point)


def block_metrics(
    probabilities: npt.NDArray[np.float64],
    labels: npt.NDArray[np.bool_],
    point: float,
) -> dict[str, Any]:
    """Return how the corpus's held-out passages fare at the block point."""
    flagged = probabilities >= point
    return {
        "block_point": point,
        "precision": round(precision(flagged, labels), 4),
        "recall": _flagged_of(labels, flagged),
        "false_flag_rate": _flagged_of(~labels, flagged),
    }


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


def draft_metrics(
    examples: Sequence[Example], probabilities: npt.NDArray[np.float64], point: float
) -> dict[str, Any]:
    """Return how the corpus's whole drafts fare, held out, and their paragraphs."""
    worst: dict[tuple[str, bool], float] = {}
    for one, probability in zip(examples, probabilities, strict=True):
        key = (one.draft, one.sensitive)
        worst[key] = max(worst.get(key, 0.0), float(probability))
    leaking = [name for name, told in worst if name and told]
    clean = [name for name, told in worst if name and (name, True) not in worst]
    inside = np.asarray([bool(one.draft) for one in examples])
    told = np.asarray([one.sensitive for one in examples])
    return {
        "review_point": point,
        "leaking_flagged": _share([worst[one, True] >= point for one in leaking]),
        "clean_flagged": _share([worst[one, False] >= point for one in clean]),
        "recall": _share((probabilities >= point)[inside & told]),
        "false_flag_rate": _share((probabilities >= point)[inside & ~told]),
    }


def _share(flags: Sequence[bool] | npt.NDArray[np.bool_]) -> float | None:
    return round(float(np.mean(flags)), 4) if len(flags) else None


def _flagged_of(
    passages: npt.NDArray[np.bool_], flagged: npt.NDArray[np.bool_]
) -> float:
    """Return which share of those passages is flagged, 0 of none."""
    return round(float((flagged & passages).sum() / max(1, passages.sum())), 4)


def held_out_metrics(
    examples: Sequence[Example], probabilities: npt.NDArray[np.float64], point: float
) -> dict[str, Any]:
    """Return how well the corpus's held-out passages are judged, and what they are."""
    labels = np.asarray([one.sensitive for one in examples])
    covert = np.asarray([one.covert and one.sensitive for one in examples])
    flagged = probabilities >= point
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
            "alone_point": point,
            "precision": round(precision(flagged, labels), 4),
            "recall": _flagged_of(labels, flagged),
            "covert_recall": _flagged_of(covert, flagged),
            "false_flag_rate": _flagged_of(~labels, flagged),
        },
    }
