"""Processes and what the kernel knows of them: who lives, and who dies with whom."""

import os
import resource
import signal
from pathlib import Path

from review.sandbox.confining import bind_to_parent

# In /proc/<pid>/stat after the name in brackets: state is first, start the 20th.
_STATE, _START = 0, 19


def this_place() -> str:
    """Return a name for this machine, as far as process ids mean the same.

    Another boot or another container is another place.
    """
    boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    space = Path("/proc/self/ns/pid").stat().st_ino
    return f"{boot}.{space}"


def holder_of(pid: int, place: str) -> str:
    """Return a name for a process that no other will ever have."""
    return f"{place}:{pid}:{_stat(pid)[_START]}"


def is_gone(holder: str) -> bool:
    """Tell whether a process of this machine has ended; a zombie has."""
    _, pid, start = holder.rsplit(":", 2)
    try:
        stat = _stat(int(pid))
    except (OSError, ValueError):
        return True
    return stat[_STATE] in {"Z", "X"} or stat[_START] != start


def die_with_parent(parent: int, how: signal.Signals) -> None:
    """Let the kernel send a signal to this process when its parent is gone."""
    bind_to_parent(how)
    if os.getppid() != parent:  # it was gone before
        os.kill(os.getpid(), how)


def address_space() -> int:
    """Return the bytes of memory that this process has mapped."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize()


def _stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    return text.rpartition(")")[2].split()
