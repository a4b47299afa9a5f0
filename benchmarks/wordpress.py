"""Measures what the gate adds to publishing a post in a real WordPress.

Debian's WordPress with its MariaDB, PHP's own web server and the gate, all on this
machine. In turn within one run, a post is published through the interface as the block
editor does it: with the plugin, which asks the gate, and with the plugin switched off.
What was added is the difference of the medians. Prints a table, writes
benchmarks/results/wordpress.json.

    python -m benchmarks.wordpress
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks import machine, material
from benchmarks.college import gate_in
from benchmarks.rows import AbsentError, Row
from tests.service.site import PRESS
from tests.wordpress import server
from tests.wordpress.desk import Desk
from tests.wordpress.ways import rest_nonce

POSTS: Final = 40
FEWER: Final = 14  # to try it
WANTED: Final = 100.0  # ms that may be added
_SECOND: Final = 1000.0
_BARE, _ADDED = "published without the plugin, median", "added, median"
_WARM: Final = 5  # of each kind, that are not counted


def main() -> None:
    """Measure, print, write."""
    missing = server.missing()
    if missing:
        sys.exit(f"missing: {missing}")
    with tempfile.TemporaryDirectory(prefix="xianshen-wordpress-") as folder:
        report = measured(Path(folder))
    for name, figure in report.items():
        print(f"{name:<40}{figure:>10.1f} ms")
    print(f"{'wanted: added, median':<40}{WANTED:>10.1f} ms")
    target = material.ROOT / "benchmarks" / "results" / "wordpress.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def rows(*, quick: bool = False) -> list[Row]:
    """Return what the gate adds for the table of figures.

    Raises:
        AbsentError: There is no WordPress, or not all that it needs.
    """
    missing = server.missing()
    if missing:
        raise AbsentError(f"missing: {missing}")
    with tempfile.TemporaryDirectory(prefix="xianshen-wordpress-") as folder:
        found = measured(Path(folder), FEWER if quick else POSTS)
    added, bare = found[_ADDED], found[_BARE]
    slowest = found["through the gate, slowest"]
    return [
        Row(
            "WordPress: the gate adds to publishing, median",
            f"{added:.0f} ms",
            f"<= {WANTED:.0f} ms",
            f"without the plugin {bare:.0f} ms; slowest through the gate {slowest:.0f} ms",
        )
    ]


def measured(folder: Path, count: int = POSTS) -> dict[str, float]:
    """Publish posts in turn with and without the gate; return medians in ms."""
    with gate_in(folder) as gate, server.started(folder, machine.free_port()) as site:
        desk = Desk(site, gate)
        desk.set_up(department=PRESS)
        desk.choose(url=gate.behind)  # no door before it
        posts = [desk.draft() for _ in range(count)]
        for one in posts[::2]:
            desk.cleared(one)
        nonce = rest_nonce(site.client("editor"))
        taken: dict[bool, list[float]] = {True: [], False: []}
        for at, one in enumerate(posts):
            asks = at % 2 == 0
            _switch(desk, on=asks)
            taken[asks].append(_publish(desk, one, nonce))
        _switch(desk, on=True)
        if not all(desk.is_public(one) for one in posts[::2]):
            raise RuntimeError("what was measured was not published")
    asked, bare = (statistics.median(taken[one][_WARM:]) for one in (True, False))
    return {
        _BARE: bare,
        "published through the gate, median": asked,
        _ADDED: asked - bare,
        "through the gate, slowest": max(taken[True][_WARM:]),
    }


def _publish(desk: Desk, number: int, nonce: str) -> float:
    client = desk.site.client("editor")
    began = time.perf_counter()
    answer = client.post(
        f"/wp-json/wp/v2/posts/{number}",
        json={"status": "publish"},
        headers={"X-WP-Nonce": nonce},
    )
    taken = time.perf_counter() - began
    if answer.json().get("status") != "publish":
        raise RuntimeError(answer.text[:500])
    return taken * _SECOND


def _switch(desk: Desk, *, on: bool) -> None:
    plugins = 'a:1:{i:0;s:21:"xianshen/xianshen.php";}' if on else "a:0:{}"
    desk.site.sql(
        "UPDATE wp_options SET option_value = ? WHERE option_name = 'active_plugins'",
        plugins,
    )


if __name__ == "__main__":
    main()
