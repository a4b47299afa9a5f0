"""What a workbook shows and hides."""

import datetime as dt
import io

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from review.errors import CorruptError
from review.extract.interface import Block, Document
from review.extract.limits import Limits
from review.extract.read import read


def _saved(book: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _book(*rows: tuple[object, ...]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def _hidden(document: Document, part: str) -> list[Block]:
    return [b for b in document.blocks if b.hidden and b.where.part == part]


def _rows(document: Document) -> list[tuple[str, ...]]:
    return [b.cells for b in document.blocks if b.role == "row" and not b.hidden]


def test_rows_of_every_sheet() -> None:
    book = _book(("姓名", None, "学号"), ("张某", "男", 1001))
    book.create_sheet("名单二").append(["李某"])
    document = read(_saved(book), "名单.xlsx")
    assert _rows(document) == [("姓名", "", "学号"), ("张某", "男", "1001"), ("李某",)]
    named = next(b for b in document.blocks if b.role == "heading")
    assert (named.text, named.where.sheet) == ("名单二", "名单二")
    row = next(b for b in document.blocks if b.text == "李某")
    assert (row.where.part, row.where.sheet, row.where.table, row.where.row) == (
        "sheet",
        "名单二",
        2,
        1,
    )


def test_dates_and_long_numbers_read_as_shown() -> None:
    book = _book((dt.date(2024, 6, 20), 13800001111))
    assert _rows(read(_saved(book), "a.xlsx")) == [("2024-06-20", "13800001111")]


def test_hidden_sheets_rows_and_columns() -> None:
    book = _book(("甲", "乙"), ("丙", "丁"))
    book.active.column_dimensions["B"].hidden = True
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("藏").append(["戊"])
    book["藏"].sheet_state = "veryHidden"
    document = read(_saved(book), "a.xlsx")
    assert _rows(document) == [("甲",)]
    hidden = _hidden(document, "hidden")
    assert [b.text for b in hidden] == ["甲\t乙", "丙\t丁", "藏", "戊"]
    assert hidden[-1].where.sheet == "藏"


def test_a_number_format_may_hide() -> None:
    book = _book(("看不见",))
    book.active["A1"].number_format = ";;;"
    document = read(_saved(book), "a.xlsx")
    assert _rows(document) == []
    assert _hidden(document, "hidden")[0].text == "看不见"


def test_comments_names_properties_and_headers() -> None:
    book = _book(("数",))
    book.active["A1"].comment = Comment("批注字", "张某")
    book.active.oddHeader.center.text = "页眉字"
    book.properties.creator = "李某"
    book.defined_names["密钥"] = openpyxl.workbook.defined_name.DefinedName(
        "密钥", attr_text='"暗语"'
    )
    check = DataValidation(type="list", formula1='"校内,内部"', prompt="填密级")
    book.active.add_data_validation(check)
    check.add("B1")
    document = read(_saved(book), "a.xlsx")
    (comment,) = _hidden(document, "comment")
    assert (comment.text, comment.detail, comment.where.cell) == (
        "批注字",
        "批注，作者张某",
        "A1",
    )
    assert "页眉字" in [b.text for b in document.blocks if b.where.part == "header"]
    texts = [b.text for b in _hidden(document, "metadata")]
    assert "作者：李某" in texts
    hidden = [b.text for b in _hidden(document, "hidden")]
    assert hidden == ["填密级", "校内,内部", '密钥："暗语"']


def test_formulas_without_a_result_are_hidden_text() -> None:
    document = read(_saved(_book(('="绝"&"密"',))), "a.xlsx")
    assert _hidden(document, "hidden")[0].text == '="绝"&"密"'


def test_too_many_cells_are_a_gap() -> None:
    book = _book(*((i, i, i) for i in range(20)))
    document = read(_saved(book), "a.xlsx", Limits(cells=10))
    assert [gap.code for gap in document.gaps] == ["too_large"]


def test_truncated_workbook_is_corrupt() -> None:
    data = _saved(_book(("甲",)))
    with pytest.raises(CorruptError):
        read(data[: len(data) // 2], "a.xlsx")
