"""A passage's findings go by the category that its words and its meaning tell."""

import dataclasses

from review.detect.interface import Finding
from review.detect.leading import led
from review.spans import Span

_ONE = Finding(
    detector="lexicon",
    rule="a/1",
    category="party",
    tier="work",
    severity="review",
    score=0.7,
    reason="写出了会上的话",
    clauses=("003-2:4(7)",),
    passage=0,
    span=Span(0, 4),
    text="第一条是",
)


def _with(**changes: object) -> Finding:
    return dataclasses.replace(_ONE, **changes)  # type: ignore[arg-type] - names are checked by the run


def test_the_rule_of_that_category_comes_first() -> None:
    other = _with(rule="b", category="meeting")
    first, second = led([_ONE, other], {0: "meeting"})
    assert (first.category, first.score) == ("party", 0.6995)
    assert second == other


def test_where_no_rule_is_of_it_the_gravest_goes_by_it() -> None:
    grave = _with(rule="b", severity="block", score=0.5, category="personnel")
    first, second = led([_ONE, grave], {0: "meeting"})
    assert (first.rule, first.category, first.score) == ("a/1", "party", 0.6995)
    assert (second.rule, second.category, second.score) == ("b", "meeting", 0.5)
    assert second.clauses == grave.clauses
    assert second.reason == "写出了会上的话；整段内容更像会议方面的事项"


def test_passages_are_led_each_by_its_own() -> None:
    there = _with(passage=1)
    assert led([_ONE, there], {1: "party"}) == [_ONE, there]
    assert [one.category for one in led([_ONE, there], {0: "exam", 1: "party"})] == [
        "exam",
        "party",
    ]


def test_no_score_falls_below_nothing() -> None:
    other = _with(rule="b", category="meeting")
    assert led([_with(score=0.0001), other], {0: "meeting"})[0].score == 0
