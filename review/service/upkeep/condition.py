"""How the installation is doing, for whoever looks after it: figures, and no case.

What needs the machine itself (disk, files, keys) `xianshen doctor` tells.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from review.ports.records import Reading
from review.ports.tasks import Lane, TaskState
from review.service.acting import looking
from review.service.desk import Desk
from review.service.upkeep.background import SILENCE
from review.service.upkeep.backups import last_noted

# What is older, or has waited longer, should be looked at; `xianshen doctor` counts so too.
BACKUP_SOON: Final = timedelta(days=2)
WAITED_LONG: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A machine that works or worked, and when it was last seen."""

    name: str
    seen_at: datetime
    works: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What waits and works, and what was last put on record.

    `tasks` counts by lane and state, those of the last week where they are closed.
    `waiting_since` is since when the first task that is due has waited.
    """

    at: datetime
    tasks: Mapping[tuple[Lane, TaskState], int]
    waiting_since: datetime | None
    places: tuple[Place, ...]
    last_backup: datetime | None
    entries: int
    undelivered: int


def condition(desk: Desk, *, person: str) -> Condition:
    """Return how the installation is doing now.

    Raises:
        NotPermittedError: The person does not look after it.
    """
    at = desk.now()
    with looking(desk, "see_operations", person) as records:
        backup = last_noted(records)
        last = records.last_entry()
        due = records.tasks.due(at, limit=1)
        return Condition(
            at=at,
            tasks=records.tasks.counts(),
            waiting_since=due[0].due_at if due else None,
            places=_places(records, at),
            last_backup=backup.at if backup else None,
            entries=0 if last is None else last.index + 1,
            undelivered=len(records.gate.deliveries("failed", after="", limit=1000)),
        )


def _places(records: Reading, at: datetime) -> tuple[Place, ...]:
    seen = sorted(records.tasks.places().items())
    return tuple(
        Place(name=name, seen_at=when, works=at - when < SILENCE) for name, when in seen
    )
