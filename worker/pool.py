"""The processes of one machine: loaded once, shared by fork, replaced when they die.

The parent itself does no work and keeps no connection, so that it can fork at any
time; a worker that is killed costs one attempt of one task and nothing else.
"""

import gc
import logging
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from review import clock
from review.errors import QueueError, XianshenError
from review.ports.tasks import Lane
from review.queue.client import TaskQueue
from review.queue.connection import connect_patiently
from review.sandbox.confining import keep_private
from review.service.machine.lazy_machine import LazyMachine
from review.service.upkeep import background
from worker import jobs
from worker.horse import Memory, Stable
from worker.jobs import Bench
from worker.lanes import lanes_for
from worker.processes import die_with_parent, holder_of, is_gone
from worker.reconcile import keep_reconciling, reconcile

_log: Final = logging.getLogger(__name__)
# What a horse may take beside the file that its child examines: reports, exports.
_HEADROOM: Final = 1024 * 1024 * 1024
_A_YEAR: Final = 260  # working days
_TICK: Final = 0.1
_LOOK: Final = 10.0  # seconds between two looks for another lexicon
_PATIENCE: Final = 20.0  # seconds that a running job is given at the end
_LAST: Final = 5.0
# A process that dies at once again is replaced ever more slowly.
_LONGEST_PAUSE: Final = 30.0
_STEADY: Final = 60.0
_BARREN: Final = 5  # times that all workers may die in a burst


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a pool works with, joined by the bootstrap."""

    bench: Bench
    machine: LazyMachine
    queue: TaskQueue
    queue_url: str
    folder: Path
    release: Callable[[], None]


@dataclass(slots=True)
class _Post:
    """A place for one process: what it runs, who is there, when the next may come."""

    name: str
    run: Callable[[], None]
    pid: int = 0
    since: float = 0.0
    pause: float = 0.0
    not_before: float = 0.0


@dataclass(slots=True)
class Pool:
    """Runs workers until it is told to stop."""

    parts: Parts
    count: int
    _told: bool = False
    _posts: list[_Post] = field(default_factory=list)

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then let running jobs end or put them back."""
        self._load()
        self._posts = [_Post("reconciler", self._reconcile)]
        self._posts += self._workers(burst=False)
        self._listen()
        look = time.monotonic() + _LOOK
        while not self._told:
            self._bury()
            self._fill()
            if time.monotonic() >= look:
                self._follow_lexicon()
                look = time.monotonic() + _LOOK
            time.sleep(_TICK)
        self._end()

    def run_burst(self) -> None:
        """Work until nothing is due any more.

        Raises:
            XianshenError: The database or the queue is out of reach, or the workers
                die whatever they begin.
        """
        self._load()
        self._listen()
        barren = 0
        while not self._told:
            if barren == _BARREN:
                raise QueueError("后台进程一启动就中止；请看日志，改正后再启动。")
            reconcile(
                self.parts.bench.desk, self.parts.queue, place=self.parts.bench.place
            )
            if background.is_idle(self.parts.bench.desk):
                return
            self.parts.release()
            self._posts = self._workers(burst=True)
            self._fill()
            while any(post.pid for post in self._posts) and not self._told:
                self._bury()
                time.sleep(_TICK)
            barren = barren + 1 if all(one.pause for one in self._posts) else 0
        self._end()

    def _load(self) -> None:
        self.parts.machine.prepare().warm()
        desk = self.parts.bench.desk
        # A year's holidays, and the next year's, take a while to load.
        desk.days.add(clock.china_date(desk.now()), _A_YEAR)
        self.parts.release()
        # What is loaded is never freed: pages that nobody writes stay shared.
        gc.collect()
        gc.freeze()

    def _workers(self, *, burst: bool) -> list[_Post]:
        return [
            _Post(f"{lane}-{place}", self._worker(lane, place, burst=burst))
            for place, lane in enumerate(lanes_for(self.count))
        ]

    def _worker(self, lane: Lane, place: int, *, burst: bool) -> Callable[[], None]:
        limits = self.parts.bench.limits

        def run() -> None:
            worker = Stable(
                lane,
                connection=connect_patiently(self.parts.queue_url),
                work=lambda number: jobs.run(self.parts.bench, number),
                folder=self.parts.folder / f"{os.getpid()}-{place}",
                memory=Memory(own=limits.memory + _HEADROOM, helpers=limits.helpers),
            )
            worker.work(burst=burst, logging_level="WARNING")

        return run

    def _reconcile(self) -> None:
        bench = self.parts.bench
        keep_reconciling(bench.desk, self.parts.queue, place=bench.place)

    def _listen(self) -> None:
        def stop(_signal: int, _frame: FrameType | None) -> None:
            self._told = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def _fill(self) -> None:
        """Fork a process for every empty place whose time has come."""
        now = time.monotonic()
        for post in self._posts:
            if not post.pid and now >= post.not_before:
                post.since = now
                post.pid = _forked(post.run)

    def _bury(self) -> None:
        """Take note of every process that has ended."""
        for post in self._posts:
            if post.pid and os.waitpid(post.pid, os.WNOHANG)[0]:
                now = time.monotonic()
                steady = now - post.since >= _STEADY
                post.pause = (
                    0.0 if steady else min(post.pause * 2 or 0.2, _LONGEST_PAUSE)
                )
                post.pid, post.not_before = 0, now + post.pause

    def _follow_lexicon(self) -> None:
        """Replace the workers, each after its job, when another lexicon is in force."""
        before = self.parts.machine.loaded
        try:
            after = self.parts.machine.prepare()
        except XianshenError as error:
            _log.warning("could not look at the lexicon: %s", type(error).__name__)
            return
        finally:
            self.parts.release()
        if after is not before:
            after.warm()
            gc.freeze()
            self._signal(signal.SIGTERM)

    def _signal(self, how: signal.Signals) -> None:
        for post in self._posts:
            if post.pid:
                os.kill(post.pid, how)

    def _end(self) -> None:
        """Stop everybody: first politely, then by force; put back what was cut off."""
        self._signal(signal.SIGTERM)
        if not self._all_gone(_PATIENCE):
            # The second time RQ takes the horse down with the worker.
            self._signal(signal.SIGTERM)
            if not self._all_gone(_LAST):
                self._signal(signal.SIGKILL)
                self._all_gone(_LAST)
        bench = self.parts.bench
        try:
            background.recover(
                bench.desk, place=bench.place, is_gone=is_gone, counted=False
            )
        except XianshenError as error:
            _log.warning("could not put tasks back: %s", type(error).__name__)
        shutil.rmtree(self.parts.folder, ignore_errors=True)

    def _all_gone(self, seconds: float) -> bool:
        end = time.monotonic() + seconds
        while any(post.pid for post in self._posts) and time.monotonic() < end:
            self._bury()
            time.sleep(_TICK)
        return not any(post.pid for post in self._posts)


def own_folder(parent: Path, place: str) -> Path:
    """Return a folder for this pool's files; take away those of pools that were killed."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in parent.iterdir():
        if is_gone(f"{place}:{old.name.replace('-', ':')}"):
            shutil.rmtree(old, ignore_errors=True)
    return parent / holder_of(os.getpid(), "").lstrip(":").replace(":", "-")


def _forked(run: Callable[[], None]) -> int:
    parent = os.getpid()
    child = os.fork()
    if not child:
        _live(run, parent)
    return child


def _live(run: Callable[[], None], parent: int) -> NoReturn:
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        die_with_parent(parent, signal.SIGTERM)
        keep_private()
        run()
        os._exit(0)
    except SystemExit:
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - the last line of a child
        _log.warning("a worker ended: %s", type(error).__name__)
    finally:
        os._exit(1)
