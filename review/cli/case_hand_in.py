"""`xianshen case submit`, `resubmit`, `scan`, `withdraw`: hand in and take back."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from review.case.values import Source
from review.case.words import SOURCES
from review.cli.joined import (
    As,
    Number,
    Seen,
    asking,
    channels_of,
    code_of,
    joined,
    read_in,
    say,
)
from review.service.cases import look
from review.service.cases import scan as scanning
from review.service.cases import submit as submitting
from review.service.cases.submit import Draft, Upload
from review.service.desk import Desk

Body = Annotated[Path, typer.Argument(help="正文文件")]
Attached = Annotated[list[Path], typer.Option("--attach", help="附件，可写多次")]
Title = Annotated[str, typer.Option(help="标题")]
Department = Annotated[str, typer.Option(help="部门")]
ChannelWords = Annotated[
    list[str], typer.Option("--channel", help="公开方式：网站、公众号、报刊…，可写多次")
]
Drafter = Annotated[str, typer.Option(help="拟稿人")]
Planned = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="计划公开日期")
]
SourceWord = Annotated[
    str, typer.Option("--source", help="来源：本部门自拟、外单位来稿、转载")
]
Origin = Annotated[str | None, typer.Option(help="来稿单位，或转载的原文号、网址")]


def submit(
    body: Body,
    title: Title,
    department: Department,
    channel: ChannelWords,
    drafted_by: Drafter,
    person: As,
    attach: Attached = [],
    planned_on: Planned = None,
    source: SourceWord = "own",
    origin: Origin = None,
) -> None:
    """送审一件：登记、加密保存、机检，然后等待初审。"""
    draft = Draft(
        title=title,
        department=department,
        channels=channels_of(channel),
        drafted_by=drafted_by,
        uploads=_uploads(body, attach),
        source=Source(code_of(source, SOURCES, "来源"), origin),
        planned_on=planned_on.date() if planned_on else None,
    )
    with joined() as installation:
        case = submitting.submit(installation.desk, draft, person=person)
        print(f"已登记：{case.number}")
        _scan(installation.desk, case.number)


def resubmit(
    number: Number,
    body: Body,
    person: As,
    attach: Attached = [],
    title: Annotated[str | None, typer.Option(help="新标题；不写就不变")] = None,
    channel: ChannelWords = [],
    seen: Seen = None,
) -> None:
    """送审修改后的版本：新的一轮，从机检开始重新审查。"""
    with asking(number, person, seen) as (desk, who):
        item = look.see(desk, number, person=person).item
        draft = Draft(
            title=title or item.title,
            department=item.department,
            channels=channels_of(channel) or item.channels,
            drafted_by=item.drafted_by,
            uploads=_uploads(body, attach),
            source=item.source,
            planned_on=item.planned_on,
            external_id=item.external_id,
        )
        submitting.resubmit(desk, number, draft, asker=who)
        _scan(desk, number)


def scan(number: Number) -> None:
    """对还没有机检报告的一轮重新机检（例如上次中断）。"""
    with joined() as installation:
        _scan(installation.desk, number)


def withdraw(
    number: Number,
    reason: Annotated[str, typer.Option(help="撤回的原因")],
    person: As,
    seen: Seen = None,
) -> None:
    """撤回送审。"""
    with asking(number, person, seen) as (desk, who):
        say(submitting.withdraw(desk, number, reason=reason, asker=who))


def _scan(desk: Desk, number: str) -> None:
    case = scanning.scan(desk, number)
    report = case.round.report
    if report is not None:
        wanted = sum(one.needs_disposition for one in report.findings)
        print(f"机检完成：需处置疑点 {wanted} 个，未能检查 {len(report.gaps)} 处")
    say(case)


def _uploads(body: Path, attached: list[Path]) -> tuple[Upload, ...]:
    (name, data), *others = read_in(body, *attached)
    return (
        Upload(name=name, data=data),
        *(Upload(name=each, data=own, role="attachment") for each, own in others),
    )
