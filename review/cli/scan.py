"""`xianshen scan`: drafts go in, an explained report comes out."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track

from review import digests
from review.cli.files import STDIN, Source, sources
from review.cli.model_here import classifier_of
from review.errors import CorruptError, UsageError
from review.pipeline import Scanner, ScanReport
from review.reading import reader_of
from review.report.as_json import findings_as_json, report_as_json
from review.report.terminal import print_report
from review.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

EXIT_FOUND = 1
EXIT_UNREADABLE = 3
_LONGEST_NAME = 200
# Stands for the slash in the name of a page, so that a/b and a_b differ.
_SLASH = "／"


class Format(StrEnum):
    """How the report comes out."""

    TEXT = "text"
    JSONL = "jsonl"
    HTML = "html"


def scan(
    paths: Annotated[
        list[str] | None, typer.Argument(help="文件或文件夹，- 表示标准输入")
    ] = None,
    form: Annotated[
        Format,
        typer.Option(
            "--format", help="text 终端报告，jsonl 每个文件一行，html 每个文件一页"
        ),
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="html 报告写入的文件夹")
    ] = None,
    passages: Annotated[
        str | None,
        typer.Option(
            "--passages", help="逐段检查：JSONL 文件，每行含 id 和 text，- 表示标准输入"
        ),
    ] = None,
    own: Annotated[
        Path | None, typer.Option("--lexicons", help="本单位词库目录")
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=1, help="同时检查的进程数")] = 1,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="不显示进度和报告正文，只看退出码")
    ] = False,
) -> None:
    """检查稿件。退出码：0 未发现疑点，1 有疑点或有未检查的部分，2 用法不对，3 有文件读不出。"""
    if passages is not None:
        raise typer.Exit(_scan_passages(passages, own, quiet=quiet))
    if not paths:
        raise UsageError("请给出要检查的文件或文件夹，例如：xianshen scan 通知.docx")
    if form is Format.HTML and output is None:
        raise UsageError("html 报告需要用 -o 指定写入的文件夹")
    files = sources(paths)
    if not files:
        # 0 would read as “nothing was found”.
        raise UsageError("没有可以检查的文件：文件夹是空的，或者只有跳过的文件。")
    reports: Iterable[ScanReport] = _reports(files, own, jobs)
    if not quiet and sys.stderr.isatty() and len(files) > 1:
        reports = track(
            reports, "检查中", total=len(files), console=Console(stderr=True)
        )
    worst = 0
    for report in reports:
        worst = max(worst, _exit_code(report))
        if not quiet or form is Format.HTML:
            _write(report, form, output, own)
    raise typer.Exit(worst)


def _exit_code(report: ScanReport) -> int:
    if report.error is not None:
        return EXIT_UNREADABLE
    return 0 if report.verdict == "clear" else EXIT_FOUND


def _write(
    report: ScanReport, form: Format, output: Path | None, own: Path | None
) -> None:
    if form is Format.JSONL:
        print(json.dumps(report_as_json(report), ensure_ascii=False), flush=True)
    elif form is Format.HTML and output is not None:
        _write_page(report, output, own)
    else:
        print_report(report, Console())


def _write_page(report: ScanReport, output: Path, own: Path | None) -> None:
    from review.report.html import html_report  # noqa: PLC0415 - jinja2 only for html

    output.mkdir(parents=True, exist_ok=True)
    page = output / _page_name(report)
    page.write_text(html_report(report, _scanner(own).lexicon.about), "utf-8")
    Console(soft_wrap=True).print(f"已写入 {page}", markup=False, highlight=False)


def _page_name(report: ScanReport) -> str:
    """Return a file name of its own for each path."""
    if report.file == STDIN:
        return "标准输入.html"
    plain = report.file.strip("/").replace("/", _SLASH)
    if _SLASH not in report.file and len(plain.encode("utf-8")) <= _LONGEST_NAME:
        return f"{plain}.html"
    digest = digests.of_bytes(report.file.encode("utf-8", "replace"))[:8]
    return f"{Path(report.file).name[-60:]}.{digest}.html"


# One scanner a process, loaded on first use and shared by its files.
_SCANNERS: dict[Path | None, Scanner] = {}


def _scanner(own: Path | None) -> Scanner:
    if own not in _SCANNERS:
        layers = [own] if own else []
        settings = load_settings()
        _SCANNERS[own] = Scanner(
            *layers, classifier=classifier_of(settings), reader=reader_of(settings)
        )
    return _SCANNERS[own]


def _reports(
    files: Sequence[Source], own: Path | None, jobs: int
) -> Iterator[ScanReport]:
    """Yield the reports in the order given."""
    if jobs == 1 or len(files) == 1:
        scanner = _scanner(own)
        yield from (_scan_one(scanner, file) for file in files)
        return
    _scanner(own)
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(_scan_in_pool, files, [own] * len(files))


def _scan_in_pool(file: Source, own: Path | None) -> ScanReport:
    return _scan_one(_scanner(own), file)


def _scan_one(scanner: Scanner, file: Source) -> ScanReport:
    try:
        data = file.data()
    except OSError as error:
        return ScanReport(
            file.name,
            "",
            None,
            0,
            scanner.versions,
            error=CorruptError(f"文件打不开（{error.strerror}），请检查权限后重试"),
        )
    return scanner.scan(data, file.name)


def _scan_passages(name: str, own: Path | None, *, quiet: bool) -> int:
    """Judge one passage a line; the exit code is 1 if any is flagged."""
    passages = [
        parsed_passage(line, f"{name} 第 {number} 行")
        for number, line in enumerate(_lines(name), start=1)
        if line.strip()
    ]
    scanner = _scanner(own)
    worst = 0
    silent = quiet or not sys.stderr.isatty()
    console = Console(stderr=True)
    for one in track(passages, "检查中", console=console, disable=silent):
        result = judge_passage(scanner, one)
        worst = max(worst, int(result["flag"]))
        if not quiet:
            print(json.dumps(result, ensure_ascii=False))
    return worst


def _lines(name: str) -> list[str]:
    if name != STDIN and not Path(name).is_file():
        raise UsageError(f"找不到文件：{name}")
    data = sys.stdin.buffer.read() if name == STDIN else Path(name).read_bytes()
    try:
        return data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} 不是 UTF-8 编码，请另存为 UTF-8 后重试") from error


def parsed_passage(line: str, place: str) -> dict[str, Any]:
    """Return the JSON object of one line; broken characters become `?`.

    Raises:
        UsageError: It is none, has no text, or a field of another type.
    """
    message = f"{place}不是含 id 和 text 的 JSON 对象"
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise UsageError(message) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise UsageError(message)
    for name in ("text", "title", "channel"):
        value = raw.get(name)
        if not isinstance(value, str | None):
            raise UsageError(f"{place}的 {name} 应为文字")
        raw[name] = (value or "").encode("utf-8", "replace").decode()
    return raw


def judge_passage(scanner: Scanner, raw: dict[str, Any]) -> dict[str, Any]:
    """Return what the contract says of one passage."""
    examination = scanner.scan_passage(
        raw["text"], title=raw["title"], channel=raw["channel"]
    )
    grave = [one for one in examination.findings if one.severity != "notice"]
    best = max(grave, key=lambda one: one.score, default=None)
    return {
        "id": raw.get("id"),
        "flag": bool(grave),
        "score": max(examination.probabilities, default=0.0),
        "category": best.category if best else None,
        "tier": best.tier if best else None,
        "clauses": list(dict.fromkeys(name for one in grave for name in one.clauses)),
        "findings": findings_as_json(examination.findings),
    }
