"""What old workbooks show and hide."""

import random
import struct

import pytest

from review.errors import CorruptError, EncryptedError, UnreadableError
from review.extract.interface import Block, Extraction
from review.extract.limits import Limits
from review.extract.old.xls import Xls
from review.extract.ole.write import packed
from tests.unit.extract.book_files import (
    TINY_FONT,
    WHITE_FONT,
    Book,
    Sheet,
    box,
    columns,
    formula,
    hidden_row,
    label,
    number,
    record,
    text,
)
from tests.unit.extract.word_files import art, shape

_PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 64, 64) + b"rest"


def _saved(book: Book, **more: bytes) -> bytes:
    extra = {tuple(path.split("/")): raw for path, raw in more.items()}
    return packed({("Workbook",): book.stream(), **extra})


def _read(book: Book) -> Extraction:
    data = _saved(book)
    assert Xls().recognizes(data)
    return Xls().extract(data, Limits())


def _sheet(*records: bytes) -> Extraction:
    return _read(Book([Sheet("名单", records)]))


def _rows(read: Extraction) -> list[tuple[str, ...]]:
    return [one.cells for one in read.blocks if one.role == "row" and not one.hidden]


def _one(read: Extraction, said: str) -> Block:
    found = [one for one in read.blocks if one.text == said]
    assert len(found) == 1, [one.text for one in read.blocks]
    return found[0]


def test_rows_of_every_sheet_in_a_compound_file_and_alone() -> None:
    first = Sheet("Sheet1", [label(0, 0, "姓名"), label(0, 2, "学号")])
    second = Sheet("名单二", [label(3, 0, "张示例"), number(3, 1, 20260001)])
    book = Book([first, second])
    read = _read(book)
    assert _rows(read) == [("姓名", "", "学号"), ("张示例", "20260001")]
    heading = next(one for one in read.blocks if one.role == "heading")
    assert (heading.text, heading.where.sheet) == ("名单二", "名单二")
    row = read.blocks[-1].where
    assert (row.part, row.sheet, row.table, row.row) == ("sheet", "名单二", 2, 4)
    alone = book.stream()
    assert Xls().recognizes(alone)
    assert _rows(Xls().extract(alone, Limits())) == _rows(read)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (46085.0, "2026-03-04"),
        (46085.5625, "2026-03-04 13:30"),
        (0.25, "06:00"),
        (-3.0, "-3"),
    ],
)
def test_dates_as_they_are_shown(value: float, shown: str) -> None:
    cells = [number(0, 0, value, style=17)]
    book = Book([Sheet("表", cells)], ["yyyy\\-mm\\-dd"], [(0, 164)])
    assert _rows(_read(book)) == [(shown,)]


def test_dates_that_count_from_1904() -> None:
    cells = [number(0, 0, 44623.0, style=17)]
    book = Book([Sheet("表", cells)], ["yyyy/m/d"], [(0, 164)], mode_1904=True)
    assert _rows(_read(book)) == [("2026-03-04",)]


def test_numbers_and_truth_values() -> None:
    truth = record(0x205, struct.pack("<HHHBB", 0, 2, 16, 1, 0))
    wrong = record(0x205, struct.pack("<HHHBB", 0, 3, 16, 42, 1))
    read = _sheet(number(0, 0, 13800001111.0), number(0, 1, 0.5), truth, wrong)
    assert _rows(read) == [("13800001111", "0.5", "TRUE")]


@pytest.mark.parametrize(
    ("state", "detail"), [(1, "隐藏的工作表"), (2, "深度隐藏的工作表")]
)
def test_hidden_sheets(state: int, detail: str) -> None:
    away = Sheet("底稿", [label(0, 0, "藏起来"), box("框里的话")], state)
    read = _read(Book([Sheet("表", [label(0, 0, "看得见")]), away]))
    hidden = _one(read, "藏起来")
    assert (hidden.hidden, hidden.where.part, hidden.where.sheet, hidden.detail) == (
        True,
        "hidden",
        "底稿",
        detail,
    )
    assert _one(read, "底稿").hidden
    assert _one(read, "框里的话").hidden
    assert _rows(read) == [("看得见",)]


def test_hidden_rows_and_columns() -> None:
    read = _sheet(
        columns(1, 1, hidden=True),
        hidden_row(1),
        label(0, 0, "甲"),
        label(0, 1, "乙"),
        label(0, 2, "丙"),
        label(1, 0, "丁"),
    )
    assert _rows(read) == [("甲", "", "丙")]
    column, row = (one for one in read.blocks if one.hidden)
    assert (column.cells, column.detail) == (
        ("甲", "乙", "丙"),
        "隐藏的列（同行各格一并列出）",
    )
    assert (column.where.row, column.where.cell) == (1, "B1")
    assert (row.cells, row.detail, row.where.part) == (("丁",), "隐藏的行", "hidden")


def test_white_tiny_and_blank_cells() -> None:
    cells = [label(n, 0, said, 17 + n) for n, said in enumerate(("白", "小", "空"))]
    styles = [(WHITE_FONT, 0), (TINY_FONT, 0), (0, 164)]
    read = _read(Book([Sheet("表", cells)], [";;;"], styles))
    hidden = {one.text: one.detail for one in read.blocks if one.role == "row"}
    assert hidden == {"白": "白色文字", "小": "极小字号", "空": "不显示的单元格"}
    assert not _rows(read)


def test_notes_boxes_and_running_heads() -> None:
    note = record(0x1C, struct.pack("<HHHH", 1, 2, 0, 7) + text("王审核") + b"\0")
    object_head = record(0x5D, struct.pack("<HHHHH12x", 0x15, 18, 0x19, 7, 0))
    said = "请勿外传".encode("utf-16-le")
    comment = object_head + record(0x1B6, struct.pack("<HH6xHH4x", 0, 0, 4, 16))
    comment += record(0x3C, b"\x01" + said) + record(0x3C, b"\0" * 16)
    read = _sheet(
        record(0x14, text('&L内部&C&"宋体"&12页眉')),
        record(0x15, text("&R页脚")),
        label(0, 0, "甲"),
        box("框里\r的话"),
        comment,
        note,
    )
    found = _one(read, "请勿外传")
    assert (found.where.part, found.where.cell, found.hidden) == ("comment", "C2", True)
    assert found.detail is not None
    assert "王审核" in found.detail
    assert _one(read, "框里\n的话").where.part == "textbox"
    assert _one(read, "内部\t页眉").where.part == "header"
    assert _one(read, "页脚").where.part == "footer"


def test_links_names_validations_and_texts_in_formulas() -> None:
    string = b"\x17" + text("机密★", 1)
    condition = b"\x44\0\0\0\0\x19\x02\x05\0" + string + b"\x42\x02\x01\0"
    options = b"\x17" + text("甲方案\0乙方案", 1)
    empty = b"\x01\0\0\0"
    prompt = text("提示") + empty + text("只填内部号") + empty
    validation = struct.pack("<I", 3) + prompt
    validation += struct.pack("<HH", len(options), 0) + options + b"\0" * 6
    constant = b"\x17" + text("常量文字", 1)
    name = struct.pack("<HBBHHHBBBB", 1, 0, 2, len(constant), 0, 0, 0, 0, 0, 0)
    name += b"\x01" + "秘数".encode("utf-16-le") + constant
    read = _read(
        Book(
            [Sheet("表", [formula(0, 0, condition), record(0x1BE, validation)])],
            records=[record(0x18, name), record(0x5C, text("李样本") + b" " * 80)],
        )
    )
    assert _one(read, "机密★").detail == "公式里的文字"
    assert _one(read, "只填内部号").where.part == "hidden"
    assert _one(read, "甲方案\n乙方案").detail == "单元格提示或选项"
    assert _one(read, "秘数（隐藏）：常量文字").detail == "定义的名称"
    assert _one(read, "最后保存者：李样本").where.part == "metadata"


def test_texts_behind_a_choice_in_a_formula() -> None:
    choose = b"\x1e\1\0\x19\x04\x02\0\x04\0\x10\0\x12\0"
    texts = b"\x17" + text("甲处", 1) + b"\x17" + text("乙处", 1)
    read = _sheet(formula(0, 0, choose + texts + b"\x42\x03\x64\0"))
    found = {one.text for one in read.blocks if one.detail == "公式里的文字"}
    assert found == {"甲处", "乙处"}


def test_other_books_with_the_values_taken_from_them() -> None:
    path = "\x01C\x03机要\x03底账.xls"
    other = record(0x1AE, struct.pack("<H", 1) + text(path) + text("工资"))
    values = (
        struct.pack("<BBH", 1, 0, 4) + b"\x02" + text("张示例") + b"\x01" + b"\0" * 8
    )
    read = _read(Book([Sheet("表")], records=[other, record(0x5A, values)]))
    assert _one(read, "C/机要/底账.xls 工资").detail == "外部引用"
    assert _one(read, "张示例").detail == "外部工作簿缓存"
    assert [gap.code for gap in read.gaps] == ["external"]


def test_pivot_caches_hold_their_source() -> None:
    cache = record(0xCD, text("张示例")) + record(0xCD, text("处分决定")) + record(0x0A)
    streams = {"_SX_DB_CUR/0001": cache}
    read = Xls().extract(_saved(Book([Sheet("表")]), **streams), Limits())
    found = _one(read, "张示例\n处分决定")
    assert (found.hidden, found.detail) == (True, "数据透视表缓存")


def test_drawings_and_charts() -> None:
    blip = art(0xF01E, b"d" * 16 + b"\xff" + _PNG, 0x6E0)
    group = record(0xEB, blip[:20]) + record(0x3C, blip[20:])
    drawing = record(0xEC, shape({0x0381: "图中是平面图", 0x00C0: "内部资料"}))
    series = record(0x100D, b"\0\0" + text("涉密人员数", 1))
    read = _read(Book([Sheet("图表", [drawing, series])], records=[group]))
    assert _one(read, "图中是平面图").detail == "替代文字"
    assert _one(read, "内部资料").where.part == "textbox"
    assert _one(read, "涉密人员数").detail == "图表"
    assert [one.data for one in read.pictures] == [_PNG]


def test_macro_sheets_and_code_are_gaps() -> None:
    book = Book([Sheet("表", [label(0, 0, "甲")]), Sheet("宏", kind=1)])
    assert [gap.code for gap in _read(book).gaps] == ["macro"]
    data = _saved(Book([Sheet("表")]), **{"_VBA_PROJECT_CUR/VBA/dir": b"damaged"})
    assert [gap.code for gap in Xls().extract(data, Limits()).gaps] == ["macro"]


@pytest.mark.parametrize(
    "kind", [b"\0\0\x12\x34\x56\x78", b"\x01\0\x01\0\x01\0" + b"x" * 48]
)
def test_encrypted_books(kind: bytes) -> None:
    with pytest.raises(EncryptedError, match="密码"):
        _read(Book([Sheet("表")], records=[record(0x2F, kind)]))


def test_too_many_cells_are_a_gap() -> None:
    cells = [label(0, n, "甲") for n in range(9)]
    data = _saved(Book([Sheet("表", cells), Sheet("后", cells)]))
    read = Xls().extract(data, Limits(cells=5))
    assert [gap.code for gap in read.gaps] == ["too_large", "too_large"]


def test_a_damaged_sheet_is_a_gap_and_a_damaged_book_is_refused() -> None:
    good, bad = Sheet("好", [label(0, 0, "甲")]), Sheet("坏", [record(0x204, b"\0")])
    read = _read(Book([good, bad]))
    assert _rows(read) == [("甲",)]
    assert [gap.code for gap in read.gaps] == ["unreadable_part"]
    for stream in (b"x" * 600, Book([good]).stream()[:30]):
        with pytest.raises(CorruptError):
            Xls().extract(packed({("Workbook",): stream}), Limits())


def test_sheets_that_lie_in_one_place_are_refused() -> None:
    stream = Book([Sheet("甲"), Sheet("乙")]).stream()
    first = stream.index(struct.pack("<H", 0x85)) + 4
    second = stream.index(struct.pack("<H", 0x85), first) + 4
    same = stream[:second] + stream[first : first + 4] + stream[second + 4 :]
    with pytest.raises(CorruptError):
        Xls().extract(packed({("Workbook",): same}), Limits())


def test_mutated_books_are_read_or_refused() -> None:
    chance = random.Random(20261123)  # noqa: S311 - the same mutations each time
    records = [hidden_row(0), label(0, 0, "甲"), number(0, 1, 46085.0), box("框里的话")]
    stream = Book(
        [Sheet("名单", records)], records=[record(0x5C, text("李样本"))]
    ).stream()
    outcomes = set()
    for _ in range(200):
        raw = bytearray(stream)
        for _ in range(chance.choice((1, 2, 8))):
            raw[chance.randrange(len(raw))] = chance.choice((0, 1, 127, 255))
        if chance.random() < 0.1:
            raw = raw[: chance.randrange(1, len(raw))]
        try:
            Xls().extract(packed({("Workbook",): bytes(raw)}), Limits())
            outcomes.add("read")
        except UnreadableError:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}
