"""An audit of the site as a spreadsheet: a row a finding, then what was not examined."""

from typing import Final

from review import clock
from review.paper.xlsx_tables import Column, List, Value, printed_line, xlsx_bytes
from review.siteaudit.interface import KIND_WORDS, AuditReport, Deviation

_COLUMNS: Final = (
    Column("序号", 6, "count"),
    Column("类别", 16),
    Column("标题", 26),
    Column("网址", 40),
    Column("审查件", 13),
    Column("部门", 12),
    Column("哪里不对", 60),
    Column("机检疑点", 44),
    Column("处置情况（填写）", 16),
)
_UNEXAMINED: Final = "未能检查"
_NOTE: Final = "提示"
_NOTES: Final = (
    "说明：巡查只比对、只提示；“未能检查”的不等于没有问题，请人工查看。",
    "按保密工作管理规定第五十三条，未经审查的不得公开；每一处请单独立案、单独处置（一事一审）。",
)
_MOST: Final = 10


def site_audit_xlsx(report: AuditReport) -> bytes:
    """Return the audit as xlsx; the same report gives the same bytes."""
    began = clock.china_time(report.at)
    counted = f"网页 {report.pages} 个、文件 {report.files} 个"
    rows = [_row(number, one) for number, one in enumerate(report.found, start=1)]
    rows += [
        (None, _UNEXAMINED, None, one.address, None, None, one.reason, None, None)
        for one in report.unexamined
    ]
    rows += [
        (None, _NOTE, None, None, None, None, note, None, None) for note in report.notes
    ]
    return xlsx_bytes(
        List(
            title=f"网站巡查表（{report.place}）",
            name="网站巡查",
            above=(
                f"{report.office}　{report.audit}　{began:%Y-%m-%d %H:%M}　{counted}",
                printed_line(report.ended_at),
            ),
            columns=_COLUMNS,
            rows=tuple(rows),
            notes=_NOTES,
            printed_at=report.ended_at,
            paper="A3",
        )
    )


def _row(number: int, one: Deviation) -> tuple[Value, ...]:
    said = [
        f"{each.place}：{each.excerpt[:60]}（{each.reason}）" for each in one.suspicions
    ]
    return (
        number,
        KIND_WORDS[one.kind],
        one.title,
        one.address,
        one.case,
        one.department,
        "\n".join(one.reasons[:_MOST]),
        "\n".join(said[:_MOST]),
        None,
    )
