"""One job: take the task, carry out its one use case, put on record how it ended."""

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from review.errors import (
    LedgerError,
    ModelError,
    NotFoundError,
    QueueError,
    RefusedError,
    StoreError,
    VaultKeyError,
    XianshenError,
)
from review.ledger.chain import Head
from review.ports.gate import Sender
from review.ports.tasks import Lane, Task, TaskKind
from review.queue.progress import Progress, ProgressBoard
from review.queue.timings import ScanTimings
from review.service.cases import scan
from review.service.desk import Desk
from review.service.gate import deliveries
from review.service.lexicons import preview as lexicon_preview
from review.service.machine.round_machine import RoundMachine, Step, Tell
from review.service.papers import export_orders
from review.service.record import verifications
from review.service.siteaudit import published
from review.service.upkeep import background, housekeeping, reminders
from worker.apart import Apart, Limits, RoundTooLongError, refuse
from worker.processes import holder_of

_log: Final = logging.getLogger(__name__)
# Nobody's fault but the surroundings': such an attempt is none.
_OUT_OF_REACH: Final = (
    LedgerError,
    ModelError,
    QueueError,
    StoreError,
    VaultKeyError,
)
_SOON: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What every job works with; `machine` returns the loaded machine of today.

    `witnessed` returns the heads that are kept on this machine, outside the database.
    `seconds` is how long a round may take in each lane, `limits` what one file may.
    """

    desk: Desk
    machine: Callable[[], RoundMachine]
    board: ProgressBoard
    witnessed: Callable[[], Iterable[Head]]
    sender: Sender
    limits: Limits
    seconds: Mapping[Lane, int]
    place: str
    timings: ScanTimings | None = None


class _NotYetError(Exception):
    """Not done, for a reason that has its own time for trying again."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__()
        self.due_at = due_at


# A use case: carries a task out and returns what it made, if anything.
Job: TypeAlias = Callable[[Bench, Task], bytes | None]


def run(bench: Bench, number: int) -> None:
    """Carry out one task, if nobody else has it."""
    holder = holder_of(os.getpid(), bench.place)
    task = background.take(bench.desk, number, holder=holder)
    if task is None:
        return
    try:
        made = JOBS[task.kind](bench, task)
    except Exception as error:  # noqa: BLE001 - a door: put on record, tried again
        _record_failure(bench.desk, task, error)
    else:
        background.finish(bench.desk, task, result=made)


def _record_failure(desk: Desk, task: Task, error: Exception) -> None:
    """Put on record why a task is not done, and when it is tried again, if at all."""
    now = desk.now()
    if isinstance(error, _NotYetError):
        background.later(desk, task, due_at=error.due_at)
        return
    if isinstance(error, RoundTooLongError):
        background.later(desk, task, due_at=now, lane="bulk")
        return
    # Never its message: that may quote what it stumbled on.
    _log.warning("task %d (%s) failed: %s", task.id, task.kind, type(error).__name__)
    code = error.code if isinstance(error, XianshenError) else "error"
    if isinstance(error, _OUT_OF_REACH):
        background.later(desk, task, due_at=now + _SOON, code=code)
    elif isinstance(error, RefusedError | NotFoundError):
        background.give_up(desk, task, code=code)
    else:
        background.try_again(desk, task, code=code)


def _scan(bench: Bench, task: Task) -> None:
    number, tell = task.subject, _telling(bench, task.subject)
    if task.attempts > background.MOST_ATTEMPTS:
        machine = bench.machine().working(apart=refuse, tell=tell)
        scan.give_up(replace(bench.desk, machine=machine), number)
    else:
        began = time.monotonic()
        until = began + bench.seconds[task.queue]
        apart = Apart(bench.limits, until=until, move_on=task.queue == "quick")
        machine = bench.machine().working(apart=apart, tell=tell)
        scan.scan(replace(bench.desk, machine=machine), number)
        if bench.timings is not None:
            bench.timings.add(time.monotonic() - began)
    bench.board.say(number, Progress(stage="done"))


def _telling(bench: Bench, number: str) -> Tell:
    def tell(step: Step) -> None:
        bench.board.say(
            number,
            Progress(
                stage=step.stage,
                file=step.file,
                files=step.files,
                page=step.page,
                pages=step.pages,
            ),
        )

    return tell


def _remind(bench: Bench, task: Task) -> None:
    del task
    reminders.remind(bench.desk)


def _notify(bench: Bench, task: Task) -> None:
    reminders.tell_waiting(bench.desk, task.subject)


def _tidy(bench: Bench, task: Task) -> None:
    housekeeping.tidy(bench.desk, task.subject)
    if "T" not in task.subject:
        published.order_if_changed(bench.desk, bench.machine().scanner)


def _rescan(bench: Bench, task: Task) -> None:
    published.carry_out(bench.desk, bench.machine().scanner, task.subject)


def _export(bench: Bench, task: Task) -> bytes:
    return export_orders.make(bench.desk, task.subject)


def _preview(bench: Bench, task: Task) -> None:
    lexicon_preview.carry_out(bench.desk, task.subject)


def _verify(bench: Bench, task: Task) -> bytes:
    return verifications.carry_out(bench.desk, task.subject, witnessed=bench.witnessed)


def _deliver(bench: Bench, task: Task) -> None:
    tried = deliveries.deliver(bench.desk, task.subject, bench.sender)
    if tried.state == "waiting":
        raise _NotYetError(tried.due_at)


JOBS: Final[Mapping[TaskKind, Job]] = {
    "scan": _scan,
    "remind": _remind,
    "notify": _notify,
    "tidy": _tidy,
    "export": _export,
    "preview": _preview,
    "verify": _verify,
    "deliver": _deliver,
    "rescan": _rescan,
}
