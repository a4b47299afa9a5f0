"""`xianshen lexicon propose` and on: the office's own lexicon, kept in versions."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from review import clock
from review.case.people import By
from review.cli.joined import As, joined, print_table, read_in
from review.detect.lexicon_edit import Action, Edit, Word, WordField
from review.detect.lexicon_sheet import spreadsheet_at
from review.errors import UsageError
from review.service.lexicons import preview as lexicon_preview
from review.service.lexicons import versions as lexicons
from review.service.lexicons.preview import Kept
from review.service.lexicons.proposal import Wanted
from review.upkeep.lexicons import STATES, LexiconVersion

Change = Annotated[str, typer.Argument(help="词库改动编号，例如 词0001")]
Reason = Annotated[str, typer.Option(help="理由")]

_XLSX = ".xlsx"
_SHORT = 12


def propose(
    person: As,
    reason: Reason,
    source: Annotated[
        Path | None,
        typer.Argument(help="规则文件所在的目录，或填好的 .xlsx 规则表"),
    ] = None,
    drop: Annotated[
        list[str] | None, typer.Option(help="删去本单位的一个规则文件，可多次")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="要改的规则名")] = None,
    add: Annotated[
        list[str] | None, typer.Option(help="给规则加词，可多次；分值写作 词*2")
    ] = None,
    remove: Annotated[list[str] | None, typer.Option(help="从规则删词，可多次")] = None,
    field: Annotated[
        WordField, typer.Option(help="加减的是哪一类词，默认事项词")
    ] = "terms",
    retire: Annotated[bool, typer.Option("--retire", help="停用规则")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="恢复启用规则")] = False,
    from_version: Annotated[
        str | None, typer.Option("--from", help="从以前的哪一版改起，例如 词0001")
    ] = None,
) -> None:
    """提出本单位词库的改动；启用之前，机检不变。"""
    flags: dict[Action, bool] = {"retire": retire, "resume": resume}
    edits = [
        *_words(rule, "add", field, add or []),
        *_words(rule, "remove", field, remove or []),
        *(
            Edit(rule=_named(rule), action=action)
            for action, asked in flags.items()
            if asked
        ),
    ]
    sheet = source if source and source.suffix.lower() == _XLSX else None
    wanted = Wanted(
        from_version=from_version,
        drop=tuple(drop or ()),
        files=_files(source) if source and sheet is None else (),
        sheet=spreadsheet_at(sheet) if sheet else None,
        edits=tuple(edits),
    )
    with joined() as installation:
        made = lexicons.propose(installation.desk, wanted, reason=reason, person=person)
    print(f"已提出 {made.change}，摘要 {made.digest[:_SHORT]}；下一步：")
    print(f"xianshen lexicon preview {made.change} --as {person}")


def preview(
    change: Change,
    person: As,
    drafts: Annotated[
        int, typer.Option(min=0, max=lexicon_preview.MOST_DRAFTS, help="比较几份稿件")
    ] = 50,
    last: Annotated[bool, typer.Option("--last", help="只看上一次的结果")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """预演：检查格式、运行例文、比较近期稿件。通过为 0，不能启用为 1。"""
    with joined() as installation:
        desk = installation.desk
        if last:
            kept = lexicon_preview.last_preview(desk, change, person=person)
        else:
            with Progress(transient=True) as progress:
                task = progress.add_task("预演", total=drafts)
                kept = lexicon_preview.preview(
                    desk,
                    change,
                    person=person,
                    drafts=drafts,
                    told=lambda done: progress.update(task, completed=done),
                )
    if as_json:
        print(json.dumps(lexicon_preview.as_json(kept), ensure_ascii=False, indent=2))
    else:
        _print(kept)
    if not kept.preview.sound:
        raise typer.Exit(1)


def activate(
    change: Change,
    person: As,
    seen: Annotated[
        str, typer.Option("--preview", help="您看过的预演的摘要，至少前 12 位")
    ],
) -> None:
    """启用一次改动；须由提出人以外的保密办审查员办理。"""
    with joined() as installation:
        desk = installation.desk
        kept = lexicon_preview.last_preview(desk, change, person=person)
        digest = kept.preview.digest
        # People type the first digits; the record has them all.
        whole = len(seen) >= _SHORT and digest.startswith(seen)
        preview_seen = digest if whole else seen
        made = lexicons.activate(desk, change, preview=preview_seen, person=person)
    print(f"已启用 {made.change}，词库版本 {(made.lexicons or '')[:_SHORT]}")


def reject(change: Change, person: As, reason: Reason) -> None:
    """退回一次改动；提出人也可以这样收回。"""
    with joined() as installation:
        made = lexicons.reject(installation.desk, change, reason=reason, person=person)
    print(f"已退回 {made.change}")


def versions(person: As) -> None:
    """列出本单位词库的各版。"""
    table = Table("编号", "状态", "摘要", "由哪版改来", "提出", "办理", "理由")
    with joined() as installation:
        for one in lexicons.versions(installation.desk, person=person):
            table.add_row(*_cells(one))
    print_table(table)


def _words(
    rule: str | None, action: Action, field: WordField, words: list[str]
) -> tuple[Edit, ...]:
    if not words:
        return ()
    found = tuple(_word(one) for one in words)
    return (Edit(rule=_named(rule), action=action, field=field, words=found),)


def _word(text: str) -> Word:
    word, star, weight = text.rpartition("*")
    if not star:
        return Word(text=text)
    try:
        return Word(text=word, weight=float(weight))
    except ValueError:
        raise UsageError(f"“{text}”的分值写法不对，应写作 词*2。") from None


def _named(rule: str | None) -> str:
    if rule is None:
        raise UsageError("请用 --rule 写明改哪一条规则。")
    return rule


def _files(folder: Path) -> tuple[tuple[str, bytes], ...]:
    if not folder.is_dir():
        raise UsageError(f"找不到目录或 .xlsx 规则表：{folder}")
    paths = sorted(folder.rglob("*.yaml"))
    if not paths:
        raise UsageError(f"目录里没有规则文件（.yaml）：{folder}")
    names = [path.relative_to(folder).as_posix() for path in paths]
    return tuple(
        (name, data) for name, (_, data) in zip(names, read_in(*paths), strict=True)
    )


def _print(kept: Kept) -> None:
    found = kept.preview
    if found.problem is not None:
        print(f"不能启用：{found.problem}")
    for file in found.files:
        print(f"{_HOWS[file.how]} {file.name}（{file.label}）")
        for line in file.changes:
            print(f"    {line}")
    for failed in found.failed:
        wanted = "应标出而未标出" if failed.expected == "flagged" else "应放过却标出"
        print(
            f"例文不符 {failed.rule}：{wanted}（{failed.points:g} 分）：{failed.text}"
        )
    print(f"比较 {found.examined} 份稿件，没有比较 {found.left_out} 份")
    for draft in found.drafts:
        for what, rules in (("多标出", draft.gained), ("少标出", draft.lost)):
            for rule, often in rules:
                print(f"  {draft.case} {what} {often} 处：{rule}")
    print("可以启用" if found.sound else "不能启用，请改正后重新提出")
    print(f"预演摘要 {found.digest}")


_HOWS = {"added": "新增", "removed": "删除", "changed": "改动"}


def _cells(one: LexiconVersion) -> tuple[str, ...]:
    decided = ""
    if one.decided_by is not None and one.decided_at is not None:
        decided = f"{_who(one.decided_by)} {clock.china_date(one.decided_at)}"
    because = f"；退回：{one.rejected_because}" if one.rejected_because else ""
    return (
        one.change,
        STATES[one.state],
        one.digest[:_SHORT],
        one.base or "",
        f"{_who(one.proposed_by)} {clock.china_date(one.proposed_at)}",
        decided,
        f"{one.reason}{because}",
    )


def _who(by: By) -> str:
    return f"{by.name}（{by.id}）"
