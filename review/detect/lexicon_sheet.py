"""Reads the first sheet of a spreadsheet as rows of text under known columns."""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from review.detect.lexicon_columns import BY_NAME, COLUMNS, CellError
from review.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from openpyxl.workbook import Workbook

_MOST_BYTES: Final = 20 * 1024 * 1024
_MOST_UNPACKED_TIMES: Final = 5
_TOO_LARGE: Final = "{} 太大，规则表不应超过 20 MB"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one place of the spreadsheet, in Chinese."""

    sheet: str
    row: int
    column: str
    place: str
    message: str

    @property
    def order(self) -> tuple[int, int, str]:
        """Return where it stands in reading order, row by row."""
        letters = self.place.rstrip("0123456789")
        return (self.row, len(letters), letters)

    @property
    def text(self) -> str:
        """Return place and message in one line."""
        named = f"“{self.column}”列" if self.column else ""
        return f"工作表“{self.sheet}”第 {self.row} 行{named}（{self.place}）：{self.message}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, or why it has none; a date is one only where asked for."""

    place: str
    text: str = ""
    wrong: str | None = None
    dated: bool = False

    @property
    def filled(self) -> bool:
        """Tell whether anything stands in the cell."""
        return bool(self.text or self.wrong)


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty: its cells by field."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the first sheet; `saved` is the day it was last saved."""

    name: str
    saved: str
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """An xlsx file as it was handed in."""

    name: str
    data: bytes


def spreadsheet_at(path: Path) -> Spreadsheet:
    """Return the file at `path`.

    Raises:
        UsageError: It is not there, or too large.
    """
    if not path.is_file():
        raise UsageError(f"找不到文件：{path}")
    if path.stat().st_size > _MOST_BYTES:
        raise UsageError(_TOO_LARGE.format(path.name))
    return Spreadsheet(path.name, path.read_bytes())


def read_sheet(file: Spreadsheet) -> Sheet:
    """Read the first sheet; problems of the header and of stray cells with it.

    Raises:
        UsageError: The file is not a readable xlsx, or too large.
    """
    book = _opened(file)
    if not book.worksheets:
        raise UsageError(f"{file.name} 里没有工作表")
    sheet = book.worksheets[0]
    saved = book.properties.modified or book.properties.created
    grid = [[_cell(one) for one in row] for row in sheet.iter_rows()]
    heads = grid[0] if grid else []
    fields, problems = _header(sheet.title, heads)
    rows: list[Row] = []
    for number, cells in enumerate(grid[1:], start=2):
        known = {field: one for field, one in zip(fields, cells, strict=True) if field}
        if any(one.filled for one in known.values()):
            rows.append(Row(number, known))
        problems += _strays(sheet.title, number, heads, cells)
    return Sheet(
        name=sheet.title,
        saved=saved.date().isoformat() if saved else "",
        columns={
            field: head.place.rstrip("0123456789")
            for field, head in zip(fields, heads, strict=True)
            if field
        },
        rows=tuple(rows),
        problems=tuple(problems),
    )


def _opened(file: Spreadsheet) -> Workbook:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import
    from openpyxl.utils.exceptions import (  # noqa: PLC0415 - slow to import
        InvalidFileException,
    )

    try:
        _forbid_too_large(file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles that are not read anyway
            return load_workbook(io.BytesIO(file.data), keep_links=False)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        OSError,
        SyntaxError,
        ParseError,
    ) as error:
        raise UsageError(
            f"{file.name} 不是能打开的 .xlsx 表格（旧的 .xls 请另存为 .xlsx，加密的请先解除密码）"
        ) from error


def _forbid_too_large(file: Spreadsheet) -> None:
    """Refuse what is, or unpacks to, more than any office's rules."""
    unpacked = 0
    if len(file.data) <= _MOST_BYTES:
        # A member is never read beyond the size that it declares.
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
    if max(len(file.data), unpacked // _MOST_UNPACKED_TIMES) > _MOST_BYTES:
        raise UsageError(_TOO_LARGE.format(file.name))


def _header(
    sheet: str, heads: Sequence[Cell]
) -> tuple[list[str | None], list[Problem]]:
    """Return the field of each column, and what is wrong in the header."""
    fields: list[str | None] = []
    problems: list[Problem] = []
    for head in heads:
        name = "".join(head.text.split()).rstrip("*\uff0a")
        column = BY_NAME.get(name)
        known = column is not None and column.field not in fields
        fields.append(column.field if column is not None and known else None)
        if head.filled and not known:
            what = "没有这一列" if column is None else "这一列出现了两次"
            message = f"{what}，列名请照模板（xianshen lexicon import --template）"
            problems.append(Problem(sheet, 1, name, head.place, message))
    problems += [
        Problem(sheet, 1, one.name, "表头", "缺少这一列，第一行应为列名")
        for one in COLUMNS
        if one.required and one.field not in fields
    ]
    return fields, problems


def _strays(
    sheet: str, row: int, heads: Iterable[Cell], cells: Iterable[Cell]
) -> list[Problem]:
    """Return the filled cells under no header at all."""
    return [
        Problem(sheet, row, "", cell.place, "有内容，但这一列没有列名")
        for head, cell in zip(heads, cells, strict=True)
        if cell.filled and not head.filled
    ]


def _cell(cell: Any) -> Cell:
    place = str(cell.coordinate)
    value = cell.value
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(place, day.isoformat(), dated=True)
    try:
        # A merged cell that is not the first has no data type of its own.
        return Cell(place, _text(value, getattr(cell, "data_type", "n")))
    except CellError as error:
        return Cell(place, wrong=str(error))


def _text(value: Any, kind: str) -> str:
    """Return a cell's value as the text that people see.

    Raises:
        CellError: It is a formula, an error, or what a spreadsheet made of a text:
            001:12 becomes a time.
    """
    if value is None:
        return ""
    if kind == "f":
        raise CellError("是公式，请改填文字")
    if kind == "e" or isinstance(value, bool):
        raise CellError(f"应为文字，不能是 {value}")
    if isinstance(value, time | timedelta):
        raise CellError("被表格软件当成了时间，请把单元格设为文本格式后重填")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
