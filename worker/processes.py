"""Processes and what the kernel knows of them: who lives, and who dies with whom."""

import ctypes
import os
import resource
import signal
from pathlib import Path
from typing import Final

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_LIBC: Final = ctypes.CDLL(None)  # the C library that is loaded anyway
# In /proc/<pid>/stat after the name in brackets: state is first, start the 20th.
_STATE, _START = 0, 19
_PRIVATE: Final = 0o077


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
    _LIBC.prctl(_DIE_WITH_PARENT, how)
    if os.getppid() != parent:  # it was gone before
        os.kill(os.getpid(), how)


def keep_private() -> None:
    """Let nothing that this process writes be read by others, and no core lie about."""
    os.umask(_PRIVATE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lower(what: int, warning: int, end: int) -> None:
    """Set a limit of this process, within the one that it was born with."""
    most = resource.getrlimit(what)[1]
    if most != resource.RLIM_INFINITY:
        warning, end = min(warning, most), min(end, most)
    resource.setrlimit(what, (warning, end))


def address_space() -> int:
    """Return the bytes of memory that this process has mapped."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    return pages * resource.getpagesize()


def _stat(pid: int) -> list[str]:
    text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    return text.rpartition(")")[2].split()
