"""Regular expressions in words."""

import pytest

from review.detect.lexicon import load_lexicon
from review.report.pattern_words import in_words
from review.resources import lexicons_folder


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("绝密", "绝密"),
        ("(试题|试卷)启用前", "（试题／试卷）启用前"),
        ("题.{0,12}选", "题…（至多 12 字）…选"),
        ("题[^。，]{2,6}选", "题…（2 至 6 字）…选"),
        ("[0-9]{1,3}人?", "〔1 至 3 个数字〕（人，可无）"),
        (r"\p{Han}{2,3}同志", "〔2 至 3 个汉字〕同志"),
        (r"[\u4e00-\u9fff]+站", "〔至少 1 个汉字〕站"),
        ("选[A-D]", "选〔A-D 之一〕"),
        ("票(?!据)", "票（后面不是据）"),
        ("(?:已|将)(定|发)?", "（已／将）（定／发，可无）"),
        (r"10\.[0-9]{1,3}", "10.〔1 至 3 个数字〕"),
        ("绝[★☆]?密", "绝（★／☆，可无）密"),
        ("^甲$", "（开头）甲（结尾）"),
    ],
)
def test_what_rule_files_use_has_words(pattern: str, said: str) -> None:
    assert in_words(pattern) == said


@pytest.mark.parametrize(
    "pattern", ["(?P<a>甲)", r"(甲)\1", "甲)", "(甲", r"[\u4e00甲]"]
)
def test_whatever_else_stands_there_is_shown_as_it_is(pattern: str) -> None:
    assert in_words(pattern) == pattern


def test_nearly_all_shipped_patterns_have_words() -> None:
    scopes = load_lexicon(lexicons_folder()).scopes
    written = [one.pattern for each in scopes for one in each.file.disclosure.content]
    strange = [one for one in written if "{0," in in_words(one)]
    assert len(strange) <= len(written) // 50
