"""The record as the auditor reads it: entries, signed heads, export."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, Final

from review import clock
from review.ledger.chain import Head
from review.ledger.entry import Entry
from review.ledger.keys import SigningKey
from review.ledger.statement import Context
from review.ports.ledger import EntryQuery
from review.service.acting import looking, permit, permitted
from review.service.desk import Desk
from review.service.record import records as recording
from review.upkeep.events import LedgerExported

MOST_AT_ONCE: Final = 200
# Names stand in statements, by no index: so many entries take some seconds, and of a
# province's years there are a hundred times as many.
FURTHEST: Final = 500_000


@dataclass(frozen=True, slots=True)
class Read:
    """One entry with its statement as plain JSON."""

    entry: Entry
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, newest first; `before` continues after them, None at the beginning.

    `is_cut` where there may be more that were not looked for yet: the walk ended before
    the page was full.
    """

    entries: tuple[Read, ...]
    total: int
    before: int | None
    is_cut: bool = False


def page(desk: Desk, *, person: str, before: int | None = None, limit: int) -> Page:
    """Return entries from the one before `before` down.

    Raises:
        NotPermittedError: He is not the auditor.
    """
    with looking(desk, "read_ledger", person) as records:
        last = records.last_entry()
        total = 0 if last is None else last.index + 1
        end = total if before is None else min(before, total)
        start = max(0, end - min(limit, MOST_AT_ONCE))
        found = tuple(islice(records.entries(after=start - 1), end - start))
    read = tuple(_read(one) for one in reversed(found))
    return Page(read, total, start if start > 0 else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries somebody looks for; what is empty asks nothing.

    `who` is a login name or a part of a name: of whoever did it, or of the account or
    the person to whom it was done.
    """

    kinds: tuple[str, ...] = ()
    who: str = ""
    case: str = ""
    day: date | None = None
    before: int | None = None


def find(desk: Desk, wanted: Wanted, *, person: str, limit: int) -> Page:
    """Return the entries that fit, newest first.

    Somebody's, without a case or a day: only `FURTHEST` entries back at a time.

    Raises:
        NotPermittedError: He is not the auditor.
    """
    limit = min(limit, MOST_AT_ONCE)
    query = _query(wanted, limit + 1)
    found: list[Read] = []
    with looking(desk, "read_ledger", person) as records:
        last = records.last_entry()
        total = 0 if last is None else last.index + 1
        if wanted.who and not wanted.case and wanted.day is None:
            end = total if wanted.before is None else min(wanted.before, total)
            query = replace(query, over=end - 1 - FURTHEST)
        while len(found) <= limit:
            some = records.find_entries(query)
            found += [one for one in map(_read, some) if _fits(one, wanted)]
            if len(some) < query.limit:
                break
            query = replace(query, before=some[-1].index)
    shown = tuple(found[:limit])
    if len(found) > limit:
        return Page(shown, total, shown[-1].entry.index)
    if query.over >= 0:
        return Page(shown, total, query.over + 1, is_cut=True)
    return Page(shown, total, None)


def of_case(desk: Desk, number: str, *, person: str) -> tuple[Read, ...]:
    """Return a case's entries, oldest first; none if there is no such case.

    Raises:
        NotPermittedError: He is not the auditor.
        TamperError: One was not sealed as it stands.
    """
    with looking(desk, "read_ledger", person) as records:
        return tuple(_read(one) for one in records.entries_of(number))


def heads(desk: Desk, *, person: str, limit: int) -> tuple[Head, ...]:
    """Return the last signed heads, newest first.

    Raises:
        NotPermittedError: He is not the auditor.
    """
    with looking(desk, "read_ledger", person) as records:
        return records.last_heads(limit)


def write_export(desk: Desk, file: BinaryIO, *, key: SigningKey, person: str) -> str:
    """Write the whole ledger, signed, to a file; return the name that it should bear.

    That he has it now is the next entry, which therefore is not in it.

    Raises:
        NotPermittedError: He is not the auditor.
        TamperError: The ledger is not whole; what was written is no export.
    """
    permitted(desk, "export_ledger", person)
    at = desk.now()
    digest = hashlib.sha256()
    for line in recording.export_ledger(desk, key=key, at=at):
        digest.update(line)
        file.write(line)
    with desk.store.writing() as work:
        by = permit(desk, work, "export_ledger", person)
        event = LedgerExported(at=at, by=by, digest=digest.hexdigest())
        work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
    return f"审查记录-{clock.china_date(at).isoformat()}.jsonl"


def _query(wanted: Wanted, limit: int) -> EntryQuery:
    day = wanted.day
    return EntryQuery(
        kinds=wanted.kinds,
        case=wanted.case,
        words=wanted.who,
        since=None if day is None else clock.midnight(day),
        until=None if day is None else clock.midnight(day, days=1),
        before=wanted.before,
        limit=limit,
    )


def _fits(one: Read, wanted: Wanted) -> bool:
    """Tell whether what stands somewhere in the statement stands where it is meant."""
    said = one.said
    data: dict[str, Any] = said["data"]
    if wanted.case and wanted.case not in {said["case"], data.get("case")}:
        return False
    given = data.get("appointment")
    held: dict[str, Any] = given if isinstance(given, dict) else {}
    ids = (said["by"]["id"], data.get("account"), data.get("site"), held.get("person"))
    names = (said["by"]["name"], data.get("name"), held.get("name"))
    named = any(wanted.who in one for one in names if isinstance(one, str))
    return not wanted.who or wanted.who in ids or named


def _read(entry: Entry) -> Read:
    return Read(entry, json.loads(entry.statement))
