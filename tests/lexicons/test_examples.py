"""Every rule file's own examples, and every listed clause's coverage."""

import functools

import pytest

from review.detect.compile_lexicon import compile_lexicon
from review.detect.lexicon import Lexicon, ScopeRule, load_lexicon
from review.detect.rule_tests import coverage, run_examples
from review.detect.scopes import ScopeDetector
from review.normalize.passages import single_passage
from review.normalize.segment import segmenter_for
from review.resources import lexicons_folder


@functools.cache
def _shipped() -> Lexicon:
    return load_lexicon(lexicons_folder())


@pytest.fixture(scope="module")
def detector() -> ScopeDetector:
    return ScopeDetector(compile_lexicon(_shipped()), segmenter_for())


def _discloses(detector: ScopeDetector, scope: ScopeRule, text: str) -> bool:
    evidence = detector.evidence(single_passage(text).passages[0])
    return any(one.discloses for one in evidence if one.rule.id == scope.id)


_RULES = pytest.mark.parametrize("scope", _shipped().scopes, ids=lambda scope: scope.id)


@_RULES
def test_the_rule_flags_its_disclosures(
    detector: ScopeDetector, scope: ScopeRule
) -> None:
    missed = [
        text
        for text in scope.file.examples.flagged
        if not _discloses(detector, scope, text)
    ]
    assert missed == []


@_RULES
def test_the_rule_passes_its_mentions(
    detector: ScopeDetector, scope: ScopeRule
) -> None:
    flagged = [
        text
        for text in scope.file.examples.passing
        if _discloses(detector, scope, text)
    ]
    assert flagged == []


@_RULES
def test_the_rule_stands_where_its_clause_says(scope: ScopeRule) -> None:
    folder = scope.id.split("/")[0]
    numbers = {one.id: one.number for one in _shipped().regulations}
    assert scope.file.clause.split(":")[0].split("-")[0] == numbers[folder]


def test_the_command_runs_the_same_examples() -> None:
    assert run_examples(_shipped(), segmenter_for(), only="试卷") == []


def test_no_listed_clause_is_without_a_rule() -> None:
    rows = coverage(_shipped())
    assert len(rows) >= 70
    assert [(row.clause, row.item) for row in rows if row.empty] == []


def test_every_rule_answers_a_listed_clause() -> None:
    listed = {entry.clause for one in _shipped().regulations for entry in one.clauses}
    strays = [
        scope.id for scope in _shipped().scopes if not listed & set(scope.clauses)
    ]
    assert strays == []


def test_no_text_is_an_example_of_both_kinds() -> None:
    for scope in _shipped().scopes:
        examples = scope.file.examples
        assert not set(examples.flagged) & set(examples.passing), scope.id
        assert len(set(examples.flagged)) == len(examples.flagged), scope.id
        assert len(set(examples.passing)) == len(examples.passing), scope.id
