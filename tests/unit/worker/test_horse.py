"""RQ's worker held to what we want, on a real queue."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from review.ports.tasks import Lane, Task
from review.queue.client import TaskQueue
from review.queue.connection import connect_patiently
from worker.horse import Memory, Stable

_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

# The test runner may hold threads; the children use none of them.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")


def _task(number: int, lane: Lane) -> Task:
    return Task(
        id=number,
        kind="scan",
        subject=f"2026-{number:06d}",
        queue=lane,
        state="waiting",
        attempts=0,
        due_at=_AT,
        added_at=_AT,
    )


def _worked(
    url: str, lane: Lane, folder: Path, work: Callable[[int], None]
) -> tuple[str, ...]:
    """Let a worker of its own process do what waits; return what the work said."""
    heard, speaking = os.pipe()
    child = os.fork()
    if child == 0:
        try:

            def told(number: int) -> None:
                here = "here" if os.getpid() == parent else "in a horse"
                private = len(list(folder.parent.glob(folder.name)))
                os.write(speaking, f"{number} {here} {private}\n".encode())
                work(number)

            parent = os.getpid()
            worker = Stable(
                lane,
                connection=connect_patiently(url),
                work=told,
                folder=folder,
                memory=Memory(own=1 << 32),
            )
            worker.work(burst=True, logging_level="CRITICAL")
        finally:
            os._exit(0)
    os.close(speaking)
    os.waitpid(child, 0)
    with os.fdopen(heard) as said:
        return tuple(said.read().splitlines())


def _fine(number: int) -> None:
    del number


def _broken(number: int) -> None:
    raise OSError(number)


@pytest.mark.parametrize(
    ("lane", "where"),
    [("quick", "here"), ("bulk", "in a horse"), ("out", "in a horse")],
)
def test_each_lane_does_its_work_with_a_folder_of_its_own(
    queue_url: str, tmp_path: Path, lane: Lane, where: str
) -> None:
    queue = TaskQueue(queue_url, seconds={"quick": 60, "bulk": 60, "out": 60})
    queue.put([_task(1, lane), _task(2, lane)])
    folder = tmp_path / "work"
    assert _worked(queue_url, lane, folder, _fine) == (f"1 {where} 1", f"2 {where} 1")
    assert not folder.exists()
    assert queue.lengths()[lane] == 0
    queue.close()


@pytest.mark.parametrize(("lane", "done"), [("quick", 1), ("bulk", 2)])
def test_who_does_the_work_himself_ends_with_one_that_went_wrong(
    queue_url: str, tmp_path: Path, lane: Lane, done: int
) -> None:
    # Else he would live on as the holder of a task that nobody does.
    queue = TaskQueue(queue_url, seconds={"quick": 60, "bulk": 60, "out": 60})
    queue.put([_task(1, lane), _task(2, lane)])
    assert len(_worked(queue_url, lane, tmp_path / "work", _broken)) == done
    assert queue.lengths()[lane] == 2 - done
    queue.close()
