"""All figures of one evaluation, as plain data for JSON and for the page."""

from collections.abc import Sequence
from typing import Any

from review.evaluation.calibration import PROBABLE, calibration
from review.evaluation.clauses import by_clause
from review.evaluation.drafts import Judged, measure_drafts
from review.evaluation.judge import Judge
from review.evaluation.measure import measure
from review.evaluation.mistakes import worst_mistakes
from review.evaluation.points import operating_points


def evaluation_result(
    judge: Judge, judged: Sequence[Judged], *, mistakes: int = 0
) -> dict[str, Any]:
    """Return the figures; with `mistakes`, also that many of each kind.

    Mistakes quote the passages; without them the result holds no text.
    """
    judgements = [one for _, each in judged for one in each]
    result = measure(judgements)
    result["calibration"] = {
        method: calibration(judgements, method) for method in PROBABLE
    }
    result["points"] = operating_points(
        judgements, judge.points(alone=all(draft.alone for draft, _ in judged))
    )
    result["by_clause"] = by_clause(judgements)
    result["drafts"] = measure_drafts(judged)
    if mistakes:
        result["errors"] = worst_mistakes(judged, judge.pulls, most=mistakes)
    return result
