"""The month's summary (月度汇总表) as a spreadsheet, a department a row."""

from typing import Final

from review.paper.department_totals import mean_days, total
from review.paper.interface import DepartmentCounts, MonthlySummary
from review.paper.xlsx_tables import Column, List, Value, printed_line, xlsx_bytes

_COLUMNS: Final = (
    Column("部门", 20),
    Column("送审件数", 9, "count"),
    Column("轮次", 8, "count"),
    Column("同意公开", 9, "count"),
    Column("修改后公开", 9, "count"),
    Column("部分公开", 9, "count"),
    Column("不予公开", 9, "count"),
    Column("撤回", 8, "count"),
    Column("存疑上报", 9, "count"),
    Column("办结件数", 9, "count"),
    Column("平均办理工作日", 10, "mean"),
    Column("超期件数", 9, "count"),
    Column("疑点数", 8, "count"),
    Column("事件数", 8, "count"),
)
_NOTES: Final = (
    "说明：平均办理工作日为办结各件的工作日之和÷办结件数；合计行按件平均，不按部门平均。",
    "没有办结件的部门，平均办理工作日不填。事件指泄密事件和隐患。",
)


def monthly_xlsx(summary: MonthlySummary) -> bytes:
    """Return the summary as xlsx; the same value gives the same bytes.

    Raises:
        ValueError: A time is naive.
    """
    return xlsx_bytes(
        List(
            title=f"信息公开保密审查月度汇总表（{summary.year}年{summary.month}月）",
            name="月度汇总",
            above=(
                f"单位：{summary.office}",
                printed_line(summary.printed_at, summary.prepared_by),
            ),
            columns=_COLUMNS,
            rows=tuple(_row(one) for one in summary.rows),
            totals=_row(total(summary.rows)),
            notes=_NOTES,
            printed_at=summary.printed_at,
        )
    )


def _row(one: DepartmentCounts) -> tuple[Value, ...]:
    return (
        one.department,
        one.submitted,
        one.rounds,
        one.cleared,
        one.cleared_after_changes,
        one.partly,
        one.refused,
        one.withdrawn,
        one.referred,
        one.concluded,
        mean_days(one),
        one.overdue,
        one.findings,
        one.incidents,
    )
