"""Words come and go without YAML, and a rule rests; what breaks the schema is refused."""

import pytest
import yaml

from review.detect.lexicon_edit import Action, Edit, Word, WordField, edited
from review.detect.lexicon_files import HeldFile, RuleSource
from review.errors import LexiconError, NotFoundError
from tests.service import lexicon_material as material

_FILES: dict[str, RuleSource] = {
    material.NAME: HeldFile(material.NAME, material.rule())
}


def _edit(
    action: Action, *words: str, field: WordField = "terms", weight: float = 1.0
) -> Edit:
    return Edit(
        rule=material.RULE,
        action=action,
        field=field,
        words=tuple(Word(text=one, weight=weight) for one in words),
    )


def _after(*edits: Edit) -> dict[str, object]:
    (data,) = edited(_FILES, edits).values()
    made: dict[str, object] = yaml.safe_load(data)
    return made


def test_terms_come_and_go_in_their_order() -> None:
    made = _after(_edit("add", " 砚湖密卷 ", weight=2), _edit("remove", "砚湖评分点"))
    assert made["terms"] == [
        {"text": "砚湖题样", "weight": 2},
        {"text": "砚湖密卷", "weight": 2},
    ]


def test_a_word_that_is_there_is_given_new_points() -> None:
    made = _after(_edit("add", "砚湖题样", weight=3))
    assert made["terms"] == [{"text": "砚湖题样", "weight": 3}, "砚湖评分点"]


@pytest.mark.parametrize(
    ("field", "where"),
    [
        ("shields", ("shields",)),
        ("disclosure.status", ("disclosure", "status")),
        ("mention.words", ("mention", "words")),
    ],
)
def test_other_words_than_terms(field: WordField, where: tuple[str, ...]) -> None:
    value: object = _after(_edit("add", "砚湖碑刻", field=field))
    for name in where:
        assert isinstance(value, dict)
        value = value[name]
    assert isinstance(value, list)
    assert "砚湖碑刻" in value


def test_a_rule_rests_and_comes_back() -> None:
    assert _after(_edit("retire"))["status"] == "retired"
    assert "status" not in _after(_edit("retire"), _edit("resume"))


def test_what_is_not_there_is_said() -> None:
    with pytest.raises(NotFoundError, match="没有规则"):
        edited(_FILES, [Edit(rule="没有/这条", action="retire")])
    shared = {"context/news.yaml": HeldFile("context/news.yaml", b"")}
    with pytest.raises(NotFoundError, match="没有规则"):
        edited(shared, [Edit(rule="context/news", action="retire")])
    with pytest.raises(NotFoundError, match="词语里没有要删的词"):
        edited(_FILES, [_edit("remove", "没有这个词")])


@pytest.mark.parametrize(
    "edit",
    [
        _edit("remove", "砚湖题样", "砚湖评分点"),
        _edit("add", "长" * 61),
        _edit("add", "砚湖密卷", weight=9),
    ],
)
def test_what_breaks_the_schema_is_refused_without_its_words(edit: Edit) -> None:
    with pytest.raises(LexiconError, match="不合词库格式") as refused:
        edited(_FILES, [edit])
    assert "砚湖" not in refused.value.message.replace(material.RULE, "")
