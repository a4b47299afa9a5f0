"""Whether a probability means what it says: reliability bins and their error."""

from collections.abc import Sequence
from typing import Any, Final

from review.evaluation.judge import Judgement, Method
from review.evaluation.shares import share_of

BINS: Final = 10
# The methods whose score is a probability.
PROBABLE: Final[tuple[Method, ...]] = ("both", "classifier")


def calibration(judgements: Sequence[Judgement], method: Method) -> dict[str, Any]:
    """Return Brier score, expected calibration error and ten bins of equal width.

    The error is the mean distance between what was predicted and what was
    observed, over the bins, each weighted by its passages.
    """
    bins: list[list[Judgement]] = [[] for _ in range(BINS)]
    for one in judgements:
        at = int(one.outcomes[method].score * BINS)
        bins[max(0, min(BINS - 1, at))].append(one)
    squares = sum(
        (one.outcomes[method].score - one.passage.sensitive) ** 2 for one in judgements
    )
    distance = sum(abs(_predicted(each, method) - _sensitive(each)) for each in bins)
    count = len(judgements)
    return {
        "brier": round(squares / count, 4) if count else None,
        "calibration_error": round(distance / count, 4) if count else None,
        "bins": [_bin(at, each, method) for at, each in enumerate(bins)],
    }


def _bin(at: int, members: Sequence[Judgement], method: Method) -> dict[str, Any]:
    count = len(members)
    return {
        "from": at / BINS,
        "to": (at + 1) / BINS,
        "predicted": round(_predicted(members, method) / count, 4) if count else None,
        "observed": share_of(_sensitive(members), count),
    }


def _predicted(members: Sequence[Judgement], method: Method) -> float:
    """Return how many disclosures the scores together promise."""
    return sum(one.outcomes[method].score for one in members)


def _sensitive(members: Sequence[Judgement]) -> int:
    return sum(one.passage.sensitive for one in members)
