"""Tasks put into a real queue by their ids, and found missing there."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from rq.job import Job
from rq.serializers import JSONSerializer

from review.errors import QueueError
from review.ports.tasks import Lane, Task
from review.queue.client import TaskQueue, job_name
from review.queue.connection import url_of

_AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
_SECONDS: dict[Lane, int] = {"quick": 60, "bulk": 3600, "out": 600}


def _task(number: int, lane: Lane = "quick", *, attempts: int = 0) -> Task:
    return Task(
        id=number,
        kind="scan",
        subject=f"2026-{number:06d}",
        queue=lane,
        state="waiting",
        attempts=attempts,
        due_at=_AT,
        added_at=_AT,
    )


@pytest.fixture
def queue(queue_url: str) -> Iterator[TaskQueue]:
    queue = TaskQueue(queue_url, seconds=_SECONDS)
    yield queue
    queue.close()


@pytest.fixture
def nowhere(tmp_path: Path) -> TaskQueue:
    return TaskQueue(url_of(tmp_path / "no.sock"), seconds=_SECONDS)


def test_a_job_is_one_number_in_json(
    queue: TaskQueue, redis_there: redis.Redis
) -> None:
    queue.put([_task(7, "bulk")])
    job = Job.fetch(
        job_name(_task(7, "bulk")), connection=redis_there, serializer=JSONSerializer
    )
    assert (job.func_name, job.args, job.kwargs) == ("worker.jobs.run", [7], {})
    assert (job.origin, job.timeout) == ("xianshen-bulk", 3600)
    data = redis_there.hget(f"rq:job:{job.id}", "data")
    assert isinstance(data, bytes)
    assert not data.startswith(b"\x80")


def test_redis_learns_nothing_but_numbers(
    queue: TaskQueue, redis_there: redis.Redis
) -> None:
    queue.put([_task(7)])
    kept = b" ".join(
        one
        for key in redis_there.scan_iter("rq:job:*")
        for pair in redis_there.hgetall(key).items()
        for one in pair
    )
    assert b"2026-000007" not in kept
    assert b"scan 7" in kept


def test_each_lane_is_a_queue_of_its_own(queue: TaskQueue) -> None:
    queue.put([_task(1), _task(2), _task(3, "bulk")])
    assert queue.lengths() == {"quick": 2, "bulk": 1, "out": 0}


def test_the_same_attempt_is_queued_once(queue: TaskQueue) -> None:
    queue.put([_task(1), _task(1)])
    queue.put([_task(1)])
    assert queue.lengths()["quick"] == 1
    queue.put([_task(1, attempts=1)])
    assert queue.lengths()["quick"] == 2


def test_what_is_queued_is_not_missing(queue: TaskQueue) -> None:
    queue.put([_task(1)])
    assert queue.missing([_task(1), _task(2)]) == (_task(2),)
    assert queue.missing([_task(1, attempts=1)]) == (_task(1, attempts=1),)


def test_what_was_flushed_is_restored(
    queue: TaskQueue, redis_there: redis.Redis
) -> None:
    tasks = (_task(1), _task(2, "bulk"))
    queue.put(tasks)
    redis_there.flushall()
    assert queue.missing(tasks) == tasks
    queue.restore(tasks)
    assert queue.missing(tasks) == ()
    assert queue.lengths() == {"quick": 1, "bulk": 1, "out": 0}


def test_a_job_that_only_left_its_shell_is_restored(
    queue: TaskQueue, redis_there: redis.Redis
) -> None:
    queue.put([_task(1)])
    redis_there.lpop("rq:queue:xianshen-quick")
    queue.put([_task(1)])
    assert queue.lengths()["quick"] == 0
    queue.restore([_task(1)])
    assert queue.lengths()["quick"] == 1


def test_putting_never_fails(
    nowhere: TaskQueue, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        nowhere.put([_task(1), _task(2)])
    assert "tasks 1, 2 wait in the records" in caplog.text


def test_who_must_know_is_told_that_the_queue_is_out_of_reach(
    nowhere: TaskQueue,
) -> None:
    with pytest.raises(QueueError, match="redis_url"):
        nowhere.missing([_task(1)])
    with pytest.raises(QueueError):
        nowhere.restore([_task(1)])
    with pytest.raises(QueueError):
        nowhere.lengths()
    with pytest.raises(QueueError):
        nowhere.lock("reconciler", "one", seconds=5)


def test_a_lock_is_held_by_one_and_kept_by_him(
    queue: TaskQueue, redis_there: redis.Redis
) -> None:
    assert queue.lock("reconciler", "one", seconds=5)
    assert not queue.lock("reconciler", "two", seconds=5)
    assert queue.lock("reconciler", "one", seconds=50)
    assert 5 < redis_there.ttl("xianshen:lock:reconciler") <= 50  # type: ignore[operator]  # - not awaited
    redis_there.delete("xianshen:lock:reconciler")
    assert queue.lock("reconciler", "two", seconds=5)
