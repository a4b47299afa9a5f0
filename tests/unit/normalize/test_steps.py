"""What each folding step changes, and what it must leave alone."""

# ruff: noqa: RUF001 - look-alike characters are what is tested

import pytest

from review.normalize.invisible import drop_invisible
from review.normalize.linebreaks import join_lines
from review.normalize.offsets import Edit, Folded, replace, translated, unfolded
from review.normalize.spacing import close_gaps
from review.normalize.steps import fold, fold_words
from review.normalize.variants import fold_lookalikes, fold_variants
from review.normalize.width import fold_width
from review.spans import Span


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢｃ１２３", "ABc123"),
        ("（一）：？！；，％", "(一):?!;,%"),
        ("机　密", "机 密"),
        ("a\u00a0b\u2003c\u202fd", "a b c d"),
        ("a\x0bb\x0cc\u2028d", "a\nb\nc\nd"),
        ("㈠㎡½", "(一)m21⁄2"),
        ("①⑳Ⅳ", "120IV"),
        ("⼈⺠⻓", "人民长"),
        ("ﬁle…", "file..."),
        ("𝟏𝟐𝟑", "123"),
        ("正常的文字。", "正常的文字。"),
        ("、《》“”【】〔〕", "、《》“”【】〔〕"),
    ],
)
def test_width(text: str, folded: str) -> None:
    assert fold_width(unfolded(text)).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("机\u200b密", "机密"),
        ("机\ufeff\u2060\u200d密", "机密"),
        ("绝\u00ad密", "绝密"),
        ("机\u034f密", "机密"),
        ("机\u3164密", "机密"),
        ("机\x7f密", "机密"),
        ("葛\U000e0100", "葛"),
        ("★\ufe0f", "★"),
        ("a\x00b\x07c", "abc"),
        ("\u202e密机\u202c", "密机"),
        ("一\t二\n三\r\n四", "一\t二\n三\r\n四"),
        ("plain", "plain"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_invisible(text: str, folded: str) -> None:
    assert drop_invisible(unfolded(text)).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("机 密", "机密"),
        ("保 密 室 重 地", "保密室重地"),
        ("1 3 8 0 0 0 0 0 0 0 1", "13800000001"),
        ("机  密", "机密"),
        ("绝 密 ★ 启 用 前", "绝密★启用前"),
        ("会 议 纪 要 ： 第 九 期", "会议纪要：第九期"),
        # whole words stay apart
        ("学院 通知 各部门", "学院 通知 各部门"),
        ("张三 李四", "张三 李四"),
        ("a big dog", "a big dog"),
        ("王 小明", "王 小明"),
        # a tab is a cell's border
        ("机\t密", "机\t密"),
        ("没有空格", "没有空格"),
    ],
)
def test_spacing(text: str, folded: str) -> None:
    assert close_gaps(unfolded(text)).text == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("機密檔案", "机密档案"),
        ("國家祕密", "国家秘密"),
        ("絕密☆啟用前", "绝密★启用前"),
        ("宻级∶秘沕", "密级:秘密"),
        ("ji密", "机密"),
        ("JI密", "机密"),
        ("木几密文件", "机密文件"),
        ("纟色密", "绝密"),
        ("电话l3800O00001", "电话13800000001"),
        ("l0月25曰", "10月25日"),
        ("Oil 和 Illinois", "Oil 和 Illinois"),
        ("子曰", "子曰"),
        ("机密★10年", "机密★10年"),
        ("ASCII only", "ASCII only"),
        ("乾隆年间", "乾隆年间"),
    ],
)
def test_variants(text: str, folded: str) -> None:
    assert fold_variants(fold_lookalikes(unfolded(text))).text == folded


_LINE = "学院党委研究决定对下列事项暂不对外公布请各单位严格遵"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        (f"{_LINE}\n照执行。", f"{_LINE}照执行。"),
        (f"{_LINE}\r\n照执行。", f"{_LINE}照执行。"),
        (f"{_LINE}  \n  照执行。", f"{_LINE}照执行。"),
        # a sentence, a paragraph, an item or a table row ends here
        (f"{_LINE}。\n照执行。", f"{_LINE}。\n照执行。"),
        (f"{_LINE}\n\n照执行。", f"{_LINE}\n\n照执行。"),
        (f"{_LINE}\n一、总体要求", f"{_LINE}\n一、总体要求"),
        (f"{_LINE}\n(二)时间安排", f"{_LINE}\n(二)时间安排"),
        (f"{_LINE}\n3.其他", f"{_LINE}\n3.其他"),
        (f"姓名\t{_LINE}\n照执行", f"姓名\t{_LINE}\n照执行"),
        # short lines are lines
        ("春眠不觉晓\n处处闻啼鸟", "春眠不觉晓\n处处闻啼鸟"),
        (f"{_LINE}{_LINE}\n标题行\n正文", f"{_LINE}{_LINE}标题行\n正文"),
        # Latin words keep a space
        (
            "the quick brown fox jumps\nover the dog",
            "the quick brown fox jumps over the dog",
        ),
    ],
)
def test_line_breaks(text: str, folded: str) -> None:
    assert join_lines(unfolded(text)).text == folded


def test_the_steps_work_together() -> None:
    assert fold("機宻☆１０年").text == "机密★10年"
    assert fold("絕\u200b密★啟用前").text == "绝密★启用前"
    assert fold_words("（試題）") == "(试题)"


def test_removed_characters_inside_a_span_belong_to_it() -> None:
    folded = fold("甲机\u200b\u200b密乙")
    at = folded.text.index("机密")
    assert folded.to_source(Span(at, at + 2)) == Span(1, 5)


def test_all_characters_of_a_replacement_stand_for_the_whole() -> None:
    folded = replace(unfolded("甲㈠乙"), [Edit(1, 2, "(一)")])
    assert folded.text == "甲(一)乙"
    assert [folded.to_source(Span(at, at + 1)) for at in range(5)] == [
        (0, 1),
        (1, 2),
        (1, 2),
        (1, 2),
        (2, 3),
    ]


def test_an_empty_span_stays_empty() -> None:
    folded = replace(unfolded("甲乙丙"), [Edit(1, 2, "")])
    assert folded.to_source(Span(0, 0)) == (0, 0)
    assert folded.to_source(Span(1, 1)) == (2, 2)
    assert folded.to_source(Span(2, 2)) == (3, 3)
    assert unfolded("甲").to_source(Span(1, 1)) == (1, 1)


def test_a_translation_must_keep_the_length() -> None:
    with pytest.raises(ValueError, match="length"):
        translated(unfolded("甲乙"), "甲")
    assert translated(unfolded("甲乙"), "丙丁") == Folded("丙丁", 2)
