"""Register, month and year as spreadsheets: numbers, dates, no formulas."""

import dataclasses
import io
from datetime import date, datetime

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from review.paper.interface import (
    DepartmentCounts,
    MonthlySummary,
    Register,
    RegisterRow,
    YearlyFigures,
)
from review.paper.monthly_xlsx import monthly_xlsx
from review.paper.register_xlsx import register_xlsx
from review.paper.yearly_xlsx import yearly_xlsx


def _sheet(data: bytes) -> Worksheet:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def _row(sheet: Worksheet, number: int) -> dict[str, object]:
    names = [cell.value for cell in sheet[3]]
    return {
        str(name): cell.value for name, cell in zip(names, sheet[number], strict=True)
    }


def test_the_register_holds_each_item_once(register: Register) -> None:
    sheet = _sheet(register_xlsx(register))
    assert sheet["A1"].value == "信息公开保密审查台账"
    assert "2026年11月1日至2026年11月30日" in str(sheet["A2"].value)
    first = _row(sheet, 4)
    assert first["审查件编号"] == "审〔2026〕000001号"
    assert first["轮次"] == 2
    assert first["送审日期"] == datetime(2026, 11, 10)  # noqa: DTZ001 - a sheet has no zones
    assert first["超期"] is None
    assert _row(sheet, 5)["超期"] == "是"
    assert _row(sheet, 43)["审查件编号"] == "审〔2026〕000040号"
    assert str(sheet["A44"].value).startswith("说明")


def test_the_paper_is_set(register: Register, monthly: MonthlySummary) -> None:
    for sheet, paper in (
        (_sheet(register_xlsx(register)), 8),
        (_sheet(monthly_xlsx(monthly)), 9),
    ):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == paper
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.fitToHeight == 0
        properties = sheet.sheet_properties.pageSetUpPr
        assert properties is not None
        assert properties.fitToPage
        assert sheet.freeze_panes == "B4"
        assert sheet.print_title_rows == "$3:$3"
        assert str(sheet.print_area).startswith("'")
        assert sheet["A4"].border.left.style == "thin"
        assert any(one.coord.startswith("A1:") for one in sheet.merged_cells.ranges)


def test_a_month_adds_up_and_means_are_over_items(monthly: MonthlySummary) -> None:
    sheet = _sheet(monthly_xlsx(monthly))
    assert sheet["A1"].value == "信息公开保密审查月度汇总表（2026年11月）"
    total = _row(sheet, 7)
    assert total == {
        "部门": "合计",
        "送审件数": 24,
        "轮次": 32,
        "同意公开": 12,
        "修改后公开": 5,
        "部分公开": 1,
        "不予公开": 1,
        "撤回": 1,
        "存疑上报": 3,
        "办结件数": 20,
        "平均办理工作日": 3.3,
        "超期件数": 1,
        "疑点数": 76,
        "事件数": 1,
    }
    assert _row(sheet, 4)["平均办理工作日"] == 3.0
    # nothing ended, so there is no mean
    assert _row(sheet, 6)["平均办理工作日"] is None


def test_a_year_has_rates_and_room_for_the_assessment(yearly: YearlyFigures) -> None:
    sheet = _sheet(yearly_xlsx(yearly))
    first, total = _row(sheet, 4), _row(sheet, 7)
    assert first["首轮办结率"] == pytest.approx(11 / 19, abs=1e-4)
    assert first["按期率"] == 0.95
    assert first["考核意见（保密办填写）"] is None
    assert total["终审改变初审结论件数"] == 3
    assert total["首轮办结率"] == pytest.approx(12 / 20)
    assert sheet.cell(4, 12).number_format == "0.0%"


def test_a_list_of_nothing_is_still_a_list(
    monthly: MonthlySummary, register: Register
) -> None:
    month = _sheet(monthly_xlsx(dataclasses.replace(monthly, rows=())))
    assert _row(month, 4)["送审件数"] == 0
    assert str(
        _sheet(register_xlsx(dataclasses.replace(register, rows=())))["A4"].value
    ).startswith("说明")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+A1",
        "-2+3",
        "@SUM(A1)",
        '=HYPERLINK("https://www.example.edu.cn","查看")',
        "\t=1+1",
        "\uff1d1\uff0b1",
        "#REF!",
        "TRUE",
        "2026-11-22",
        "1E5",
        "001",
    ],
)
def test_text_stays_text(register: Register, text: str) -> None:
    row = dataclasses.replace(register.rows[0], title=text, remark=text)
    sheet = _sheet(register_xlsx(dataclasses.replace(register, rows=(row,))))
    cell = sheet["B4"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\t", " ")
    assert cell.number_format == "@"
    begins = text.startswith(("=", "+", "-", "@", "\uff1d"))
    assert bool(cell.quotePrefix) == begins


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(register: Register) -> None:
    row = dataclasses.replace(register.rows[0], remark="长" * 40_000)
    sheet = _sheet(register_xlsx(dataclasses.replace(register, rows=(row,))))
    shown = str(_row(sheet, 4)["备注"])
    assert len(shown) == 32_767
    assert shown.endswith("……（全文40000字，此处从略）")


def test_rows_are_as_tall_as_their_texts(register: Register) -> None:
    short = RegisterRow(
        number="1",
        title="短",
        department="部",
        submitted_by="张示例",
        submitted=date(2026, 11, 1),
        source="自拟",
        channels=(),
        rounds=1,
        findings=0,
        state="送审",
    )
    long = dataclasses.replace(short, title="六十个字的标题" * 9)
    sheet = _sheet(register_xlsx(dataclasses.replace(register, rows=(short, long))))
    heights = [sheet.row_dimensions[number].height for number in (4, 5)]
    assert heights[0] < 25
    assert heights[1] > 4 * 14


def test_counts_of_many_departments(monthly: MonthlySummary) -> None:
    rows = tuple(
        DepartmentCounts(department="某系" * 30, submitted=one) for one in range(60)
    )
    sheet = _sheet(monthly_xlsx(dataclasses.replace(monthly, rows=rows)))
    assert _row(sheet, 64)["送审件数"] == sum(range(60))
