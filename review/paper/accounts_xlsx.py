"""The list of people as a spreadsheet: its template, and reading it row by row.

One list serves two administrators: the system administrator makes accounts of
its first columns, the security administrator appointments of the others.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import ParseError

import regex

from review.errors import UsageError
from review.paper.package import saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS: Final = 500
_MOST_BYTES: Final = 2 * 1024 * 1024
_MOST_UNPACKED: Final = 40 * 1024 * 1024
_MOST_COLUMNS: Final = 30
_MOST_TOLD: Final = 20

_COLUMNS: Final = {
    "登录名": "login",
    "姓名": "name",
    "部门": "department",
    "岗位": "post",
    "任职起": "from_day",
    "任职止": "until_day",
    "依据": "ground",
}
_NEEDED: Final = ("登录名", "姓名")
_DAYS: Final = ("from_day", "until_day")
_DAY: Final = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_WIDTHS: Final = (16, 12, 18, 16, 14, 14, 30)
_HELP: Final = (
    "第一行是列名，不要改动；一行一人，从第二行填起，最多 500 行。",
    "登录名：2 到 64 个小写字母、数字、点、横线或下划线，以字母或数字开头；定了不再改。",
    "姓名必填。部门按单位里通行的名称填，前后一致。",
    "岗位、任职起、任职止、依据可以不填；填了的由安全管理员导入任命，导入账号时不看。",
    "岗位填：部门初审员、部门负责人、保密办审查员、分管领导、系统管理员、安全管理员、审计员。",
    "任职起、任职止填日期，例如 2026-09-01；依据填文号。",
    "有一行不对，整张表都不导入，改好后重新导入即可。",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One row: who, and to what he is to be appointed; what is not filled in is empty."""

    number: int
    login: str
    name: str
    department: str = ""
    post: str = ""
    from_day: date | None = None
    until_day: date | None = None
    ground: str = ""


def template(*, at: datetime) -> bytes:
    """Return an empty list with its explanations on a second sheet."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import
    from openpyxl.styles import Font  # noqa: PLC0415 - slow to import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - slow to import

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "人员"
    for number, (name, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True), 1):
        sheet.cell(1, number, name).font = Font(bold=True)
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = width
        for row in range(2, MOST_ROWS + 2):
            # As text: else a spreadsheet makes a number of a login name.
            sheet.cell(row, number).number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet("填写说明")
    notes.column_dimensions["A"].width = 90
    for number, line in enumerate(_HELP, start=1):
        notes.cell(number, 1, line)
    book.properties.creator = "先审"
    return saved(book.save, at=at)


def read_people(data: bytes) -> tuple[PersonRow, ...]:
    """Return the rows of the first sheet that are not empty.

    Raises:
        UsageError: It is no such list; every row that is wrong is named.
    """
    book = _opened(data)
    if not book.worksheets:
        raise UsageError("表格里没有工作表，请用模板重新填写。")
    grid = _grid(book.worksheets[0])
    fields = _header(grid[0] if grid else [])
    problems: list[str] = []
    rows = [
        _row(number, fields, cells, problems)
        for number, cells in enumerate(grid[1:], start=2)
        if any(one is not None and str(one).strip() for one in cells)
    ]
    _forbid_twice(rows, problems)
    refuse_with(problems)
    if not rows:
        raise UsageError("表格里还没有填人员，请从第二行填起。")
    return tuple(rows)


def refuse_with(problems: Sequence[str]) -> None:
    """Say everything that is wrong with a list, if anything is.

    Raises:
        UsageError: There is a problem.
    """
    if problems:
        shown = "\n".join(problems[:_MOST_TOLD])
        more = len(problems) - _MOST_TOLD
        rest = f"\n……另有 {more} 处" if more > 0 else ""
        raise UsageError(
            f"表格有 {len(problems)} 处要改，没有导入任何一行：\n{shown}{rest}"
        )


def _opened(data: bytes) -> Workbook:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import
    from openpyxl.utils.exceptions import (  # noqa: PLC0415 - slow to import
        InvalidFileException,
    )

    try:
        if len(data) > _MOST_BYTES or _unpacked(data) > _MOST_UNPACKED:
            raise UsageError("表格太大，请只保留人员名单，用模板重新填写。")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles that are not read anyway
            return load_workbook(io.BytesIO(data), keep_links=False)
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
            "这不是能打开的 .xlsx 表格（旧的 .xls 请另存为 .xlsx，加密的请先解除密码）。"
        ) from error


def _unpacked(data: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return sum(one.file_size for one in package.infolist())


def _grid(sheet: Worksheet) -> list[list[Any]]:
    """Return the cells' values, no further than a list of people reaches."""
    found = [
        list(cells)
        for cells in sheet.iter_rows(
            max_row=min(sheet.max_row, MOST_ROWS + 2),
            max_col=min(sheet.max_column, _MOST_COLUMNS),
            values_only=True,
        )
    ]
    while found and all(one is None for one in found[-1]):
        found.pop()
    if len(found) > MOST_ROWS + 1:
        raise UsageError(f"一次最多导入 {MOST_ROWS} 人，请分成几张表。")
    return found


def _header(cells: Sequence[Any]) -> list[str | None]:
    names = ["".join(str(one or "").split()).rstrip("*\uff0a") for one in cells]
    missing = [one for one in _NEEDED if one not in names]
    strange = [one for one in names if one and one not in _COLUMNS]
    twice = sorted({one for one in names if one and names.count(one) > 1})
    if missing or strange or twice:
        said = [
            f"{what}：{'、'.join(which)}"
            for what, which in (
                ("缺少", missing),
                ("不认识", strange),
                ("重复", twice),
            )
            if which
        ]
        raise UsageError(f"第一行的列名不对（{'；'.join(said)}），请用模板重新填写。")
    return [_COLUMNS.get(one) for one in names]


def _row(
    number: int, fields: Sequence[str | None], cells: Sequence[Any], problems: list[str]
) -> PersonRow:
    values: dict[str, Any] = {}
    for field, cell in zip(fields, cells, strict=True):
        try:
            if field is not None:
                values[field] = _day(cell) if field in _DAYS else _text(cell)
            elif cell is not None:
                raise ValueError("有内容，但这一列没有列名")  # noqa: TRY301 - told with the others
        except ValueError as error:
            problems.append(f"第 {number} 行：{error}")
    problems += [
        f"第 {number} 行：没有填{name}"
        for name in _NEEDED
        if not values.get(_COLUMNS[name], "") and _COLUMNS[name] in values
    ]
    return PersonRow(
        number=number,
        login=values.pop("login", "").lower(),
        name=values.pop("name", ""),
        **values,
    )


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool | date | datetime) or not isinstance(
        cell, str | int | float
    ):
        raise ValueError("有一格应填文字，被表格软件当成了日期或别的；请设为文本后重填")  # noqa: TRY004 - told with the others
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if text.startswith("="):
        raise ValueError("有一格是公式，请改填文字")
    return text


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    match = regex.fullmatch(_DAY, text)
    try:
        if match is not None:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass
    raise ValueError("日期应写成 2026-09-01 这样")


def _forbid_twice(rows: Sequence[PersonRow], problems: list[str]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        if row.login and row.login in first:
            problems.append(
                f"第 {row.number} 行：登录名 {row.login} 与第 {first[row.login]} 行重复"
            )
        first.setdefault(row.login, row.number)
