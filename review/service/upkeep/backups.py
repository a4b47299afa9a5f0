"""Copies of the whole installation: that one was made, and when the last was."""

from typing import Final

from review.case.people import MACHINE, By
from review.ledger import statement
from review.ledger.statement import Context
from review.ports.records import Reading
from review.service.acting import permitted
from review.service.desk import Desk
from review.upkeep.events import BackedUp

_KIND: Final = "office.backed_up"


def may_back_up(desk: Desk, *, person: str) -> By:
    """Return as whom somebody may make a backup.

    Raises:
        NotPermittedError: He is no system administrator today; it is put on record.
    """
    return permitted(desk, "run_operations", person)


def note_backup(desk: Desk, digest: str, *, by: By = MACHINE) -> BackedUp:
    """Put on record that a backup with this manifest was made; by itself at night."""
    event = BackedUp(at=desk.now(), by=by, digest=digest)
    with desk.store.writing() as work:
        work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
    return event


def last_backup(desk: Desk) -> BackedUp | None:
    """Return the last backup on record."""
    with desk.store.reading() as records:
        return last_noted(records)


def last_noted(records: Reading) -> BackedUp | None:
    """Return the last backup on record, in a look that somebody else began."""
    entry = records.last_of_kind(_KIND)
    event = statement.read(entry.statement).event if entry else None
    return event if isinstance(event, BackedUp) else None
