"""Measures the review page in a real Chromium: a draft of 100 pages with 200 findings.

How long until somebody can work on it, and how long a disposition takes until it is
answered and until it is seen. The whole program runs beside the browser on the same
machine: the site, its queue, its worker. Prints a table, writes
benchmarks/results/pages.json.

Needs Debian's chromium (`apt-get install chromium fonts-noto-cjk`).
"""

import asyncio
import json
import platform
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks import material
from benchmarks.rows import AbsentError, Row
from tests.e2e import drafts
from tests.e2e.college import College, File, entering
from tests.e2e.program import Program, chromium
from tests.e2e.window import Window

PAGES: Final = 100
FINDINGS: Final = 200
OPENED: Final = 9  # times; the first warms the server up
DISPOSED: Final = 40
WANTED_USABLE, WANTED_ANSWER = 1_500, 150

# Usable is when the first finding is open with its form: the scripts have run by then.
_WATCH: Final = """
(() => {
  const look = () => {
    if (!window.__usable && document.querySelector('li.card form.judge textarea'))
      window.__usable = performance.now();
    const picture = document.querySelector('.pages img, .pages image');
    if (!window.__pictured && picture && picture.complete !== false)
      window.__pictured = performance.now();
    if (!window.__usable || !window.__pictured) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
_ASK: Final = """
() => new Promise((resolve) => {
  const ask = () => window.__usable && window.__pictured
    ? resolve([window.__usable, window.__pictured]) : setTimeout(ask, 20);
  ask();
})
"""
# Presses the button as a person does; says how long until the answer and until it shows.
_DISPOSE: Final = """
() => new Promise((resolve) => {
  const form = document.querySelector('li.card form.judge');
  const word = form.closest('.card').querySelector('[data-state-word]');
  form.querySelector('input[value=not_sensitive]').click();
  form.elements.reason.value = '是对外公布的办公联系方式';
  performance.clearResourceTimings();
  const began = performance.now();
  form.querySelector('button.main').click();
  const look = () => {
    if (word.textContent === '未处置' && word.isConnected) return requestAnimationFrame(look);
    const seen = performance.now() - began;
    const told = () => {
      const sent = performance.getEntriesByType('resource')
        .find((one) => one.name.endsWith('/disposition'));
      if (!sent) return setTimeout(told, 20);
      resolve([sent.responseEnd - sent.requestStart, seen]);
    };
    told();
  };
  requestAnimationFrame(look);
})
"""


def main() -> None:
    """Measure, print, write."""
    if chromium() is None:
        sys.exit("no Chromium: apt-get install chromium fonts-noto-cjk")
    report = served()
    for name, figure in report["rows"].items():
        print(f"{name:<52}{figure}")
    target = material.ROOT / "benchmarks" / "results" / "pages.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")


def rows() -> list[Row]:
    """Return what counts of the pages for the table of all benchmarks.

    Raises:
        AbsentError: There is no browser.
    """
    if chromium() is None:
        raise AbsentError("no Chromium (apt-get install chromium fonts-noto-cjk)")
    report = served()
    size = f"{PAGES} pages, {FINDINGS} findings, in Chromium"
    wanted = {"usable": WANTED_USABLE, "answered": WANTED_ANSWER}
    names = {"usable": "review page, usable", "answered": "a disposition, answered"}
    return [
        Row(names[one], _of(report[one]), f"<= {limit} ms", size)
        for one, limit in wanted.items()
    ]


def served() -> dict[str, Any]:
    """Start everything, and measure."""
    with tempfile.TemporaryDirectory(prefix="xianshen-pages-") as folder:
        program = Program(Path(folder) / "data")
        with program.started(), entering(program) as college:
            asyncio.events._set_running_loop(college.loop)  # noqa: SLF001 - as the tests do
            report = measured(college)
            asyncio.events._set_running_loop(None)  # noqa: SLF001 - likewise
    return report


def measured(college: College) -> dict[str, Any]:
    """Hand the draft in, open it again and again, dispose of some of its findings."""
    each = FINDINGS // PAGES
    data = drafts.long_pdf(PAGES, phones_on=tuple(range(1, PAGES + 1)), each=each)
    number = college.submit("一百页的汇编", files=[File("汇编.pdf", data)])
    count = len(college.see(number)["rounds"][0]["report"]["findings"])
    window = college.window("zhang")
    window.page.add_init_script(_WATCH)
    opened = [_opened(window, f"/cases/{number}/review") for _ in range(OPENED)][1:]
    disposed = [_disposed(window) for _ in range(DISPOSED)]
    for wrong in college.close_windows():
        print(wrong, file=sys.stderr)
    return _report(count, opened, disposed)


def _opened(window: Window, path: str) -> tuple[float, float]:
    window.open(path)
    usable, pictured = window.page.evaluate(_ASK)
    return float(usable), float(pictured)


def _disposed(window: Window) -> tuple[float, float]:
    window.page.wait_for_selector("li.card form.judge textarea")
    answered, seen = window.page.evaluate(_DISPOSE)
    window.page.wait_for_load_state("networkidle")
    return float(answered), float(seen)


def _report(
    count: int,
    opened: list[tuple[float, float]],
    disposed: list[tuple[float, float]],
) -> dict[str, Any]:
    usable, pictured = (sorted(each) for each in zip(*opened, strict=True))
    answered, seen = (sorted(each) for each in zip(*disposed, strict=True))
    rows = {
        f"review page, {PAGES} pages, {count} findings, usable": f"{_of(usable)} (<= {WANTED_USABLE})",
        "… its first page is drawn": _of(pictured),
        "a disposition is answered": f"{_of(answered)} (<= {WANTED_ANSWER})",
        "… and is seen": _of(seen),
    }
    return {
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "rows": rows,
        "usable": usable,
        "pictured": pictured,
        "answered": answered,
        "seen": seen,
    }


def _of(times: list[float]) -> str:
    return f"{statistics.median(times):.0f} ms, worst {times[-1]:.0f}"


if __name__ == "__main__":
    main()
