"""What a figure was measured on, and how busy other work kept it meanwhile."""

import ctypes
import os
import platform
import resource
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import regex

from benchmarks import material
from review import clock

_ADOPT: Final = 36  # PR_SET_CHILD_SUBREAPER
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Watched:
    """Filled when the block ends: what else kept the processors busy, as a share of them."""

    others: float = field(default=0.0)
    seconds: float = field(default=0.0)


@contextmanager
def watched() -> Iterator[Watched]:
    """Watch the processors while the block runs processes of ours, and waits for them."""
    # Databases leave their parent; they are ours all the same, and are counted when gone.
    ctypes.CDLL(None).prctl(_ADOPT, 1, 0, 0, 0)
    seen = Watched()
    began, (busy, every), own = _now(), _processors(), _own()
    yield seen
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    (busy_now, every_now), own_now = _processors(), _own()
    seen.seconds = _now() - began
    whole = max(1e-9, every_now - every)
    seen.others = min(1.0, max(0.0, (busy_now - busy) - (own_now - own)) / whole)


def _now() -> float:
    return clock.now().timestamp()


def _processors() -> tuple[float, float]:
    """Return for how many seconds all processors were busy, and were there."""
    line = Path("/proc/stat").read_text("ascii").partition("\n")[0]
    ticks = [int(one) for one in line.split()[1:9]]
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle) / _TICKS, sum(ticks) / _TICKS


def _own() -> float:
    used = [
        resource.getrusage(one)
        for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    return sum(one.ru_utime + one.ru_stime for one in used)


def free_port() -> int:
    """Return a port of this machine that nobody listens to now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def described() -> str:
    """Return this machine in a line."""
    info = Path("/proc/cpuinfo").read_text("utf-8", "replace")
    model = regex.search(r"(?m)^model name\s*:\s*(.+)$", info)
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return ", ".join(
        (
            model[1].strip() if model else platform.machine(),
            f"{os.cpu_count()} cores",
            f"{pages * size / 2**30:.0f} GB of memory",
            platform.freedesktop_os_release().get("PRETTY_NAME", platform.system()),
            f"Python {platform.python_version()}",
        )
    )


def revision() -> str:
    """Return the commit that is measured, with a + where files differ; '' if unknown."""
    with suppress(OSError, subprocess.CalledProcessError):
        head = _git("rev-parse", "--short=10", "HEAD")
        # What this very run writes is no difference.
        changed = _git("status", "--porcelain", "--", ".", ":!docs/benchmarks.*")
        return head + ("+" if changed else "")
    return ""


def _git(*words: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own words
        ["git", *words],  # noqa: S607 - wherever it is installed
        cwd=material.ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
