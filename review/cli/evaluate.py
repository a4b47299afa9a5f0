"""`xianshen evaluate`: how well the scan does on labelled data."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import track

from review import digests
from review.cli.model_here import classifier_here
from review.errors import UsageError
from review.evaluation.data import LabelledDraft, read_labelled
from review.evaluation.identifiers import measure_identifiers
from review.evaluation.judge import Judge
from review.evaluation.result import evaluation_result
from review.pipeline import Scanner
from review.report.evaluation_terminal import print_evaluation

# So many mistakes of each kind stand on the page if nothing else is asked for.
_ON_PAGE: Final = 100


def evaluate(
    files: Annotated[
        list[Path], typer.Argument(help="标注数据：单段、整稿或号码用例的 JSONL")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html", help="另写一页报告到这个文件，含错例原文（--errors 0 则不含）"
        ),
    ] = None,
    errors: Annotated[
        int | None,
        typer.Option(
            "--errors",
            min=0,
            help="列出错得最重的漏报和误报各几段，含原文；页上不说则各 100 段",
        ),
    ] = None,
    own: Annotated[
        Path | None, typer.Option("--lexicons", help="本单位词库目录")
    ] = None,
) -> None:
    """用标注数据评测：总体、规则、分类和关键词对照，按事项类别、类别、显隐、变体、条款分列。"""
    if html is not None:
        _forbid_overwriting(html, files)
    drafts, cases = read_labelled(files)
    scanner = Scanner(*([own] if own else []), classifier=classifier_here())
    result: dict[str, Any] = {
        "versions": dataclasses.asdict(scanner.versions),
        "data": [
            {"file": one.name, "sha256": digests.of_bytes(one.read_bytes())}
            for one in files
        ],
    }
    if drafts:
        most = errors if errors is not None else _ON_PAGE if html else 0
        result |= _judged(scanner, drafts, most, quiet=as_json)
    if cases:
        result["identifiers"] = measure_identifiers(cases)
    if html is not None:
        _write_page(html, result, scanner)
    if errors is None:
        result.pop("errors", None)
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        print_evaluation(result, Console())


def _judged(
    scanner: Scanner, drafts: Sequence[LabelledDraft], most: int, *, quiet: bool
) -> dict[str, Any]:
    judge = Judge(scanner.examiner)
    watched = track(drafts, "评测中", console=Console(stderr=True), disable=quiet)
    judged = [(one, judge.judge(one)) for one in watched]
    return evaluation_result(judge, judged, mistakes=most)


def _forbid_overwriting(page: Path, files: Sequence[Path]) -> None:
    if any(page.resolve() == one.resolve() for one in files):
        raise UsageError("--html 指定的文件就是标注数据，请换一个文件名")
    if not page.resolve().parent.is_dir():
        raise UsageError(f"没有这个文件夹：{page.parent}，请先建好")


def _write_page(page: Path, result: dict[str, Any], scanner: Scanner) -> None:
    from review.report.evaluation import evaluation_page  # noqa: PLC0415 - jinja2 only for html

    try:
        page.write_text(evaluation_page(result, scanner.lexicon.about), "utf-8")
    except OSError as error:
        raise UsageError(f"写不了 {page}（{error.strerror}）") from error
    Console(stderr=True, soft_wrap=True).print(
        f"已写入 {page}", markup=False, highlight=False
    )
