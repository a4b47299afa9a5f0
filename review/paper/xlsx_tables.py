"""Draws a list as xlsx: one sheet, paper across, as wide as the paper."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias

import regex
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from review.paper.package import property_time, saved
from review.paper.text import clean, cut, day, in_china

Kind: TypeAlias = Literal["text", "count", "mean", "share", "day"]
Paper: TypeAlias = Literal["A4", "A3"]
Value: TypeAlias = str | int | float | date | None

# A cell holds no more; a spreadsheet would drop the rest without a word.
_LONGEST: Final = 32_767
_FIRST: Final = 4
_HEADER: Final = _FIRST - 1
_TITLE_HEIGHT: Final = 32
_NOTE_HEIGHT: Final = 16
# Points; a spreadsheet shows no row taller than 409.
_LINE_HEIGHT: Final = 14
_ROW_ROOM: Final = 6
_TALLEST: Final = 409
# Inches.
_MARGIN: Final = 0.5
_PAPERS: Final[Mapping[Paper, int]] = {"A4": 9, "A3": 8}
_FORMATS: Final[Mapping[Kind, str]] = {
    "text": "@",
    "count": "0",
    "mean": "0.0",
    "share": "0.0%",
    "day": "yyyy-mm-dd",
}
# What a spreadsheet may take for a formula, now or after a copy as CSV; Chinese
# input methods type the wide forms, and Excel takes those too.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# The first column stays in sight while one looks at the last.
_FROZEN: Final = "B"
_LINE: Final = Side(style="thin", color="FF000000")
_FRAME: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE: Final = PatternFill("solid", fgColor="FFF2F2F2")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, width in characters, and what its cells hold."""

    name: str
    width: float
    kind: Kind = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """A whole list; each row has a value for each column, None for nothing.

    `above` stands left and right under the title; `totals` is a last row in
    bold. `name` is the sheet's, at most 31 characters.
    """

    title: str
    name: str
    above: tuple[str, str]
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    printed_at: datetime
    paper: Paper = "A4"
    totals: tuple[Value, ...] | None = None
    notes: tuple[str, ...] = ()


def xlsx_bytes(one: List) -> bytes:
    """Return the list as xlsx, the same bytes for the same list.

    Raises:
        ValueError: A time is naive, or a row has not one value a column.
    """
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = one.name
    _top(sheet, one)
    rows = (*one.rows, one.totals) if one.totals is not None else one.rows
    for number, row in enumerate(rows, start=_FIRST):
        _row(sheet, number, row, one.columns)
    last = _FIRST + len(rows) - 1
    if one.totals is not None:
        _embolden(sheet, last)
    _notes(sheet, one, last)
    _paper(sheet, one)
    book.properties.title = clean(f"{one.title} {one.above[0]}").replace("\n", " ")
    book.properties.creator = "先审"
    book.properties.created = property_time(one.printed_at)
    return saved(book.save, at=one.printed_at)


def printed_line(printed_at: datetime, prepared_by: str = "") -> str:
    """Return who made the list and when, as it stands under a title."""
    who = f"填表人：{prepared_by}　　" if prepared_by else ""
    return f"{who}制表日期：{day(in_china(printed_at).date())}"


def _top(sheet: Worksheet, one: List) -> None:
    """Fill the title, the line under it, and the header."""
    width = len(one.columns)
    _merge(sheet, 1, (1, width), one.title)
    sheet.cell(1, 1).font = Font(name="黑体", size=18)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = _TITLE_HEIGHT
    middle = max(1, width // 2)
    _merge(sheet, 2, (1, middle), one.above[0])
    _merge(sheet, 2, (middle + 1, width), one.above[1])
    sheet.cell(2, middle + 1).alignment = Alignment(horizontal="right")
    for number, column in enumerate(one.columns, start=1):
        head = sheet.cell(_HEADER, number)
        _text(head, column.name)
        head.font = Font(name="黑体", size=10)
        head.fill, head.border = _SHADE, _FRAME
        head.alignment = Alignment(
            horizontal="center", vertical="center", wrap_text=True
        )
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
    names = tuple(column.name for column in one.columns)
    sheet.row_dimensions[_HEADER].height = _height(names, one.columns)


def _merge(sheet: Worksheet, row: int, columns: tuple[int, int], text: str) -> None:
    first, last = columns
    cell = sheet.cell(row, first)
    _text(cell, text)
    cell.font = Font(name="宋体", size=10)
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def _row(
    sheet: Worksheet, number: int, row: Sequence[Value], columns: Sequence[Column]
) -> None:
    for place, (value, column) in enumerate(zip(row, columns, strict=True), start=1):
        cell = sheet.cell(number, place)
        cell.font, cell.border = Font(name="宋体", size=10), _FRAME
        cell.alignment = Alignment(
            horizontal="left" if column.kind == "text" else "center",
            vertical="center",
            wrap_text=True,
        )
        if isinstance(value, str):
            _text(cell, value)
        else:
            cell.value = value
            cell.number_format = _FORMATS[column.kind]
    sheet.row_dimensions[number].height = _height(row, columns)


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """Return the height that the wrapped texts need; not every program works it out."""
    lines = max(
        _lines(value, column.width) if isinstance(value, str) else 1
        for value, column in zip(row, columns, strict=True)
    )
    return min(lines * _LINE_HEIGHT + _ROW_ROOM, _TALLEST)


def _lines(text: str, width: float) -> int:
    """Return how many lines a text fills; a Chinese character is two wide."""
    room = max(1.0, width - 1)
    return sum(
        max(1, math.ceil(sum(1 if one.isascii() else 2 for one in part) / room))
        for part in clean(text).split("\n")
    )


def _text(cell: Cell | MergedCell, text: str) -> None:
    """Set a text that stays a text, whatever it begins with."""
    shown = cut(_literal(clean(text)), _LONGEST)
    cell.value = shown or None
    if shown:
        cell.data_type = "s"
    cell.number_format = "@"
    if shown.startswith(_FORMULA_STARTS):
        # As if typed with a leading apostrophe: editing keeps it a text.
        cell.quotePrefix = True


def _literal(text: str) -> str:
    """Return `text` so that _x0041_ in it is not read as an A."""
    return regex.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)


def _embolden(sheet: Worksheet, row: int) -> None:
    for cell in sheet[row]:
        cell.font = Font(name="黑体", size=10)
        cell.fill = _SHADE


def _notes(sheet: Worksheet, one: List, last: int) -> None:
    """Add the explanations below the list, each over the whole width."""
    width = len(one.columns)
    for number, note in enumerate(one.notes, start=last + 1):
        _merge(sheet, number, (1, width), note)
        sheet.cell(number, 1).alignment = Alignment(vertical="center")
        sheet.row_dimensions[number].height = _NOTE_HEIGHT


def _paper(sheet: Worksheet, one: List) -> None:
    """Set paper, repeated header, page numbers and what is printed."""
    last = get_column_letter(len(one.columns))
    sheet.freeze_panes = f"{_FROZEN}{_FIRST}"
    sheet.print_title_rows = f"{_HEADER}:{_HEADER}"
    sheet.print_area = f"A1:{last}{sheet.max_row}"
    setup = sheet.page_setup
    setup.orientation, setup.paperSize = "landscape", _PAPERS[one.paper]
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.horizontalCentered = True
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN
    margins.bottom = 2 * _MARGIN
    footer = sheet.oddFooter
    if footer is not None:
        footer.center.text = "第 &P 页　共 &N 页"
