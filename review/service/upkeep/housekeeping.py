"""What is put in order every day: terms that passed, leftovers, old notes."""

from datetime import timedelta
from typing import Final

from review.service import retention
from review.service.cases import publish
from review.service.desk import Desk
from review.service.gate.upkeep import tidy_gate
from review.service.papers.statistics import count_uncounted
from review.service.people.entrance_upkeep import tidy_entrance

# A request that was carried out is known by its key for so long.
_REQUESTS: Final = timedelta(days=7)
# A task that ended is shown for so long, and what it made is kept.
_TASKS: Final = timedelta(days=7)


def tidy(desk: Desk, subject: str) -> None:
    """Put everything in order whose time has come; safe to repeat.

    `subject` is the day, or the day and hour for what is done every hour.
    """
    if "T" in subject:
        tidy_entrance(desk)
        return
    publish.expire_due(desk)
    count_uncounted(desk)
    retention.purge_due(desk)
    forget_old(desk)
    tidy_gate(desk)
    retention.sweep_orphans(desk)


def forget_old(desk: Desk) -> None:
    """Forget requests, tasks and what the tasks made, after their time."""
    at = desk.now()
    with desk.store.writing() as work:
        work.requests.drop_before(at - _REQUESTS)
        # Their results are orphans from now on, unless a case keeps the same.
        work.tasks.drop_before(at - _TASKS)
