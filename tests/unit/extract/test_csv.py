"""Tables as plain text."""

import codecs
import random

import pytest

from review.errors import UnreadableError
from review.extract.interface import Document
from review.extract.plain.csv import Csv
from review.extract.read import read

_ROSTER = (
    "姓名,学号,备注\r\n"
    '张示例,001,"第一行\r\n第二行"\r\n'
    '"李,样本",002,"说""是"""\r\n'
    "王某,003,\r\n"
)
_CELLS = [
    ("姓名", "学号", "备注"),
    ("张示例", "001", "第一行 第二行"),
    ("李,样本", "002", '说"是"'),
    ("王某", "003", ""),
]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gbk", b""),
        ("gb18030", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
    ],
)
def test_rows_in_every_encoding(encoding: str, mark: bytes) -> None:
    document = read(mark + _ROSTER.encode(encoding), "名单.csv")
    assert document.format == "csv"
    assert [b.cells for b in document.blocks] == _CELLS
    assert [b.where.row for b in document.blocks] == [1, 2, 3, 4]
    assert {(b.role, b.where.part, b.where.table) for b in document.blocks} == {
        ("row", "table", 1)
    }
    assert document.gaps == ()


def test_big5_rows() -> None:
    text = "姓名,學號,備註\n張示例,001,臺灣\n李樣本,002,會議\n"
    assert read(text.encode("big5"), "a.csv").blocks[2].cells == (
        "李樣本",
        "002",
        "會議",
    )


@pytest.mark.parametrize("separator", ["\t", ";", "|", ","])
def test_separators(separator: str) -> None:
    text = "\n".join(separator.join(row) for row in [("姓名", "学号", "班级")] * 3)
    document = read(text.encode(), "a.tsv")
    assert (document.format, document.blocks[1].cells) == (
        "csv",
        ("姓名", "学号", "班级"),
    )


def test_a_line_that_names_the_separator() -> None:
    document = read("sep=;\n姓名;学号;班\n张示例;001;一\n".encode(), "a.csv")
    assert document.blocks[0].cells == ("姓名", "学号", "班")


def test_two_short_rows_of_two_cells() -> None:
    assert read("姓名,学号\n张示例,001\n".encode(), "a.csv").format == "csv"


@pytest.mark.parametrize(
    "prose",
    [
        "各学院,各部门,各单位:\n会议定于三月,四月召开。\n请张某,李某,王某负责。\n",
        "今天,我们开会\n",
        "会议强调,要做好保密工作,\n落实责任,\n加强教育,提高认识,守住底线。\n",
        "Dear all, hello\nThis is, as said, prose.\nBye, then\n",
        "一段没有逗号的话\n第二段没有逗号的话\n",
        "时间：上午;下午\n地点：一楼\n人员：全体;领导;来宾\n",
    ],
)
def test_prose_is_no_table(prose: str) -> None:
    assert not Csv().recognizes(prose.encode())
    assert {b.role for b in read(prose.encode(), "a.txt").blocks} == {"paragraph"}


def test_a_ragged_table_keeps_every_cell() -> None:
    rows = ["姓名,学号,班级", *[f"张{n},00{n},一班" for n in range(8)], "合计,8"]
    assert read("\n".join(rows).encode(), "a.csv").blocks[-1].cells == ("合计", "8")


def test_what_is_a_table_only_at_first_keeps_every_line() -> None:
    table = f"{'甲' * 30},{'乙' * 30},丙\n" * 6_000
    prose = "从这里起是一句话。\n" * 3_000
    document = read((table + prose).encode(), "a.csv")
    assert sum("一句话" in b.text for b in document.blocks) == 3_000


def test_mutated_tables_are_read_or_refused() -> None:
    for seed in range(250):
        draw = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
        raw = bytearray(_ROSTER.encode(draw.choice(["utf-8", "gbk", "utf-16"])))
        for _ in range(draw.randint(1, 6)):
            at = draw.randrange(len(raw))
            kind = draw.randrange(4)
            if kind == 0:
                raw[at] = draw.randrange(256)
            elif kind == 1:
                del raw[at : at + draw.randrange(20)]
            elif kind == 2:
                raw[at:at] = raw[at : at + 40]
            else:
                raw[at:at] = draw.choice([b'"', b",,,", b"\r", b"\x00", "，".encode()])
        try:
            assert isinstance(read(bytes(raw), "a.csv"), Document)
        except UnreadableError:
            continue
