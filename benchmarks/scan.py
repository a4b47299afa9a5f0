"""Measures the scan: beside jieba, with a large lexicon, its start, its memory, its model.

Ratios are taken within one run, baseline and product in turn; the median of the rounds
counts. The scan of text is measured with the second look, which reads doubtful passages
by their meaning, and without it.

    python -m benchmarks.scan
"""

import dataclasses
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import jieba
import yaml

from benchmarks import material
from benchmarks.rows import Row, left_out
from review.detect.classifier import load_classifier
from review.detect.encoder import encoder
from review.normalize.passages import single_passage
from review.pipeline import Scanner
from review.resources import passage_model_folder

ROUNDS: Final = 5
FEWER: Final = 1  # to try it
_MB: Final = 1e6
_READ: Final = 40  # passages whose second look is timed


def main() -> None:
    """Measure, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows(*, quick: bool = False) -> list[Row]:
    """Return all of it for the table of figures."""
    jieba.setLogLevel(60)
    jieba.initialize()
    rounds = FEWER if quick else ROUNDS
    return [
        *text_rows(rounds),
        lexicon_row(rounds),
        *start_rows(rounds),
        *model_rows(rounds),
        *second_look_rows(),
    ]


def _in_turn(rounds: int, *runs: Callable[[], object]) -> list[float]:
    """Return the median seconds of each, run in turn."""
    times: list[list[float]] = [[] for _ in runs]
    for _ in range(rounds):
        for own, run in zip(times, runs, strict=True):
            began = time.perf_counter()
            run()
            own.append(time.perf_counter() - began)
    return [statistics.median(each) for each in times]


def text_rows(rounds: int) -> list[Row]:
    """Compare the whole scan of plain text with jieba tokenizing it."""
    shipped = load_classifier(passage_model_folder())
    whole = Scanner(classifier=shipped)
    first = Scanner(classifier=dataclasses.replace(shipped, second=None, about=None))
    found: list[Row] = []
    for name, text in (
        ("office text", material.office_text(1_000_000)),
        ("text dense with the lexicons' words", material.dense_text(500_000)),
    ):
        data, lines = text.encode(), text.split("\n")
        for one in (whole, first):
            one.scan(data[:6000], "warm.txt")
        looked_twice, once, tokens = _in_turn(
            rounds,
            lambda data=data: whole.scan(data, "a.txt"),
            lambda data=data: first.scan(data, "a.txt"),
            lambda lines=lines: [jieba.lcut(line) for line in lines],
        )
        size = len(data) / _MB
        beside = f"jieba.lcut {size / tokens:.2f} MB/s"
        # What was asked for is the scan of what offices write.
        asked = name == "office text"
        found += [
            Row(
                f"scan of {name}, without second looks / jieba",
                f"{once / tokens:.2f}",
                "<= 1" if asked else "",
                f"{size / once:.2f} MB/s; {beside}",
            ),
            Row(
                f"scan of {name}, with second looks / jieba",
                f"{looked_twice / tokens:.2f}",
                "<= 3" if asked else "",
                f"{size / looked_twice:.2f} MB/s; {beside}",
            ),
        ]
    return found


def lexicon_row(rounds: int) -> Row:
    """Compare a scan with 100,000 further terms with one without."""
    data = material.office_text(500_000).encode()
    with tempfile.TemporaryDirectory() as folder:
        _large_lexicon(Path(folder), material.words(100_000))
        large, shipped = Scanner(Path(folder)), Scanner()
    with_terms, without = _in_turn(
        rounds, lambda: large.scan(data, "a.txt"), lambda: shipped.scan(data, "a.txt")
    )
    figure = f"{with_terms / without:.2f}"
    beside = f"the shipped lexicons, {without:.1f} s"
    return Row("scan with 100,000 more terms / without", figure, "<= 1.5", beside)


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


def start_rows(rounds: int) -> list[Row]:
    """Measure start-up on one small docx, and the peak memory of a scan."""
    small = min((material.ROOT / "sample_docs").glob("*.docx"))
    seconds = [_scan_in_a_process(small)[0] for _ in range(rounds)]
    with tempfile.NamedTemporaryFile(suffix=".txt") as large:
        large.write(material.office_text(3_000_000).encode())
        large.flush()
        peak = _scan_in_a_process(Path(large.name))[1]
    start = f"{statistics.median(seconds):.2f} s"
    return [
        Row("start-up, one small docx", start, "<= 1.5 s", "whole process"),
        Row(
            "peak memory, 3 MB of text", f"{peak:.0f} MB", "<= 400 MB", "whole process"
        ),
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


def model_rows(rounds: int) -> list[Row]:
    """Measure the model: what it weighs, how long it takes to load."""
    folder = passage_model_folder()
    size = sum((folder / name).stat().st_size for name in ("model.npz", "model.json"))
    (seconds,) = _in_turn(rounds, lambda: load_classifier(folder))
    return [
        Row("the model's files", f"{size / _MB:.1f} MB", "<= 20 MB", "without encoder"),
        Row("the model loads", f"{seconds:.2f} s", "<= 0.3 s", "in a running process"),
    ]


def second_look_rows() -> list[Row]:
    """Measure how many passages are read a second time, and how long one takes."""
    scanner = Scanner()
    classifier = scanner.examiner.classifier
    reader = encoder()
    if classifier is None or reader is None:
        return left_out(
            "passages that get a second look", "no encoder for this machine"
        )
    texts = sorted({*material.office_text(1_000_000).split("\n")})
    signals = [scanner.examiner.signals(single_passage(one))[0] for one in texts]
    looked = sum(one.by_meaning for one in classifier.judge(signals))
    some = texts[:_READ]
    reader.vectors(some[:1])
    began = time.process_time()
    reader.vectors(some)
    each = (time.process_time() - began) / len(some)
    of = f"{looked} of {len(texts)} different public paragraphs of the drafts in the corpus"
    length = statistics.median(map(len, some))
    return [
        Row("passages that get a second look", f"{looked / len(texts):.1%}", "", of),
        Row(
            "a second look",
            f"{each * 1000:.0f} ms",
            "",
            f"of one processor; {len(some)} passages, {length:.0f} characters in the median",
        ),
    ]


if __name__ == "__main__":
    main()
