"""The record as the auditor reads it: entries, signed heads, verification, export."""

import json
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, Final

from review import clock
from review.access import permissions
from review.access.permissions import OfficeVerb
from review.errors import TamperError
from review.ledger.chain import Head, Verified
from review.ledger.entry import Entry
from review.ledger.keys import SigningKey
from review.ports.records import Reading
from review.service.acting import noting_refusals, person_of
from review.service.desk import Desk
from review.service.record import records as recording

MOST_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Read:
    """One entry with its statement as plain JSON."""

    entry: Entry
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; `before` continues after them, None at the beginning."""

    entries: tuple[Read, ...]
    total: int
    before: int | None


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of verifying the whole ledger: proven, or where it is broken."""

    proven: Verified | None
    problem: str | None = None


def page(desk: Desk, *, person: str, before: int | None = None, limit: int) -> Page:
    """Return entries from the one before `before` down.

    Raises:
        NotPermittedError: He is not the auditor.
    """
    _require(desk, "read_ledger", person)
    with desk.store.reading() as records:
        last = records.last_entry()
        total = 0 if last is None else last.index + 1
        end = total if before is None else min(before, total)
        start = max(0, end - min(limit, MOST_AT_ONCE))
        found = tuple(islice(records.entries(after=start - 1), end - start))
    read = tuple(_read(one) for one in reversed(found))
    return Page(read, total, start if start > 0 else None)


def of_case(desk: Desk, number: str, *, person: str) -> tuple[Read, ...]:
    """Return a case's entries, oldest first; none if there is no such case.

    Raises:
        NotPermittedError: He is not the auditor.
        TamperError: One was not sealed as it stands.
    """
    _require(desk, "read_ledger", person)
    with desk.store.reading() as records:
        return tuple(_read(one) for one in records.entries_of(number))


def heads(desk: Desk, *, person: str, limit: int) -> tuple[Head, ...]:
    """Return the last signed heads, newest first.

    Raises:
        NotPermittedError: He is not the auditor.
    """
    _require(desk, "read_ledger", person)
    with desk.store.reading() as records:
        return tuple(reversed(records.heads()[-limit:]))


def verify(
    desk: Desk, *, person: str, witnessed: tuple[Head, ...] = ()
) -> Verification:
    """Verify the whole ledger; a broken one is an answer, and not an error.

    Raises:
        NotPermittedError: He may not ask for it.
    """
    _require(desk, "verify_ledger", person)
    try:
        return Verification(recording.check(desk, witnessed=witnessed))
    except TamperError as error:
        return Verification(None, error.message)


def write_export(desk: Desk, file: BinaryIO, *, key: SigningKey, person: str) -> str:
    """Write the whole ledger, signed, to a file; return the name that it should bear.

    Raises:
        NotPermittedError: He is not the auditor.
        TamperError: The ledger is not whole; what was written is no export.
    """
    _require(desk, "export_ledger", person)
    at = desk.now()
    file.writelines(recording.export_ledger(desk, key=key, at=at))
    return f"审查记录-{clock.china_date(at).isoformat()}.jsonl"


def _read(entry: Entry) -> Read:
    return Read(entry, json.loads(entry.statement))


def _require(desk: Desk, verb: OfficeVerb, person: str) -> None:
    with noting_refusals(desk, person, verb), desk.store.reading() as records:
        _permit(desk, records, verb, person)


def _permit(desk: Desk, records: Reading, verb: OfficeVerb, person: str) -> None:
    permissions.require(verb, person_of(records, person), at=desk.now())
