"""The report of a site audit: as one self-contained page, and on a terminal."""

from collections import Counter
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.text import Text

from review import clock
from review.report import words
from review.report.templates import template
from review.siteaudit.interface import (
    KIND_WORDS,
    MODE_WORDS,
    AuditReport,
    Deviation,
)

DISCLAIMER: Final = "巡查只比对、只提示：没有列出的，只说明在本次检查的范围里没有发现；未能检查的不等于没有问题。"
_MOST: Final = 20


def html_audit(report: AuditReport) -> str:
    """Return the report as a page that asks for nothing outside itself."""
    page: str = template("site_audit.html.jinja").render(
        report=report,
        groups=_groups(report),
        kinds=KIND_WORDS,
        modes=MODE_WORDS,
        words=words,
        began=_moment(report.at),
        ended=_moment(report.ended_at),
        disclaimer=DISCLAIMER,
    )
    return page


def print_audit(report: AuditReport, console: Console) -> None:
    """Print what was found, each finding in a few lines, the summary last."""
    for one in report.found:
        console.print(Text(f"■ {KIND_WORDS[one.kind]}  {one.address}", style="bold"))
        console.print(Text(f"  {_of(one)}"))
        for reason in one.reasons[:_MOST]:
            console.print(Text(f"  - {reason}"))
        for each in one.suspicions[:_MOST]:
            mark = f"{each.place}“{each.excerpt[:60]}”：{each.reason}"
            console.print(Text(f"  ! {mark}", style="yellow"))
    for missed in report.unexamined:
        console.print(
            Text(f"未检查  {missed.address}：{missed.reason}", style="magenta")
        )
    for note in report.notes:
        console.print(Text(f"提示  {note}", style="dim"))
    console.print(Text(summary(report), style="bold"))


def summary(report: AuditReport) -> str:
    """Return in one line how far the audit went and what came of it."""
    return (
        f"巡查 {report.audit}：网页 {report.pages} 个、文件 {report.files} 个，"
        f"对照审查件 {report.cases} 件；发现 {len(report.found)} 处，"
        f"未能检查 {len(report.unexamined)} 处。"
    )


def _groups(report: AuditReport) -> list[tuple[str, list[Deviation]]]:
    counted = Counter(one.kind for one in report.found)
    return [
        (word, [one for one in report.found if one.kind == kind])
        for kind, word in KIND_WORDS.items()
        if counted[kind]
    ]


def _of(one: Deviation) -> str:
    case = f"审查件 {one.case}" if one.case else "没有审查件"
    return "，".join(filter(None, (one.title, case, one.department)))


def _moment(at: datetime) -> str:
    return f"{clock.china_time(at):%Y-%m-%d %H:%M}"
