"""Our rankings are those of scikit-learn, ties and all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from review.evaluation.ranking import area_under_curve, average_precision

_rows = st.lists(
    st.tuples(
        st.booleans(), st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0, 1))
    ),
    min_size=2,
    max_size=40,
).filter(lambda rows: len({label for label, _ in rows}) == 2)


@given(_rows)
def test_both_rankings_agree_with_scikit_learn(rows: list[tuple[bool, float]]) -> None:
    labels = np.asarray([label for label, _ in rows])
    scores = np.asarray([score for _, score in rows])
    assert average_precision(labels, scores) == pytest.approx(
        average_precision_score(labels, scores)
    )
    assert area_under_curve(labels, scores) == pytest.approx(
        roc_auc_score(labels, scores)
    )


def test_the_best_and_the_worst_order() -> None:
    labels = np.asarray([True, True, False, False])
    best, worst = np.asarray([4.0, 3, 2, 1]), np.asarray([1.0, 2, 3, 4])
    assert (average_precision(labels, best), area_under_curve(labels, best)) == (1, 1)
    assert area_under_curve(labels, worst) == 0
    assert area_under_curve(labels, np.zeros(4)) == 0.5
