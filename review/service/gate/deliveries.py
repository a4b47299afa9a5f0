"""Telling sites what happened: in order per case, as often as it takes, never lost.

A delivery is taken in a transaction of its own before it is sent, and its end is
written after it: a crash between the two means that it is sent once more, under
the same id, by which the site knows it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from review.access.callbacks import forbid_other_places
from review.errors import DeliveryError, NotFoundError, RefusedError, VaultError
from review.ports.gate import Delivery, DeliveryState, Outgoing, Sender
from review.ports.records import Reading
from review.service.acting import looking, noting_refusals, permit
from review.service.desk import Desk
from review.service.gate.sites import secret_of, sites_of

# Half a minute, then longer and longer, until three days have passed.
_PAUSES: Final = (
    *(timedelta(seconds=one) for one in (30, 60, 300, 900, 3600, 10_800)),
    *([timedelta(hours=6)] * 11),
)
_CLAIM: Final = timedelta(minutes=2)  # longer than any attempt may take
_LONGEST_ERROR: Final = 300


def deliver_due(desk: Desk, sender: Sender, *, limit: int = 100) -> tuple[str, ...]:
    """Try everything that is due, of each case what comes first; return the ids."""
    with desk.store.reading() as records:
        due = records.gate.due_deliveries(desk.now(), limit=limit)
    for one in due:
        deliver(desk, one, sender)
    return due


def deliver(desk: Desk, delivery: str, sender: Sender) -> Delivery:
    """Try one delivery if it is its turn; return it as it is afterwards.

    One that still waits says in `due_at` when to try again.

    Raises:
        NotFoundError: There is none of that id.
    """
    tried, is_taken = _take(desk, delivery)
    if not is_taken:
        return tried
    try:
        sender.send(_outgoing(desk, tried), at=desk.now())
    except (DeliveryError, RefusedError, VaultError) as error:
        return _end(desk, tried, error=error.message)
    return _end(desk, tried, error=None)


def listed(
    desk: Desk,
    *,
    person: str,
    state: DeliveryState | None = None,
    after: str = "",
    limit: int = 100,
) -> tuple[Delivery, ...]:
    """Return deliveries for whoever looks after the installation."""
    with looking(desk, "see_operations", person) as records:
        return records.gate.deliveries(state, after=after, limit=limit)


def retry(desk: Desk, delivery: str, *, person: str) -> Delivery:
    """Let one that was given up be tried again from the beginning.

    Raises:
        RefusedError: It was delivered; a site is told each thing once.
    """
    with noting_refusals(desk, person, "run_operations"), desk.store.writing() as work:
        at = desk.now()
        permit(desk, work, "run_operations", person)
        known = _known(work, delivery)
        if known.state == "delivered":
            raise RefusedError("这条通知已经送达，不必重发。")
        again = replace(known, state="waiting", attempts=0, due_at=at, ended_at=None)
        work.gate.save_delivery(again)
        work.tasks.add("deliver", delivery, queue="out", at=at)
        return again


def _take(desk: Desk, delivery: str) -> tuple[Delivery, bool]:
    """Take the delivery if it is its turn; return it, and whether it is taken."""
    with desk.store.writing() as work:
        now = desk.now()
        known = _known(work, delivery)
        if known.state != "waiting" or known.due_at > now:
            return known, False
        if not work.gate.is_next(known):
            later = replace(known, due_at=now + _PAUSES[0])
            work.gate.save_delivery(later)
            return later, False
        taken = replace(known, attempts=known.attempts + 1, due_at=now + _CLAIM)
        work.gate.save_delivery(taken)
        return taken, True


def _outgoing(desk: Desk, delivery: Delivery) -> Outgoing:
    with desk.store.reading() as records:
        site = sites_of(records).get(delivery.site)
        if site is None or site.closed_at is not None:
            raise DeliveryError("这个站点已经停用，不再通知。")
        forbid_other_places(site, delivery.url)
        secret = secret_of(desk, records, site.id)
    if secret is None:
        raise DeliveryError("这个站点没有通知密钥，请系统管理员重新发一个。")
    return Outgoing(
        id=delivery.id, url=delivery.url, body=delivery.body.encode(), secret=secret
    )


def _end(desk: Desk, tried: Delivery, *, error: str | None) -> Delivery:
    with desk.store.writing() as work:
        now = desk.now()
        known = _known(work, tried.id)
        if (known.state, known.attempts) != ("waiting", tried.attempts):
            return known  # an operator let it begin anew, or another one took it
        ended = _ended(known, now, error)
        work.gate.save_delivery(ended)
        return ended


def _ended(known: Delivery, now: datetime, error: str | None) -> Delivery:
    if error is None:
        return replace(known, state="delivered", error=None, ended_at=now)
    said = error[:_LONGEST_ERROR]
    if known.attempts > len(_PAUSES):
        return replace(known, state="failed", error=said, ended_at=now)
    pause = _PAUSES[known.attempts - 1]
    return replace(known, error=said, due_at=now + pause)


def _known(records: Reading, delivery: str) -> Delivery:
    known = records.gate.delivery(delivery)
    if known is None:
        raise NotFoundError("没有这条通知，请核对编号。")
    return known
