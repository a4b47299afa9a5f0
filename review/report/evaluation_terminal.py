"""The figures of an evaluation on a terminal, and its worst mistakes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from review.report import evaluation_words as words


def print_evaluation(result: Mapping[str, Any], console: Console) -> None:
    """Print what `xianshen evaluate` found out, the mistakes last."""
    if "methods" in result:
        console.print(_overall(result))
        console.print(
            f"类别正确率 {_shown(result['category_accuracy'])}，"
            f"条款命中率 {_shown(result['clause_accuracy'])}"
        )
        console.print(_points(result["points"]))
        console.print(_calibration(result["calibration"]))
        if result["drafts"]:
            console.print(_drafts(result["drafts"]))
        for name, title in words.GROUPS.items():
            console.print(_grouped(title, result[name]))
    if "identifiers" in result:
        console.print(_identifiers(result["identifiers"]))
    for kind, own in result.get("errors", {}).items():
        console.print(
            Text(
                f"\n{words.MISTAKES[kind]}：共 {own['total']} 段，"
                f"列出 {len(own['worst'])} 段",
                style="bold",
            )
        )
        for mistake in own["worst"]:
            for line in _mistake(mistake):
                console.print(line, soft_wrap=True)


def _table(*columns: str, title: str | None = None) -> Table:
    """Return a table without lines, so that it fits eighty columns."""
    table = Table(
        title=title,
        box=None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title_justify="left",
    )
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at else "left", no_wrap=True)
    return table


def _overall(result: Mapping[str, Any]) -> Table:
    table = _table(
        "",
        *words.METHODS.values(),
        title=f"\n总体（{result['passages']} 段，右边是 95% 区间）",
    )
    for name, label in words.FIGURES.items():
        methods = (result["methods"][method] for method in words.METHODS)
        table.add_row(label, *(_with_interval(one, name) for one in methods))
    return table


def _with_interval(figures: Mapping[str, Any], name: str) -> str:
    interval = figures["intervals"].get(name)
    shown = _shown(figures[name])
    return f"{shown} {interval[0]:.2f}–{interval[1]:.2f}" if interval else shown


def _shown(value: float | None) -> str:
    return "—" if value is None else f"{value:.3f}"


def _points(points: Mapping[str, Any]) -> Table:
    table = _table(
        "工作点",
        "可能性",
        "标出",
        "精确率",
        "召回率",
        "隐性召回",
        "误报率",
        title="\n工作点",
    )
    figures = ("precision", "recall", "covert_recall", "false_flag_rate")
    for name in (one for one in words.POINTS if one in points):
        point = points[name]["point"]
        table.add_row(
            words.POINTS[name],
            "—" if point is None else f"{point:g}",
            str(points[name]["flagged"]),
            *(_shown(points[name][figure]["share"]) for figure in figures),
        )
    return table


def _calibration(calibration: Mapping[str, Any]) -> Table:
    table = _table("可能性", "Brier", "校准误差", title="\n可靠性")
    for method, own in calibration.items():
        table.add_row(
            words.METHODS[method],
            _shown(own["brier"]),
            _shown(own["calibration_error"]),
        )
    return table


def _drafts(drafts: Mapping[str, Any]) -> Table:
    title = f"\n整稿（{drafts['drafts']} 篇）"
    table = _table("", "数", "比例", title=title)
    for name, label in words.DRAFTS.items():
        own = drafts[name]
        table.add_row(label, f"{own['part']}/{own['whole']}", _shown(own["share"]))
    return table


def _grouped(title: str, groups: Mapping[str, Any]) -> Table:
    table = _table(
        "",
        "不宜\n公开",
        "可\n公开",
        "\n召回",
        "\n误报",
        "\nAP",
        *(
            f"{who}\n{what}"
            for who in ("规则", "分类", "对照")
            for what in ("召回", "误报")
        ),
        title=f"\n{title}",
    )
    for name, methods in groups.items():
        both = methods["both"]
        table.add_row(
            words.name_of(name),
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


def _identifiers(figures: Mapping[str, Any]) -> Table:
    table = _table("", "有效数", "召回率", "精确率", title="\n证件与号码")
    for kind, row in figures.items():
        table.add_row(
            words.IDENTIFIERS[kind],
            str(row["valid"]),
            _shown(row["recall"]),
            _shown(row["precision"]),
        )
    return table


def _mistake(mistake: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what there is to know of one mistake, a line each."""
    scores = mistake["scores"]
    head = "　".join([mistake["id"], *words.labels_of(mistake), *mistake["clauses"]])
    yield Text(
        f"\n{scores['both']:.3f}  {head}"
        f"（分类 {scores['classifier']:.3f}，规则 {scores['rules']:.3f}）",
        style="cyan",
    )
    yield Text(mistake["text"])
    if mistake["note"]:
        yield Text(f"  标注理由：{mistake['note']}", style="dim")
    for found in mistake["findings"]:
        yield Text(f"  标出：{_finding(found)}　{found['reason']}", style="dim")
    for found in mistake["exempted"]:
        yield Text(f"  放过：{_finding(found)}　{found['because']}", style="dim")
    yield Text(f"  抬高：{_words(mistake['pulled_up'])}", style="dim")
    yield Text(f"  压低：{_words(mistake['pulled_down'])}", style="dim")


def _finding(finding: Mapping[str, Any]) -> str:
    named = [words.found_by(finding), *finding["clauses"]]
    return f"{'　'.join(named)}（{finding['score']:.3f}）"


def _words(pulled: Sequence[tuple[str, float]]) -> str:
    return "　".join(f"{word} {weight:+.2f}" for word, weight in pulled) or "没有"
