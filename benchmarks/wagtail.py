"""Measures what the gate adds to publishing a page in a real Wagtail.

Wagtail from PyPI in a process of its own with its SQLite, and the gate, all on this
machine. Pages are published in turn as they are, and with their kind exempt from being
guarded. What was added is the difference of the medians.

    python -m benchmarks.wagtail
"""

import json
import statistics
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest

from benchmarks.college import gate_in
from benchmarks.rows import AbsentError, Row
from tests.wagtail.wagtails import (
    VERSIONS,
    Wagtail,
    install_package,
    running,
    wagtail,
)
from tests.wordpress.gate import Gate

PAGES: Final = 60
FEWER: Final = 14  # to try it
WANTED: Final = 100.0  # ms that may be added
_LINE: Final = max(VERSIONS)
_WARM: Final = 3  # of each kind, that are not counted


def main() -> None:
    """Measure, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows(*, quick: bool = False) -> list[Row]:
    """Return what the gate adds for the table of figures.

    Raises:
        AbsentError: Wagtail can't be had.
    """
    with tempfile.TemporaryDirectory(prefix="xianshen-wagtail-") as name:
        folder = Path(name)
        package = folder / "package"
        try:
            site = wagtail(_LINE, install_package(package))
        except pytest.skip.Exception as error:
            raise AbsentError(str(error)) from error
        times = _measured(site, folder, FEWER if quick else PAGES)
    guarded, bare = (times[one][_WARM:] for one in ("guarded", "bare"))
    added = statistics.median(guarded) - statistics.median(bare)
    return [
        Row(
            "Wagtail: the gate adds to publishing, median",
            f"{added:.0f} ms",
            f"<= {WANTED:.0f} ms",
            f"exempt {statistics.median(bare):.0f} ms; slowest through the gate "
            f"{max(guarded):.0f} ms; {VERSIONS[_LINE]}",
        )
    ]


def _measured(site: Wagtail, folder: Path, pages: int) -> dict[str, list[float]]:
    """Run the site's process beside the gate, and do for it what the review does.

    Raises:
        RuntimeError: It ended without a word.
    """
    with gate_in(folder, callback_hosts=("127.0.0.1",)) as gate:
        home = folder / "site"
        home.mkdir()
        log = folder / "said.txt"
        said = {
            "folder": str(home),
            "address": "http://127.0.0.1",
            "xianshen": {
                "URL": gate.behind,
                "KEY": gate.cms.key.text,
                "WEBHOOK_SECRET": gate.cms.secret,
                "DEPARTMENT": "宣传部",
                "TIMEOUT": 20,
                "CALLBACK_URL": "https://127.0.0.1/xianshen/hook/",
            },
        }
        words = ["-m", "driver.timing", str(pages)]
        with running(words, site.environ(said), log) as process:
            found = _listened(process, gate)
        if not found:
            raise RuntimeError(log.read_text("utf-8")[-4000:])
        return found


def _listened(process: Any, gate: Gate) -> dict[str, list[float]]:
    """Clear what is to be cleared until the figures come; {} where none did."""
    found: dict[str, list[float]] = {}
    for text in process.stdout:
        if not text.startswith("@"):
            continue
        said = json.loads(text[1:])
        if said["do"] == "clear":
            gate.clear(said["case"])
        elif said["do"] == "times":
            found = {one: said[one] for one in ("guarded", "bare")}
        process.stdin.write("true\n")
        process.stdin.flush()
    return found


if __name__ == "__main__":
    main()
