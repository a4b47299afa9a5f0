"""What old presentations show and hide."""

import random
import struct
import zlib

import pytest

from review.errors import CorruptError, EncryptedError, UnreadableError
from review.extract.interface import Block, Extraction
from review.extract.limits import Limits
from review.extract.old import ppt_file as kinds
from review.extract.old.ppt import Ppt
from review.extract.ole.write import packed
from tests.unit.extract.slide_files import (
    BODY,
    LEFT,
    TITLE,
    Slides,
    atom,
    comment,
    container,
    drawing,
    outline,
    shape,
    show,
    string,
    table,
    texts,
)
from tests.unit.extract.word_files import Word, art
from tests.unit.extract.word_files import shape as described

_PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 64, 64) + b"rest"


def _read(slides: Slides) -> Extraction:
    data = slides.saved()
    assert Ppt().recognizes(data)
    return Ppt().extract(data, Limits())


def _slide(*shapes: bytes, more: bytes = b"", said: bytes = b"") -> Slides:
    return Slides([(said, drawing(*shapes) + more)])


def _one(read: Extraction, said: str) -> Block:
    found = [one for one in read.blocks if one.text == said]
    assert len(found) == 1, [one.text for one in read.blocks]
    return found[0]


def test_slides_in_order_with_the_texts_of_their_outline() -> None:
    first = texts("云山职业学院\r会议", TITLE) + texts("Plan\v2026", BODY)
    second = texts("第二张", TITLE) + texts("没有图形显示的话", BODY)
    slides = Slides(
        [
            (first, drawing(shape(outline(1)), shape(outline(0)), shape(texts("框")))),
            (second, drawing(shape(outline(0)))),
        ]
    )
    read = _read(slides)
    assert [(one.text, one.where.page, one.role) for one in read.blocks] == [
        ("Plan\n2026", 1, "paragraph"),
        ("云山职业学院", 1, "title"),
        ("会议", 1, "title"),
        ("框", 1, "paragraph"),
        ("第二张", 2, "heading"),
        ("没有图形显示的话", 2, "paragraph"),
    ]
    assert not any(one.hidden for one in read.blocks)
    assert (read.gaps, read.convert) == ((), None)


def test_hidden_slides() -> None:
    slides = Slides(
        [
            (b"", drawing(shape(texts("看得见"))) + show(hidden=False)),
            (b"", drawing(shape(texts("藏起来"))) + show(hidden=True)),
        ]
    )
    read = _read(slides)
    assert not _one(read, "看得见").hidden
    hidden = _one(read, "藏起来")
    assert (hidden.hidden, hidden.where.page, hidden.detail) == (
        True,
        2,
        "隐藏的幻灯片",
    )


def test_shapes_off_the_slide_and_hidden_ones() -> None:
    read = _read(
        _slide(
            shape(texts("页面上")),
            shape(texts("页面外"), at=LEFT),
            shape(texts("藏起来"), options={0x03BF: 0x00020002}),
        )
    )
    assert not _one(read, "页面上").hidden
    assert _one(read, "页面外").detail == "幻灯片页面之外的图形"
    assert _one(read, "藏起来").detail == "隐藏的图形"


def test_tables_as_rows() -> None:
    read = _read(_slide(table(("姓名", "学号"), ("张示例", "2026"))))
    rows = [one for one in read.blocks if one.role == "row"]
    assert [one.cells for one in rows] == [("姓名", "学号"), ("张示例", "2026")]
    where = rows[1].where
    assert (where.part, where.page, where.table, where.row) == ("table", 1, 1, 2)


def test_notes_belong_to_their_slide() -> None:
    slides = Slides(
        [(b"", drawing(shape(texts("一")))), (b"", drawing(shape(texts("二"))))],
        notes=[(2, drawing(shape(texts("讲的时候说"))))],
    )
    note = _one(_read(slides), "讲的时候说")
    assert (note.hidden, note.where.part, note.where.page, note.role) == (
        True,
        "notes",
        2,
        "note",
    )


def test_comments_with_author_and_day() -> None:
    read = _read(_slide(shape(texts("一")), more=comment("王审核", "请删去这一条")))
    found = _one(read, "请删去这一条")
    assert (found.hidden, found.where.part, found.where.page, found.detail) == (
        True,
        "comment",
        1,
        "王审核 2026-03-05",
    )


def test_masters_show_what_is_no_placeholder() -> None:
    placeholder = atom(kinds.PLACEHOLDER, bytes(8))
    slides = _slide(shape(texts("一")))
    slides.masters = [
        drawing(
            shape(texts("单击此处编辑标题"), client=placeholder),
            shape(texts("内部资料")),
        )
    ]
    read = _read(slides)
    assert not _one(read, "内部资料").hidden
    assert not any("单击" in one.text for one in read.blocks)


def test_alternative_texts_word_art_and_pictures() -> None:
    slides = _slide(shape(texts("一")), described({0x0381: "平面图", 0x00C0: "绝密"}))
    slides.pictures = art(0xF01E, b"d" * 16 + b"\xff" + _PNG, 0x6E0)
    read = _read(slides)
    assert (_one(read, "平面图").detail, _one(read, "平面图").where.page) == (
        "替代文字",
        1,
    )
    assert _one(read, "绝密").where.part == "textbox"
    assert [one.data for one in read.pictures] == [_PNG]


def test_headers_tags_links_and_shows() -> None:
    slides = _slide(shape(texts("一")))
    slides.document = (
        container(kinds.HEADERS, string("内部", 1), string("页脚", 2), instance=3)
        + container(5000, container(kinds.TAG, string("密级", 0), string("机密", 1)))
        + container(1033, container(kinds.HYPERLINK, string("http://nei.example", 1)))
        + container(kinds.NAMED_SHOWS, container(1041, string("领导专用")))
        + container(1033, container(4101, string(r"D:\录像\会议.avi")))
    )
    read = _read(slides)
    assert _one(read, "内部").where.part == "header"
    assert _one(read, "页脚").where.part == "footer"
    assert _one(read, "密级：机密").detail == "标签"
    assert _one(read, "http://nei.example").detail == "链接地址"
    assert _one(read, "领导专用").detail == "自定义放映"
    assert _one(read, r"D:\录像\会议.avi").hidden
    assert [gap.code for gap in read.gaps] == ["unsupported_part"]


def test_what_an_earlier_save_left_behind() -> None:
    slides = _slide(shape(texts("改过的话")))
    old = drawing(shape(texts("改过的话")), shape(texts("删去的话")))
    listed = container(kinds.TEXTS, texts("旧的大纲"))
    slides.behind = container(kinds.SLIDE, old) + container(kinds.DOCUMENT, listed)
    read = _read(slides)
    for said in ("删去的话", "旧的大纲"):
        found = _one(read, said)
        assert (found.hidden, found.detail) == (True, "早先保存时留下的内容")
    assert not _one(read, "改过的话").hidden


def test_embedded_files_packed_and_plain() -> None:
    inner = Word({"main": "里面的文档\r"}).saved()
    slides = _slide(shape(texts("一")))
    slides.behind = atom(kinds.OBJECT, inner) + atom(
        kinds.OBJECT, struct.pack("<I", len(inner)) + zlib.compress(inner), instance=1
    )
    read = _read(slides)
    assert [one.data for one in read.embedded] == [inner, inner]
    slides.behind = atom(kinds.OBJECT, b"damaged") + atom(
        kinds.OBJECT, packed({("VBA", "dir"): b"x"})
    )
    assert [gap.code for gap in _read(slides).gaps] == ["unreadable_part", "macro"]


def test_an_object_that_unpacks_to_too_much_is_a_gap() -> None:
    slides = _slide(shape(texts("一")))
    packed_zeros = b"\0\0\0\0" + zlib.compress(bytes(1_000_000))
    slides.behind = atom(kinds.OBJECT, packed_zeros, instance=1)
    read = Ppt().extract(slides.saved(), Limits(unpacked_bytes=100_000))
    assert [gap.code for gap in read.gaps] == ["unreadable_part"]


def test_who_saved_it() -> None:
    slides = _slide(shape(texts("一")))
    slides.writer = "张示例"
    assert _one(_read(slides), "最后保存者：张示例").where.part == "metadata"


def test_encrypted_presentations() -> None:
    slides = _slide(shape(texts("一")))
    slides.locked = True
    with pytest.raises(EncryptedError):
        _read(slides)


def test_a_missing_slide_is_a_gap_and_a_missing_document_is_refused() -> None:
    slides = _slide(shape(texts("一")), said=texts("大纲还在"))
    tree = slides.tree()
    body = tree["PowerPoint Document",]
    slide = body.index(struct.pack("<H", kinds.SLIDE)) - 2
    tree["PowerPoint Document",] = body[:slide] + b"\0" * 4 + body[slide + 4 :]
    read = Ppt().extract(packed(tree), Limits())
    assert [gap.code for gap in read.gaps] == ["unreadable_part"]
    assert _one(read, "大纲还在").where.page == 1
    with pytest.raises(CorruptError):
        Ppt().extract(packed({("PowerPoint Document",): bytes(600)}), Limits())


def test_too_many_slides_are_a_gap() -> None:
    slides = Slides([(b"", drawing(shape(texts(f"第{n}张")))) for n in range(5)])
    read = Ppt().extract(slides.saved(), Limits(pages=3))
    assert [gap.code for gap in read.gaps] == ["too_large"]


def test_mutated_presentations_are_read_or_refused() -> None:
    chance = random.Random(20261123)  # noqa: S311 - the same mutations each time
    slides = _slide(
        shape(outline(0)),
        table(("姓名", "学号")),
        more=comment("王审核", "批注") + show(hidden=True),
        said=texts("标题", TITLE),
    )
    slides.notes = [(1, drawing(shape(texts("备注"))))]
    slides.writer = "张示例"
    tree = slides.tree()
    outcomes = set()
    for _ in range(200):
        streams = dict(tree)
        path = chance.choice([("PowerPoint Document",)] * 4 + [("Current User",)])
        raw = bytearray(streams[path])
        for _ in range(chance.choice((1, 3, 20))):
            at = chance.randrange(len(raw))
            raw[at : at + 1] = chance.choice((b"\xff", b"\0", b"\x7f", b""))
        streams[path] = bytes(raw)
        try:
            Ppt().extract(packed(streams), Limits())
            outcomes.add("read")
        except UnreadableError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}
