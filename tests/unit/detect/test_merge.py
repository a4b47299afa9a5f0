"""Findings that mean the same become one; others stay apart."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.detect.interface import Finding
from review.detect.merge import merge
from review.spans import Location, Span

_ONE = Finding(
    detector="lexicon",
    rule="a/1",
    category="exam",
    tier="work",
    severity="review",
    score=0.7,
    reason="写出了题目",
    clauses=("001:12(15)",),
    passage=0,
    span=Span(0, 4),
    text="第一题选",
    weighed=("试题",),
)


def _with(**changes: object) -> Finding:
    return dataclasses.replace(_ONE, **changes)  # type: ignore[arg-type] - names are checked by the run


def test_scopes_of_one_category_in_one_passage_are_one() -> None:
    other = _with(
        rule="b/2",
        score=0.9,
        reason="尚未开考",
        clauses=("000:10", "001:12(15)"),
        weighed=("试卷", "试题"),
    )
    (merged,) = merge([_ONE, other])
    assert merged.rule == "b/2"
    assert merged.score == 0.9
    assert merged.reason == "尚未开考；写出了题目"
    assert merged.clauses == ("000:10", "001:12(15)")
    assert merged.weighed == ("试卷", "试题")


def test_the_gravest_leads_whatever_its_score() -> None:
    (merged,) = merge([_with(score=0.99), _with(rule="b", severity="block", score=0.5)])
    assert merged.severity == "block"
    assert merged.score == 0.99


@pytest.mark.parametrize(
    "other",
    [
        _with(category="meeting", span=Span(4, 8)),
        _with(passage=1),
        _with(detector="pattern", rule="pattern/mobile"),
        _with(detector="marking", rule="marking/star", level="secret"),
        _with(detector="roster", rule="roster/lines"),
    ],
)
def test_different_meanings_stay_apart(other: Finding) -> None:
    assert len(merge([_ONE, other])) == 2


def test_classifier_and_lexicon_agree_in_one_finding() -> None:
    (merged,) = merge([_ONE, _with(detector="classifier", rule="classifier/exam")])
    assert merged.category == "exam"


def test_markings_of_one_level_in_one_passage_are_one() -> None:
    star = _with(
        detector="marking", rule="marking/star", category="marking", level="secret"
    )
    label = dataclasses.replace(star, rule="marking/label")
    assert len(merge([star, label])) == 1
    assert len(merge([star, dataclasses.replace(label, passage=1)])) == 2


def test_alike_numbers_are_counted() -> None:
    phone = _with(detector="pattern", rule="pattern/mobile", reason="含手机号码")
    later = dataclasses.replace(phone, span=Span(20, 31))
    (merged,) = merge([later, phone, phone])
    assert merged.reason == "含手机号码（共 3 处）"


_TABLE = Location(part="table", table=1, row=1)


def test_numbers_that_a_roster_counted_are_dropped() -> None:
    roster = _with(
        detector="roster", rule="roster/table", where=_TABLE, weighed=("证件号",)
    )
    cell = _with(
        detector="pattern",
        rule="pattern/id_card",
        passage=3,
        where=dataclasses.replace(_TABLE, row=4),
    )
    assert merge([roster, cell]) == (roster,)
    elsewhere = dataclasses.replace(cell, where=dataclasses.replace(_TABLE, table=2))
    assert len(merge([roster, elsewhere])) == 2


def test_a_number_that_the_roster_did_not_count_stays() -> None:
    roster = _with(
        detector="roster", rule="roster/table", where=_TABLE, weighed=("成绩排名",)
    )
    cell = _with(detector="pattern", rule="pattern/id_card", where=_TABLE)
    assert len(merge([roster, cell])) == 2


def test_the_gravest_level_of_a_passage_stays() -> None:
    secret = _with(detector="marking", rule="marking/star", category="marking")
    secret = dataclasses.replace(secret, level="secret", severity="block", score=0.9)
    top = dataclasses.replace(secret, level="top_secret", span=Span(9, 12))
    assert [one.level for one in merge([secret, top])] == ["top_secret"]


def test_a_roster_hides_nothing_but_numbers() -> None:
    roster = _with(detector="roster", rule="roster/table", where=_TABLE)
    other = _with(detector="pattern", rule="pattern/credential", where=_TABLE)
    assert len(merge([roster, other])) == 2


def test_the_whole_draft_comes_first_then_reading_order() -> None:
    whole = _with(detector="document_kind", rule="kinds/试卷", passage=None)
    late = _with(passage=2)
    early = _with(passage=1, span=Span(9, 12))
    earlier = _with(passage=1, span=Span(2, 3), category="meeting")
    found = merge([late, early, whole, earlier])
    assert found == (whole, earlier, early, late)


_RULES = {
    "lexicon": ("a", "b"),
    "marking": ("marking/star", "marking/label"),
    "pattern": ("pattern/id_card", "pattern/credential"),
    "roster": ("roster/lines",),
}
_findings = st.sampled_from(
    [(detector, rule) for detector, rules in _RULES.items() for rule in rules]
).flatmap(
    lambda named: st.builds(
        Finding,
        detector=st.just(named[0]),
        rule=st.just(named[1]),
        category=st.sampled_from(["exam", "privacy"]),
        tier=st.just("work"),
        severity=st.sampled_from(["block", "review", "notice"]),
        score=st.floats(0, 1),
        reason=st.sampled_from(["甲", "乙"]),
        clauses=st.sampled_from([("001:1",), ("001:2", "001:1")]),
        passage=st.none() | st.integers(0, 2),
    )
)


@given(st.lists(_findings, max_size=12))
def test_merging_keeps_the_gravest_of_every_passage(found: list[Finding]) -> None:
    rank = {"block": 2, "review": 1, "notice": 0}
    merged = merge(found)
    assert len(merged) <= len(found)
    assert merge(merged) == merged
    for passage in {one.passage for one in found}:
        before = [one for one in found if one.passage == passage]
        after = [one for one in merged if one.passage == passage]
        assert max(rank[one.severity] for one in after) == max(
            rank[one.severity] for one in before
        )
