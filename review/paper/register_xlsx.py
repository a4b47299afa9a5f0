"""The register (审查台账) as a spreadsheet, an item a row."""

from typing import Final

from review.paper.interface import Register, RegisterRow
from review.paper.text import day, listed
from review.paper.xlsx_tables import Column, List, Value, printed_line, xlsx_bytes

_COLUMNS: Final = (
    Column("审查件编号", 20),
    Column("标题", 26),
    Column("送审部门", 12),
    Column("送审人", 8),
    Column("送审日期", 11, "day"),
    Column("来源", 8),
    Column("渠道", 10),
    Column("轮次", 5, "count"),
    Column("疑点数", 6, "count"),
    Column("初审员", 8),
    Column("初审结论", 10),
    Column("状态", 9),
    Column("终审结论", 10),
    Column("依据", 9),
    Column("签批人", 8),
    Column("签批日期", 11, "day"),
    Column("许可编号", 19),
    Column("有效期至", 11, "day"),
    Column("公开地址、时间", 22),
    Column("工作日", 6, "count"),
    Column("超期", 5),
    Column("记录序号", 8, "count"),
    Column("备注", 12),
)
_NOTES: Final = (
    "说明：一件一行。“工作日”自送审次日起计至办结；未办结的不填。",
    "“记录序号”是审查记录链中最后一条相关记录的序号，可用 xianshen records verify 核对。",
)


def register_xlsx(register: Register) -> bytes:
    """Return the register as xlsx; the same value gives the same bytes.

    Raises:
        ValueError: A time is naive.
    """
    span = f"{day(register.since)}至{day(register.until)}"
    return xlsx_bytes(
        List(
            title="信息公开保密审查台账",
            name="审查台账",
            above=(
                f"单位：{register.office}　　送审日期：{span}　　共{len(register.rows)}件",
                printed_line(register.printed_at),
            ),
            paper="A3",
            columns=_COLUMNS,
            rows=tuple(_row(one) for one in register.rows),
            notes=_NOTES,
            printed_at=register.printed_at,
        )
    )


def _row(one: RegisterRow) -> tuple[Value, ...]:
    return (
        one.number,
        one.title,
        one.department,
        one.submitted_by,
        one.submitted,
        one.source,
        listed(one.channels),
        one.rounds,
        one.findings,
        one.first_reviewer,
        one.first_conclusion,
        one.state,
        one.outcome,
        one.ground,
        one.signer,
        one.signed,
        one.clearance,
        one.valid_until,
        one.published,
        one.working_days,
        "是" if one.overdue else "",
        one.ledger_index,
        one.remark,
    )
