"""The inner end of a nursery: has everything loaded, and forks a child for each file.

It is started behind the walls of its children, and never sees a file itself: what it
receives are descriptors, which it hands on. No child can look into it or into another.
"""

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn, TypeAlias

Run: TypeAlias = Callable[[Sequence[str]], NoReturn]

SERVE: Final = "serve"  # what makes a program the inner end of a nursery
STATUS: Final = struct.Struct(">i")
MOST_WORDS: Final = 4096  # bytes of an order
_DESCRIPTORS: Final = 3  # the file, the way out, the line
_FIRST_OWN: Final = 3  # the first descriptor after the standard ones
_MOST_FILES: Final = 1 << 16
_SET_DUMPABLE: Final = 4  # PR_SET_DUMPABLE: no other process may look into this one


@dataclass(frozen=True, slots=True)
class _Job:
    """A child at work; `line` is closed by whoever no longer wants it."""

    child: int
    handle: int
    line: socket.socket


def serve(run: Run, load: Callable[[], None]) -> NoReturn:
    """Take orders from the standard input until that is closed."""
    ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0)
    with _elsewhere():
        load()
    # What is there now stays: the collector need not touch the pages that are shared.
    gc.freeze()
    jobs: dict[int, _Job] = {}
    with socket.socket(fileno=os.dup(0)) as door:
        poll = select.poll()
        poll.register(door, select.POLLIN)
        while True:
            for ready, _ in poll.poll():
                if ready == door.fileno():
                    job = _taken(door, run)
                    jobs |= {job.handle: job, job.line.fileno(): job}
                    poll.register(job.handle, select.POLLIN)
                    poll.register(job.line, select.POLLIN)
                elif ready in jobs and ready == jobs[ready].handle:
                    job = jobs[ready]
                    for one in (job.handle, job.line.fileno()):
                        poll.unregister(one)
                        del jobs[one]
                    _end(job)
                elif ready in jobs:
                    # Ended by force now; its handle tells next that it has ended.
                    _kill(jobs[ready].child)
                    poll.unregister(ready)
                    poll.register(ready, 0)


@contextlib.contextmanager
def _elsewhere() -> Iterator[None]:
    """Stand where there is a folder; then again in the room, though it may be gone by now.

    A library asks where it stands as it is loaded. Nothing can be written in a room that is gone.
    """
    room = os.open(".", os.O_PATH | os.O_CLOEXEC)
    os.chdir("/")
    try:
        yield
    finally:
        os.fchdir(room)
        os.close(room)


def _taken(door: socket.socket, run: Run) -> _Job:
    """Fork a child for the next order; without one nobody is left to work for."""
    words, descriptors, _, _ = socket.recv_fds(door, MOST_WORDS, _DESCRIPTORS)
    if not words:
        os._exit(0)
    given, out, line = descriptors
    child = os.fork()
    if not child:
        _become(run, json.loads(words), given, out)
    os.close(given)
    os.close(out)
    return _Job(child, os.pidfd_open(child), socket.socket(fileno=line))


def _become(run: Run, arguments: Sequence[str], given: int, out: int) -> NoReturn:
    """Be the child: alone with the file and the way out."""
    try:
        os.setsid()
        os.dup2(given, 0)
        os.dup2(out, 1)
        os.closerange(_FIRST_OWN, _MOST_FILES)
        run(arguments)
    finally:
        os._exit(1)


def _kill(child: int) -> None:
    """End a child and what it may have started; it is not reaped yet."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):  # it may not lead its group yet
        os.killpg(child, signal.SIGKILL)


def _end(job: _Job) -> None:
    """Reap a child, and say how it ended to whoever still wants to know."""
    _kill(job.child)
    code = os.waitstatus_to_exitcode(os.waitpid(job.child, 0)[1])
    os.close(job.handle)
    with job.line, contextlib.suppress(OSError):
        job.line.send(STATUS.pack(code if code >= 0 else 128 - code))
