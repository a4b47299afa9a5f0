"""Work apart: what a child may do to itself, and what becomes of it here."""

import ctypes
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from review.errors import (
    CorruptError,
    EncryptedError,
    OutOfTimeError,
    TooLargeError,
    UnreadableError,
)
from review.extract.limits import Limits as ReadingLimits
from review.sandbox.nursery import doors
from review.sandbox.reader import SandboxReader
from review.service.machine.passes import Known
from review.service.machine.round_machine import Step, Tell
from worker.apart import Apart, Limits, RoundTooLongError, refuse

_FILES = Path("/proc/self/fd")
_MB = 1024 * 1024
_STEP = Step(stage="reading", file=1, files=2, page=3, pages=4)

# The test runner may hold threads; the child uses none of them.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")


def _nobody(marks: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    raise AssertionError(marks)


def _unheard(step: Step) -> None:
    raise AssertionError(step)


def _run(
    work: Callable[[Known, Tell], bytes],
    *,
    seconds: int = 60,
    memory: int = 512 * _MB,
    known: Known = _nobody,
    tell: Tell = _unheard,
) -> bytes:
    apart = Apart(Limits(seconds=seconds, memory=memory), until=time.monotonic() + 3600)
    return apart(work, known=known, tell=tell)


def test_the_result_comes_back_from_another_process() -> None:
    assert int(_run(lambda *_: str(os.getpid()).encode())) != os.getpid()


def test_a_long_result_comes_back_whole() -> None:
    assert _run(lambda *_: b"x" * (20 * _MB)) == b"x" * (20 * _MB)


def test_questions_are_answered_and_steps_are_told() -> None:
    heard: list[Step] = []

    def work(known: Known, tell: Tell) -> bytes:
        tell(_STEP)
        return repr(known([1, 2**62])).encode()

    answers: dict[int, tuple[str, ...]] = {2**62: ("2026-000001", "2026-000002")}
    result = _run(work, known=lambda _: answers, tell=heard.append)
    assert result == repr(answers).encode()
    assert heard == [_STEP]


def _loop(*_: object) -> bytes:
    while True:
        pass


def _sleep(*_: object) -> bytes:
    threading.Event().wait(3600)
    return b""


def _swallow(*_: object) -> bytes:
    kept = []
    while True:
        kept.append(bytearray(16 * _MB))


def _killed(*_: object) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def _crashed(*_: object) -> bytes:
    ctypes.string_at(0)
    return b""


def _left(*_: object) -> bytes:
    os._exit(0)


def _raised(*_: object) -> bytes:
    raise ValueError("李样本的手机是13800000001")


def _endless(*_: object) -> bytes:
    return _endless()


@pytest.mark.parametrize(
    ("work", "seconds", "error"),
    [
        (_loop, 1, OutOfTimeError),
        (_sleep, 1, OutOfTimeError),
        (_swallow, 60, TooLargeError),
        (_killed, 60, CorruptError),
        (_crashed, 60, CorruptError),
        (_left, 60, CorruptError),
        (_raised, 60, CorruptError),
        (_endless, 60, CorruptError),
    ],
)
def test_whatever_becomes_of_the_child_is_an_unreadable_file(
    work: Callable[..., bytes], seconds: int, error: type[UnreadableError]
) -> None:
    with pytest.raises(error) as raised:
        _run(work, seconds=seconds)
    assert type(raised.value) is error
    assert "13800000001" not in raised.value.message


def test_what_an_error_says_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(CorruptError):
        _run(_raised)
    assert "ValueError" in caplog.text
    assert "test_apart.py" in caplog.text
    assert "13800000001" not in caplog.text


def test_a_reason_that_the_work_gives_itself_is_kept() -> None:
    def work(*_: object) -> bytes:
        raise EncryptedError("需要口令")

    with pytest.raises(UnreadableError, match="需要口令"):
        _run(work)


def test_no_child_is_left_behind() -> None:
    pids: list[int] = []

    def work(known: Known, tell: Tell) -> bytes:
        del tell
        known([os.getpid()])
        return _sleep()

    def known(marks: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        pids.extend(marks)
        return {}

    with pytest.raises(OutOfTimeError):
        _run(work, seconds=1, known=known)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_an_error_of_the_parent_ends_the_child() -> None:
    pids: list[int] = []

    def work(known: Known, tell: Tell) -> bytes:
        del tell
        known([os.getpid()])
        return _sleep()

    def known(marks: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        pids.extend(marks)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _run(work, known=known)
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_the_child_has_nothing_open_but_the_way_back_and_doors_of_nurseries() -> None:
    inherited = os.open("/dev/null", os.O_RDONLY)
    try:
        result = _run(lambda *_: str(len([*_FILES.iterdir()])).encode())
    finally:
        os.close(inherited)
    # Standard input, output, error, the way back, and the listing itself.
    assert int(result) == 5 + len(doors())


def test_the_child_reads_drafts_in_the_nursery_of_its_parent() -> None:
    read = SandboxReader()
    read(b"here", "a.txt", ReadingLimits())
    assert doors()

    def work(*_: object) -> bytes:
        before = set(doors())
        (block,) = read("运动会".encode(), "a.txt", ReadingLimits()).blocks
        # It opened no nursery of its own.
        assert set(doors()) == before
        return block.text.encode()

    assert _run(work).decode() == "运动会"


def test_the_child_writes_private_files_and_no_cores() -> None:
    def work(*_: object) -> bytes:
        import resource  # noqa: PLC0415 - in the child

        return repr((os.umask(0), resource.getrlimit(resource.RLIMIT_CORE))).encode()

    assert _run(work) == repr((0o077, (0, 0))).encode()


@pytest.mark.parametrize(
    ("move_on", "error"), [(False, OutOfTimeError), (True, RoundTooLongError)]
)
def test_after_the_rounds_time_nothing_is_begun(
    *, move_on: bool, error: type[Exception]
) -> None:
    apart = Apart(
        Limits(seconds=60, memory=_MB), until=time.monotonic(), move_on=move_on
    )
    with pytest.raises(error):
        apart(_raised, known=_nobody, tell=_unheard)


def test_the_rounds_time_ends_what_was_begun() -> None:
    limits = Limits(seconds=60, memory=512 * _MB)
    apart = Apart(limits, until=time.monotonic() + 0.2, move_on=True)
    with pytest.raises(RoundTooLongError):
        apart(_sleep, known=_nobody, tell=_unheard)


def test_a_file_beyond_its_own_time_does_not_move_the_round() -> None:
    apart = Apart(
        Limits(seconds=1, memory=512 * _MB),
        until=time.monotonic() + 3600,
        move_on=True,
    )
    with pytest.raises(OutOfTimeError):
        apart(_sleep, known=_nobody, tell=_unheard)


def test_refusing_opens_nothing() -> None:
    with pytest.raises(CorruptError):
        refuse(_raised, known=_nobody, tell=_unheard)
