"""A consistent look at the records, on one connection."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    Table,
    bindparam,
    false,
    select,
)

from review.case.case import Stage
from review.errors import TamperError
from review.ledger.chain import ADVICE, Head
from review.ledger.entry import Entry, is_whole
from review.ports.ledger import EntryQuery
from review.ports.records import ClearanceRow, RegisterQuery, RegisterRow
from review.store import register, searching
from review.store.accounts import SqlAccounts
from review.store.gate import SqlGate
from review.store.lexicons import SqlLexicons
from review.store.requests import SqlRequests
from review.store.statistics import SqlStatistics
from review.store.tables import (
    cases,
    clearances,
    doomed,
    entries,
    fingerprints,
    heads,
    kept,
)
from review.store.tables_tasks import tasks
from review.store.tasks import SqlTasks
from review.store.views import SqlViews

_BATCH: Final = 500  # entries at once: constant memory for any ledger
_MOST_AT_ONCE: Final = 5_000  # values in one question; databases have limits


# Raises for an entry that was not sealed as it stands.
Check: TypeAlias = Callable[[Entry], None]


# Written once: the gate asks it of every clearance that it has not met.
_ROUNDS: Final = (
    select(*(entries.c[one.name] for one in fields(Entry)))
    .where(
        entries.c.case_number == bindparam("case"),
        entries.c.kind.in_(("case.submitted", "case.resubmitted"))
        | (entries.c.index == bindparam("index")),
    )
    .order_by(entries.c.index)
)


class SqlReading:
    """What `review.ports.records.Reading` promises, from tables."""

    def __init__(self, connection: Connection, check: Check) -> None:
        """Look through a connection on which a transaction has begun.

        `check` raises for an entry that the ledger's key did not seal.
        """
        self._connection = connection
        self._check = check
        self._tasks = SqlTasks(connection)  # the same one: it knows what was added

    @property
    def accounts(self) -> SqlAccounts:
        """Return the accounts and sessions."""
        return SqlAccounts(self._connection)

    @property
    def gate(self) -> SqlGate:
        """Return what the gate keeps."""
        return SqlGate(self._connection)

    @property
    def lexicons(self) -> SqlLexicons:
        """Return the office's own lexicons."""
        return SqlLexicons(self._connection)

    @property
    def requests(self) -> SqlRequests:
        """Return the requests that were carried out."""
        return SqlRequests(self._connection)

    @property
    def statistics(self) -> SqlStatistics:
        """Return what is counted."""
        return SqlStatistics(self._connection)

    @property
    def tasks(self) -> SqlTasks:
        """Return the background work."""
        return self._tasks

    @property
    def views(self) -> SqlViews:
        """Return people's saved views of the register."""
        return SqlViews(self._connection)

    def entries_of(self, case: str) -> tuple[Entry, ...]:
        """Return the case's entries, oldest first; none if there is no such case.

        Raises:
            TamperError: The case's events are not its first to last, without a
                gap, or one was not sealed as it stands.
        """
        mine = entries.c.case_number == case, entries.c.case_version.is_not(None)
        asked = select(entries).where(*mine).order_by(entries.c.case_version)
        found = self._all(asked)
        versions = [one["case_version"] for one in found]
        if versions != list(range(1, len(found) + 1)):
            raise TamperError(f"审查件 {case} 的记录序号不连，有记录被删去。{ADVICE}")
        return tuple(self._checked(one) for one in found)

    def entries_of_kind(self, *kinds: str, after: int = -1) -> tuple[Entry, ...]:
        """Return the entries of those kinds after the entry `after`, oldest first.

        Raises:
            TamperError: One was not sealed as it stands.
        """
        asked = select(entries).where(entries.c.kind.in_(kinds))
        asked = asked.where(entries.c.index > after)
        found = self._all(asked.order_by(entries.c.index))
        return tuple(self._checked(one) for one in found)

    def entries(self, *, after: int = -1) -> Iterator[Entry]:
        """Stream the whole ledger from the entry after `after`.

        Raises:
            TamperError: A column says something else than the statement.
        """
        while True:
            following = entries.c.index > after
            batch = select(entries).where(following).order_by(entries.c.index)
            found = self._all(batch.limit(_BATCH))
            for one in found:
                yield _entry(one)
            if len(found) < _BATCH:
                return
            after = found[-1]["index"]

    def find_entries(self, query: EntryQuery) -> tuple[Entry, ...]:
        """Return the entries that fit, newest first.

        Raises:
            TamperError: A column says something else than the statement.
        """
        return tuple(_entry(one) for one in searching.found(self._connection, query))

    def continued(self, index: int, digest: str) -> Iterator[Entry]:
        """Stream the entries after the one of that index and digest.

        Raises:
            TamperError: One is missing, changed or forged; where the last is
                forged, only after it was given.
        """
        last: Entry | None = None
        for one in self.entries(after=index):
            if (one.index, one.previous) != (index + 1, digest) or not is_whole(one):
                raise TamperError(f"序号 {one.index} 的审查记录接不上前一条。{ADVICE}")
            index, digest, last = one.index, one.digest, one
            yield one
        if last is not None:
            # Its digest holds all those before, so that one signature is enough.
            self._check(last)

    def round_entries(self, case: str, index: int) -> tuple[Entry, ...]:
        """Return what was handed in for the case, each round, and the entry `index`."""
        found = self._connection.execute(_ROUNDS, {"case": case, "index": index})
        return tuple(Entry(*one) for one in found)

    def entry_of(self, digest: str) -> Entry | None:
        """Return the entry of that digest."""
        return self._last_of(select(entries).where(entries.c.digest == digest))

    def last_entry(self) -> Entry | None:
        """Return the head of the ledger."""
        return self._last_of(select(entries))

    def last_of_kind(self, kind: str) -> Entry | None:
        """Return the last entry whose statement is of that kind.

        Raises:
            TamperError: It was not sealed as it stands.
        """
        # As a stretch of one kind, in the index's own order: asked by one kind and the
        # number alone, PostgreSQL may walk back through all entries that came after.
        of_it = select(entries).where(entries.c.kind.between(kind, kind))
        found = self._last_of(of_it.order_by(entries.c.kind.desc()))
        if found is not None:
            self._check(found)
        return found

    def heads(self, *, over: int = -1) -> Iterator[Head]:
        """Stream the signed heads of entries after `over`, oldest first.

        In constant memory.
        """
        after = -1
        while True:
            following = select(heads).where(heads.c.position > after)
            if after < 0:
                following = following.where(heads.c.index > over)
            found = self._all(following.order_by(heads.c.position).limit(_BATCH))
            yield from map(_head, found)
            if len(found) < _BATCH:
                return
            after = found[-1]["position"]

    def last_heads(self, limit: int) -> tuple[Head, ...]:
        """Return the last signed heads, newest first."""
        newest = select(heads).order_by(heads.c.position.desc()).limit(limit)
        return tuple(map(_head, self._all(newest)))

    def head_over(self, index: int) -> Head | None:
        """Return the first signed head that holds the entry of that index."""
        asked = select(heads).where(heads.c.index >= index)
        found = self._all(asked.order_by(heads.c.index, heads.c.position).limit(1))
        return _head(found[0]) if found else None

    def register(self, query: RegisterQuery) -> tuple[RegisterRow, ...]:
        """Return a page of the register."""
        return register.page(self._connection, query)

    def register_row(self, case: str) -> RegisterRow | None:
        """Return one case's row."""
        return register.row_of(self._connection, case)

    def counts(self, departments: tuple[str, ...] | None) -> Mapping[Stage, int]:
        """Return how many cases stand at each stage; a stage with none is left out."""
        return register.counts(self._connection, departments)

    def departments(self) -> tuple[str, ...]:
        """Return the departments that ever handed an item in, in order."""
        return register.departments(self._connection)

    def clearance(self, clearance: str) -> ClearanceRow | None:
        """Return an issued clearance by its id."""
        found = self._all(select(clearances).where(clearances.c.id == clearance))
        return ClearanceRow(**found[0]) if found else None

    def clearances(self, *, ended: str | None = None) -> tuple[ClearanceRow, ...]:
        """Return the issued clearances that ended so, or that are in force."""
        # No index answers "is not distinct from".
        how = clearances.c.ended
        asked = select(clearances).where(
            how.is_(None) if ended is None else how == ended
        )
        ordered = asked.order_by(clearances.c.valid_until, clearances.c.id)
        return tuple(ClearanceRow(**one) for one in self._all(ordered))

    def run_out(self, at: datetime, *, limit: int) -> tuple[str, ...]:
        """Return cases whose clearances are past their time and not ended yet."""
        table = clearances.c
        asked = select(table.case).where(table.ended.is_(None), table.valid_until <= at)
        ordered = asked.order_by(table.valid_until, table.id).limit(limit)
        return tuple(self._connection.scalars(ordered))

    def refused_with(
        self, fingerprints: Sequence[int]
    ) -> Mapping[int, tuple[str, ...]]:
        """Return which refused cases hold each fingerprint; those that none holds aside."""
        found: dict[int, list[str]] = {}
        for fingerprint, case in self._refused(sorted(set(fingerprints))):
            found.setdefault(fingerprint, []).append(case)
        return {one: tuple(sorted(holding)) for one, holding in found.items()}

    def holders_of(self, digest: str) -> tuple[str, ...]:
        """Return the cases whose contents with that digest are still kept."""
        asked = select(kept.c.case_number).where(kept.c.digest == digest)
        return tuple(sorted(set(self._connection.scalars(asked))))

    def kept_digests(self, case: str) -> tuple[str, ...]:
        """Return the digests of the case's contents that are still kept."""
        asked = select(kept.c.digest).where(kept.c.case_number == case)
        return tuple(sorted(set(self._connection.scalars(asked))))

    def is_kept(self, digest: str) -> bool:
        """Tell whether any case, or a task's result, still keeps that digest."""
        asked = select(kept.c.digest).where(kept.c.digest == digest).limit(1)
        made = select(tasks.c.id).where(tasks.c.result == digest).limit(1)
        scalar = self._connection.scalar
        return scalar(asked) is not None or scalar(made) is not None

    def doomed(self) -> tuple[str, ...]:
        """Return digests of contents that are to be deleted and may still be there."""
        asked = select(doomed.c.digest).order_by(doomed.c.digest)
        return tuple(self._connection.scalars(asked))

    def due_for(self, stages: tuple[Stage, ...], before: datetime) -> tuple[str, ...]:
        """Return unpurged cases at those stages since before then, oldest first."""
        asked = (
            select(cases.c.number)
            .where(
                cases.c.purged == false(),
                cases.c.stage.in_(stages),
                cases.c.since < before,
            )
            .order_by(cases.c.since, cases.c.sequence)
        )
        return tuple(self._connection.scalars(asked))

    def _checked(self, row: RowMapping) -> Entry:
        entry = _entry(row)
        self._check(entry)
        return entry

    def _all(self, asked: Select[Any]) -> Sequence[RowMapping]:
        return self._connection.execute(asked).mappings().all()

    def _last_of(self, asked: Select[Any]) -> Entry | None:
        found = self._all(asked.order_by(entries.c.index.desc()).limit(1))
        return _entry(found[0]) if found else None

    def _refused(self, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
        table: Table = fingerprints
        for start in range(0, len(wanted), _MOST_AT_ONCE):
            some = wanted[start : start + _MOST_AT_ONCE]
            asked = select(table.c.fingerprint, table.c.case_number)
            found = self._connection.execute(asked.where(table.c.fingerprint.in_(some)))
            yield from ((row.fingerprint, row.case_number) for row in found)


def _head(row: RowMapping) -> Head:
    return Head(**{name: value for name, value in row.items() if name != "position"})


def _entry(row: RowMapping) -> Entry:
    """Return the entry of a row whose columns say what its statement says.

    The statement is what is sealed; a column moved to another case would make a
    decision vanish from the one it belongs to.
    """
    try:
        said = json.loads(row["statement"])
        agree = (said["kind"], said["case"], said["version"]) == (
            row["kind"],
            row["case_number"],
            row["case_version"],
        )
    except (ValueError, KeyError, TypeError):
        agree = False
    if not agree:
        raise TamperError(
            f"序号 {row['index']} 的记录与数据库里的索引列不符，数据库被改动。{ADVICE}"
        )
    return Entry(
        index=row["index"],
        previous=row["previous"],
        algorithm=row["algorithm"],
        statement=row["statement"],
        key=row["key"],
        digest=row["digest"],
        signature=row["signature"],
    )
