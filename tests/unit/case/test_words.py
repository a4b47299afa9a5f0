"""Every stage, post and choice has its Chinese word, and no two the same."""

from typing import Any, get_args

import pytest
import regex

from review.case import words
from review.case.case import Stage
from review.case.people import Post
from review.case.values import (
    Channel,
    Conclusion,
    Ground,
    Opinion,
    Outcome,
    RevocationCause,
    SourceKind,
)


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        (Stage, words.STAGES),
        (Post, words.POSTS),
        (Channel, words.CHANNELS),
        (SourceKind, words.SOURCES),
        (Opinion, words.OPINIONS),
        (Conclusion, words.CONCLUSIONS),
        (Outcome, words.OUTCOMES),
        (Ground, words.GROUNDS),
        (RevocationCause, words.REVOCATION_CAUSES),
    ],
)
def test_every_choice_has_one_chinese_word(kind: Any, table: dict[str, str]) -> None:
    assert set(table) == set(get_args(kind))
    assert all(regex.fullmatch(r"\p{Han}+", one) for one in table.values())
    assert len(set(table.values())) == len(table)


def test_the_outcomes_are_those_of_the_contract() -> None:
    assert set(words.OUTCOMES.values()) == {
        "同意公开",
        "修改后再审",
        "部分公开",
        "不予公开",
        "报请上级或保密行政管理部门确定",
        "征求来源单位意见",
    }
    assert set(words.GROUNDS.values()) == {
        "国家秘密",
        "工作秘密",
        "商业秘密",
        "个人隐私",
        "其他",
    }
