"""The corpus as a whole: enough of everything, and no family that outweighs the rest."""

from collections import Counter

import pytest

from review.detect.corpus import Example, read_corpus
from review.detect.lexicon import Lexicon
from review.resources import passage_model_folder

_ENOUGH = 15


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_corpus(passage_model_folder() / "corpus")


def test_every_listed_clause_is_disclosed_often_enough(
    examples: list[Example], lexicon: Lexicon
) -> None:
    told = Counter(
        clause for one in examples if one.sensitive for clause in set(one.clauses)
    )
    listed = {clause for rule in lexicon.scopes for clause in rule.clauses}
    assert {one: told[one] for one in sorted(listed) if told[one] < _ENOUGH} == {}


def test_there_is_enough_of_both_and_much_of_it_is_covert(
    examples: list[Example],
) -> None:
    alone = [one for one in examples if "#" not in one.id]
    drafts = {one.family for one in examples if "#" in one.id}
    told = [one for one in examples if one.sensitive]
    assert len(alone) >= 5_000
    assert len(drafts) >= 300
    assert sum(one.covert for one in told) * 2 >= len(told)
    assert len(examples) - len(told) >= len(told)


def test_no_family_outweighs_the_rest_and_no_id_comes_twice(
    examples: list[Example],
) -> None:
    families = Counter(one.family for one in examples)
    assert max(families.values()) <= len(examples) / 100
    assert len({one.id for one in examples}) == len(examples)
