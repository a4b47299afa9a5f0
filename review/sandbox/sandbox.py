"""Runs one of our functions on strange bytes in a fresh process, and ends it in time."""

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
from typing import Any, Final, TypeAlias

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
    """Where functions run; `sees` is what they may read besides the program itself."""

    bounds: Bounds = Bounds()
    sees: tuple[Path, ...] = ()
    program: tuple[str, ...] = _PROGRAM

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
        end = time.monotonic() + self.bounds.seconds
        with (
            tempfile.TemporaryDirectory(prefix="xianshen-") as room,
            _held(framed(ANSWER, options, data)) as given,
            self._started(name, Path(room), given) as child,
        ):
            return _heard(child, end, self.bounds.answer, hear)

    @contextmanager
    def _started(
        self, name: str, room: Path, given: int
    ) -> Iterator["subprocess.Popen[bytes]"]:
        """Start the child; whatever happens, none of its processes is left."""
        bounds = self.bounds
        limits = map(
            str,
            (
                math.ceil(bounds.seconds),
                bounds.memory,
                bounds.files,
                bounds.processes,
            ),
        )
        child = subprocess.Popen(  # noqa: S603 - our own words
            (
                *walled(room, self.sees, programs=bounds.processes > 0),
                sys.executable,
                "-I",
                *self.program,
                name,
                *limits,
            ),
            bufsize=0,
            cwd=room,
            env={},
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield child
        finally:
            # Not reaped yet, so that its number is still its own.
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


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
    child: "subprocess.Popen[bytes]",
    end: float,
    most: int,
    hear: Callable[[Any], None] | None,
) -> Answer:
    try:
        kind, value, data = _message(child, end, most)
        while kind == STEP:
            if hear is not None:
                hear(value)
            kind, value, data = _message(child, end, most)
    except TimeoutError:
        raise OutOfTimeError(_OUT_OF_TIME) from None
    except EOFError:
        raise _why_dead(child) from None
    except ValueError:
        raise CorruptError(_DIED) from None
    if kind == ANSWER:
        return Answer(value, data)
    raise _fault(value)


def _message(
    child: "subprocess.Popen[bytes]", end: float, most: int
) -> tuple[bytes, Any, bytes]:
    kind, text, length = lengths_of(_exactly(child, HEAD.size, end))
    if length > most:
        raise TooLargeError(_TOO_MUCH)
    value = json.loads(_exactly(child, text, end))
    return kind, value, _exactly(child, length, end)


def _exactly(child: "subprocess.Popen[bytes]", length: int, end: float) -> bytes:
    assert child.stdout is not None  # noqa: S101 - it was asked for as a pipe
    way, body = child.stdout.fileno(), bytearray()
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


def _why_dead(child: "subprocess.Popen[bytes]") -> UnreadableError:
    """Tell from how it ended why there is no answer; it is not reaped yet."""
    how = os.WEXITED | os.WNOWAIT | os.WNOHANG
    for _ in range(_LOOKS):
        ended = os.waitid(os.P_PID, child.pid, how)
        if ended is None:
            time.sleep(_BETWEEN)
            continue
        _log.warning("a sandbox ended with status %d", ended.si_status)
        if ended.si_status in _OVERTIME:
            return OutOfTimeError(_OUT_OF_TIME)
        break
    return CorruptError(_DIED)
