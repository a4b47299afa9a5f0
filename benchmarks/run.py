"""Runs every benchmark, prints a table, writes benchmarks/results/latest.json.

Ratios are taken within one run, baseline and product in turn; the median of
the rounds counts. Nothing here is asserted: the machine decides the seconds.
The gate, the workers and recognition are measured with fewer cases than by their own
programs (`python -m benchmarks.gate`, `.workers`, `.ocr`); the table names them.
"""

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import jieba
import yaml

from benchmarks import gate, material, ocr, pages, reading, register, workers
from review.pipeline import Scanner

ROUNDS = 5
RESULTS = material.ROOT / "benchmarks" / "results"
Row = tuple[str, str, str, str]


def main() -> None:
    """Measure, print, write."""
    jieba.setLogLevel(60)
    jieba.initialize()
    rows = [
        *text_rows(),
        *reading.rows(),
        *ocr.rows(),
        lexicon_row(),
        *start_rows(),
        *register.rows(),
        *gate.rows(),
        *workers.rows(),
        *pages.rows(),
    ]
    width = max(len(row[0]) for row in rows) + 12
    for name, figure, wanted, baseline in rows:
        print(f"{name:<{width}} {figure:>14}   {wanted:<14} {baseline}")
    RESULTS.mkdir(exist_ok=True)
    report = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "rounds": ROUNDS,
        "rows": [
            dict(zip(("name", "figure", "wanted", "baseline"), row, strict=True))
            for row in rows
        ],
    }
    target = RESULTS / "latest.json"
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def _paired(
    product: Callable[[], object], baseline: Callable[[], object]
) -> tuple[float, float]:
    """Return the median seconds of both, run in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for which, run in enumerate((product, baseline)):
            began = time.perf_counter()
            run()
            times[which].append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


def text_rows() -> list[Row]:
    """Compare the whole scan of plain text with jieba tokenizing it."""
    scanner = Scanner()
    rows: list[Row] = []
    for name, text in (
        ("office text", material.office_text(1_000_000)),
        ("text dense with the lexicons' words", material.dense_text(500_000)),
    ):
        data, lines = text.encode(), text.split("\n")
        scanner.scan(data[:6000], "warm.txt")
        scan, tokens = _paired(
            lambda data=data: scanner.scan(data, "a.txt"),
            lambda lines=lines: [jieba.lcut(line) for line in lines],
        )
        speed = f"{len(data) / 1e6 / scan:.2f} MB/s"
        rows.append(
            (
                f"scan of {name} / jieba",
                f"{scan / tokens:.2f}",
                "<= 1",
                f"{speed}; jieba.lcut",
            )
        )
    return rows


def lexicon_row() -> Row:
    """Compare a scan with 100,000 further terms with one without."""
    data = material.office_text(500_000).encode()
    with tempfile.TemporaryDirectory() as folder:
        _large_lexicon(Path(folder), material.words(100_000))
        large, shipped = Scanner(Path(folder)), Scanner()
    with_terms, without = _paired(
        lambda: large.scan(data, "a.txt"), lambda: shipped.scan(data, "a.txt")
    )
    figure = f"{with_terms / without:.2f}"
    return ("scan with 100,000 more terms", figure, "<= 1.5", "the shipped lexicons")


def _large_lexicon(folder: Path, terms: list[str]) -> None:
    """Write a rule file of an office's own with all the terms."""
    target = folder / "benchmark"
    target.mkdir()
    example = "这一段只用来满足格式要求，没有别的意思。"
    rule = {
        "clause": "001:12(18)",
        "label": "基准测试用词",
        "category": "plans",
        "tier": "work",
        "because": "只用于测量大词库的速度",
        "suggestion": "不作处理",
        "terms": terms,
        "examples": {"flagged": [example] * 3, "passing": [example] * 3},
        "added": "2026-11-22",
    }
    text = yaml.safe_dump(rule, allow_unicode=True, sort_keys=False)
    (target / "1-基准.yaml").write_text(text, "utf-8")


def start_rows() -> list[Row]:
    """Measure start-up on one small docx, and the peak memory of a scan."""
    small = min((material.ROOT / "sample_docs").glob("*.docx"))
    seconds = [_scan_in_a_process(small)[0] for _ in range(ROUNDS)]
    with tempfile.NamedTemporaryFile(suffix=".txt") as large:
        large.write(material.office_text(3_000_000).encode())
        large.flush()
        peak = _scan_in_a_process(Path(large.name))[1]
    start = f"{statistics.median(seconds):.2f} s"
    return [
        ("start-up, one small docx", start, "<= 1.5 s", "whole process"),
        ("peak memory, 3 MB of text", f"{peak:.0f} MB", "<= 400 MB", "whole process"),
    ]


# The high-water mark of the process itself; `ru_maxrss` begins with its parent's.
_PROGRAM = """
from pathlib import Path
from review.cli.main import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, 1), end.code
status = Path("/proc/self/status").read_text()
print(status.split("VmHWM:")[1].split()[0])
"""


def _scan_in_a_process(path: Path) -> tuple[float, float]:
    """Return the seconds and the peak memory (MB) of a scan by itself."""
    command = [sys.executable, "-c", _PROGRAM, "scan", "--quiet", str(path)]
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        command, check=True, capture_output=True, text=True
    )
    return time.perf_counter() - began, int(done.stdout.split()[-1]) / 1024


if __name__ == "__main__":
    main()
