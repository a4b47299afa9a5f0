"""What a process does to itself before it works on strange bytes, and how it confesses."""

import ctypes
import os
import resource
import signal
from pathlib import PurePath
from typing import Final

_DIE_WITH_PARENT: Final = 1  # PR_SET_PDEATHSIG
_LIBC: Final = ctypes.CDLL(None)  # the C library that is loaded anyway
_PRIVATE: Final = 0o077


def bind_to_parent(how: signal.Signals) -> None:
    """Let the kernel send a signal to this process when its parent is gone."""
    _LIBC.prctl(_DIE_WITH_PARENT, how)


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


def give_air() -> None:
    """Leave enough memory to say that there was too little."""
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def place_of(error: BaseException) -> str:
    """Return kind and place of an error; what it says may quote the draft."""
    place, trace = "", error.__traceback__
    while trace is not None:
        file = PurePath(trace.tb_frame.f_code.co_filename)
        place = f" in {file.parent.name}/{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"
