"""What rich text shows and hides."""

import random
import struct

import pytest

from review.errors import CorruptError, UnreadableError
from review.extract.interface import Block, Extraction
from review.extract.limits import Limits
from review.extract.rtf.rtf import Rtf
from tests.unit.extract.word_files import Word, packed_day

_FONTS = (
    r"{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\froman\fcharset0 Times;}"
    r"{\f2\fnil\fcharset136 MingLiU;}}"
)
_COLOURS = r"{\colortbl;\red0\green0\blue0;\red255\green255\blue255;}"
_PEOPLE = r"{\*\revtbl {Unknown;}{\u24352?\u31034?\u20363?;}}"
_PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 64, 64) + b"rest"


def _rich(body: str, head: str = "", page: int = 936) -> bytes:
    """A document; Chinese letters become bytes in GBK, as programs write them."""
    start = rf"{{\rtf1\ansi\ansicpg{page}\deff0{_FONTS}{_COLOURS}{head}"
    return _bytes(start + "\n" + body + "}")


def _bytes(text: str) -> bytes:
    out = ""
    for one in text:
        raw = one.encode("gbk")
        out += one if one.isascii() else "".join(f"\\'{byte:02x}" for byte in raw)
    return out.encode("ascii")


def _read(body: str, head: str = "") -> Extraction:
    data = _rich(body, head)
    assert Rtf().recognizes(data)
    return Rtf().extract(data, Limits())


def _seen(read: Extraction) -> list[str]:
    return [one.text for one in read.blocks if not one.hidden]


def _one(read: Extraction, said: str) -> Block:
    found = [one for one in read.blocks if one.text == said]
    assert len(found) == 1, [one.text for one in read.blocks]
    return found[0]


def test_paragraphs_in_gbk_and_by_number() -> None:
    read = _read(
        r"\pard 云山职业学院\par \uc1\u31532?\u20108?\u27573?\tab end\line\emdash\par"
    )
    assert _seen(read) == ["云山职业学院", "第二段\tend\n—"]
    assert [one.where.paragraph for one in read.blocks] == [1, 2]
    assert (read.convert, read.gaps) == ("docx", ())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (rb"\f1 \'d4\'c6", "云"),  # a western font, and yet Chinese bytes
        (rb"\f2 \'b6\'b3", "雲"),
        (rb"\uc2\u20113 \'d4\'c6", "云"),
        (rb"{\uc0\u20113}", "云"),
        (rb"\u-10179?\u-9031?", "\U0001f4b9"),
        (rb"\'82\'35\'87\'38", "\u4db5"),  # four bytes of GB 18030
        (rb"{\upr{ansi}{\*\ud{\u20113?}}}", "云"),
        (rb"\{\\\}", r"{\}"),
        (rb"a\~b\_c\-d", "a\u00a0b-cd"),
    ],
)
def test_letters_however_they_are_written(written: bytes, said: str) -> None:
    data = _rich("")[:-1] + written + rb"\par}"
    assert _seen(Rtf().extract(data, Limits())) == [said]


def test_a_letter_cut_by_the_end_of_a_line() -> None:
    read = Rtf().extract(_rich("")[:-1] + b"\\'d4\r\n\\'c6\\\npar two}", Limits())
    assert _seen(read) == ["云", "par two"]


@pytest.mark.parametrize(
    ("look", "detail"),
    [
        (r"\v", "隐藏文字"),
        (r"\webhidden", "隐藏文字"),
        (r"\cf2", "白色文字"),
        (r"\fs2", "极小字号"),
        (r"\dbch\afs2", "极小字号"),
    ],
)
def test_hidden_text(look: str, detail: str) -> None:
    read = _read(rf"\pard 看得见{{{look} 藏起来}}还看得见\par")
    assert _seen(read) == ["看得见还看得见"]
    found = _one(read, "藏起来")
    assert (found.hidden, found.where.part, found.where.paragraph, found.detail) == (
        True,
        "hidden",
        1,
        detail,
    )


def test_white_on_a_ground_and_looks_taken_back_are_seen() -> None:
    read = _read(r"{\cf2\highlight1 白字}{\v\v0 不藏}{\v\plain 也不}\par")
    assert _seen(read) == ["白字不藏也不"]


def test_tracked_changes_with_author_and_day() -> None:
    when = packed_day(2026, 3, 4)
    body = (
        rf"原文{{\revised\revauth1\revdttm{when} 新加的}}"
        rf"{{\deleted\revauthdel1\revdttmdel{when} 旧有的}}\par"
    )
    read = _read(body, _PEOPLE)
    assert _seen(read) == ["原文新加的"]
    new, old = _one(read, "新加的"), _one(read, "旧有的")
    assert (new.where.part, new.detail) == ("insertion", "张示例 2026-03-04")
    assert (old.where.part, old.detail) == ("deletion", "张示例 2026-03-04")
    assert _one(read, "修订者：张示例").where.part == "metadata"


def test_comments_notes_and_running_heads() -> None:
    when = packed_day(2026, 3, 5)
    comment = (
        r"{\*\atnid WS}{\*\atnauthor 王审核}\chatn"
        rf"{{\*\annotation{{\*\atndate {when}}}\pard 请删去\par}}"
    )
    read = _read(
        r"{\headerf 首页眉\par}{\footer 页脚\par}"
        rf"正文{comment}{{\footnote 脚注\par}}后文\par"
        r"{\shp{\*\shpinst{\shptxt \pard 框里的话\par}}}"
    )
    assert _seen(read)[0] == "正文后文"
    found = _one(read, "请删去")
    assert (found.where.part, found.hidden, found.role, found.detail) == (
        "comment",
        True,
        "note",
        "王审核 2026-03-05",
    )
    parts = {one.text: one.where.part for one in read.blocks if not one.hidden}
    assert parts["首页眉"] == "header"
    assert parts["页脚"] == "footer"
    assert parts["脚注"] == "footnote"
    assert parts["框里的话"] == "textbox"


def test_rows_of_tables() -> None:
    read = _read(
        r"前\par\trowd\pard\intbl 姓名\cell 学号\cell\row"
        r"\trowd\pard\intbl 张示例\cell 2026\par 001\cell\row\pard 后\par"
    )
    rows = [one for one in read.blocks if one.role == "row"]
    assert [one.cells for one in rows] == [("姓名", "学号"), ("张示例", "2026 001")]
    assert [(one.where.table, one.where.row) for one in rows] == [(1, 1), (1, 2)]
    assert _seen(read)[0] == "前"
    assert _seen(read)[-1] == "后"


def test_fields_and_links() -> None:
    read = _read(
        r'{\field{\*\fldinst HYPERLINK "http://nei.example/a"}{\fldrslt 链接}}'
        r"{\field{\*\fldinst PAGE}{\fldrslt 7}}\par"
    )
    assert _seen(read) == ["链接7"]
    assert _one(read, 'HYPERLINK "http://nei.example/a"').detail == "域代码"


def test_properties_variables_and_template() -> None:
    info = (
        r"{\info{\title 题目}{\author 张示例}{\*\company 云山职业学院}"
        r"{\printim\yr2026\mo1\dy2\hr3\min4}}"
        r"{\*\userprops{\propname 密级}\proptype30{\staticval 内部}}"
        r"{\*\docvar{密钥}{内部值}}{\*\template C:\\\\机要.dot}"
    )
    read = _read(r"正文\par", info)
    texts = {one.text for one in read.blocks if one.where.part == "metadata"}
    assert texts == {
        "标题：题目",
        "作者：张示例",
        "单位：云山职业学院",
        "最后打印时间：2026-01-02 03:04",
        "自定义属性：密级",
        "自定义属性的值：内部",
        "文档变量：密钥 内部值",
        r"模板：C:\\机要.dot",
    }
    assert _seen(read) == ["正文"]


def test_what_a_stranger_says_is_kept_when_it_says_something() -> None:
    read = _read(
        r"正文\par{\*\blob deadbeef}{\*\mystery 涉密人员}{\*\other a@b.example}"
    )
    assert _one(read, "涉密人员").detail == "附加内容（mystery）"
    assert _one(read, "a@b.example").hidden
    assert not any("deadbeef" in one.text for one in read.blocks)


def test_pictures_and_what_hangs_on_shapes() -> None:
    sheet = b"\x28\0\0\0" + struct.pack("<iiHHIIiiII", 64, 64, 1, 24, 0, 0, 0, 0, 0, 0)
    read = _read(
        rf"{{\*\shppict{{\pict\pngblip {_PNG.hex()}}}}}{{\nonshppict{{\pict\wmetafile8 00}}}}"
        rf"{{\pict\dibitmap0 {sheet.hex()}{'00' * 99}}}"
        r"{\shp{\*\shpinst{\sp{\sn wzDescription}{\sv 平面图}}"
        r"{\sp{\sn gtextUNICODE}{\sv 内部资料}}{\sp{\sn fLine}{\sv 0}}}}\par"
    )
    assert [one.data[:4] for one in read.pictures] == [
        _PNG[:4],
        read.pictures[1].data[:4],
    ]
    assert read.pictures[1].data.startswith(b"BM")
    alternative = _one(read, "平面图")
    assert (alternative.hidden, alternative.where.part) == (True, "image")
    assert _one(read, "内部资料").where.part == "textbox"


def test_binary_pictures() -> None:
    raw = _rich("")[:-1] + rb"{\pict\pngblip\bin%d " % len(_PNG) + _PNG + b"}after}"
    read = Rtf().extract(raw, Limits())
    assert [one.data for one in read.pictures] == [_PNG]
    assert _seen(read) == ["after"]


def _object(program: str, native: bytes, kind: int = 2, topic: str = "") -> str:
    names = b"".join(
        struct.pack("<I", len(raw)) + raw
        for raw in (one.encode("gbk") + b"\0" for one in (program, topic, ""))
    )
    body = struct.pack("<II", 0x501, kind) + names
    if kind == 2:
        body += struct.pack("<I", len(native)) + native
    return rf"{{\object\objemb{{\*\objclass {program}}}{{\*\objdata {body.hex()}}}}}"


def test_embedded_files_and_linked_ones() -> None:
    inner = Word({"main": "里面的文档\r"}).saved()
    path = r"C:\机要\附件.txt".encode("gbk") + b"\0"
    package = b"\x02\0" + "附件.txt".encode("gbk") + b"\0" + path + b"\0\0\3\0"
    package += struct.pack("<I", len(path)) + path + struct.pack("<I", 5) + b"inner"
    read = _read(
        "正文"
        + _object("Package", package)
        + _object("Word.Document.8", inner)
        + _object("Excel", b"", 1, r"D:\工资.xls")
        + _object("Equation.3", b"unknown")
    )
    assert [(one.name, one.data) for one in read.embedded] == [
        ("附件.txt", b"inner"),
        ("object2", inner),
    ]
    assert _one(read, "C:/机要/附件.txt").detail == "内嵌文件的原路径"
    assert _one(read, r"D:\工资.xls").detail == "外部引用"
    assert [gap.code for gap in read.gaps] == ["external", "unsupported_part"]


def test_a_cut_document_is_a_gap_and_an_empty_one_is_refused() -> None:
    whole = _rich(r"正文{\b 粗体")
    read = Rtf().extract(whole[:-1], Limits())
    assert _seen(read) == ["正文粗体"]
    assert [gap.code for gap in read.gaps] == ["unreadable_part"]
    with pytest.raises(CorruptError):
        Rtf().extract(_rich(""), Limits())


def test_too_much_text_is_a_gap() -> None:
    read = Rtf().extract(_rich(r"很长的正文\par" * 50), Limits(characters=60))
    assert "too_large" in [gap.code for gap in read.gaps]


def test_a_million_braces_end() -> None:
    read = Rtf().extract(b"{\\rtf1 a" + b"{" * 300_000, Limits())
    assert read.gaps[0].code == "too_large"


def test_mutated_documents_are_read_or_refused() -> None:
    chance = random.Random(20261123)  # noqa: S311 - the same mutations each time
    inner = Word({"main": "里\r"}).saved()[:900]
    specimen = _rich(
        r"{\header 页眉\par}正文{\v 藏}{\deleted\revauthdel1 删}\trowd\intbl 甲\cell\row\par"
        r"{\field{\*\fldinst HYPERLINK x}{\fldrslt 链接}}{\*\annotation 批注}"
        + _object("Word.Document.8", inner),
        _PEOPLE,
    )
    outcomes = set()
    for _ in range(200):
        raw = bytearray(specimen)
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(len(raw))
            raw[at : at + 1] = chance.choice((b"{", b"}", b"\\", b"", b"\xff", b"-9"))
        if chance.random() < 0.2:
            raw = raw[: chance.randrange(8, len(raw))]
        try:
            Rtf().extract(bytes(raw), Limits())
            outcomes.add("read")
        except UnreadableError:
            outcomes.add("refused")
    assert "read" in outcomes
