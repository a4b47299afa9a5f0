"""Nurseries: processes behind walls that have all loaded, and fork a child for each file.

Loading the parsers takes ten times as long as reading a short draft. A nursery is
started once a process, shared with the children that this process forks, and ends when
the last of them has. Every file still has a fresh child of its own, with its own limits.
"""

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from review.sandbox.nurse import SERVE, STATUS
from review.sandbox.walls import walled

_PATIENCE: Final = 2.0  # seconds that a nursery has to tell how a child ended
_ENDING: Final = 5.0  # seconds that it has to end by itself


class NurseryLostError(Exception):
    """The nursery itself has ended, and the child with it."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which program with which sight a nursery is for."""

    program: tuple[str, ...]
    sees: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Nursed:
    """A child of a nursery: what it says comes out of `way`, its end over `line`."""

    way: int
    line: socket.socket

    def ended(self) -> int | None:
        """Return its status as a shell gives it; None while it has not ended.

        Raises:
            NurseryLostError: Nobody is left to tell.
        """
        if not select.select([self.line], [], [], _PATIENCE)[0]:
            return None
        said = self.line.recv(STATUS.size)
        if len(said) != STATUS.size:
            raise NurseryLostError("a nursery has ended")
        status: int = STATUS.unpack(said)[0]
        return status


@dataclass(slots=True)
class _Nursery:
    process: "subprocess.Popen[bytes]"
    door: socket.socket
    starter: int = field(default_factory=os.getpid)

    def close(self) -> None:
        """Let it end; only its own parent can wait for that."""
        self.door.close()
        if self.starter == os.getpid():
            try:
                self.process.wait(_ENDING)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


_open: Final[dict[Order, _Nursery]] = {}
_turn: Final = threading.Lock()


@contextlib.contextmanager
def nursed(order: Order, arguments: tuple[str, ...], given: int) -> Iterator[Nursed]:
    """Have a child born that works with these arguments on a file; ended afterwards.

    Raises:
        NurseryLostError: No nursery could be kept.
    """
    way, out = os.pipe2(os.O_CLOEXEC)
    ours, theirs = socket.socketpair()
    try:
        with ours:
            try:
                _send(
                    order, json.dumps(arguments).encode(), [given, out, theirs.fileno()]
                )
            finally:
                os.close(out)
                theirs.close()
            yield Nursed(way, ours)
    finally:
        os.close(way)


def begin(order: Order) -> None:
    """Start the nursery for an order, if none is open; it loads while others work."""
    _nursery(order)


def doors() -> tuple[int, ...]:
    """Return the descriptors that a forked process must keep to use what is open."""
    return tuple(one.door.fileno() for one in _open.values())


def _send(order: Order, words: bytes, descriptors: list[int]) -> None:
    """Pass an order to the nursery for it; a new one is opened where it has ended."""
    for _ in range(2):
        nursery = _nursery(order)
        try:
            socket.send_fds(nursery.door, [words], descriptors)
        except OSError:
            with _turn:
                if _open.get(order) is nursery:
                    del _open[order]
                    nursery.close()
        else:
            return
    raise NurseryLostError("no nursery could be kept")


def _nursery(order: Order) -> _Nursery:
    """Return the open nursery for an order; started where there is none."""
    with _turn:
        if order not in _open:
            _open[order] = _started(order)
        return _open[order]


def _started(order: Order) -> _Nursery:
    """Start a nursery in an empty room that nothing can be written to."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs, tempfile.TemporaryDirectory(prefix="xianshen-") as room:
        process = subprocess.Popen(  # noqa: S603 - our own words
            (
                *walled(Path(room), order.sees, sealed=True),
                sys.executable,
                "-I",
                *order.program,
                SERVE,
            ),
            cwd=room,
            env={},
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    return _Nursery(process, ours)


# Nobody else has the turn in a process just forked.
os.register_at_fork(
    before=_turn.acquire, after_in_parent=_turn.release, after_in_child=_turn.release
)


@atexit.register
def _close_all() -> None:
    """End every nursery with the process that started it."""
    while _open:
        _open.popitem()[1].close()
