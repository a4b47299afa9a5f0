"""Work on strange files in a process of its own, with limits, whose death is an answer.

The child says by a socket how far it is, asks what it must know from the records,
and returns JSON; nothing of it is ever executed here. It can reach no database: all it
inherited is closed but the doors of the nurseries that read drafts.
"""

import json
import logging
import os
import resource
import select
import signal
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, NoReturn

from review.errors import CorruptError, OutOfTimeError, TooLargeError, UnreadableError
from review.sandbox.confining import give_air, keep_private, lower, place_of
from review.sandbox.nursery import doors
from review.service.machine.passes import Known
from review.service.machine.round_machine import Step, Tell, Work
from worker.processes import address_space, die_with_parent

_HEAD: Final = struct.Struct(">cQ")
_RESULT, _FAULT, _QUESTION, _STEP = b"R", b"F", b"Q", b"S"
_MOST: Final = 1 << 30  # bytes of an answer
_FIRST_OWN: Final = 3  # the first file after the standard ones
_MOST_FILES: Final = 1 << 16  # open files that a process may have inherited
_GRACE: Final = 5  # seconds of processor time between the warning and the end
_AIR: Final = 64 * 1024 * 1024  # bytes kept back for the last words
_log: Final = logging.getLogger(__name__)

_OUT_OF_TIME: Final = (
    "检查这个文件超过了规定的时间，没有查完；请拆分成几个文件后重新送审。"
)
_OUT_OF_MEMORY: Final = (
    "检查这个文件需要的内存超过上限，没有查完；请拆分或压缩图片后重新送审。"
)
_DIED: Final = (
    "检查这个文件时程序中止，没有查完；请用原来的软件另存一份后重新送审，"
    "仍不行时请联系系统管理员。"
)


class RoundTooLongError(Exception):
    """The lane's time for a round is over before all was examined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may take: seconds, and bytes of memory beyond what is loaded.

    `helpers` is how much a process may take that helps to read the file.
    """

    seconds: int
    memory: int
    helpers: int = 0


class Apart:
    """Runs work in a child each; `until` is when all of it must have ended.

    After that every further work is out of time; where `move_on` is set, the round
    is left to another lane instead.
    """

    def __init__(self, limits: Limits, *, until: float, move_on: bool = False) -> None:
        """Take the limits of one file, and the end by the monotonic clock."""
        self._limits = limits
        self._until = until
        self._move_on = move_on

    def __call__(self, work: Work, *, known: Known, tell: Tell) -> bytes:
        """Return what the work returns.

        Raises:
            UnreadableError: It was ended by force, or could not cope.
            RoundTooLongError: The round is for another lane.
        """
        now = time.monotonic()
        end = min(now + self._limits.seconds, self._until)
        if now >= self._until:
            raise self._too_late()
        ours, theirs = (one.detach() for one in socket.socketpair())
        child = _fork(work, theirs, self._limits)
        os.close(theirs)
        try:
            return _heard(ours, end, known, tell)
        except TimeoutError:
            raise self._too_late() from None
        except EOFError:
            pid, child = child, 0
            raise _why_dead(os.waitpid(pid, 0)[1]) from None
        finally:
            os.close(ours)
            if child:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)

    def _too_late(self) -> Exception:
        if self._move_on and time.monotonic() >= self._until:
            return RoundTooLongError("the round takes longer than its lane allows")
        return OutOfTimeError(_OUT_OF_TIME)


def refuse(work: Work, *, known: Known, tell: Tell) -> NoReturn:
    """Open nothing more: whoever tried before did not survive it.

    Raises:
        CorruptError: Always.
    """
    del work, known, tell
    raise CorruptError(_DIED)


def _heard(ours: int, end: float, known: Known, tell: Tell) -> bytes:
    """Answer the child's questions, pass its steps on, return its result."""
    while True:
        kind, body = _receive(ours, end)
        if kind == _RESULT:
            return body
        value = json.loads(body)
        if kind == _STEP:
            tell(Step(**value))
        elif kind == _QUESTION:
            answer = [[one, list(cases)] for one, cases in known(value).items()]
            _send(ours, _QUESTION, json.dumps(answer).encode())
        else:
            _log.warning("a file could not be examined: %s", value["what"])
            raise _FAULTS.get(value["code"], CorruptError)(value["message"])


def _fork(work: Work, theirs: int, limits: Limits) -> int:
    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        die_with_parent(parent, signal.SIGKILL)
        _alone_with(theirs, *doors())
        _limit(limits)
        _send(theirs, _RESULT, work(_Asking(theirs), _Telling(theirs)))
        os._exit(0)
    except MemoryError:
        give_air()
        _confess(theirs, TooLargeError(_OUT_OF_MEMORY), "MemoryError")
    except UnreadableError as error:
        _confess(theirs, error, error.code)
    except BaseException as error:  # noqa: BLE001 - the last line of a child
        _confess(theirs, CorruptError(_DIED), place_of(error))
    finally:
        os._exit(1)


def _alone_with(*kept: int) -> None:
    """Close everything that was inherited but what is kept and the standard files."""
    first = _FIRST_OWN
    for one in sorted(kept):
        os.closerange(first, one)
        first = one + 1
    os.closerange(first, _MOST_FILES)


def _limit(limits: Limits) -> None:
    keep_private()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    memory = address_space() + limits.memory
    # The processes that read and convert have limits of their own, and may need more.
    lower(resource.RLIMIT_AS, memory, max(memory + _AIR, limits.helpers))
    lower(resource.RLIMIT_CPU, limits.seconds, limits.seconds + _GRACE)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks the parent which refused cases hold fingerprints."""

    way: int

    def __call__(self, marks: Sequence[int]) -> dict[int, tuple[str, ...]]:
        _send(self.way, _QUESTION, json.dumps(list(marks)).encode())
        _, body = _receive(self.way, None)
        return {one: tuple(cases) for one, cases in json.loads(body)}


@dataclass(frozen=True, slots=True)
class _Telling:
    """Tells the parent how far the work is."""

    way: int

    def __call__(self, step: Step) -> None:
        _send(self.way, _STEP, json.dumps(asdict(step)).encode())


def _confess(way: int, error: UnreadableError, what: str) -> None:
    fault = {"code": error.code, "message": error.message, "what": what}
    try:
        _send(way, _FAULT, json.dumps(fault).encode())
    except OSError:
        return  # the parent has gone on


def _why_dead(status: int) -> UnreadableError:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return OutOfTimeError(_OUT_OF_TIME)
    _log.warning("a process that examined a file ended with status %d", status)
    return CorruptError(_DIED)


def _send(way: int, kind: bytes, body: bytes) -> None:
    for part in (_HEAD.pack(kind, len(body)), body):
        left = memoryview(part)
        while left:
            left = left[os.write(way, left) :]


def _receive(way: int, end: float | None) -> tuple[bytes, bytes]:
    kind, length = _HEAD.unpack(_exactly(way, _HEAD.size, end))
    if length > _MOST:
        raise EOFError("no answer is that long")
    return kind, _exactly(way, length, end)


def _exactly(way: int, length: int, end: float | None) -> bytes:
    body = bytearray()
    while len(body) < length:
        left = None if end is None else max(0.0, end - time.monotonic())
        if not select.select([way], [], [], left)[0]:
            raise TimeoutError
        more = os.read(way, min(length - len(body), 1 << 20))
        if not more:
            raise EOFError
        body += more
    return bytes(body)


_FAULTS: Final[dict[str, Any]] = {
    one.code: one for one in (OutOfTimeError, TooLargeError, CorruptError)
}
