"""After the clearance: the publication put on record, taken back, run out."""

from datetime import datetime
from typing import Final

from review.case import publishing
from review.case.case import Case
from review.case.values import Channel, RevocationCause
from review.service.acting import act
from review.service.desk import Asker, Desk
from review.service.projection import show
from review.service.recording import load, seal

_AT_ONCE: Final = 500


def record_publication(  # noqa: PLR0913 - each is a field of the form
    desk: Desk,
    number: str,
    *,
    channel: Channel,
    address: str,
    published_at: datetime,
    asker: Asker,
) -> Case:
    """Put where and when the item went out into the register."""
    return act(
        desk,
        number,
        "record_publication",
        asker=asker,
        decide=lambda case, request: publishing.record_publication(
            case,
            request,
            channel=channel,
            address=address,
            published_at=published_at,
        ),
    )


def revoke(
    desk: Desk,
    number: str,
    *,
    cause: RevocationCause,
    reason: str,
    asker: Asker,
) -> Case:
    """Take the clearance back; from now on the gate says no."""
    return act(
        desk,
        number,
        "revoke",
        asker=asker,
        decide=lambda case, request: publishing.revoke(
            case, request, cause=cause, reason=reason
        ),
    )


def expire_due(desk: Desk) -> tuple[str, ...]:
    """Put on record which clearances ran out; return their cases.

    The gate looks at the date itself; this only keeps the register true.
    """
    at = desk.now()
    ended: list[str] = []
    while True:
        with desk.store.reading() as records:
            due = records.run_out(at, limit=_AT_ONCE)
        for number in due:
            expire(desk, number)
        ended += due
        if len(due) < _AT_ONCE:
            return tuple(ended)


def expire(desk: Desk, number: str) -> Case:
    """Put on record that the case's clearance ran out.

    Raises:
        RefusedError: It is still in force, or ended before.
    """
    with desk.store.writing() as work:
        at = desk.now()
        case = load(work, number)
        event = publishing.expire(case, at=at)
        after = seal(desk, work, case, event)
        work.end_clearance(event.clearance, "expired", at)
        show(desk, work, after)
        return after
