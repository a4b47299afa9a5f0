"""Walls around a child: bubblewrap, where it is there and works.

Inside there is no network, no other process and no file but the program's own
and the system's libraries and fonts: neither keys nor drafts nor the database.
"""

import functools
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from review import __path__ as _own

_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
_OF_ETC: Final = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts")
_LIBRARIES: Final = frozenset({"site-packages", "dist-packages"})
_TRIAL: Final = 10  # seconds
_TRIAL_ROOM: Final = Path("/tmp/xianshen-trial")  # noqa: S108 - another one, inside the walls
_log: Final = logging.getLogger(__name__)


def walled(
    room: Path,
    sees: Iterable[Path] = (),
    *,
    programs: bool = False,
    sealed: bool = False,
) -> tuple[str, ...]:
    """Return what to put before a command so that it runs behind walls.

    `room` is where it starts, empty and its own; `sees` is what it may read besides.
    Where other `programs` work in there, they find devices, but no /proc: within a
    container none can be mounted. Where it is `sealed`, nothing can be written, and it
    does not end with the thread that starts it.
    Empty where bubblewrap is missing or forbidden here: then the limits alone hold.
    """
    program = bubblewrap()
    if program is None:
        return ()
    more = ("--dev", "/dev") if programs else ()
    return _walls(program, room, sees, more, sealed=sealed)


@functools.cache
def bubblewrap() -> str | None:
    """Return the program that builds the walls, if it works here; tried once a process."""
    program = shutil.which("bwrap")
    if program is None:
        _log.info("bubblewrap is not installed: sandboxes have limits and no walls")
        return None
    python = (sys.executable, "-I", "-c", "pass")
    try:
        subprocess.run(  # noqa: S603 - our own words
            (*_walls(program, _TRIAL_ROOM), *python),
            check=True,
            env={},
            timeout=_TRIAL,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        _log.info("bubblewrap does not work here: sandboxes have limits and no walls")
        return None
    return program


def _walls(
    program: str,
    room: Path,
    sees: Iterable[Path] = (),
    more: tuple[str, ...] = (),
    *,
    sealed: bool = False,
) -> tuple[str, ...]:
    readable = (*_SYSTEM, *_OF_ETC, *_program_folders(), *map(str, sees))
    return (
        program,
        "--unshare-all",
        *(() if sealed else ("--die-with-parent",)),
        *("--cap-drop", "ALL"),
        *(word for one in readable for word in ("--ro-bind-try", one, one)),
        *more,
        *("--tmpfs", str(room)),
        *(("--remount-ro", str(room), "--remount-ro", "/") if sealed else ()),
        *("--chdir", str(room)),
        "--",
    )


def _program_folders() -> tuple[str, ...]:
    """Return where Python, the libraries and this program lie; not the whole checkout."""
    python = Path(sys.executable).resolve().parent.parent
    # Libraries may lie elsewhere too: a .pth file of an environment can name their folder.
    libraries = (one for one in sys.path if Path(one).name in _LIBRARIES)
    return tuple(
        dict.fromkeys((sys.base_prefix, str(python), sys.prefix, *libraries, *_own))
    )
