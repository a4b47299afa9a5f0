"""Measures what grows: the same questions to 10,000, 100,000 and a million cases.

`python -m benchmarks.load 10000 100000 1000000`, each on a PostgreSQL of its own. With
`--folder DIR` what was filled stays there and is used again. Times are medians; what is
asked once is one time. Prints a table, writes benchmarks/results/load.json, into which
runs with other sizes are added. A million cases need 40 GB and the better part of an hour.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from benchmarks import load_place, load_questions, material
from benchmarks.load_place import Place
from review.bootstrap import Installation, open_installation
from review.service.gate import sealed_facts
from review.service.papers import sheets
from review.store import engine as databases

ROUNDS: Final = 31
GATE_ROUNDS: Final = 500
_SLOW: Final = 2_000.0  # milliseconds: asked once or twice is enough then
_YEARLY_UP_TO: Final = 100_000
_TARGET: Final = material.ROOT / "benchmarks" / "results" / "load.json"
_SIZES: Final = """
    SELECT relname, pg_table_size(oid), pg_indexes_size(oid), reltuples::bigint
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY pg_total_relation_size(oid) DESC
"""
# The high-water mark of the process itself; `ru_maxrss` begins with its parent's.
_PROGRAM: Final = """
from pathlib import Path
from review.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
status = Path("/proc/self/status").read_text()
print(status.split("VmHWM:")[1].split()[0])
"""

Figures = dict[str, float]


def main() -> None:
    """Fill, measure, print, write."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("cases", type=int, nargs="*", default=[10_000, 100_000])
    reader.add_argument("--folder", type=Path)
    asked = reader.parse_args()
    for cases in asked.cases:
        folder = asked.folder / str(cases) if asked.folder else None
        with load_place.opened(cases, folder) as place:
            _write(cases, measured(place))
    _print(json.loads(_TARGET.read_text("utf-8")))


def measured(place: Place) -> dict[str, Any]:
    """Return times (ms), seconds of what is long, peaks (MB) and sizes (bytes)."""
    with open_installation(place.settings, via="benchmark") as installation:
        long = _long(installation, place)
        times = _times(installation, place)
    verify = _program(place, "records", "verify")
    backup = place.settings.data_dir / "load.xsb"
    made = _program(place, "backup", str(backup))
    size = backup.stat().st_size
    backup.unlink()
    long |= {"records verify": verify[0], "backup": made[0]}
    return {
        "made": place.made,
        "ms": times,
        "seconds": long,
        "megabytes": {"records verify": verify[1], "backup": made[1]},
        "bytes": _sizes(place)
        | {"backup": size, "witness": place.settings.witness_file.stat().st_size},
    }


def _times(installation: Installation, place: Place) -> Figures:
    desk = installation.desk
    found: Figures = {}
    for asked in (
        load_questions.registers,
        load_questions.looks,
        load_questions.steps,
    ):
        for name, once in asked(desk, place):
            found[name] = _median(once, ROUNDS)
            print(f"{name:<44}{found[name]:>10.2f} ms", file=sys.stderr)
    for name, once in load_questions.gate(desk, place):
        found[name] = _median(once, GATE_ROUNDS)
        print(f"{name:<44}{found[name]:>10.2f} ms", file=sys.stderr)
    return found


def _median(once: Callable[[], object], rounds: int) -> float:
    times: list[float] = []
    for _ in range(rounds):
        times.append(_seconds(once) * 1_000)
        if sum(times) > 5 * _SLOW:
            break
    return statistics.median(times)


def _long(installation: Installation, place: Place) -> Figures:
    desk = installation.desk
    found = {
        "gate, first walk along the ledger": _seconds(
            lambda: sealed_facts.write_down(desk)
        ),
        "gate, walk from what was written down": _seconds(
            lambda: sealed_facts.write_down(desk)
        ),
        "figures of a year": _seconds(lambda: load_questions.figures(desk)),
    }
    if place.cases <= _YEARLY_UP_TO:
        year = place.stories.year
        found["yearly return"] = _seconds(
            lambda: sheets.yearly_figures(desk, year=year, person="office00")
        )
    for name, seconds in found.items():
        print(f"{name:<44}{seconds:>10.2f} s", file=sys.stderr)
    return found


def _seconds(once: Callable[[], object]) -> float:
    began = time.perf_counter()
    once()
    return time.perf_counter() - began


def _program(place: Place, *words: str) -> tuple[float, float]:
    """Return seconds and peak megabytes of a command of the program's."""
    environ = {
        **os.environ,  # noqa: TID251 - a process of its own gets the same
        "XIANSHEN_DATA_DIR": str(place.settings.data_dir),
        "XIANSHEN_DATABASE_URL": place.settings.database_url.get_secret_value(),
    }
    began = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROGRAM, *words],
        check=True,
        capture_output=True,
        text=True,
        env=environ,
    )
    took = time.perf_counter() - began
    print(f"{' '.join(words[:2]):<44}{took:>10.1f} s", file=sys.stderr)
    return took, int(done.stdout.split()[-1]) / 1024


def _sizes(place: Place) -> Figures:
    engine = databases.make_engine(place.settings.database_url.get_secret_value())
    found: Figures = {}
    with engine.connect() as connection:
        for name, table, indexes, rows in connection.execute(text(_SIZES)):
            found |= {f"{name} table": table, f"{name} indexes": indexes}
            found[f"{name} rows"] = rows
    engine.dispose()
    return found


def _write(cases: int, figures: dict[str, Any]) -> None:
    report: dict[str, Any] = {}
    if _TARGET.exists():
        report = json.loads(_TARGET.read_text("utf-8"))
    report["machine"] = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    report.setdefault("cases", {})[str(cases)] = figures
    _TARGET.parent.mkdir(exist_ok=True)
    text_of = json.dumps(report, ensure_ascii=False, indent=1)
    _TARGET.write_text(text_of, "utf-8")


def _print(report: dict[str, Any]) -> None:
    sizes = sorted(report["cases"], key=int)
    print(report["machine"])
    print(f"{'':<44}" + "".join(f"{int(one):>13,}" for one in sizes))
    for unit in ("ms", "seconds", "megabytes", "bytes"):
        names = dict.fromkeys(
            name for one in sizes for name in report["cases"][one][unit]
        )
        for name in names:
            row = (report["cases"][one][unit].get(name) for one in sizes)
            cells = (f"{'-' if v is None else format(v, ',.1f'):>13}" for v in row)
            print(f"{name:<44}{''.join(cells)}  {unit}")


if __name__ == "__main__":
    main()
