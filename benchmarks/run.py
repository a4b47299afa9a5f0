"""Measures every section of the table of figures, or some, and writes `docs/benchmarks.md`.

    python -m benchmarks.run [SECTION …] [--quick]

A section is measured in a process of its own: nothing that one has loaded weighs on the
next, and one that fails says so in its place and ends none of the others. What each says on
the way lies in `benchmarks/results/`. Nothing here is
asserted but that; the machine decides the seconds. `--quick` tries the measurements with
less of everything, prints them and writes nothing.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks import document, machine, material
from benchmarks.rows import AbsentError, holds, left_out
from benchmarks.sections import SECTIONS, section
from review import clock

_LONGEST: Final = 7200  # seconds until a section must hang
_INTO: Final = "--into"


def main() -> None:
    """Measure, print, write; exit 1 where a section failed."""
    words = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__)
    names = [one.name for one in SECTIONS]
    words.add_argument("sections", nargs="*", choices=[*names, []], metavar="SECTION")
    words.add_argument("--quick", action="store_true")
    words.add_argument(_INTO, type=Path, help=argparse.SUPPRESS)
    said = words.parse_args()
    if said.into:
        _measure(said.sections[0], said.into, quick=said.quick)
        return
    failed = False
    for name in said.sections or names:
        measured, whole = _apart(name, quick=said.quick)
        _print(name, measured)
        failed |= not whole
        if not said.quick:
            document.written({**document.known(), name: measured})
    sys.exit(failed)


def _measure(name: str, into: Path, *, quick: bool) -> None:
    """Measure a section here, and leave its rows in a file."""
    one = section(name)
    try:
        rows = list(one.rows(quick))
    except AbsentError as absent:
        rows = left_out(one.title, str(absent))
    for row in rows:
        holds(row)  # a figure that can't be compared is a fault of ours
    text = json.dumps([row._asdict() for row in rows], ensure_ascii=False)
    into.write_text(text, "utf-8")


def _apart(name: str, *, quick: bool) -> tuple[dict[str, Any], bool]:
    """Measure a section in a process of its own; tell whether it came to its end."""
    commit, at = machine.revision(), clock.now().isoformat(timespec="seconds")
    with tempfile.TemporaryDirectory(prefix="xianshen-bench-") as folder:
        into, log = Path(folder) / "rows.json", _log(name)
        command = [sys.executable, "-m", "benchmarks.run", name, _INTO, str(into)]
        with machine.watched() as seen, log.open("wb") as heard:
            done = subprocess.run(  # noqa: S603 - our own command
                command + ["--quick"] * quick,
                cwd=material.ROOT,
                check=False,
                stdout=heard,
                stderr=subprocess.STDOUT,
                timeout=_LONGEST,
            )
        whole = done.returncode == 0 and into.is_file()
        if whole:
            rows = json.loads(into.read_text("utf-8"))
        else:
            told = log.read_text("utf-8", "replace").strip()
            print(told[-4000:], file=sys.stderr)
            why = f"it failed; see benchmarks/results/{log.name}"
            rows = [row._asdict() for row in left_out(section(name).title, why)]
    measured = {
        "rows": rows,
        "at": at,
        "commit": commit,
        "machine": machine.described(),
        "others": round(seen.others, 3),
        "seconds": round(seen.seconds, 1),
    }
    return measured, whole


def _log(name: str) -> Path:
    """Return the file of what a section says while it is measured; no draft is in it."""
    folder = material.ROOT / "benchmarks" / "results"
    folder.mkdir(exist_ok=True)
    return folder / f"{name}.log"


def _print(name: str, measured: dict[str, Any]) -> None:
    others = f"{measured['others']:.0%} taken by other work"
    print(f"\n{name}: {measured['seconds']:.0f} s, {others}", flush=True)
    for row in document.rows_of(measured):
        word = {None: "", True: "reached", False: "MISSED"}[holds(row)]
        figure = f"{row.figure} {f'[{row.interval}]' if row.interval else ''}"
        print(
            f"  {row.name:<58} {figure:<24} {row.wanted:<10} {word:<8} {row.baseline}"
        )


if __name__ == "__main__":
    main()
