"""Writes the empty spreadsheet in which an office fills in its rules."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from review.detect.lexicon import Lexicon
from review.detect.lexicon_columns import BY_FIELD, COLUMNS, EXAMPLE_MARK, Column
from review.detect.lexicon_words import choices_of, value_name
from review.errors import UsageError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

RULES_SHEET: Final = "规则"
HELP_SHEET: Final = "填写说明"
_CHOSEN: Final = ("category", "tier", "level", "severity", "status")
_WIDE: Final = frozenset({"terms", "examples.flagged", "examples.passing"})
_LAST_ROW: Final = 300
_WIDTH: Final = 18
_WIDE_WIDTH: Final = 44
_HELP_WIDTHS: Final = (16, 8, 70, 50)
_GENERAL: Final = (
    "一行是一条规则。第一行是列名，不要改动；列的次序可以变，不用的选填列可以删。",
    f"以“{EXAMPLE_MARK}”开头的行（第 2 行）不会导入，可以删去。",
    "词语用 、 ， ； 或换行隔开；加权写成 词语*2，最高 3 分。例文一行一条。",
    "一段文字够 2 分就标出：词语（取最重的一个）加状态词（至多 2 分）加内容句式（至多 3 分），减放过词（至多 3 分）。",
    "分类模型看出只是顺带提到的，够分也不标出；有 2 分以上的词的除外。",
    "例文会当作测试运行。例文请虚构，不要抄真实的涉密内容。",
    "填好后在网页“词库”的“提出改动”里导入。",
    "在服务器上用文件维护词库的，填好后运行：xianshen lexicon import 本文件.xlsx -o 本单位词库目录",
)


def write_template(path: Path, known: Lexicon) -> None:
    """Write header, example row and explanations; lists come from `known`.

    Raises:
        UsageError: There is such a file already, or it can't be written.
    """
    if path.exists():
        raise UsageError(f"已有文件 {path}，请换一个名称")
    try:
        path.write_bytes(template(known))
    except OSError as error:
        raise UsageError(f"写不了文件 {path}（{error.strerror}）") from error


def template(known: Lexicon) -> bytes:
    """Return the spreadsheet with header, example row and explanations."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import

    book = Workbook()
    rules = book.worksheets[0]
    rules.title = RULES_SHEET
    _fill_rules(rules)
    _fill_help(book.create_sheet(HELP_SHEET), known)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _fill_rules(sheet: "Worksheet") -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 - slow to import

    needed, optional = PatternFill("solid", "F4CCCC"), PatternFill("solid", "D9EAD3")
    for number, column in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, number, column.name)
        head.font = Font(bold=True)
        head.fill = needed if column.required else optional
        wide = column.field in _WIDE
        letter = head.column_letter
        sheet.column_dimensions[letter].width = _WIDE_WIDTH if wide else _WIDTH
        for row in range(2, _LAST_ROW + 1):
            # As text: else a spreadsheet makes a time of 001:12.
            sheet.cell(row, number).number_format = "@"
            sheet.cell(row, number).alignment = Alignment(
                wrap_text=True, vertical="top"
            )
        sheet.cell(2, number, column.example or None).font = Font(
            italic=True, color="808080"
        )
    sheet.freeze_panes = "B2"
    for field in _CHOSEN:
        _offer(sheet, BY_FIELD[field])


def _offer(sheet: "Worksheet", column: Column) -> None:
    """Offer the values of a column as a list to choose from."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - slow to import
    from openpyxl.worksheet.datavalidation import (  # noqa: PLC0415 - slow to import
        DataValidation,
    )

    choices = ",".join(choices_of(column.field))
    # Only a help: English values and short names are good too.
    offered = DataValidation("list", formula1=f'"{choices}"', showErrorMessage=False)
    letter = get_column_letter(COLUMNS.index(column) + 1)
    offered.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(offered)


def _fill_help(sheet: "Worksheet", known: Lexicon) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - slow to import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - slow to import

    for number, width in enumerate(_HELP_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for heading, rows in _help(known):
        sheet.append([heading])
        sheet.cell(sheet.max_row, 1).font = Font(bold=True)
        for row in rows:
            sheet.append(list(row))
            for cell in sheet[sheet.max_row]:
                cell.number_format = "@"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([])


def _help(known: Lexicon) -> Iterable[tuple[str, Sequence[Sequence[str]]]]:
    """Yield each part of the explanations: its heading and its rows."""
    yield "怎样填写", [("", "", line) for line in _GENERAL]
    yield (
        "各列",
        [("列名", "必填", "怎么填", "例子")]
        + [
            (one.name, "是" if one.required else "", one.about, one.example)
            for one in COLUMNS
        ],
    )
    yield (
        "可选值（也可以填英文代码）",
        [
            (BY_FIELD[field].name, "", "、".join(choices_of(field)), "")
            for field in _CHOSEN
        ],
    )
    yield (
        "制度编号",
        [(one.number, "", one.title, one.id) for one in known.regulations],
    )
    yield (
        "共用词表",
        [
            (one.name, "", one.about, f"用作{value_name('side', one.side)}")
            for one in known.contexts.values()
            if one.side != "shield"
        ],
    )
