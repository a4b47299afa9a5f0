"""Where the review point lies: recall first, within what published text bears."""

import numpy as np

from review.detect.points import (
    MOST_PUBLISHED,
    REVIEW_RECALL,
    alone_point,
    block_point,
    points_of,
    review_point,
)

_NONE = np.zeros(0)


def _scores() -> tuple[np.ndarray, np.ndarray]:
    """A hundred disclosures from 0.01 to 1, a hundred harmless from 0 to 0.495."""
    told = np.arange(1, 101) / 100
    harmless = np.arange(100) / 200
    labels = np.arange(200) < 100
    return np.concatenate([told, harmless]), labels


def test_it_is_the_highest_that_finds_enough() -> None:
    scores, labels = _scores()
    point = alone_point(scores, labels, _NONE)
    assert (scores[labels] >= point).mean() >= REVIEW_RECALL
    assert (scores[labels] >= point + 0.01).mean() < REVIEW_RECALL


def test_it_rises_where_published_text_would_be_flagged_too_often() -> None:
    scores, labels = _scores()
    published = np.concatenate([np.full(97, 0.01), np.full(3, 0.3)])
    point = alone_point(scores, labels, published)
    assert point == 0.31
    assert (published >= point).mean() <= MOST_PUBLISHED


def test_little_published_text_above_it_changes_nothing() -> None:
    scores, labels = _scores()
    published = np.concatenate([np.full(99, 0.01), np.full(1, 0.9)])
    assert alone_point(scores, labels, published) == alone_point(scores, labels, _NONE)


def test_where_all_published_text_looks_bad_it_is_the_highest_there_is() -> None:
    scores, labels = _scores()
    assert alone_point(scores, labels, np.ones(100)) == 0.79


def test_the_block_point_is_where_nearly_all_is_a_disclosure() -> None:
    scores, labels = _scores()
    # 0.495 is harmless, everything above is not.
    assert block_point(scores, labels) == 0.5


def test_in_drafts_it_is_the_draft_that_must_not_slip_through() -> None:
    """Of twenty drafts one may; what else leaks in a draft that is flagged counts no more."""
    drafts = [
        *(f"d{at}" for at in range(20)),
        *(f"d{at}" for at in range(20)),
        "",
        "d0",
    ]
    labels = np.array([True] * 41 + [False])
    worst = 0.05 + np.arange(20) / 50
    scores = np.concatenate([worst, np.full(20, 0.01), [0.001, 0.99]])
    point = review_point(scores, labels, drafts)
    assert point == 0.07
    assert (worst >= point).sum() == 19


def test_without_leaking_drafts_both_points_are_one() -> None:
    scores, labels = _scores()
    assert review_point(scores, labels, [""] * 200) is None
    points = points_of(scores, labels, _NONE, [""] * 200)
    assert points["review_point"] == points["alone_point"]
