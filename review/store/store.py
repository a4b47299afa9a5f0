"""The records in a database: what `review.ports.records.Store` promises."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Final, Self, TypeAlias

from sqlalchemy import Engine, select

from review import clock
from review.case.people import MACHINE
from review.errors import LedgerError, StoreError
from review.ledger import chain
from review.ledger.entry import Algorithm, Entry, canonical
from review.ledger.keys import SigningKey
from review.ledger.statement import Context
from review.ledger.witness import WitnessFile
from review.ports.tasks import Task
from review.store import engine as databases
from review.store import migrate
from review.store.reading import SqlReading
from review.store.tables import entries
from review.store.witnessing import (
    forbid_other_history,
    verify_since,
    verify_whole,
)
from review.store.writing import SqlWriting

# What puts tasks into a queue: best effort, since the records know what waits.
AfterCommit: TypeAlias = Callable[[Sequence[Task]], None]

_REMEMBERED: Final = 20_000  # checked entries, some 10 MB


class SqlStore:
    """Records in SQLite or PostgreSQL, their last entry witnessed in a file outside."""

    def __init__(  # noqa: PLR0913 - one part each
        self,
        engine: Engine,
        *,
        key: SigningKey,
        algorithm: Algorithm,
        witness: WitnessFile | None,
        now: Callable[[], datetime],
        after_commit: AfterCommit | None = None,
    ) -> None:
        """Join a database, the key that seals, and the witness; nothing is opened yet.

        `after_commit` hears of the tasks that a transaction added and that are due.
        """
        self._engine = engine
        self._key = key
        self._algorithm: Algorithm = algorithm
        self._witness = witness
        self._now = now
        self._after_commit = after_commit
        # Entries never change, so that one that was checked stays checked.
        self._check = lru_cache(maxsize=_REMEMBERED)(self._check_anew)

    @staticmethod
    def has_entries(engine: Engine) -> bool:
        """Tell whether anything was ever recorded in the database."""
        with databases.reading(engine) as connection:
            return connection.scalar(select(entries.c.index).limit(1)) is not None

    @contextmanager
    def reading(self) -> Iterator[SqlReading]:
        """Begin a consistent look.

        Raises:
            StoreError: The database is out of reach.
        """
        with databases.reading(self._engine) as connection:
            yield SqlReading(connection, self._check)

    @contextmanager
    def writing(self) -> Iterator[SqlWriting]:
        """Begin a transaction; commit at the end, roll back on any exception.

        Waits until no other writer is at work. What was sealed is witnessed
        after the commit: should only that fail, the records stand, the error
        says so, and the next opening brings the witness up.

        Raises:
            TamperError: The witness contradicts the database; nothing is written.
            LedgerError: The witness file cannot be used.
            StoreError: The turn did not come in time, the database is out of
                reach, or a newer program has upgraded it.
        """
        with databases.writing(self._engine, briefly=True) as connection:
            migrate.forbid_overtaken(connection)
            work = SqlWriting(
                connection, self._check, key=self._key, algorithm=self._algorithm
            )
            if self._witness is not None:
                forbid_other_history(work, self._witness.last())
            yield work
        if work.sealed is not None:
            self._record(work.sealed)
        if self._after_commit is not None and work.tasks.added:
            self._after_commit(tuple(work.tasks.added))

    def open_ledger(self) -> Self:
        """Return the store, its ledger checked against its witness, or begun.

        Entries that a crash kept from their witness are verified and witnessed now.

        Raises:
            StoreError: The database is not of this program's version.
            TamperError: The witness contradicts the database, or entries since
                the last witness were changed.
            LedgerError: The witness file cannot be used, or has heads though the
                database is empty.
        """
        if not migrate.is_current(self._engine):
            raise StoreError(migrate.advice(self._engine))
        self._begin_ledger()
        self._catch_up_witness()
        return self

    def _catch_up_witness(self) -> None:
        if self._witness is None:
            return
        with databases.writing(self._engine) as connection:
            # Writers wait: what is verified is what is witnessed.
            records = SqlReading(connection, self._check)
            witnessed = self._witness.last()
            last = verify_since(records, witnessed)
        if last is not None and (witnessed is None or witnessed.index < last.index):
            self._record(last)

    def renew_witness(self) -> None:
        """Begin a new witness file when the old one is lost for good.

        For an administrator alone, who has compared the head with the last printed
        form: what the lost file knew of the ledger's end, nothing here can know.

        Raises:
            LedgerError: There is a witness, or the ledger is empty.
            TamperError: The ledger is not whole.
        """
        if self._witness is None or self._witness.last() is not None:
            raise LedgerError("见证文件还在，不需要重建；请用原来的见证文件。")
        with databases.writing(self._engine) as connection:
            last = verify_whole(SqlReading(connection, self._check))
        if last is None:
            raise LedgerError("数据库里还没有审查记录，不需要重建见证。")
        self._record(last)

    def _begin_ledger(self) -> None:
        with databases.writing(self._engine) as connection:
            work = SqlWriting(
                connection, self._check, key=self._key, algorithm=self._algorithm
            )
            if work.last_entry() is not None:
                return
            if self._witness is not None:
                forbid_other_history(work, self._witness.last())
            at = self._now()
            context = Context(via="system", policy="")
            work.append(
                self._opening(at, context), kind=chain.OPENED, at=at, context=context
            )
        if work.sealed is not None:
            self._record(work.sealed)

    def _opening(self, at: datetime, context: Context) -> str:
        """Return the statement that every ledger begins with."""
        return canonical(
            {
                "at": clock.stamp(at),
                "by": asdict(MACHINE),
                "case": context.case,
                "contents": context.contents,
                "data": {"key": self._key.public_hex},
                "kind": chain.OPENED,
                "policy": context.policy,
                "report": context.report,
                "version": context.version,
                "via": context.via,
            }
        )

    def _check_anew(self, entry: Entry) -> None:
        chain.check_entry(entry, self._key.public)

    def _record(self, entry: Entry) -> None:
        if self._witness is not None:
            at = clock.stamp(self._now())
            self._witness.record(chain.sign_head(entry, at=at, key=self._key))
