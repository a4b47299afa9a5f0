"""Everybody's appointments, folded from the ledger once and then kept at hand.

Each request asks who somebody is, and an office of thousands has tens of thousands of
appointments: read anew each time, that would be most of every step. The last entry
about people has a digest that holds all entries before it, so that whoever finds the
same last entry has the same appointments. What comes after it is read in addition.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from review.case.appointing import appointments_after
from review.case.events import Appointed, AppointmentEnded
from review.case.people import Appointment
from review.ledger import statement
from review.ledger.entry import Entry
from review.ports.ledger import EntryQuery
from review.ports.records import Reading

_KINDS: Final = ("people.appointed", "people.appointment_ended")
_MOST: Final = 8  # ledgers and their moments, in one process


@dataclass(frozen=True, slots=True)
class _Known:
    """Every appointment as of one entry, oldest first, and each person's own."""

    index: int
    every: tuple[Appointment, ...]
    own: Mapping[str, tuple[Appointment, ...]]


_known: Final[OrderedDict[str, _Known]] = OrderedDict()  # by the last entry's digest
_lock: Final = Lock()


def appointments_of(
    records: Reading, person: str | None = None
) -> tuple[Appointment, ...]:
    """Return one person's appointments, or everybody's, as the ledger tells.

    Raises:
        TamperError: An entry about people was not sealed as it stands.
    """
    last = _last(records)
    if last is None:
        return ()
    with _lock:
        known = _known.get(last.digest)
    if known is None:
        known = _folded(records, last)
        with _lock:
            _known[last.digest] = known
            while len(_known) > _MOST:
                _known.popitem(last=False)
    return known.every if person is None else known.own.get(person, ())


def _last(records: Reading) -> Entry | None:
    found = (records.last_of_kind(one) for one in _KINDS)
    return max(
        (one for one in found if one is not None),
        key=lambda one: one.index,
        default=None,
    )


def _folded(records: Reading, last: Entry) -> _Known:
    before = _before(records, last)
    after = -1 if before is None else before.index
    happened = (
        statement.read(one.statement).event
        for one in records.entries_of_kind(*_KINDS, after=after)
    )
    every = appointments_after(
        (one for one in happened if isinstance(one, Appointed | AppointmentEnded)),
        known=() if before is None else before.every,
    )
    own: dict[str, list[Appointment]] = {}
    for one in every:
        own.setdefault(one.person, []).append(one)
    return _Known(
        last.index, every, {person: tuple(held) for person, held in own.items()}
    )


def _before(records: Reading, last: Entry) -> _Known | None:
    """Return the latest fold of this very ledger from before that entry."""
    with _lock:
        folds = sorted(_known.items(), key=lambda one: one[1].index, reverse=True)
    for digest, one in folds:
        if one.index < last.index:
            here = records.find_entries(EntryQuery(before=one.index + 1, limit=1))
            if here and here[0].digest == digest:
                return one
    return None
