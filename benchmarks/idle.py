"""Measures an installation at rest: what all its processes take of memory together.

Everything that `xianshen serve` starts, a minute after it began: the site, the queue, the
workers. Shared pages count once (PSS).

    python -m benchmarks.idle
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import regex

from benchmarks.rows import Row
from tests.e2e.program import Program

WANTED: Final = 600.0  # MB
_REST: Final = 60.0  # seconds
_PSS: Final = regex.compile(r"(?m)^Pss:\s+(\d+) kB")


def main() -> None:
    """Measure, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows() -> list[Row]:
    """Return the memory for the table of figures."""
    with tempfile.TemporaryDirectory(prefix="xianshen-idle-") as folder:
        program = Program(Path(folder) / "data")
        began = time.perf_counter()
        with program.started():
            took = time.perf_counter() - began
            time.sleep(_REST)
            here = [one for one in _all() if _belongs(one, folder)]
            memory = sum(map(_megabytes, here))
    return [
        Row(
            "memory of an idle installation",
            f"{memory:.0f} MB",
            f"<= {WANTED:.0f} MB",
            f"{len(here)} processes, shared pages once (PSS)",
        ),
        Row(
            "from nothing to a site that answers",
            f"{took:.1f} s",
            "",
            "`xianshen serve`",
        ),
    ]


def _all() -> Iterator[Path]:
    return (one for one in Path("/proc").iterdir() if one.name.isdigit())


def _belongs(process: Path, folder: str) -> bool:
    """Tell whether it was started for that data folder, as its environment says."""
    try:
        said = (process / "environ").read_bytes()
    except OSError:
        return False
    return f"XIANSHEN_DATA_DIR={folder}/".encode() in said


def _megabytes(process: Path) -> float:
    try:
        said = (process / "smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    return sum(int(one) for one in _PSS.findall(said)) / 1024


if __name__ == "__main__":
    main()
