"""Blocks become passages that know place, heading and title."""

import pytest

from review.extract.interface import Block, Document, Gap
from review.normalize.interface import NormalizedText
from review.normalize.passages import LONGEST, normalize, single_passage
from review.spans import Location


def _text(
    *blocks: Block, title: str = "", gaps: tuple[Gap, ...] = ()
) -> NormalizedText:
    return normalize(Document("稿.docx", "docx", "", 0, blocks, gaps), title=title)


def test_a_block_is_a_passage_with_its_place() -> None:
    where = Location(part="table", table=2, row=3)
    text = _text(Block("甲\t乙", where, hidden=True, role="row", cells=("甲", "乙")))
    (one,) = text.passages
    assert (one.index, one.source, one.where) == (0, "甲\t乙", where)
    assert one.hidden
    assert one.cells == ("甲", "乙")
    assert one.text == "甲\t乙"


def test_empty_blocks_are_left_out() -> None:
    text = _text(Block(""), Block(" \n\t"), Block("正文。"))
    assert [(one.index, one.source) for one in text.passages] == [(0, "正文。")]


def test_a_long_block_is_cut_at_sentence_ends() -> None:
    sentence = "各部门要认真学习贯彻会议精神并抓好落实。"
    text = _text(Block(sentence * 60, Location(paragraph=7)))
    assert len(text.passages) > 1
    assert all(len(one.source) <= LONGEST for one in text.passages)
    assert all(one.source.endswith("。") for one in text.passages)
    assert "".join(one.source for one in text.passages) == sentence * 60
    assert {one.where.paragraph for one in text.passages} == {7}


@pytest.mark.parametrize("size", [LONGEST, LONGEST + 1, 4 * LONGEST + 1, 9000])
def test_nothing_is_lost_of_a_block_without_sentences(size: int) -> None:
    block = "保" * size
    text = _text(Block(block))
    assert "".join(one.source for one in text.passages) == block
    assert all(len(one.source) <= 4 * LONGEST for one in text.passages)


def test_what_follows_knows_its_heading() -> None:
    text = _text(
        Block("总标题", role="title"),
        Block("引言。"),
        Block("一、考試安排", role="heading"),
        Block("甲。"),
        Block("隐藏的标题", role="heading", hidden=True),
        Block("乙。"),
    )
    assert [one.heading for one in text.passages] == [
        "",
        "总标题",
        "总标题",
        "一、考试安排",
        "一、考试安排",
        "一、考试安排",
    ]


@pytest.mark.parametrize(
    ("blocks", "title"),
    [
        ((Block("关于放假的通知", role="title"), Block("正文。")), "关于放假的通知"),
        ((Block("正文在前。"), Block("考试安排说明", role="heading")), "考试安排说明"),
        ((Block("关于放假的通知"), Block("各学院：")), "关于放假的通知"),
        ((Block("各学院："), Block("请按时参加。")), ""),
        ((Block("页眉文字", Location(part="header")), Block("会议通知")), "会议通知"),
        ((Block("隐藏标题", role="title", hidden=True), Block("会议通知")), "会议通知"),
        ((), ""),
    ],
)
def test_the_title_is_found(blocks: tuple[Block, ...], title: str) -> None:
    assert _text(*blocks).title == title


def test_the_given_title_wins_and_is_folded() -> None:
    assert _text(Block("关于放假的通知"), title="會議紀要").title == "会议纪要"


def test_gaps_are_handed_on() -> None:
    gap = Gap(Location(part="image"), "image_without_text", "图片未检查。")
    assert _text(Block("正文。"), gaps=(gap,)).gaps == (gap,)


def test_a_single_passage_is_never_cut() -> None:
    text = single_passage("长。" * 900, title="题", channel="网站")
    assert len(text.passages) == 1
    assert (text.title, text.channel) == ("题", "网站")
