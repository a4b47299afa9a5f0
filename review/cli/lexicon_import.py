"""`xianshen lexicon import`: rule files out of an office's spreadsheet."""

from pathlib import Path
from typing import Annotated

import typer

from review.detect.lexicon import Lexicon, load_lexicon
from review.detect.lexicon_import import (
    Import,
    ImportedRule,
    failures_of,
    read_rules,
    write_rules,
)
from review.detect.lexicon_template import write_template
from review.detect.rule_tests import FailedExample
from review.errors import UsageError
from review.normalize.segment import segmenter_for
from review.resources import lexicons_folder


def import_rules(
    file: Annotated[
        Path | None, typer.Argument(help="填好的 .xlsx，只读第一张工作表")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="写入的本单位词库目录")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", help="写出空白模板，不导入")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="替换已有的同名规则文件")
    ] = False,
) -> None:
    """由表格生成规则文件；有一处不对就一个文件也不写。退出码：0 全部合格，1 有问题。"""
    if template is not None:
        _write_template(template, file)
        return
    if file is None or output is None:
        raise UsageError(
            "请给出表格和写入的目录：xianshen lexicon import 规则.xlsx -o 词库目录；"
            "空白模板用 --template 规则.xlsx"
        )
    taken = set() if replace else _names(output)
    found = read_rules(file, _load(output), taken)
    for remark in (*found.remarks, *_overlaid(found.rules, output)):
        print(f"提醒：{remark}")
    if found.problems:
        _refuse(found)
    write_rules(found.rules, output)
    _report(found.rules, output)


def _write_template(template: Path, file: Path | None) -> None:
    if file is not None:
        raise UsageError("--template 只写出空白模板，不能同时导入表格")
    write_template(template, load_lexicon(lexicons_folder()))
    print(f"已写出模板 {template}")


def _load(folder: Path) -> Lexicon:
    own = [folder] if folder.is_dir() else []
    return load_lexicon(lexicons_folder(), *own)


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")}


def _overlaid(rules: tuple[ImportedRule, ...], output: Path) -> list[str]:
    """Return which shipped rules the new ones would replace when laid over."""
    shipped = lexicons_folder()
    if output.resolve() == shipped.resolve():
        return []
    return [
        f"第 {rule.row} 行将取代随附词库里的同名规则 {rule.name}"
        for rule in rules
        if (shipped / rule.name).exists()
    ]


def _refuse(found: Import) -> None:
    for problem in found.problems:
        print(problem.text)
    print(f"共 {len(found.problems)} 处问题，没有写入任何文件")
    raise typer.Exit(1)


def _report(rules: tuple[ImportedRule, ...], output: Path) -> None:
    for rule in rules:
        print(f"已写入 {output / rule.name}")
    idle = sum(rule.file.status != "active" for rule in rules)
    if idle:
        print(f"其中 {idle} 条未启用，例文没有运行")
    failed = failures_of(rules, _load(output), segmenter_for())
    for one in failed:
        print(failure(one))
    print(
        f"例文不符 {len(failed)} 条，请修改后加 --replace 再导入"
        if failed
        else f"共 {len(rules)} 个规则文件，全部例文符合预期"
    )
    if failed:
        raise typer.Exit(1)


def failure(one: FailedExample) -> str:
    """Return in a line which example came out otherwise than its rule says, and how."""
    wanted = "应标出而未标出" if one.expected == "flagged" else "应放过却标出"
    return f"{one.rule}.yaml：{wanted}（{one.points:g} 分）：{one.text}"
