"""Puts tasks into Redis by their id: what waits is known to the records alone.

A job's arguments are one number. Its name is made of the task and the attempt, so
that the same attempt is never queued twice, whoever puts it there.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast, get_args

import redis
from rq import Queue
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from review.ports.tasks import Lane, Task
from review.queue.connection import connect, unreachable

LANES: Final[tuple[Lane, ...]] = get_args(Lane)
# What a worker runs for any job, whatever a job says.
FUNCTION: Final = "worker.jobs.run"
_log: Final = logging.getLogger(__name__)
_KEEP_FAILED: Final = 3600  # seconds that Redis remembers a failed job


def queue_name(lane: Lane) -> str:
    """Return the name of a lane in Redis, which may serve other programs too."""
    return f"xianshen-{lane}"


def queue_of(lane: Lane, connection: redis.Redis) -> Queue:
    """Return a lane's queue, whose jobs are JSON and never a pickle."""
    return Queue(queue_name(lane), connection=connection, serializer=JSONSerializer)


def job_name(task: Task) -> str:
    """Return the name of the job for a task as it waits now."""
    return f"xianshen-{task.id}-{task.attempts}-{task.queue}"


class TaskQueue:
    """The queue of one installation."""

    def __init__(self, url: str, *, seconds: Mapping[Lane, int]) -> None:
        """Take the server's address and how long a job of each lane may run."""
        self._connection = connect(url)
        self._seconds = seconds

    def put(self, tasks: Sequence[Task]) -> None:
        """Queue tasks that were just recorded, if Redis can be reached.

        Never fails: what is not queued now, the workers find in the records.
        """
        try:
            self._put(tasks)
        except redis.RedisError as error:
            ids = ", ".join(str(one.id) for one in tasks)
            why = type(error).__name__
            _log.info("tasks %s wait in the records, not queued: %s", ids, why)

    def missing(self, tasks: Iterable[Task]) -> tuple[Task, ...]:
        """Return those tasks that are in no queue: lost, or just taken out of it.

        Raises:
            QueueError: Redis is out of reach.
        """
        try:
            queued = self._queued()
        except redis.RedisError as error:
            raise unreachable(error) from None
        return tuple(one for one in tasks if job_name(one) not in queued)

    def restore(self, tasks: Sequence[Task]) -> None:
        """Queue tasks that are missing.

        Raises:
            QueueError: Redis is out of reach.
        """
        try:
            # Of a job that is in no queue nothing but its shell may be left.
            for one in tasks:
                self._connection.delete(f"rq:job:{job_name(one)}")
            self._put(tasks)
        except redis.RedisError as error:
            raise unreachable(error) from None

    def lengths(self) -> Mapping[Lane, int]:
        """Return how many jobs wait in each lane.

        Raises:
            QueueError: Redis is out of reach.
        """
        try:
            return {lane: int(self._connection.llen(_key(lane))) for lane in LANES}
        except redis.RedisError as error:
            raise unreachable(error) from None

    def lock(self, name: str, holder: str, *, seconds: int) -> bool:
        """Take a lock that ends by itself, or keep it; tell whether it is ours.

        Raises:
            QueueError: Redis is out of reach.
        """
        key = f"xianshen:lock:{name}"
        try:
            if self._connection.set(key, holder, nx=True, ex=seconds):
                return True
            ours = self._connection.get(key) == holder.encode()
            if ours:
                self._connection.expire(key, seconds)
        except redis.RedisError as error:
            raise unreachable(error) from None
        return ours

    def close(self) -> None:
        """Close the connections: before a fork, at the end."""
        self._connection.close()

    def _put(self, tasks: Iterable[Task]) -> None:
        for one in tasks:
            try:
                queue_of(one.queue, self._connection).enqueue_call(
                    FUNCTION,
                    args=(one.id,),
                    job_id=job_name(one),
                    unique=True,
                    timeout=self._seconds[one.queue],
                    result_ttl=0,
                    failure_ttl=_KEEP_FAILED,
                    description=f"{one.kind} {one.id}",
                )
            except DuplicateJobError:
                continue

    def _queued(self) -> frozenset[str]:
        found: set[str] = set()
        for lane in LANES:
            waiting = cast("list[bytes]", self._connection.lrange(_key(lane), 0, -1))
            found.update(one.decode() for one in waiting)
        return frozenset(found)


def _key(lane: Lane) -> str:
    return f"{Queue.redis_queue_namespace_prefix}{queue_name(lane)}"
