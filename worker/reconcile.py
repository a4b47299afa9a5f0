"""Keeps the queue true to the records, every few seconds, whatever broke meanwhile."""

import logging
import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

from review.errors import XianshenError
from review.queue.client import TaskQueue, job_name
from review.service.desk import Desk
from review.service.upkeep import background
from worker.processes import is_gone

_log: Final = logging.getLogger(__name__)
EVERY: Final = 2.0  # seconds
_HOLD: Final = 15  # seconds that one machine's turn lasts


def reconcile(
    desk: Desk,
    queue: TaskQueue,
    *,
    place: str,
    suspected: frozenset[str] | None = None,
) -> frozenset[str]:
    """Put right what is not; return the jobs that are missing from the queue.

    What died on this machine is found by each machine for itself; the rest is done
    by one at a time, and would do no harm done twice. With `suspected`, the jobs
    that were missing before, only those are queued anew: a job is in no queue for
    a moment, too, when somebody has just taken it out to begin.

    Raises:
        XianshenError: The database or the queue is out of reach.
    """
    background.be_seen(desk, place)
    background.recover(desk, place=place, is_gone=is_gone)
    if not queue.lock("reconciler", place, seconds=_HOLD):
        return frozenset()
    background.catch_up(desk)
    missing = queue.missing(background.waiting(desk))
    lost = [one for one in missing if suspected is None or job_name(one) in suspected]
    queue.restore(lost)
    if lost:
        _log.info("%d tasks were in no queue", len(lost))
    return frozenset(map(job_name, missing))


def keep_reconciling(desk: Desk, queue: TaskQueue, *, place: str) -> None:
    """Reconcile until told to stop; what is out of reach now is not for ever."""
    stopped, trouble = _told_to_stop(), ""
    missing: frozenset[str] = frozenset()
    while not stopped():
        try:
            missing = reconcile(desk, queue, place=place, suspected=missing)
        except XianshenError as error:
            # Once: it is asked again every other second.
            if type(error).__name__ != trouble:
                trouble = type(error).__name__
                _log.warning("could not reconcile: %s", trouble)
        else:
            trouble = ""
        end = time.monotonic() + EVERY
        while time.monotonic() < end and not stopped():
            time.sleep(0.1)
    os._exit(0)


def _told_to_stop() -> Callable[[], bool]:
    told = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal told
        told = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return lambda: told
