"""RQ's worker, held to what we want: one function, one number, nothing from Redis believed.

Whoever can write to Redis may name work that waits, and nothing else: what a job
says of functions, callbacks and webhooks is not looked at.
"""

import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from review.ports.tasks import Lane
from review.queue.client import FUNCTION, queue_of
from review.sandbox.confining import keep_private, lower
from worker.processes import address_space, die_with_parent

_NICE: Final = 5  # bulk work leaves the processor to what must be quick
_LAST_WORDS: Final = 10  # seconds of processor time to put the end on record
_AT_ONCE: Final[frozenset[Lane]] = frozenset({"quick"})
_HEARTBEAT: Final = 60  # seconds beyond a job's own time
_POLITE: Final[frozenset[Lane]] = frozenset({"bulk"})


def job_class(work: Callable[[int], None]) -> type[Job]:
    """Return a class of jobs that do nothing but `work` on the one number they carry."""

    class TaskJob(Job):
        """A job that names a task."""

        def _execute(  # type: ignore[explicit-override]  # - `override` needs 3.12
            self,
        ) -> None:
            args = self.args
            fits = self.func_name == FUNCTION and not self.kwargs and len(args) == 1
            if not fits or type(args[0]) is not int:
                raise ValueError("a job of this queue names a task and nothing else")
            work(args[0])

        @property
        def success_callback(  # type: ignore[explicit-override]  # - `override` needs 3.12
            self,
        ) -> None:
            return None

        @property
        def failure_callback(  # type: ignore[explicit-override]  # - `override` needs 3.12
            self,
        ) -> None:
            return None

        @property
        def stopped_callback(  # type: ignore[explicit-override]  # - `override` needs 3.12
            self,
        ) -> None:
            return None

        def send_webhooks(  # type: ignore[explicit-override]  # - `override` needs 3.12
            self, *_: Any, **__: Any
        ) -> None:
            """Tell nobody: sites are told by tasks of their own."""

    return TaskJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a horse may take beyond what is loaded, in bytes.

    `helpers` is what each process may take that helps to read a file.
    """

    own: int
    helpers: int = 0


class Stable(Worker):
    """A worker of one lane, whose horses die with it and leave nothing behind.

    What must be quick it does itself: a second fork would cost as much as reading a
    notice, and the strange files are examined in a process of their own anyway.
    """

    max_connection_wait_time = 5.0  # seconds; a queue that is back should be noticed

    def __init__(
        self,
        lane: Lane,
        *,
        connection: redis.Redis,
        work: Callable[[int], None],
        folder: Path,
        memory: Memory,
    ) -> None:
        """Take the lane, its own connection, the work, and where its files may lie.

        A file's own process has its memory within that of the horse.
        """
        jobs = job_class(work)
        super().__init__(
            [queue_of(lane, connection)],
            connection=connection,
            job_class=jobs,
            serializer=JSONSerializer,
            log_job_description=False,
        )
        self._lane = lane
        self._folder = folder
        self._memory = memory

    def execute_job(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, job: Job, queue: Queue
    ) -> None:
        """Carry a job out, with a folder that is gone afterwards."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            if self._lane in _AT_ONCE:
                self._execute_here(job, queue)
            else:
                super().execute_job(job, queue)
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _execute_here(self, job: Job, queue: Queue) -> None:
        """Carry a job out in this process; end with one that went wrong.

        A task is given back when its holder is gone, so that he may not live on
        with one that he could not put on record.
        """
        tempfile.tempdir = str(self._folder)
        execution = self.prepare_execution(job)
        if not self.perform_job(job, queue, execution):
            self._stop_requested = True
        self.set_state(WorkerStatus.IDLE)

    def get_heartbeat_ttl(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, job: Job, working_time: float = 0.0
    ) -> int:
        """Return for how long nothing need be heard of a job: here, until it ends."""
        if self._lane in _AT_ONCE:
            return int(job.timeout or 0) + _HEARTBEAT
        return int(super().get_heartbeat_ttl(job, working_time))

    def main_work_horse(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, job: Job, queue: Queue
    ) -> NoReturn:
        """Begin a horse's life: private, bound to its worker, in its own folder."""
        die_with_parent(int(self.pid or 0), signal.SIGKILL)
        keep_private()
        memory = address_space() + self._memory.own
        lower(resource.RLIMIT_AS, memory, max(memory, self._memory.helpers))
        seconds = int(job.timeout or 0) + _LAST_WORDS
        lower(resource.RLIMIT_CPU, seconds, seconds)
        if self._lane in _POLITE:
            os.nice(_NICE)
        tempfile.tempdir = str(self._folder)
        super().main_work_horse(job, queue)
        os._exit(0)
