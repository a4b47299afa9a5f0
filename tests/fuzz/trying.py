"""The law that every mutant is held to, and what one trial showed."""

import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from review.errors import UnreadableError
from tests.fuzz.families import Family

# Processor time, more than twice what a sandbox gives: a busy machine is slower.
MOST_SECONDS: Final = 60.0
_FINISHED: Final = "。”）"


class OverLimitError(BaseException):
    """A mutant took longer than its sandbox would let it; nothing catches this."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one mutant; `broken` tells how it broke the law."""

    was_read: bool
    seconds: float
    broken: str | None = None


def tried(family: Family, data: bytes) -> Trial:
    """Let the family have one file, and tell what came of it."""
    began = time.process_time()
    was_read, broken = False, None
    try:
        with in_time():
            made = family.run(data)
        was_read = isinstance(made, family.gives)
        broken = None if was_read else f"gave {type(made).__name__}"
    except UnreadableError as error:
        if not error.message.endswith(tuple(_FINISHED)):
            broken = f"said {error.message!r}"
    except (Exception, OverLimitError) as error:  # noqa: BLE001 - the very thing looked for
        broken = _place_of(error)
    return Trial(was_read, time.process_time() - began, broken)


@contextmanager
def in_time() -> Iterator[None]:
    """Break what runs inside off where it takes so long that it may never end."""
    before = signal.signal(signal.SIGPROF, _over)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def empty_temp() -> Iterator[Path]:
    """Let temporary files go to a folder of their own, which is empty at first."""
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="fuzz-") as room:
        tempfile.tempdir = room
        try:
            yield Path(room)
        finally:
            tempfile.tempdir = before


def forget_peak() -> None:
    """Let the greatest memory be what is held now."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def memory(kind: str) -> int:
    """Return the memory of this process in MB: `VmRSS` now, `VmHWM` at most."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(one.split()[1]) for one in lines if one.startswith(kind)) >> 10


def smaller(family: Family, data: bytes, tries: int = 400) -> bytes:
    """Cut out of a file what it does not need to break the law in the same place."""
    broken, step = tried(family, data).broken, len(data) // 2
    while step and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            less = data[:at] + data[at + step :]
            tries -= 1
            if less and tried(family, less).broken == broken:
                data = less
            else:
                at += step
        step //= 2
    return data


def _over(number: int, frame: FrameType | None) -> NoReturn:
    del number, frame
    raise OverLimitError


def _place_of(error: BaseException) -> str:
    """Return kind and place of an error, ours last."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [one for one in frames if "/review/" in one.filename] or frames
    last = ours[-1]
    file = Path(last.filename)
    return f"{type(error).__name__} in {file.parent.name}/{file.name}:{last.lineno}"
