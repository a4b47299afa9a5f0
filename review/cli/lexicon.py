"""`xianshen lexicon`: check, test, diff, import; the office's own, proposed and activated."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from review.cli.lexicon_diff import diff
from review.cli.lexicon_import import failure, import_rules
from review.cli.lexicon_office import activate, preview, propose, reject, versions
from review.detect.compile_lexicon import compile_lexicon, write_compiled
from review.detect.lexicon import Lexicon, load_lexicon
from review.detect.rule_tests import CoverageRow, coverage, run_examples
from review.normalize.segment import segmenter_for
from review.resources import lexicons_folder

lexicon = typer.Typer(
    help="词库：检查格式、自测、比较、导入；本单位词库的提出、预演、启用",
    no_args_is_help=True,
)

lexicon.command("diff")(diff)
lexicon.command("import")(import_rules)
for _each in (propose, preview, activate, reject, versions):
    lexicon.command(_each.__name__)(_each)

OwnFolder = Annotated[
    Path | None, typer.Option("--lexicons", help="本单位词库目录，叠加在随附词库之上")
]


def load(own: Path | None) -> Lexicon:
    """Load the shipped lexicons with an office's own laid over them."""
    return load_lexicon(lexicons_folder(), *([own] if own else []))


@lexicon.command()
def check(own: OwnFolder = None) -> None:
    """检查每个规则文件的格式，出错时指明文件和行。"""
    loaded = load(own)
    compile_lexicon(loaded)
    print(f"词库格式正确：{len(loaded.scopes)} 个规则文件，版本 {loaded.digest[:12]}")


@lexicon.command("coverage")
def show_coverage(own: OwnFolder = None) -> None:
    """列出每个条款对应的规则、词、句式和例文；有空行时以 1 退出。"""
    rows = coverage(load(own))
    table = Table("条款", "项", "内容", "规则文件", "词", "句式", "例文")
    for row in rows:
        table.add_row(*_cells(row), style="red" if row.empty else "")
    Console().print(table)
    empty = sum(row.empty for row in rows)
    print(f"条款和细项共 {len(rows)} 行，未覆盖 {empty} 行")
    if empty:
        raise typer.Exit(1)


def _cells(row: CoverageRow) -> tuple[str, ...]:
    return (
        row.clause,
        "" if row.item is None else str(row.item),
        row.about,
        "\n".join(row.rules) or "（缺）",
        str(row.terms),
        str(row.patterns),
        str(row.examples),
    )


@lexicon.command("test")
def run_tests(
    own: OwnFolder = None,
    only: Annotated[str, typer.Option(help="只测规则名含此文字的文件")] = "",
) -> None:
    """把每个规则文件里的例文当作测试运行。"""
    failed = run_examples(load(own), segmenter_for(), only=only)
    for one in failed:
        print(failure(one))
    print(f"不符 {len(failed)} 条" if failed else "全部例文符合预期")
    if failed:
        raise typer.Exit(1)


@lexicon.command("compile")
def compile_shipped() -> None:
    """把随附词库编译成 compiled.json，改过规则文件后运行。"""
    compiled = write_compiled(lexicons_folder())
    print(f"已编译 {len(compiled.rules)} 个规则，版本 {compiled.digest[:12]}")
