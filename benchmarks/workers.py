"""Measures the workers: scans a second with one and two, and what survives their being killed.

First the same drafts, of the size and kinds that an office hands in, with one
worker and with two, in turn: what counts is the ratio. Then a thousand mixed
drafts handed in at once, while two workers are killed and the queue is flushed:
each must end in the right state, with one report, and none be lost. Prints a
table, writes benchmarks/results/workers.json.
"""

import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import redis

from benchmarks import material
from benchmarks.rows import Row
from review.bootstrap import install, open_installation
from review.case.case import Stage
from review.ports.records import RegisterQuery
from review.queue.embedded import EmbeddedServer
from review.service.cases import submit
from review.service.desk import Desk
from review.service.record import records
from review.service.upkeep import background
from review.settings import Settings
from tests.service import site as sites
from tests.service.site import BROKEN, MARKED, docx, draft, page

Expected = dict[str, Stage]
SPEED_DRAFTS: Final = 200
ROUNDS: Final = 3
MANY: Final = 1000
# To try it: fewer.
FEWER_SPEED: Final = 60
FEWER: Final = 200
_WANTED: Final = 1.7
_SIZES: Final = (1_500, 3_000, 6_000, 12_000, 24_000)  # bytes: notices to reports
_PDF_PAGES: Final = 4
_LIMIT: Final = 3600  # seconds until something must be wrong
_ALL: Final = RegisterQuery(limit=100_000)


@dataclass(frozen=True, slots=True)
class Survival:
    """What became of many drafts while workers were killed and the queue flushed."""

    drafts: int
    right: int
    lost: int
    doubled: int
    killed: int
    flushed: int
    seconds: float


def main() -> None:
    """Measure, print, write."""
    speeds = speed()
    survival = survive()
    found = [*_speed_rows(speeds, SPEED_DRAFTS), *_survival_rows(survival)]
    for name, figure, wanted, baseline in found:
        print(f"{name:<52} {figure:>14}   {wanted:<14} {baseline}")
    report = {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "scans_a_second": {str(count): each for count, each in speeds.items()},
        "survival": asdict(survival),
    }
    folder = material.ROOT / "benchmarks" / "results"
    folder.mkdir(exist_ok=True)
    text = json.dumps(report, ensure_ascii=False, indent=1)
    (folder / "workers.json").write_text(text, "utf-8")
    print(text)


def rows(speed_drafts: int = SPEED_DRAFTS, many: int = MANY) -> list[Row]:
    """Return both measurements for the table of all benchmarks."""
    return [
        *_speed_rows(speed(speed_drafts), speed_drafts),
        *_survival_rows(survive(many)),
    ]


def speed(count_of_drafts: int = SPEED_DRAFTS) -> dict[int, list[float]]:
    """Return the scans a second of one worker and of two, in turn, a figure a round."""
    drafts = [real_draft(number) for number in range(count_of_drafts)]
    found: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for count, figures in found.items():
            figures.append(_scans_a_second(drafts, count))
    return found


def _scans_a_second(drafts: Sequence[submit.Draft], count: int) -> float:
    with _college() as (settings, _):
        with open_installation(settings, via="benchmark") as installation:
            for one in drafts:
                submit.submit(installation.desk, one, person="zhang")
        words, environ = _words("--count", str(count), "--burst"), _environ(settings)
        subprocess.run(words, check=True, env=environ)  # noqa: S603 - our own program
        with open_installation(settings, via="benchmark") as installation:
            desk = installation.desk
            with desk.store.reading() as looking:
                rows = looking.register(_ALL)
                tasks = [looking.tasks.last("scan", one.number) for one in rows]
        began = min(one.started_at for one in tasks if one and one.started_at)
        ended = max(one.finished_at for one in tasks if one and one.finished_at)
        return len(tasks) / (ended - began).total_seconds()


def survive(many: int = MANY) -> Survival:
    """Hand in many drafts at once, kill two workers, flush the queue; count what is left."""
    with _college(workers=2) as (settings, server):
        expected: Expected = {}
        with open_installation(settings, via="benchmark") as installation:
            for number in range(many):
                one, stage = _mixed_draft(number)
                case = submit.submit(installation.desk, one, person="zhang")
                expected[case.number] = stage
            began = time.monotonic()
            program = subprocess.Popen(_words(), env=_environ(settings))  # noqa: S603 - our own program
            try:
                for part in (many // 4, many // 2):
                    _until(installation.desk, many - part)
                    _kill_a_worker(program.pid)
                    redis.Redis.from_url(server.url).flushall()
                _until(installation.desk, 0)
                seconds = time.monotonic() - began
            finally:
                program.terminate()
                program.wait()
            return _counted(installation.desk, expected, seconds)


def _counted(desk: Desk, expected: Expected, seconds: float) -> Survival:
    records.check(desk)
    with desk.store.reading() as looking:
        stages = {one.number: one.stage for one in looking.register(_ALL)}
    scanned = {
        number: Counter(one.statement.kind for one in records.history(desk, number))[
            "case.scanned"
        ]
        for number in expected
    }
    return Survival(
        drafts=len(expected),
        right=sum(stages.get(number) == stage for number, stage in expected.items()),
        lost=sum(number not in stages or not scanned[number] for number in expected),
        doubled=sum(each > 1 for each in scanned.values()),
        killed=2,
        flushed=2,
        seconds=seconds,
    )


def _until(desk: Desk, left: int) -> None:
    """Wait until so few drafts are at the machine, and no task is open at the end."""
    end = time.monotonic() + _LIMIT
    while time.monotonic() < end:
        with desk.store.reading() as looking:
            waiting = looking.counts(None).get("scanning", 0)
        if waiting <= left and (left or background.is_idle(desk)):
            return
        time.sleep(0.1)
    raise TimeoutError(f"{left} drafts were never reached")


def _kill_a_worker(parent: int) -> None:
    """Kill a worker that is at work, so that its task dies with it."""
    for _ in range(10_000):
        for child in _children(parent):
            if _children(child):
                os.kill(child, signal.SIGKILL)
                return
        time.sleep(0.001)
    raise TimeoutError("no worker was at work")


def _children(pid: int) -> list[int]:
    below = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in below.read_text().split()] if below.exists() else []


@contextmanager
def _college(**chosen: int) -> Iterator[tuple[Settings, EmbeddedServer]]:
    with tempfile.TemporaryDirectory(prefix="xianshen-bench-") as folder:
        settings = Settings(data_dir=Path(folder), demo=False, **chosen)  # type: ignore[arg-type]  # - numbers
        install(settings)
        server = EmbeddedServer(settings.data_dir)
        server.start()
        with open_installation(settings, via="benchmark") as installation:
            sites.staff(installation.desk)
        try:
            yield settings, server
        finally:
            server.stop()


def _words(*words: str) -> list[str]:
    return [sys.executable, "-m", "worker", *words]


def _environ(settings: Settings) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251 - handed on
    return kept | {
        "XIANSHEN_DATA_DIR": str(settings.data_dir),
        "XIANSHEN_WORKERS": str(settings.workers),
    }


def real_draft(number: int) -> submit.Draft:
    """Return a draft as an office hands it in: most are text documents."""
    text = material.office_text(_SIZES[number % len(_SIZES)])
    text = f"{text}\n第{number}号\n"
    kind = number % 10
    if kind == 9:  # noqa: PLR2004 - one in ten
        return draft(_pdf(), name=f"附{number}.pdf")
    if kind >= 6:  # noqa: PLR2004 - three in ten
        return draft(page(text), name="正文.html")
    if kind >= 4:  # noqa: PLR2004 - two in ten
        return draft(text)
    return draft(docx(text), name="正文.docx")


def _mixed_draft(number: int) -> tuple[submit.Draft, Stage]:
    """Return a draft of any kind, and where the machine must leave it."""
    if number % 50 == 49:  # noqa: PLR2004 - one in fifty
        return draft(f"{MARKED}第{number}号\n"), "incident"
    if number % 10 == 8:  # noqa: PLR2004 - one in ten
        return draft(BROKEN + str(number).encode(), name="正文.docx"), "first_pass"
    return real_draft(number), "first_pass"


_PDF: Final[list[bytes]] = []


def _pdf() -> bytes:
    if not _PDF:
        _PDF.append(material.text_pdf(_PDF_PAGES))
    return _PDF[0]


def _speed_rows(speeds: dict[int, list[float]], drafts: int) -> list[Row]:
    one, two = (statistics.median(speeds[count]) for count in (1, 2))
    return [
        Row("scans a second, 1 worker", f"{one:.1f}/s", "", f"{drafts} drafts"),
        Row(
            "scans a second, 2 workers against 1",
            f"{two / one:.2f}x",
            f">= {_WANTED}x",
            f"{drafts} drafts, {two:.1f}/s",
        ),
    ]


def _survival_rows(found: Survival) -> list[Row]:
    what = f"{found.killed} workers killed, queue flushed {found.flushed} times"
    return [
        Row(
            f"{found.drafts} mixed drafts in the right state",
            f"{found.right}",
            f"= {found.drafts}",
            f"{what}, {found.seconds:.0f} s",
        ),
        Row("lost", f"{found.lost}", "= 0", what),
        Row("scanned twice, in the record", f"{found.doubled}", "= 0", what),
    ]


if __name__ == "__main__":
    main()
