"""Old Word documents, and what every compound file has beside its text."""

import random
import struct
from collections.abc import Mapping

import olefile
import pytest

from review.errors import CorruptError, EncryptedError, UnreadableError
from review.extract.interface import Block, Embedded, Extraction, Gap, Picture
from review.extract.limits import Limits
from review.extract.merging import merged, roughly
from review.extract.old.doc import Doc
from review.extract.old.works import Works
from review.extract.ole.ole import CompoundFile
from review.extract.ole.write import packed
from review.spans import Location
from tests.unit.extract.word_files import (
    CUSTOM,
    DOCUMENT,
    IN_TABLE,
    ROW_END,
    SHADED,
    SUMMARY,
    TINY,
    VANISHED,
    WHITE,
    Word,
    art,
    counted,
    deleted,
    inserted,
    packed_day,
    places,
    property_set,
    shape,
    strings,
)

_LIMITS = Limits()
_PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 64, 64) + b"rest"


def _read(word: Word) -> Extraction:
    data = word.saved()
    assert Doc().recognizes(data)
    return Doc().extract(data, _LIMITS)


def _main(text: str) -> Word:
    return Word({"main": text})


def _seen(read: Extraction) -> list[str]:
    return [one.text for one in read.blocks if not one.hidden]


def _one(read: Extraction, text: str) -> Block:
    found = [one for one in read.blocks if one.text == text]
    assert len(found) == 1, [one.text for one in read.blocks]
    return found[0]


def test_paragraphs_and_what_asks_for_a_conversion() -> None:
    read = _read(_main("云山职业学院\r第一段\v第二行\r\r末段𠮷\r"))
    assert _seen(read) == ["云山职业学院", "第一段\n第二行", "末段𠮷"]
    assert [one.where.paragraph for one in read.blocks] == [1, 2, 3]
    assert (read.convert, read.gaps) == ("docx", ())


def test_rows_of_a_table() -> None:
    word = _main("名单\r姓名\x07学号\x07\x07张示例\x072026\r001\x07\x07完\r")
    for text in ("姓名\x07", "学号\x07", "张示例\x07", "2026\r", "001\x07"):
        word.paragraph(text, IN_TABLE)
    # The end of a row has a mark of its own, right behind the last cell's.
    data = word.texts["main"]
    word.texts["main"] = data.replace("学号\x07\x07", "学号\x07\x01\x07").replace(
        "001\x07\x07", "001\x07\x02\x07"
    )
    word.paragraph("\x01\x07", ROW_END)
    word.paragraph("\x02\x07", ROW_END)
    read = _read(word)
    rows = [one for one in read.blocks if one.role == "row"]
    assert [one.cells for one in rows] == [("姓名", "学号"), ("张示例", "2026 001")]
    assert [(one.where.part, one.where.table, one.where.row) for one in rows] == [
        ("table", 1, 1),
        ("table", 1, 2),
    ]
    assert _seen(read)[0] == "名单"
    assert _seen(read)[-1] == "完"


@pytest.mark.parametrize(
    ("sprms", "detail"),
    [
        (VANISHED, "隐藏文字"),
        (WHITE, "白色文字"),
        (b"\x42\x2a\x08", "白色文字"),
        (TINY, "极小字号"),
    ],
)
def test_hidden_runs(sprms: bytes, detail: str) -> None:
    word = _main("看得见藏起来还看得见\r")
    word.look("藏起来", sprms)
    read = _read(word)
    hidden = _one(read, "藏起来")
    assert (
        hidden.hidden,
        hidden.where.part,
        hidden.where.paragraph,
        hidden.detail,
    ) == (
        True,
        "hidden",
        1,
        detail,
    )
    assert _seen(read) == ["看得见还看得见"]


def test_white_on_a_ground_is_seen() -> None:
    word = _main("黑底白字\r")
    word.look("黑底白字", WHITE + SHADED)
    assert _seen(_read(word)) == ["黑底白字"]


def test_a_fast_save_that_hides_a_whole_piece() -> None:
    word = _main("整段隐藏\r")
    word.prm, word.lists = 1, (VANISHED,)
    assert _one(_read(word), "整段隐藏").hidden
    word.prm, word.lists = 0x5C << 1 | 1 << 8, ()
    assert _one(_read(word), "整段隐藏").hidden


def test_tracked_changes_with_author_and_day() -> None:
    word = _main("原文新加的旧有的\r")
    word.look("新加的", inserted(1, packed_day(2026, 3, 4)))
    word.look("旧有的", deleted(2, packed_day(2026, 3, 5)))
    word.parts[51] = strings("Unknown", "张示例", "李样本")
    read = _read(word)
    assert _seen(read) == ["原文新加的"]
    new, old = _one(read, "新加的"), _one(read, "旧有的")
    assert (new.where.part, new.detail) == ("insertion", "张示例 2026-03-04")
    assert (old.where.part, old.detail) == ("deletion", "李样本 2026-03-05")
    assert _one(read, "修订者：张示例").where.part == "metadata"


def test_comments_with_author_and_day() -> None:
    word = Word({"main": "正文\x05\r", "comments": "批注一\r批注二\r"})
    initials = struct.pack("<H18sHHH4x", 2, "王某".encode("utf-16-le"), 0, 0, 0)
    nobody = struct.pack("<H18sHHH4x", 2, "李某".encode("utf-16-le"), 9, 0, 0)
    word.parts[4] = places((2, 2, 3), [initials, nobody])
    word.parts[5] = places((0, 4, 8))
    word.parts[36] = counted("王审核")
    word.parts[112] = struct.pack("<I14xI14x", packed_day(2026, 1, 2), 0)
    read = _read(word)
    first, second = _one(read, "批注一"), _one(read, "批注二")
    assert (first.where.part, first.hidden, first.detail) == (
        "comment",
        True,
        "王审核 2026-01-02",
    )
    assert (second.role, second.detail) == ("note", "李某")


def test_headers_notes_and_boxes() -> None:
    word = Word(
        {
            "main": "正文\r",
            "footnotes": "脚注\r",
            "headers": "双页眉\r单页眉\r双页脚\r首页眉\r",
            "endnotes": "尾注\r",
            "boxes": "文本框\r",
            "header_boxes": "页眉里的框\r",
        }
    )
    bounds = (0, 0, 0, 0, 0, 0, 0, 4, 8, 12, 12, 16, 16)
    word.parts[11] = places(bounds)
    read = _read(word)
    parts = {one.text: (one.where.part, one.role) for one in read.blocks}
    assert parts == {
        "正文": ("body", "paragraph"),
        "脚注": ("footnote", "note"),
        "双页眉": ("header", "paragraph"),
        "单页眉": ("header", "paragraph"),
        "双页脚": ("footer", "paragraph"),
        "首页眉": ("header", "paragraph"),
        "尾注": ("footnote", "note"),
        "文本框": ("textbox", "paragraph"),
        "页眉里的框": ("textbox", "paragraph"),
    }


def test_fields_show_their_result_and_hide_their_code() -> None:
    text = '见\x13HYPERLINK "http://nei.example/a"\x14链接\x15和\x13PAGE\x147\x15\r'
    read = _read(_main(text))
    assert _seen(read) == ["见链接和7"]
    code = _one(read, 'HYPERLINK "http://nei.example/a"')
    assert (code.hidden, code.where.part, code.detail) == (True, "hidden", "域代码")


def test_a_field_that_never_ends_swallows_nothing() -> None:
    read = _read(_main("\x13PAGE 开头\r" + "被吞的文字" * 60 + "\r"))
    assert any("被吞的文字" in one.text for one in read.blocks)


def test_text_that_no_story_claims() -> None:
    word = _main("正文\r")
    word.texts["macros"] = "宏里的话\r"
    assert _one(_read(word), "宏里的话").detail == "宏的文字"


def test_what_a_fast_save_left_behind() -> None:
    word = _main("正文\r")
    word.tail = b"\x01\x02" * 40 + "这是删除以后仍留在文件里的话".encode("utf-16-le")
    left = _one(_read(word), "这是删除以后仍留在文件里的话")
    assert (left.hidden, left.where.part) == (True, "hidden")
    assert left.detail is not None
    assert "残留" in left.detail


def test_random_bytes_are_no_text() -> None:
    word = _main("正文\r")
    word.tail = random.Random(7).randbytes(200_000)  # noqa: S311 - the same bytes each time
    assert len(_read(word).blocks) == 1


def test_variables_savers_and_associations() -> None:
    word = _main("正文\r")
    word.parts[60] = (
        b"\xff\xff" + struct.pack("<HH", 1, 4) + counted("密钥") + b"\0\0\0\0"
    ) + counted("内部值")
    word.parts[71] = strings("张示例", r"C:\机要\初稿.doc")
    word.parts[32] = strings("", r"\\server\模板.dot", "", "", "", "", "王某")
    texts = {one.text: one.detail for one in _read(word).blocks if one.hidden}
    assert texts["密钥：内部值"] == "文档变量"
    assert texts[r"张示例：C:\机要\初稿.doc"] == "历次保存者和保存位置"
    assert texts[r"模板：\\server\模板.dot"] == "文件属性"
    assert "作者：王某" in texts


def test_alternative_texts_word_art_and_pictures() -> None:
    word = _main("正文\r")
    word.parts[50] = shape({0x00C0: "内部资料 严禁外传"})
    blip = art(0xF01E, b"d" * 16 + b"\xff" + _PNG, 0x6E0)
    texts = {0x0381: "图中是平面图", 0x0380: "图片 1", 0x0105: r"D:\照片\甲.png"}
    word.streams[("Data",)] = b"head" + shape(texts) + blip
    read = _read(word)
    art_text = _one(read, "内部资料 严禁外传")
    assert (art_text.hidden, art_text.where.part) == (False, "textbox")
    alternative = _one(read, "图中是平面图")
    assert (alternative.hidden, alternative.where.part, alternative.detail) == (
        True,
        "image",
        "替代文字",
    )
    assert _one(read, r"D:\照片\甲.png").detail == "图片的原文件名"
    assert not any(one.text == "图片 1" for one in read.blocks)
    assert [one.data for one in read.pictures] == [_PNG]


def test_properties_of_all_three_kinds() -> None:
    word = _main("正文\r")
    names = b"\x01\0\0\0" + struct.pack("<II", 2, 5) + "密级".encode("gbk") + b"\0"
    word.streams[("\x05SummaryInformation",)] = property_set(
        SUMMARY,
        {2: "题目", 4: "张示例", 7: "内部模板.dot", 11: 133_485_408_000_000_000},
    )
    word.streams[("\x05DocumentSummaryInformation",)] = property_set(
        DOCUMENT, {14: "王处长", 15: "云山职业学院"}
    )
    word.streams[("x", "\x05other")] = b""
    texts = {one.text for one in _read(word).blocks if one.where.part == "metadata"}
    assert texts == {
        "标题：题目",
        "作者：张示例",
        "模板：内部模板.dot",
        "最后打印时间：2024-01-01 00:00",
        "负责人：王处长",
        "单位：云山职业学院",
    }
    word.streams[("\x05DocumentSummaryInformation",)] = property_set(
        CUSTOM, {0: names, 2: "内部"}
    )
    assert "密级：内部" in {one.text for one in _read(word).blocks}


def test_damaged_properties_are_a_gap() -> None:
    word = _main("正文\r")
    whole = property_set(SUMMARY, {2: "题目", 4: "张示例"})
    word.streams[("\x05SummaryInformation",)] = whole[:-12]
    read = _read(word)
    assert [gap.code for gap in read.gaps] == ["unreadable_part"]
    assert _seen(read) == ["正文"]


def test_embedded_files_and_documents() -> None:
    native = _native("附件.txt", r"C:\机要\附件.txt", b"inner text")
    inner = _main("里面的文档\r").tree()
    word = _main("正文\r")
    word.streams |= {("ObjectPool", "_1", "\x01Ole10Native"): native}
    word.streams |= {("ObjectPool", "_2", *path): raw for path, raw in inner.items()}
    word.streams |= {("ObjectPool", "_3", "\x01Ole"): b"x"}
    read = _read(word)
    first, second = read.embedded
    assert (first.name, first.data) == ("附件.txt", b"inner text")
    assert _one(read, "C:/机要/附件.txt").detail == "内嵌文件的原路径"
    assert _seen(Doc().extract(second.data, _LIMITS)) == ["里面的文档"]
    assert [gap.code for gap in read.gaps] == ["unsupported_part"]


def test_too_large_an_object_is_a_gap() -> None:
    word = _main("正文\r")
    word.streams[("ObjectPool", "_1", "Package")] = b"x" * 5000
    limits = Limits(unpacked_bytes=4000)
    read = Doc().extract(word.saved(), limits)
    assert (read.embedded, [gap.code for gap in read.gaps]) == ((), ["too_large"])


def test_macros_are_a_gap() -> None:
    word = _main("正文\r")
    word.streams[("Macros", "VBA", "dir")] = b"\x01damaged"
    assert [gap.code for gap in _read(word).gaps] == ["macro"]


def test_encrypted_documents() -> None:
    word = _main("正文\r")
    word.flags |= 0x0100
    with pytest.raises(EncryptedError):
        Doc().extract(word.saved(), _LIMITS)
    word.flags = 0x0200
    word.streams[("EncryptedPackage",)] = b"x"
    with pytest.raises(EncryptedError):
        Doc().extract(word.saved(), _LIMITS)


def test_text_that_is_cut_off_is_a_gap() -> None:
    word = _main("正文\r")
    word.promised = 500
    assert [gap.code for gap in _read(word).gaps] == ["unreadable_part"]


def test_damaged_documents_are_refused() -> None:
    tree = dict(_main("正文\r").tree())
    tree["1Table",] = b""
    with pytest.raises(CorruptError):
        Doc().extract(packed(tree), _LIMITS)


def test_a_word_95_document_is_left_to_the_conversion() -> None:
    data = packed({("WordDocument",): b"\xdc\xa5\x68\x00" + bytes(600)})
    assert Doc().extract(data, _LIMITS) == Extraction((), convert="docx")


def test_works_documents_are_left_to_the_conversion() -> None:
    for tree in ({("MN0",): b"x" * 9}, {("CONTENTS",): b"CHNKWKS" + b"\0" * 9}):
        data = packed(tree)
        assert Works().recognizes(data)
        assert not Doc().recognizes(data)
        assert Works().extract(data, _LIMITS).convert == "docx"


def test_what_is_written_is_read_by_another_library() -> None:
    chance = random.Random(3)  # noqa: S311 - the same bytes each time
    tree: dict[tuple[str, ...], bytes] = {
        ("库", f"流{n}"): chance.randbytes(n * 700) for n in range(1, 30)
    }
    tree["大",] = chance.randbytes(8_000_000)
    data = packed(tree)
    own = CompoundFile(data)
    with olefile.OleFileIO(data) as other:
        for path, raw in tree.items():
            assert other.openstream(list(path)).read() == raw
            assert own.named(*path) == raw
        assert other.parsing_issues == []


def test_names_are_in_the_order_in_which_programs_search() -> None:
    names = ("b", "Zz", "aa", "c", "LongestOfAll", "A")
    data = packed({(name,): b"x" for name in names})
    with olefile.OleFileIO(data) as other:
        entries = other.direntries

        def in_order(number: int) -> list[str]:
            if number == olefile.NOSTREAM:
                return []
            one = entries[number]
            return [*in_order(one.sid_left), one.name, *in_order(one.sid_right)]

        found = in_order(other.root.sid_child)
    assert found == ["A", "b", "c", "aa", "Zz", "LongestOfAll"]


def test_a_circle_of_sectors_ends() -> None:
    data = bytearray(packed({("WordDocument",): b"x" * 9000}))
    struct.pack_into("<II", data, 68, 1, 0xFFFFFF)  # the list of lists names itself
    assert CompoundFile(bytes(data)).entries is not None


def test_storages_too_deep_are_refused() -> None:
    data = packed({(*("d" for _ in range(40)), "end"): b"x"})
    with pytest.raises(CorruptError):
        _ = CompoundFile(data).entries
    assert not Doc().recognizes(data)


def test_merged_keeps_what_the_conversion_lacks() -> None:
    converted = Extraction(
        (Block("正文 一"), Block("很长的一段话，被拆开了")),
        pictures=(Picture(_PNG),),
        embedded=(Embedded("a", b"1"),),
    )
    own = Extraction(
        (
            Block("正文一"),
            Block("正文一", hidden=True),
            Block("一段话，被拆开了"),
            Block("首页页眉", Location(part="header")),
        ),
        (Gap(Location(), "macro", "宏"),),
        (Embedded("b", b"1"), Embedded("c", b"2")),
        (Picture(_PNG), Picture(b"other")),
        convert="docx",
    )
    both = merged(converted, own)
    assert [one.text for one in both.blocks] == [
        "正文 一",
        "很长的一段话，被拆开了",
        "正文一",
        "首页页眉",
    ]
    assert both.blocks[2].hidden
    assert [one.name for one in both.embedded] == ["a", "c"]
    assert [one.data for one in both.pictures] == [_PNG, b"other"]
    assert (both.gaps, both.convert) == (own.gaps, None)


def test_properties_that_the_converter_made_are_not_the_files() -> None:
    place = Location(part="metadata")
    made = Block("编辑程序：转换程序", place, hidden=True, detail="文件属性")
    kept = Block("作者：张示例", place, hidden=True, detail="文件属性")
    both = merged(Extraction((Block("正文"), made)), Extraction((kept,)))
    assert both.blocks == (Block("正文"), kept)


def test_roughly_says_that_nothing_was_converted() -> None:
    own = Extraction((Block("正文"),), convert="docx")
    rough = roughly(own, "没有装 LibreOffice。")
    assert (rough.blocks, rough.convert) == (own.blocks, None)
    assert "没有装 LibreOffice。" in rough.gaps[0].message


def test_mutated_documents_are_read_or_refused() -> None:
    chance = random.Random(20261123)  # noqa: S311 - the same mutations each time
    word = _main("原文新加的旧有的\x13PAGE\x141\x15\r姓名\x07学号\x07\r")
    word.look("新加的", inserted(1, packed_day(2026, 3, 4)))
    word.paragraph("姓名\x07", IN_TABLE)
    word.texts |= {"headers": "页眉\r", "comments": "批注\r"}
    word.parts[11] = places((0, 0, 0, 0, 0, 0, 0, 3))
    word.parts[5] = places((0, 3))
    word.parts[51] = strings("Unknown", "张示例")
    word.streams[("\x05SummaryInformation",)] = property_set(SUMMARY, {4: "张示例"})
    word.streams[("Data",)] = shape({0x0381: "图"})
    tree = word.tree()
    outcomes = {_outcome(_mutated(tree, chance)) for _ in range(200)}
    assert outcomes == {"read", "refused"}


def _outcome(data: bytes) -> str:
    try:
        Doc().extract(data, _LIMITS)
    except UnreadableError:
        return "refused"
    return "read"


def _mutated(tree: Mapping[tuple[str, ...], bytes], chance: random.Random) -> bytes:
    """Damage one stream, or the compound file around all of them."""
    streams = dict(tree)
    if chance.random() < 0.7:
        path = chance.choice(list(streams))
        streams[path] = _hurt(streams[path], chance)
        return packed(streams)
    return _hurt(packed(streams), chance)


def _hurt(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(max(1, len(raw)))
        raw[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\0", b"\x7f", b""))
    if chance.random() < 0.2:
        raw = raw[: chance.randrange(max(1, len(raw)))]
    return bytes(raw)


def _native(label: str, path: str, data: bytes) -> bytes:
    name, source = label.encode("gbk") + b"\0", path.encode("gbk") + b"\0"
    body = b"\x02\0" + name + source + b"\0\0\3\0"
    body += (
        struct.pack("<I", len(source)) + source + struct.pack("<I", len(data)) + data
    )
    return struct.pack("<I", len(body)) + body
