"""Measures the publishing proxy: a page through it, and from the web server alone.

A published site, every page of it cleared, in a real nginx; before that the proxy's own
command with another nginx before it, as `integrations/nginx/` has them; the gate beside.
One reader asks for every page, from the bare nginx and through all of it, in turn.

    python -m benchmarks.proxy
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.college import cleared_site
from benchmarks.rows import AbsentError, Row
from review.settings import Settings
from tests.api.college import enter, install
from tests.proxy.behind_nginx import FRONT, SITE, Front, fronted, nginx_here
from tests.proxy.chain import chained

PAGES: Final = 500
FEWER: Final = 60  # to try it
ROUNDS: Final = 3
_OK: Final = 200


def main() -> None:
    """Measure, print."""
    for row in rows():
        print(*row, sep=" | ")


def rows(*, quick: bool = False) -> list[Row]:
    """Return the time of a page for the table of figures.

    Raises:
        AbsentError: There is no nginx.
    """
    nginx = nginx_here()
    if nginx is None:
        raise AbsentError("no nginx (apt-get install nginx-light)")
    pages = FEWER if quick else PAGES
    with (
        tempfile.TemporaryDirectory(prefix="xp-") as folder,
        _published(Path(folder), pages, nginx) as (front, paths),
    ):
        taken = _asked(front, paths, 1 if quick else ROUNDS)
    bare, whole = taken[SITE], taken[FRONT]
    size = f"{len(paths)} pages, one reader"
    return [
        Row(
            f"a page through the proxy, {what}",
            f"{one(whole):.1f} ms",
            "",
            f"bare nginx {one(bare):.2f} ms; {size}",
        )
        for what, one in (("median", statistics.median), ("95 of 100", _late))
    ]


def _late(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


@contextmanager
def _published(
    folder: Path, pages: int, nginx: str
) -> Iterator[tuple[Front, list[str]]]:
    """Let a cleared site be published behind the proxy; yield what may be served of it."""
    data, place = folder / "data", folder / "n"
    place.mkdir()
    with cleared_site(data, pages) as (cms, cleared, own):
        settings = Settings(data_dir=data, requests_per_minute=100_000)
        installation = install(cms.college, own, folder)
        with enter(cms.college, installation, settings) as college:
            chain = chained(college.app, cms, cleared, folder)
            with fronted(chain, place, nginx) as front, front.gate.open():
                fated = cleared.planted.suspect
                yield (
                    front,
                    [
                        one.path
                        for one in cleared.website.pages
                        if one.path not in fated
                    ],
                )


def _asked(front: Front, paths: list[str], rounds: int) -> dict[str, list[float]]:
    """Return how many milliseconds each answer took, by the way it was asked.

    Raises:
        RuntimeError: A page was not served.
    """
    taken: dict[str, list[float]] = {SITE: [], FRONT: []}
    for path in paths[:5] + paths * rounds:
        for via, times in taken.items():
            began = time.perf_counter()
            answer = front.get(path, via)
            times.append((time.perf_counter() - began) * 1000)
            if answer.status_code != _OK:
                raise RuntimeError(f"{via} {path}: {answer.status_code}")
    return {via: times[5:] for via, times in taken.items()}


if __name__ == "__main__":
    main()
