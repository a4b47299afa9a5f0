"""`xianshen case list`, `show`, `history`, `diff`: look at cases."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table

from review import clock
from review.case import publishing
from review.case.case import Case, Round
from review.case.policy import Policy
from review.case.values import Disposition
from review.case.words import CHANNELS, OPINIONS, POSTS, STAGES
from review.cli.joined import As, Number, code_of, joined, print_table
from review.contents.compare import ChangeKind, Comparison, describe
from review.ports.records import RegisterQuery, RegisterRow
from review.report.words import SEVERITIES
from review.service.cases import look
from review.service.cases.look import Earlier
from review.service.papers import register
from review.service.record import records

_CHANGED: Final[dict[ChangeKind, str]] = {
    "added": "新增",
    "removed": "删去",
    "changed": "内容不同",
}


def show_list(
    person: As,
    stage: Annotated[
        list[str], typer.Option(help="只看这些状态，例如 待终审，可写多次")
    ] = [],
    department: Annotated[list[str], typer.Option(help="只看这些部门，可写多次")] = [],
    words: Annotated[str, typer.Option(help="标题或编号里的字")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只看超期的")] = False,
    limit: Annotated[int, typer.Option(min=1, max=500, help="最多列出几件")] = 50,
) -> None:
    """查看审查台账，新的在前。"""
    query = RegisterQuery(
        departments=tuple(department) or None,
        stages=tuple(code_of(one, STAGES, "状态") for one in stage),
        words=words,
        overdue_on=clock.china_date(clock.now()) if overdue else None,
        limit=limit,
    )
    with joined() as installation:
        rows = register.page(installation.desk, query, person=person)
    table = Table("编号", "标题", "部门", "公开方式", "状态", "轮", "办理期限")
    today = clock.china_date(clock.now())
    for row in rows:
        late = row.due_on is not None and row.due_on < today
        table.add_row(*_cells(row), style="red" if late else "")
    print_table(table)


def _cells(row: RegisterRow) -> tuple[str, ...]:
    return (
        row.number,
        row.title,
        row.department,
        "、".join(CHANNELS[one] for one in row.channels),
        STAGES[row.stage],
        str(row.round),
        row.due_on.isoformat() if row.due_on else "",
    )


def show(number: Number, person: As) -> None:
    """查看一件：状态、疑点与处置、未能检查项、以前各轮的处置意见。"""
    console = Console(soft_wrap=True, highlight=False)
    with joined() as installation:
        desk = installation.desk
        case = look.see(desk, number, person=person)
        _print_head(console, case, desk.policy)
        if case.round.report is None or case.purged:
            return
        full = look.marked_report_of(desk, number, person=person)
        earlier = look.earlier_dispositions(desk, number, person=person)
    for file in full["files"]:
        _print_file(console, case.round, file, earlier)
    if not any(_has_words(file) for file in full["files"]):
        _line(console, "  机检未发现疑点；这不等于可以公开，请通读全文再下结论。")


def _print_head(console: Console, case: Case, policy: Policy) -> None:
    channels = "、".join(CHANNELS[one] for one in case.item.channels)
    lines = [
        f"{case.number}  {case.open_title}",
        f"部门 {case.item.department}  公开方式 {channels}  拟稿人 {case.item.drafted_by}",
        f"第 {case.round.number} 轮  {STAGES[case.stage]}  版本 {case.version}",
    ]
    if case.grant is not None:
        until = clock.china_date(case.grant.valid_until).isoformat()
        lines.append(f"公开许可 {case.grant.id}，有效期至 {until}")
    missing = "、".join(CHANNELS[one] for one in publishing.unrecorded(case, policy))
    if missing:
        lines.append(f"还没有登记发布：{missing}（xianshen case publish）")
    for line in lines:
        console.print(line, markup=False)


def _print_file(
    console: Console,
    one: Round,
    file: Mapping[str, Any],
    earlier: Mapping[str, tuple[Earlier, ...]],
) -> None:
    for gap in file["coverage"]["gaps"]:
        seen = "已确认" if gap["id"] not in one.open_gaps else "未确认"
        _line(
            console, f"  未能检查 {gap['id']}（{seen}）{file['file']}：{gap['message']}"
        )
    if file["error"]:
        _line(console, f"  无法读取 {file['file']}：{file['error']['message']}")
    for finding in file["findings"]:
        word = SEVERITIES[finding["severity"]]
        _line(
            console,
            f"  疑点 {finding['id']}（{word}）{file['file']}：{finding['text']}",
        )
        by = finding.get("marked_by")
        added = f"人工补充，{by}：" if by else ""
        because = f"{added}{finding['reason']}"
        _line(console, f"    {'、'.join(finding['clauses'])} {because}")
        _print_said(console, one.disposition_of(finding["id"]))
        for said in earlier.get(finding["id"], ()):
            _line(console, f"    第 {said.round} 轮曾处置：{_said(said.disposition)}")


def _has_words(file: Mapping[str, Any]) -> bool:
    return bool(file["findings"] or file["coverage"]["gaps"] or file["error"])


def _print_said(console: Console, said: Disposition | None) -> None:
    if said is not None:
        _line(console, f"    处置：{_said(said)}")


def _said(said: Disposition) -> str:
    who = f"{said.by.name}（{POSTS[said.by.post]}）"
    return f"{OPINIONS[said.opinion]}，{said.reason}  {who}"


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False)


def print_changes(comparison: Comparison) -> None:
    """Print each difference in a line, those of attachments last."""
    for change in comparison.changes:
        print(describe(change))
    for attached in comparison.attachments:
        print(f"附件“{attached.name}”：{_CHANGED[attached.kind]}。")


def history(number: Number, person: As) -> None:
    """查看一件的全部审查记录。"""
    with joined() as installation:
        look.see(installation.desk, number, person=person)
        for one in records.history(installation.desk, number):
            by = one.statement.event.by
            print(
                f"{one.entry.index:>6}  {clock.stamp(one.statement.at)[:19]}"
                f"  {records.word_of(one.statement.kind)}"
                f"  {by.name}（{POSTS[by.post]}）"
            )


def diff(number: Number, person: As) -> None:
    """查看这一轮与上一轮的不同。"""
    with joined() as installation:
        comparison = look.changes_since(installation.desk, number, person=person)
    if comparison is None:
        print("没有可以比较的上一轮。")
        return
    if comparison.same:
        print("与上一轮的内容相同。")
    print_changes(comparison)
