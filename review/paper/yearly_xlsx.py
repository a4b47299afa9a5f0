"""Figures for the departments' yearly assessment (001:54) as a spreadsheet."""

from typing import Final

from review.paper.department_totals import mean_days, share, year_total
from review.paper.interface import YearlyFigures, YearlyRow
from review.paper.xlsx_tables import Column, List, Value, printed_line, xlsx_bytes

_COLUMNS: Final = (
    Column("部门", 18),
    Column("送审件数", 8, "count"),
    Column("轮次", 7, "count"),
    Column("同意公开", 8, "count"),
    Column("修改后公开", 8, "count"),
    Column("部分公开", 8, "count"),
    Column("不予公开", 8, "count"),
    Column("撤回", 7, "count"),
    Column("存疑上报", 8, "count"),
    Column("办结件数", 8, "count"),
    Column("首轮办结件数", 8, "count"),
    Column("首轮办结率", 8, "share"),
    Column("平均办理工作日", 9, "mean"),
    Column("超期件数", 8, "count"),
    Column("按期率", 8, "share"),
    Column("疑点数", 7, "count"),
    Column("终审改变初审结论件数", 10, "count"),
    Column("未经审查公开件数", 9, "count"),
    Column("巡查发现件数", 8, "count"),
    Column("其中已处置", 8, "count"),
    Column("事件数", 7, "count"),
    Column("考核意见（保密办填写）", 14),
    Column("备注", 14),
)
_NOTES: Final = (
    "说明：本表供部门年度考核参考（保密工作管理规定第五十四条）；考核意见由保密办填写。",
    "首轮办结率为首轮办结件数÷办结件数；按期率为（送审件数－超期件数）÷送审件数；没有可除之数的不填。",
    "未经审查公开、巡查发现按网站巡查立案的件数计；已处置为其中办结的。",
    "存疑上报是应当鼓励的做法，不作为扣分依据；不予公开和疑点的多少与业务内容有关，不宜直接排名。",
)


def yearly_xlsx(figures: YearlyFigures) -> bytes:
    """Return the figures as xlsx; the same value gives the same bytes.

    Raises:
        ValueError: A time is naive.
    """
    return xlsx_bytes(
        List(
            title=f"信息公开保密审查年度考核数据表（{figures.year}年）",
            name="年度考核数据",
            above=(
                f"单位：{figures.office}",
                printed_line(figures.printed_at, figures.prepared_by),
            ),
            columns=_COLUMNS,
            rows=tuple(_row(one) for one in figures.rows),
            totals=_row(year_total(figures.rows)),
            notes=_NOTES,
            printed_at=figures.printed_at,
        )
    )


def _row(one: YearlyRow) -> tuple[Value, ...]:
    counts = one.counts
    return (
        counts.department,
        counts.submitted,
        counts.rounds,
        counts.cleared,
        counts.cleared_after_changes,
        counts.partly,
        counts.refused,
        counts.withdrawn,
        counts.referred,
        counts.concluded,
        one.first_round,
        share(one.first_round, counts.concluded),
        mean_days(counts),
        counts.overdue,
        share(counts.submitted - counts.overdue, counts.submitted),
        counts.findings,
        one.overturned,
        one.unreviewed,
        one.audit_found,
        one.audit_settled,
        counts.incidents,
        None,
        one.remark,
    )
