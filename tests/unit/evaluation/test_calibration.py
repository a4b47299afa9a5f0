"""A probability is measured against what came of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.evaluation.calibration import BINS, calibration
from review.evaluation.shares import share_of
from tests.unit.evaluation.judged import judgement

_scored = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_what_comes_true_as_often_as_said_has_no_error() -> None:
    said = [judgement(0.25, leak=at == 0) for at in range(4)]
    said += [judgement(0.75, leak=at != 0) for at in range(4)]
    figures = calibration(said, "both")
    assert figures["calibration_error"] == 0
    assert figures["brier"] == pytest.approx(0.1875)
    third = figures["bins"][2]
    assert (third["from"], third["to"], third["predicted"]) == (0.2, 0.3, 0.25)
    assert (third["observed"]["part"], third["observed"]["whole"]) == (1, 4)


def test_what_never_comes_true_is_all_error() -> None:
    figures = calibration([judgement(1.0, leak=False)] * 3, "both")
    assert figures["calibration_error"] == 1
    assert figures["brier"] == 1
    assert figures["bins"][-1]["observed"]["whole"] == 3
    assert figures["bins"][0]["observed"]["share"] is None
    assert figures["bins"][0]["predicted"] is None


def test_saying_too_much_here_does_not_make_up_for_too_little_there() -> None:
    said = [judgement(1.0, leak=False), judgement(0.0, leak=True)]
    assert calibration(said, "both")["calibration_error"] == 1


def test_nothing_judged_gives_no_figure() -> None:
    assert calibration([], "both")["brier"] is None


@given(_scored)
def test_each_passage_stands_in_the_bin_of_its_score(
    scored: list[tuple[float, bool]],
) -> None:
    figures = calibration([judgement(at, leak=leak) for at, leak in scored], "both")
    assert len(figures["bins"]) == BINS
    assert sum(one["observed"]["whole"] for one in figures["bins"]) == len(scored)
    assert sum(one["observed"]["part"] for one in figures["bins"]) == sum(
        leak for _, leak in scored
    )
    for one in figures["bins"]:
        if one["predicted"] is not None:
            assert one["from"] - 1e-3 <= one["predicted"] <= one["to"] + 1e-3
    # The bins average away part of each distance, and squares favour large ones.
    assert figures["brier"] >= figures["calibration_error"] ** 2 - 1e-3


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval(counts: tuple[int, int]) -> None:
    share = share_of(*counts)
    low, high = share["interval"]
    assert 0 <= low <= share["share"] + 1e-4
    assert share["share"] - 1e-4 <= high <= 1
    assert high - low > 0


def test_more_passages_make_a_narrower_interval() -> None:
    few, many = share_of(8, 10)["interval"], share_of(800, 1000)["interval"]
    assert few == [0.4902, 0.9433]
    assert many[1] - many[0] < few[1] - few[0]
    assert share_of(0, 0) == {"part": 0, "whole": 0, "share": None, "interval": None}
