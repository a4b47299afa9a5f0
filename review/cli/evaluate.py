"""`xianshen evaluate`: how well the scan does on labelled data."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from review.detect.combine import CATEGORY_NAMES
from review.evaluation.data import read_labelled
from review.pipeline import Scanner

_METHODS = {
    "both": "词库＋分类",
    "rules": "仅规则",
    "classifier": "仅分类",
    "keywords": "关键词对照",
}
_FIGURES = {
    "precision": "精确率",
    "recall": "召回率",
    "covert_recall": "隐性召回",
    "f1": "F1",
    "f2": "F2",
    "average_precision": "AP",
    "roc_auc": "AUC",
    "false_flag_rate": "误报率",
}


def evaluate(
    files: Annotated[
        list[Path], typer.Argument(help="标注数据：单段、整稿或号码用例的 JSONL")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    own: Annotated[
        Path | None, typer.Option("--lexicons", help="本单位词库目录")
    ] = None,
) -> None:
    """用标注数据评测：总体、规则、分类和关键词对照，按类别、层级、显隐、变体分列。"""
    from review.evaluation.identifiers import measure_identifiers  # noqa: PLC0415 - with the next
    from review.evaluation.judge import Judge  # noqa: PLC0415 - with the next
    from review.evaluation.measure import measure  # noqa: PLC0415 - scikit-learn is slow to import

    drafts, cases = read_labelled(files)
    result: dict[str, Any] = {}
    if drafts:
        judge = Judge(Scanner(*([own] if own else [])).examiner)
        judgements = [
            one
            for draft in track(
                drafts, "评测中", console=Console(stderr=True), disable=as_json
            )
            for one in judge.judge(draft)
        ]
        result = measure(judgements)
    if cases:
        result["identifiers"] = measure_identifiers(cases)
    if as_json:
        print(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        _print(result)


def _print(result: dict[str, Any]) -> None:
    console = Console()
    if "methods" in result:
        console.print(_overall(result))
        console.print(
            f"类别正确率 {result['category_accuracy']}，条款命中率 {result['clause_accuracy']}"
        )
        for name, title in (
            ("by_category", "按类别"),
            ("by_tier", "按层级"),
            ("by_overt", "按显隐"),
            ("by_variant", "按变体"),
        ):
            console.print(_grouped(title, result[name]))
    if "identifiers" in result:
        console.print(_identifiers(result["identifiers"]))


def _overall(result: dict[str, Any]) -> Table:
    table = Table(
        "方法",
        *_FIGURES.values(),
        title=f"总体（{result['passages']} 段，括号内为 95% 区间）",
    )
    for method, label in _METHODS.items():
        figures = result["methods"][method]
        table.add_row(label, *(_with_interval(figures, name) for name in _FIGURES))
    return table


def _with_interval(figures: dict[str, Any], name: str) -> str:
    interval = figures["intervals"].get(name)
    shown = _shown(figures[name])
    return f"{shown}\n({interval[0]:.2f}–{interval[1]:.2f})" if interval else shown


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _grouped(title: str, groups: dict[str, Any]) -> Table:
    table = Table(
        title,
        "不宜公开",
        "可公开",
        "召回",
        "误报",
        "AP",
        "规则召回",
        "规则误报",
        "分类召回",
        "分类误报",
        "关键词召回",
        "关键词误报",
    )
    for name, methods in groups.items():
        both = methods["both"]
        table.add_row(
            CATEGORY_NAMES.get(name, name),
            str(both["sensitive"]),
            str(both["public"]),
            _shown(both["recall"]),
            _shown(both["false_flag_rate"]),
            _shown(both["average_precision"]),
            *(
                _shown(methods[method][figure])
                for method in ("rules", "classifier", "keywords")
                for figure in ("recall", "false_flag_rate")
            ),
        )
    return table


def _identifiers(figures: dict[str, Any]) -> Table:
    table = Table("号码", "有效数", "召回率", "精确率", title="证件与号码")
    for kind, row in figures.items():
        table.add_row(
            kind, str(row["valid"]), _shown(row["recall"]), _shown(row["precision"])
        )
    return table
