"""Plain text in the encodings that offices use."""

import codecs
import random

import pytest

from review.errors import UnreadableError
from review.extract.interface import Document
from review.extract.plain.encodings import decode
from review.extract.read import read

_SIMPLIFIED = "关于做好期末考试保密工作的通知\n各学院：\n请认真落实。\n"
_TRADITIONAL = "關於國家機密的規定\n臺灣學生應當注意，這裡說明會議時間。\n"


def _texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks]


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
        ("utf-16-be", b""),
    ],
)
def test_simplified_in_every_encoding(encoding: str, mark: bytes) -> None:
    document = read(mark + _SIMPLIFIED.encode(encoding), "通知.txt")
    assert _texts(document) == _SIMPLIFIED.splitlines()
    assert [block.where.paragraph for block in document.blocks] == [1, 2, 3]
    assert document.gaps == ()


def test_big5_is_told_from_gbk() -> None:
    document = read(_TRADITIONAL.encode("big5"), "a.txt")
    assert _texts(document) == _TRADITIONAL.splitlines()


def test_rare_characters_of_gb18030() -> None:
    text = "䶮某同志任职，㛃某同志免职。"
    assert _texts(read(text.encode("gb18030"), "a.txt")) == [text]


def test_a_short_gbk_line() -> None:
    assert _texts(read("绝密".encode("gbk"), "a.txt")) == ["绝密"]


def test_a_few_bad_bytes_are_a_gap() -> None:
    text = ("关于做好期末考试保密工作的通知，" * 20).encode("gbk")
    document = read(text[:40] + b"\xff" + text[40:], "a.txt")
    assert [gap.code for gap in document.gaps] == ["unreadable_part"]
    assert "保密工作" in document.blocks[0].text


def test_ordinary_latin_text() -> None:
    assert _texts(read(b"Hello, world.\r\nBye.", "a.txt")) == ["Hello, world.", "Bye."]


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\x03\x04", b"\x07\x08abc\x01", bytes(100)]
)
def test_binary_is_not_text(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(data, "a.txt")


def test_markdown_headings_and_items() -> None:
    document = read("# 总标题\n\n## 一节\n\n- 一项\n1. 二项\n正文\n".encode(), "a.md")
    assert [(b.text, b.role) for b in document.blocks] == [
        ("总标题", "title"),
        ("一节", "heading"),
        ("- 一项", "item"),
        ("1. 二项", "item"),
        ("正文", "paragraph"),
    ]


def test_csv_becomes_rows() -> None:
    document = read(
        '姓名,学号,成绩\r\n张某,001,90\r\n"李,某",002,80\r\n'.encode(), "a.csv"
    )
    assert [b.cells for b in document.blocks] == [
        ("姓名", "学号", "成绩"),
        ("张某", "001", "90"),
        ("李,某", "002", "80"),
    ]
    assert document.blocks[1].text == "张某\t001\t90"
    assert {b.role for b in document.blocks} == {"row"}


def test_tabs_become_rows() -> None:
    document = read("姓名\t学号\t班级\n张某\t001\t一班\n".encode(), "a.tsv")
    assert document.blocks[1].cells == ("张某", "001", "一班")


@pytest.mark.parametrize(
    "prose",
    [
        "各学院，各部门，各单位：\n会议定于三月，四月，五月召开。\n",
        "会议于三月,四月,五月召开。请准时参加。\n请张某,李某,王某负责。不得缺席。\n",
        "One, two, three. And more.\nFour, five six. No.\n",
    ],
)
def test_prose_with_commas_is_no_table(prose: str) -> None:
    assert {b.role for b in read(prose.encode(), "a.txt").blocks} == {"paragraph"}


def test_decoding_is_deterministic() -> None:
    data = _SIMPLIFIED.encode("gbk")
    assert decode(data) == decode(data)


def test_lines_of_two_encodings() -> None:
    data = _SIMPLIFIED.encode() + _SIMPLIFIED.encode("gbk") + _SIMPLIFIED.encode()
    assert _texts(read(data, "a.txt")) == _SIMPLIFIED.splitlines() * 3


def test_utf16_without_a_mark_or_ascii() -> None:
    assert _texts(read("绝密文件".encode("utf-16-le"), "a.txt")) == ["绝密文件"]
    rare = "䶮某同志任职，𠮷某列席。\n"
    assert _texts(read(rare.encode("utf-16-be"), "a.txt")) == [rare.strip()]


def test_hz() -> None:
    assert _texts(read(_SIMPLIFIED.encode("hz"), "a.txt")) == _SIMPLIFIED.splitlines()


def test_a_declared_encoding_is_believed_only_where_it_is_likely() -> None:
    data = _TRADITIONAL.encode("big5")
    found = decode(data, "gb2312")
    assert found is not None
    assert (found.text, found.encoding) == (_TRADITIONAL, "big5hkscs")
    named = decode(data, "big5")
    assert named is not None
    assert named.encoding == "big5"


@pytest.mark.parametrize(
    ("right", "wrong"), [("gb18030", "latin-1"), ("utf-8", "latin-1")]
)
def test_text_that_was_decoded_wrongly_is_put_right(right: str, wrong: str) -> None:
    spoilt = _SIMPLIFIED.encode(right).decode(wrong)
    document = read(spoilt.replace("\x85", "\\x85").encode(), "a.txt")
    assert [gap.code for gap in document.gaps] == ["garbled_text"]
    if right == "gb18030":
        assert _texts(document) == _SIMPLIFIED.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        (_SIMPLIFIED * 2).encode().decode("gb18030", "replace"),
        "锟斤拷锟斤拷锟斤拷",
        "正文里有\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd的地方",
        "\ue001\ue002\ue003\ue004\ue005\ue006的",
        "ÐÂÎÅÖÐÐÄ" * 5,
    ],
)
def test_nonsense_is_a_gap(text: str) -> None:
    assert [gap.code for gap in read(text.encode(), "a.txt").gaps] == ["garbled_text"]


@pytest.mark.parametrize(
    "text",
    [
        _SIMPLIFIED,
        _TRADITIONAL,
        "これは日本語のテストです。\n",
        "Это обычный русский текст, и он вполне читаем.\n",
        "L'été dernier, à Orléans, nous étions très gênés. Voilà où ça mène, hélas.\n",
        "䶮某、㛃某、𠮷某任职。\n",
    ],
)
def test_readable_text_is_no_nonsense(text: str) -> None:
    document = read(text.encode(), "a.txt")
    assert document.gaps == ()
    assert _texts(document) == text.splitlines()


def test_mutated_texts_are_read_or_refused() -> None:
    for seed in range(300):
        draw = random.Random(seed)  # noqa: S311 - repeatable, nothing secret
        raw = bytearray(
            (_SIMPLIFIED + "# 标题\n- 项\n").encode(
                draw.choice(["utf-8", "gbk", "utf-16"])
            )
        )
        for _ in range(draw.randint(1, 9)):
            raw[draw.randrange(len(raw))] = draw.randrange(256)
        del raw[draw.randrange(len(raw)) :]
        try:
            assert isinstance(read(bytes(raw), "a.txt"), Document)
        except UnreadableError:
            continue


def test_a_table_between_bars_has_rows_and_cells() -> None:
    text = (
        "# 值班表\n\n| 姓名 | 电话 |\n|:---|---:|\n| 张示例 | 13800000000 |\n"
        "  | 李\\|样本 |\n\n正文第一段\n| 不是表 |\n| 也不是 |\n"
    )
    blocks = read(text.encode(), "值班表.md").blocks
    assert [(one.text, one.role) for one in blocks] == [
        ("值班表", "title"),
        ("姓名\t电话", "row"),
        ("张示例\t13800000000", "row"),
        ("李|样本", "row"),
        ("正文第一段", "paragraph"),
        ("| 不是表 |", "paragraph"),
        ("| 也不是 |", "paragraph"),
    ]
    assert blocks[2].cells == ("张示例", "13800000000")
    places = [(one.where.part, one.where.table, one.where.row) for one in blocks[1:4]]
    assert places == [("table", 1, 1), ("table", 1, 2), ("table", 1, 3)]
    assert blocks[4].where.paragraph == 8


@pytest.mark.parametrize("cell", ["|", "| ", "x|"])
def test_a_line_of_bars_without_end_is_a_line(cell: str) -> None:
    line = "|" + cell * 500_000
    blocks = read(f"{line}\n|-|\n".encode(), "a.md").blocks
    assert [one.role for one in blocks] == ["paragraph"] * 2
