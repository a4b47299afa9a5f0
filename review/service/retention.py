"""Drafts that need be kept no longer, and contents that nothing refers to."""

from typing import Final

from review.case import publishing
from review.case.case import Case, Stage
from review.ports.records import Reading
from review.service.desk import Desk
from review.service.projection import show
from review.service.recording import load, seal

_PURGEABLE: Final[tuple[Stage, ...]] = (
    "refused",
    "withdrawn",
    "published",
    "expired",
    "revoked",
)


def purge_due(desk: Desk) -> tuple[str, ...]:
    """Delete the contents whose term has passed; return the cases. Records stay whole."""
    at = desk.now()
    with desk.store.reading() as records:
        old = records.due_for(_PURGEABLE, at)
        due = tuple(one for one in old if _is_due(desk, records, one))
    for number in due:
        purge(desk, number)
    # What a crash kept an earlier purge from deleting.
    sweep(desk)
    return due


def purge(desk: Desk, number: str) -> Case:
    """Delete one case's contents, its term having passed.

    Raises:
        RefusedError: The term has not passed, or they are gone already.
    """
    with desk.store.writing() as work:
        case = load(work, number)
        event = publishing.purge(case, at=desk.now(), policy=desk.policy)
        after = seal(desk, work, case, event)
        work.forget(number)
        show(desk, work, after)
    sweep(desk)
    return after


def _is_due(desk: Desk, records: Reading, number: str) -> bool:
    due = publishing.purge_due(load(records, number), desk.policy)
    return due is not None and due <= desk.now()


def sweep(desk: Desk) -> None:
    """Delete doomed contents; safe to repeat after a crash.

    Writers wait meanwhile, so that nobody hands in the same bytes between the
    look and the deletion.
    """
    with desk.store.reading() as records:
        doomed = records.doomed()
    for digest in doomed:
        with desk.store.writing() as work:
            if not work.is_kept(digest):
                desk.contents.purge(digest)
            work.spare(digest)


def sweep_orphans(desk: Desk) -> int:
    """Delete contents that no record names, left by a crash; return how many.

    Whoever hands in at the same time keeps his files again with his record.
    """
    found = 0
    for digest in desk.contents.digests():
        with desk.store.writing() as work:
            if not work.is_kept(digest):
                found += desk.contents.purge(digest)
    return found
