"""Copies of documents from above, told from mentions of them."""

import pytest

from review.detect.interface import Finding
from review.detect.repost import NUMBER, RepostDetector
from review.extract.interface import Block, Document
from review.normalize.passages import normalize
from review.spans import Location

_BODY = (
    "各州、市人民政府，省直各委、办、厅、局：",
    "一、提高认识。" + "各级各部门要把校园餐质量摆在更加突出的位置，压实属地责任。" * 6,
    "二、完善机制。" + "建立家长委员会参与食堂管理的制度，定期通报检查结果。" * 6,
    "三、加强监督。" + "对弄虚作假的严肃追究责任，整改情况纳入年度考核。" * 6,
)
_HEAD = "青政办发〔2026〕18号"


def _found(*lines: str, title: str = "") -> tuple[Finding, ...]:
    blocks = tuple(
        Block(line, Location(paragraph=at)) for at, line in enumerate(lines, start=1)
    )
    text = normalize(Document("转发.docx", "docx", "", 0, blocks), title=title)
    return RepostDetector().detect(text).findings


def test_number_and_body_are_a_copy() -> None:
    (finding,) = _found("通知公告", _HEAD, *_BODY)
    assert finding.clauses == ("001:52(3)",)
    assert finding.text == _HEAD
    assert finding.passage == 1
    assert finding.severity == "review"


def test_a_formal_title_and_body_are_a_copy() -> None:
    title = "国务院办公厅关于提升校园餐质量的意见"
    (finding,) = _found(title, *_BODY)
    assert finding.text == title


def test_the_uploaders_title_counts() -> None:
    title = "青川省人民政府办公厅关于提升校园餐质量的通知"
    assert len(_found(*_BODY, title=title)) == 1


def test_words_that_say_full_text_are_enough() -> None:
    assert len(_found(_HEAD, "现将文件全文转发如下。")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        # a mention
        ("学院传达学习青政办发〔2026〕18号文件精神，研究贯彻措施。",),
        # a link to the official page
        (_HEAD, *_BODY, "原文链接：https://www.example.gov.cn/a.html"),
        (_HEAD, *_BODY, "全文见省政府网站。"),
        # our own document, however long
        ("砚湖院发〔2026〕18号", *_BODY),
        # long, with a number, but no sections
        (_HEAD, "会议学习了文件精神，与会同志结合实际谈了体会，气氛热烈。" * 30),
        # long, with a number and one section, but addressed to nobody
        (_HEAD, _BODY[1] * 3),
        # the number stands far down
        (*(f"第{at}段新闻内容。" for at in range(15)), _HEAD, *_BODY[1:]),
    ],
)
def test_a_mention_or_a_link_passes(lines: tuple[str, ...]) -> None:
    assert _found(*lines) == ()


@pytest.mark.parametrize(
    "number",
    [
        "国发〔2026〕3号",
        "中办发[2025]12号",
        "青办发〔2026〕7号",
        "国办函(2026)5号",
        "云教发〔2025〕1号",
        "组通字〔2026〕第9号",
    ],
)
def test_numbers_from_above(number: str) -> None:
    assert NUMBER.search(number)


@pytest.mark.parametrize(
    "number",
    ["砚院发〔2026〕3号", "教务〔2026〕7号", "〔2026〕3号", "国发展〔2026〕1号"],
)
def test_numbers_of_ones_own(number: str) -> None:
    assert NUMBER.search(number) is None
