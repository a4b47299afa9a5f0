"""Measures reading: each format beside the bare library that takes the text out of it.

Both read the same bytes in the same run, in turn, by the seconds of one processor; the
median of the rounds counts. The bare library does that and nothing else: no hidden
content, no places, no properties. Then, by the clock, what a sandbox costs a file, and
the old formats through LibreOffice, where it is installed. Prints a table, writes
benchmarks/results/reading.json.
"""

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks import material, specimens
from benchmarks.bare import BARE
from benchmarks.rows import Row, left_out
from review.errors import UnreadableError, UnsupportedError
from review.extract.interface import Document
from review.extract.limits import Limits
from review.extract.read import read
from review.sandbox.convert import libreoffice
from review.sandbox.reader import SandboxReader

Clock = Callable[[], float]
ROUNDS: Final = 5
CONVERSIONS: Final = 3
_LEAST: Final = 0.02  # seconds that one measurement takes, of however many readings
_WANTED: Final = {"pdf": ">= 0.6"}
_SMALL: Final = 1024


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured of a format: processor seconds a file, of both."""

    format: str
    library: str | None
    unit: str
    count: int
    size: int
    own: float
    bare: float | None

    @property
    def ratio(self) -> float | None:
        """Return our speed by the bare library's."""
        return None if self.bare is None else self.bare / self.own

    def speed(self, seconds: float) -> str:
        """Return how much is read in a second where a file takes so many."""
        each, megabytes = self.count / seconds, self.size / 1e6 / seconds
        return f"{_short(each)} {self.unit}/s, {_short(megabytes)} MB/s"

    def row(self) -> Row:
        """Return the row of the table of all benchmarks."""
        if self.bare is None or self.ratio is None:
            return Row(
                f"read {self.format}", self.speed(self.own), "", "no bare library"
            )
        return Row(
            f"read {self.format} / {self.library}",
            f"{self.ratio:.2g}",
            _WANTED.get(self.format, ""),
            f"{self.speed(self.own)}; bare {self.speed(self.bare)}",
        )


@dataclass(frozen=True, slots=True)
class Slow:
    """Seconds a file of what another process does, and of the same work without ours."""

    what: str
    baseline: str
    own: float
    bare: float

    def row(self) -> Row:
        """Return the row of the table of all benchmarks."""
        bare = (
            f"{self.bare:.2f} s" if self.bare >= _LEAST else f"{self.bare * 1e3:.2g} ms"
        )
        return Row(self.what, f"{self.own:.2f} s", "", f"{self.baseline} {bare}")


@dataclass(frozen=True, slots=True)
class Left:
    """What this machine lacks a program for, and why."""

    what: str
    why: str

    def row(self) -> Row:
        """Return the row of the table of all benchmarks."""
        return left_out(self.what, self.why)[0]


def main() -> None:
    """Measure, print, write."""
    formats = list(measured(ROUNDS))
    processes = [*sandbox(ROUNDS), *old_formats(CONVERSIONS)]
    for each in (*formats, *processes):
        row = each.row()
        print(f"{row.name:<36} {row.figure:>28}   {row.baseline}")
    speeds = [one for one in formats if isinstance(one, Speed)]
    slow = [one for one in processes if isinstance(one, Slow)]
    report = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "rounds": ROUNDS,
        "formats": [asdict(one) | {"ratio": one.ratio} for one in speeds],
        "processes": [asdict(one) for one in slow],
    }
    target = material.ROOT / "benchmarks" / "results" / "reading.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def rows(rounds: int = ROUNDS, conversions: int = CONVERSIONS) -> list[Row]:
    """Return all of it for the table of all benchmarks; what is left out says why."""
    return [
        *(one.row() for one in measured(rounds)),
        *(one.row() for one in sandbox(rounds)),
        *(one.row() for one in old_formats(conversions)),
    ]


# --- against the bare libraries ---


def measured(rounds: int) -> Iterator[Speed | Left]:
    """Yield the speed of every format, once both have been seen to read all of it."""
    for kind in specimens.kinds():
        try:
            data = kind.make()
            _check(kind, data)
        except UnreadableError as error:
            yield Left(f"read {kind.format}", error.message)
            continue
        name, bare = BARE.get(kind.format, (None, None))
        own, other = _paired(
            lambda data=data: read(data, "draft"),
            None if bare is None else lambda data=data, bare=bare: bare(data),
            rounds,
        )
        yield Speed(kind.format, name, kind.unit, kind.count, len(data), own, other)


def _check(kind: specimens.Kind, data: bytes) -> None:
    """See to it that both read the format, to its end.

    Raises:
        ValueError: They would be measured at something else.
    """
    document = read(data, "draft")
    bare = BARE.get(kind.format, (None, None))[1]
    is_known = document.format == kind.format.partition(",")[0]
    if not is_known or not _ends(_text_of(document), kind.last):
        raise ValueError(f"{kind.format} is not read as such, or not to its end")
    if bare is not None and not _ends(bare(data), kind.last):
        raise ValueError(f"{kind.format} is not read to its end by the bare library")


def _text_of(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks)


def _ends(text: str, last: str) -> bool:
    return last in "".join(text.split())


def _paired(
    own: Callable[[], object],
    bare: Callable[[], object] | None,
    rounds: int,
    clock: Clock = time.process_time,
) -> tuple[float, float | None]:
    """Return the median seconds of both, run in turn."""
    times: list[tuple[float, float]] = [
        (_seconds(own, clock), 0.0 if bare is None else _seconds(bare, clock))
        for _ in range(rounds)
    ]
    first, second = (statistics.median(each) for each in zip(*times, strict=True))
    return first, None if bare is None else second


def _seconds(run: Callable[[], object], clock: Clock) -> float:
    """Return the seconds of one run, by as many as make a measurement."""
    began, runs = clock(), 0
    while True:
        run()
        runs += 1
        taken = clock() - began
        if taken >= _LEAST:
            return taken / runs


# --- in processes of their own ---


# The reader of an installation keeps a process ready; the first file waits for it.
_FIRST: Final = """
import sys, time
from review.extract.limits import Limits
from review.sandbox.reader import SandboxReader
data = sys.stdin.buffer.read()
began = time.perf_counter()
SandboxReader()(data, "draft", Limits())
print(time.perf_counter() - began)
"""


def sandbox(rounds: int) -> list[Slow]:
    """Return what a process of its own costs a small text: the first file, and others."""
    data = material.office_text(_SMALL).encode()[:_SMALL]
    data = data.decode(errors="ignore").encode()
    firsts = statistics.median(_first(data) for _ in range(rounds))
    apart = SandboxReader()
    apart(data, "draft", Limits())
    own, bare = _paired(
        lambda: apart(data, "draft", Limits()),
        lambda: read(data, "draft"),
        rounds,
        time.perf_counter,
    )
    what, baseline = "read 1 KB of text, in a sandbox", "in this process"
    return [
        Slow(f"{what}, the first", baseline, firsts, bare or 0.0),
        Slow(what, baseline, own, bare or 0.0),
    ]


def _first(data: bytes) -> float:
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", _FIRST], input=data, check=True, capture_output=True
    )
    return float(done.stdout)


def old_formats(rounds: int) -> list[Slow | Left]:
    """Return the seconds of old formats, whole and of LibreOffice alone.

    LibreOffice alone keeps its profile, and nobody reads what it makes.
    """
    found: list[Slow | Left] = []
    folder = libreoffice()
    if folder is None:
        return [Left("read doc and rtf", "no LibreOffice (soffice)")]
    with tempfile.TemporaryDirectory(prefix="xianshen-bench-") as name:
        room, apart = Path(name), SandboxReader()
        for ending in ("doc", "rtf"):
            try:
                data = _old_file(folder, room, ending)
                _check_old(apart(data, "draft", Limits()))
            except UnreadableError as error:
                found.append(Left(f"read {ending}", error.message))
                continue
            own, bare = _paired(
                lambda data=data: apart(data, "draft", Limits()),
                lambda e=ending: _converted(folder, room / f"a.{e}", "docx"),
                rounds,
                time.perf_counter,
            )
            what = f"read {ending}, {specimens.PAGES} pages, in a sandbox"
            found.append(Slow(what, "soffice --convert-to docx", own, bare or 0.0))
    return found


def _check_old(document: Document) -> None:
    """See to it that LibreOffice had its part in it, and that nothing is missing.

    Raises:
        UnsupportedError: The file was read roughly, without LibreOffice.
        ValueError: It was not read to its end.
    """
    for gap in document.gaps:
        raise UnsupportedError(gap.message)
    if not _ends(_text_of(document), specimens.last_of(specimens.PAGES)):
        raise ValueError(f"{document.format} is not read to its end")


def _old_file(folder: Path, room: Path, ending: str) -> bytes:
    """Leave a file of the old format in the room, and return it.

    Raises:
        UnsupportedError: This LibreOffice cannot write it.
    """
    target = room / f"a.{ending}"
    if ending == "rtf":
        target.write_bytes(specimens.rtf_file())
    else:
        source = room / "a.docx"
        source.write_bytes(specimens.docx_file())
        _converted(folder, source, ending)
    if not target.exists():
        raise UnsupportedError(f"this LibreOffice writes no {ending}")
    return target.read_bytes()


def _converted(folder: Path, source: Path, to: str) -> None:
    room = source.parent
    command = [
        str(folder / "soffice"),
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        "--headless",
        *("--convert-to", to, "--outdir", str(room), str(source)),
    ]
    subprocess.run(command, check=False, capture_output=True)  # noqa: S603 - our own words


def _short(value: float) -> str:
    """Return a number with no more figures than it is worth."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"  # noqa: PLR2004 - two figures


if __name__ == "__main__":
    main()
