"""Reads the first sheet of a spreadsheet as rows of text under known columns."""

import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

from review.detect.lexicon_columns import BY_NAME, COLUMNS, CellError, Column
from review.errors import UsageError

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_MOST_BYTES: Final = 20 * 1024 * 1024
_DATED: Final = "added"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one place of the spreadsheet, in Chinese."""

    sheet: str
    row: int
    column: str
    place: str
    message: str

    @property
    def text(self) -> str:
        """Return place and message in one line."""
        named = f"“{self.column}”列" if self.column else ""
        return f"工作表“{self.sheet}”第 {self.row} 行{named}（{self.place}）：{self.message}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, or why it has none."""

    place: str
    text: str = ""
    wrong: str | None = None


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


def read_sheet(path: Path) -> Sheet:
    """Read the first sheet; problems of the header and of stray cells with it.

    Raises:
        UsageError: The file is not a readable xlsx.
    """
    book = _opened(path)
    if not book.worksheets:
        raise UsageError(f"{path.name} 里没有工作表")
    sheet = book.worksheets[0]
    saved = book.properties.modified or book.properties.created
    grid = [list(row) for row in sheet.iter_rows()]
    columns, problems = _header(sheet.title, grid[0] if grid else [])
    rows: list[Row] = []
    for number, cells in enumerate(grid[1:], start=2):
        filled = [_cell(one, dated=columns.get(one.column) == _DATED) for one in cells]
        if any(one.text or one.wrong for one in filled):
            named = zip((columns.get(one.column) for one in cells), filled, strict=True)
            rows.append(Row(number, {field: one for field, one in named if field}))
            problems += _strays(sheet.title, number, cells, filled, columns)
    letters = {field: _letter(column) for column, field in columns.items()}
    day = saved.date().isoformat() if saved else ""
    return Sheet(sheet.title, day, letters, tuple(rows), tuple(problems))


def _opened(path: Path) -> "Workbook":
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import
    from openpyxl.utils.exceptions import (  # noqa: PLC0415 - slow to import
        InvalidFileException,
    )

    if not path.is_file():
        raise UsageError(f"找不到文件：{path}")
    if path.stat().st_size > _MOST_BYTES:
        raise UsageError(f"{path.name} 太大，规则表不应超过 20 MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles that are not read anyway
            return load_workbook(path, keep_links=False)
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
            f"{path.name} 不是能打开的 .xlsx 表格（旧的 .xls 请另存为 .xlsx，加密的请先解除密码）"
        ) from error


def _header(sheet: str, cells: Sequence[Any]) -> tuple[dict[int, str], list[Problem]]:
    """Return the field of each column number, and what is wrong in the header."""
    columns: dict[int, str] = {}
    problems: list[Problem] = []
    for cell in cells:
        name = "".join(str(cell.value or "").split()).rstrip("*\uff0a")
        column = BY_NAME.get(name)
        if column is not None and column.field not in columns.values():
            columns[cell.column] = column.field
        elif name:
            what = "没有这一列" if column is None else "这一列出现了两次"
            message = f"{what}，列名请照模板（xianshen lexicon import --template）"
            problems.append(Problem(sheet, 1, name, cell.coordinate, message))
    missing = [
        one for one in COLUMNS if one.required and one.field not in columns.values()
    ]
    problems += [_missing(sheet, one) for one in missing]
    return columns, problems


def _missing(sheet: str, column: Column) -> Problem:
    return Problem(sheet, 1, column.name, "表头", "缺少这一列，第一行应为列名")


def _strays(
    sheet: str,
    row: int,
    cells: Iterable[Any],
    filled: Iterable[Cell],
    columns: Mapping[int, str],
) -> list[Problem]:
    """Return the filled cells under no header at all."""
    return [
        Problem(sheet, row, "", one.place, "有内容，但这一列没有列名")
        for cell, one in zip(cells, filled, strict=True)
        if cell.column not in columns
        and (one.text or one.wrong)
        and not cell.parent.cell(1, cell.column).value
    ]


def _cell(cell: Any, *, dated: bool) -> Cell:
    # A merged cell that is not the first has no data type of its own.
    place = str(cell.coordinate)
    try:
        return Cell(
            place, _text(cell.value, getattr(cell, "data_type", "n"), dated=dated)
        )
    except CellError as error:
        return Cell(place, wrong=str(error))


def _text(value: Any, kind: str, *, dated: bool) -> str:
    """Return a cell's value as the text that people see.

    Raises:
        CellError: It is a formula, an error, or what a spreadsheet made of a text:
            001:12 becomes a time, 12-8 a date.
    """
    if value is None:
        return ""
    if kind == "f":
        raise CellError("是公式，请改填文字")
    if kind == "e" or isinstance(value, bool):
        raise CellError(f"应为文字，不能是 {value}")
    if isinstance(value, datetime | date) and dated:
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if isinstance(value, datetime | date | time | timedelta):
        raise CellError("被表格软件当成了日期或时间，请把单元格设为文本格式后重填")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - slow to import

    return get_column_letter(column)
