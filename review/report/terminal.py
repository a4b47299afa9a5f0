"""The report on a terminal: one panel a file, gravest findings first."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from review.detect.interface import Finding
from review.pipeline import ScanReport
from review.report import words

_STYLES: Final = {"blocked": "bold red", "needs_review": "yellow", "clear": "green"}
_MARKS: Final = {
    "block": f"[bold red]■ {words.SEVERITIES['block']}[/]",
    "review": f"[yellow]▲ {words.SEVERITIES['review']}[/]",
    "notice": f"[blue]● {words.SEVERITIES['notice']}[/]",
}
_EXCERPT: Final = 80


def print_report(report: ScanReport, console: Console) -> None:
    """Print what was found in one file."""
    style = _STYLES[report.verdict]
    verdict = f"[{style}]{words.VERDICTS[report.verdict]}[/]"
    console.print(
        Panel(
            Group(*_body(report)),
            title=f"{escape(report.file)}  {verdict}",
            title_align="left",
            border_style=style.split()[-1],
        )
    )


def _body(report: ScanReport) -> list[RenderableType]:
    if report.error is not None:
        return [Text(f"未能读取：{report.error.message}", style="red")]
    lines: list[RenderableType] = [Text(_summary(report), style="dim")]
    findings = report.examination.findings if report.examination else ()
    for number, finding in _by_severity(findings):
        lines.append(_finding(number, finding))
    if report.gaps:
        lines.append(Text("未能检查的部分（须人工核对）：", style="magenta"))
        lines += [
            Padding(Text(f"{words.place(gap.where)}：{gap.message}"), (0, 0, 0, 2))
            for gap in report.gaps
        ]
    if report.verdict == "clear":
        lines.append(Text(words.DISCLAIMER, style="dim"))
    return lines


def _summary(report: ScanReport) -> str:
    kind = report.examination.kind if report.examination else None
    count = len(report.text.passages) if report.text else 0
    named = f"，文种：{kind.kind}" if kind else ""
    findings = report.examination.findings if report.examination else ()
    graver = sum(one.severity != "notice" for one in findings)
    return f"{report.format}，{count} 段{named}；疑点 {graver} 处，提示 {len(findings) - graver} 处"


def _by_severity(findings: Sequence[Finding]) -> list[tuple[int, Finding]]:
    numbered = list(enumerate(findings, start=1))
    return sorted(
        numbered,
        key=lambda pair: (words.GRAVEST_FIRST[pair[1].severity], -pair[1].score),
    )


def _finding(number: int, finding: Finding) -> RenderableType:
    level = f"（{words.LEVELS[finding.level]}级）" if finding.level else ""
    hidden = " [reverse]隐藏内容[/]" if finding.hidden else ""
    where = "全文" if finding.passage is None else words.place(finding.where)
    head = Text.from_markup(
        f"{_MARKS[finding.severity]} f{number} {words.TIERS[finding.tier]}{level}"
        f"  {escape(where)}{hidden}  [dim]依据 {'、'.join(finding.clauses)}"
        f"  可能性 {finding.score:.0%}[/]"
    )
    lines = [head]
    if finding.text.strip():
        lines.append(Text(f"  “{words.excerpt(finding.text, _EXCERPT)}”", style="bold"))
    lines.append(Text(f"  {finding.reason}"))
    if finding.releasable_when:
        lines.append(Text(f"  何时可公开：{finding.releasable_when}", style="dim"))
    if finding.suggestion:
        lines.append(Text(f"  建议：{finding.suggestion}", style="dim"))
    return Padding(Group(*lines), (1, 0, 0, 0))
