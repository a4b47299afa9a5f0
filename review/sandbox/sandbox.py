"""Runs one of our functions on strange bytes in a fresh process, and ends it in time."""

import contextlib
import json
import logging
import math
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from review.errors import (
    BombError,
    CorruptError,
    EncryptedError,
    NotFoundError,
    OutOfTimeError,
    TooLargeError,
    UnreadableError,
    UnsupportedError,
)
from review.sandbox.frames import ANSWER, HEAD, STEP, framed, lengths_of
from review.sandbox.nursery import NurseryLostError, Order, begin, nursed
from review.sandbox.walls import walled

_PROGRAM: Final = ("-m", "review.sandbox.child")
_PIECE: Final = 1 << 20
_LONGEST_MESSAGE: Final = 500
# By its own signal, and how bubblewrap says by which signal its child ended.
_OVERTIME: Final = frozenset({signal.SIGXCPU, 128 + signal.SIGXCPU})
_LOOKS, _BETWEEN = 50, 0.02  # seconds, for one that fell silent to end
_log: Final = logging.getLogger(__name__)

_OUT_OF_TIME: Final = (
    "处理这个文件超过了规定的时间，没有完成；请下载原件查看，或拆分后再试。"
)
_TOO_MUCH: Final = "这个文件处理出来的内容过多，没有完成；请拆分后再试。"
_DIED: Final = (
    "处理这个文件时程序中止，没有完成；文件可能已损坏，请用原来的软件另存一份后再试。"
)
_Fault: TypeAlias = type[UnreadableError] | type[NotFoundError]
_FAULTS: Final[Mapping[str, _Fault]] = {
    one.code: one
    for one in (
        BombError,
        CorruptError,
        EncryptedError,
        NotFoundError,
        OutOfTimeError,
        TooLargeError,
        UnsupportedError,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What one run may take: seconds, bytes of memory, bytes of its answer.

    It may write files of `files` bytes in a folder of its own, and start `processes`
    more: none, unless another program does the work.
    """

    seconds: float = 20
    memory: int = 1024 * 1024 * 1024
    answer: int = 64 * 1024 * 1024
    files: int = 0
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function returned: a value as JSON carries it, and bytes."""

    value: Any
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """Where functions run; `sees` is what they may read besides the program itself.

    Where it is `nursed`, children are forked from one process that has all loaded and
    can write nothing; else each is started by itself, in a room of its own.
    """

    bounds: Bounds = Bounds()
    sees: tuple[Path, ...] = ()
    program: tuple[str, ...] = _PROGRAM
    nursed: bool = False

    def run(
        self,
        name: str,
        data: bytes,
        options: Mapping[str, Any],
        hear: Callable[[Any], None] | None = None,
    ) -> Answer:
        """Return what the function of that name makes of the bytes.

        `hear` is told what the function says on its way.

        Raises:
            UnreadableError: It refused, could not cope, or was ended by force.
            NotFoundError: What was asked for is not in the file.
        """
        with _held(framed(ANSWER, options, data)) as given:
            if self.nursed:
                with contextlib.suppress(NurseryLostError):
                    return self._nursed(name, given, hear)
                _log.warning("a nursery was lost: a child is started by itself")
                os.lseek(given, 0, os.SEEK_SET)
            with self._started(name, given) as child:
                return self._heard(child, hear)

    def begin(self) -> None:
        """Let the nursery of a `nursed` one load, while its user does something else."""
        if self.nursed:
            begin(self._order)

    @property
    def _order(self) -> Order:
        return Order(self.program, self.sees)

    def _nursed(
        self, name: str, given: int, hear: Callable[[Any], None] | None
    ) -> Answer:
        with nursed(self._order, self._arguments(name), given) as child:
            return self._heard(child, hear)

    @contextmanager
    def _started(self, name: str, given: int) -> Iterator["_Started"]:
        """Start a child in a room of its own; whatever happens, nothing of both is left."""
        with tempfile.TemporaryDirectory(prefix="xianshen-") as room:
            process = self._process(name, Path(room), given)
            try:
                yield _Started(process)
            finally:
                # Not reaped yet, so that its number is still its own.
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if process.stdout is not None:
                    process.stdout.close()

    def _process(self, name: str, room: Path, given: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - our own words
            (
                *walled(room, self.sees, programs=self.bounds.processes > 0),
                sys.executable,
                "-I",
                *self.program,
                *self._arguments(name),
            ),
            bufsize=0,
            cwd=room,
            env={},
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _arguments(self, name: str) -> tuple[str, ...]:
        bounds = self.bounds
        limits = (
            math.ceil(bounds.seconds),
            bounds.memory,
            bounds.files,
            bounds.processes,
        )
        return (name, *map(str, limits))

    def _heard(self, child: "_Child", hear: Callable[[Any], None] | None) -> Answer:
        return _heard(
            child, time.monotonic() + self.bounds.seconds, self.bounds.answer, hear
        )


class _Child(Protocol):
    """A child as its parent sees it: the way out of it, and how it ended."""

    @property
    def way(self) -> int: ...

    def ended(self) -> int | None:
        """Return its status as a shell gives it; None if it has not ended."""


@dataclass(frozen=True, slots=True)
class _Started:
    """A child started by itself."""

    process: "subprocess.Popen[bytes]"

    @property
    def way(self) -> int:
        """Return what its answer comes out of."""
        assert self.process.stdout is not None  # noqa: S101 - asked for as a pipe
        return self.process.stdout.fileno()

    def ended(self) -> int | None:
        """Wait a moment for its end; it is not reaped yet."""
        how = os.WEXITED | os.WNOWAIT | os.WNOHANG
        for _ in range(_LOOKS):
            ended = os.waitid(os.P_PID, self.process.pid, how)
            if ended is not None:
                return ended.si_status
            time.sleep(_BETWEEN)
        return None


@contextmanager
def _held(message: bytes) -> Iterator[int]:
    """Hold the message in memory that a child can read as a file, at its own pace."""
    given = os.memfd_create("xianshen", os.MFD_CLOEXEC)
    try:
        left = memoryview(message)
        while left:
            left = left[os.write(given, left) :]
        os.lseek(given, 0, os.SEEK_SET)
        yield given
    finally:
        os.close(given)


def _heard(
    child: _Child,
    end: float,
    most: int,
    hear: Callable[[Any], None] | None,
) -> Answer:
    try:
        kind, value, data = _message(child.way, end, most)
        while kind == STEP:
            if hear is not None:
                hear(value)
            kind, value, data = _message(child.way, end, most)
    except TimeoutError:
        raise OutOfTimeError(_OUT_OF_TIME) from None
    except EOFError:
        raise _why_dead(child) from None
    except ValueError:
        raise CorruptError(_DIED) from None
    if kind == ANSWER:
        return Answer(value, data)
    raise _fault(value)


def _message(way: int, end: float, most: int) -> tuple[bytes, Any, bytes]:
    kind, text, length = lengths_of(_exactly(way, HEAD.size, end))
    if length > most:
        raise TooLargeError(_TOO_MUCH)
    value = json.loads(_exactly(way, text, end))
    return kind, value, _exactly(way, length, end)


def _exactly(way: int, length: int, end: float) -> bytes:
    body = bytearray()
    while len(body) < length:
        left = max(0.0, end - time.monotonic())
        if not select.select([way], [], [], left)[0]:
            raise TimeoutError
        more = os.read(way, min(length - len(body), _PIECE))
        if not more:
            raise EOFError
        body += more
    return bytes(body)


def _fault(said: Any) -> UnreadableError | NotFoundError:
    """Return the child's refusal; only what one of our errors would say is believed."""
    if not isinstance(said, Mapping):
        return CorruptError(_DIED)
    code, message, what = (str(said.get(one)) for one in ("code", "message", "what"))
    if what.isascii() and len(what) <= _LONGEST_MESSAGE:
        _log.info("a sandbox refused: %s", what)
    if code not in _FAULTS or len(message) > _LONGEST_MESSAGE:
        return CorruptError(_DIED)
    return _FAULTS[code](message)


def _why_dead(child: _Child) -> UnreadableError:
    """Tell from how it ended why there is no answer."""
    status = child.ended()
    if status is not None:
        _log.warning("a sandbox ended with status %d", status)
    if status in _OVERTIME:
        return OutOfTimeError(_OUT_OF_TIME)
    return CorruptError(_DIED)
