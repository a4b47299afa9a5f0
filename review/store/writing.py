"""One transaction: the ledger and everything that follows from it, or nothing."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, delete, func, insert, select

from review import clock
from review.case.case import Case
from review.errors import LedgerError, NotFoundError, StaleError, UsageError
from review.ledger import chain, statement
from review.ledger.chain import Head
from review.ledger.entry import Algorithm, Entry
from review.ledger.keys import SigningKey
from review.ledger.statement import AnyEvent, Context
from review.ports.records import ClearanceRow, RegisterRow
from review.store import register
from review.store.reading import Check, SqlReading
from review.store.rows import put, with_key
from review.store.tables import (
    case_numbers,
    clearances,
    doomed,
    entries,
    fingerprints,
    heads,
    kept,
)

_MOST_A_YEAR: Final = 9_999_999  # six digits, and a seventh where they end


class SqlWriting(SqlReading):
    """What `review.ports.records.Writing` promises, into tables.

    Whoever makes one holds the writers' turn until the transaction ends.
    """

    def __init__(
        self,
        connection: Connection,
        check: Check,
        *,
        key: SigningKey,
        algorithm: Algorithm,
    ) -> None:
        """Write through a connection on which a writer's transaction has begun."""
        super().__init__(connection, check)
        self._key = key
        self._algorithm: Algorithm = algorithm
        self.sealed: Entry | None = None

    def seal(self, event: AnyEvent, context: Context) -> Entry:
        """Append the event to the ledger.

        Raises:
            StaleError: The case has an event of that version already.
            LedgerError: The event does not follow the case's last one, or cannot
                be recorded.
        """
        self._forbid_gap(context)
        return self.append(
            statement.write(event, context),
            kind=statement.kind_of(event),
            at=event.at,
            context=context,
        )

    def append(self, text: str, *, kind: str, at: datetime, context: Context) -> Entry:
        """Append a statement that is written already; `seal` is for events."""
        entry = chain.seal(
            text,
            after=self.last_entry(),
            key=self._key,
            algorithm=self._algorithm,
        )
        self._connection.execute(
            insert(entries),
            {
                **asdict(entry),
                "kind": kind,
                "case_number": context.case,
                "case_version": context.version,
                "at": at,
            },
        )
        self.sealed = entry
        return entry

    def sign_head(self, at: datetime) -> Head:
        """Sign the ledger's head as it stands now, and keep the signature.

        Raises:
            LedgerError: The ledger is empty.
        """
        last = self.last_entry()
        if last is None:
            raise LedgerError("审查记录还是空的，没有可以签署的末条；请先初始化。")
        head = chain.sign_head(last, at=clock.stamp(at), key=self._key)
        following = select(func.coalesce(func.max(heads.c.position), -1) + 1)
        position = self._connection.scalar(following)
        values = {**asdict(head), "position": position}
        self._connection.execute(insert(heads), values)
        return head

    def next_number(self, year: int) -> str:
        """Return the next case number of the year, such as 2026-000123.

        Raises:
            UsageError: The year has no number left.
        """
        this_year = case_numbers.c.year == year
        last = self._connection.scalar(select(case_numbers.c.last).where(this_year))
        number = (last or 0) + 1
        if number > _MOST_A_YEAR:
            raise UsageError(f"{year} 年的编号已经用完（每年最多 {_MOST_A_YEAR} 件）。")
        put(self._connection, case_numbers, {"year": year}, {"last": number})
        return f"{year:04d}-{number:06d}"

    def show(self, case: Case, row: RegisterRow) -> None:
        """Bring the register up to date with the case.

        Raises:
            UsageError: The row is not this case's as it stands, or its title
                cannot be kept.
        """
        if (row.number, row.version, row.stage) != (
            case.number,
            case.version,
            case.stage,
        ):
            raise UsageError("台账的这一行与审查件不符，没有登记；请检查调用的程序。")
        register.show(self._connection, row)

    def add_clearance(self, row: ClearanceRow) -> None:
        """Keep an issued clearance."""
        self._connection.execute(insert(clearances), asdict(row))

    def end_clearance(self, clearance: str, how: str, at: datetime) -> None:
        """Mark a clearance as revoked or expired.

        Raises:
            NotFoundError: There is no such clearance.
            StaleError: It has ended already.
        """
        known = self.clearance(clearance)
        if known is None:
            raise NotFoundError("没有这一公开许可，请核对编号。")
        if known.ended is not None:
            raise StaleError("这一公开许可已经终止，请刷新后查看。")
        ended = {"ended": how, "ended_at": at}
        put(self._connection, clearances, {"id": clearance}, ended)

    def add_fingerprints(self, case: str, fingerprints: Sequence[int]) -> None:
        """Remember the fingerprints of a refused case; those known already stay."""
        known = self.refused_with(fingerprints)
        new = sorted({one for one in fingerprints if case not in known.get(one, ())})
        rows = [{"fingerprint": one, "case_number": case} for one in new]
        self._add(_FINGERPRINTS, rows)

    def keep(self, case: str, round_number: int, digests: Sequence[str]) -> None:
        """Remember which contents the case keeps in the vault."""
        here = {"case_number": case, "round": round_number}
        asked = select(kept.c.digest).where(*with_key(kept, here))
        known = set(self._connection.scalars(asked))
        new = sorted(set(digests) - known)
        self._add(kept, [{**here, "digest": one} for one in new])

    def forget(self, case: str) -> tuple[str, ...]:
        """Forget the case's contents; doom and return what no case keeps now."""
        had = self.kept_digests(case)
        self._connection.execute(delete(kept).where(kept.c.case_number == case))
        free = tuple(one for one in had if not self.is_kept(one))
        known = set(self.doomed())
        self._add(doomed, [{"digest": one} for one in free if one not in known])
        return free

    def spare(self, digest: str) -> None:
        """Take a digest off the list of doomed contents: deleted, or kept again."""
        self._connection.execute(delete(doomed).where(doomed.c.digest == digest))

    def _forbid_gap(self, context: Context) -> None:
        if context.case is None or context.version is None:
            if context.version is not None:
                raise LedgerError("有版本号而没有审查件编号，不能入链；请检查程序。")
            return
        last = select(func.coalesce(func.max(entries.c.case_version), 0))
        known = self._connection.scalar(
            last.where(entries.c.case_number == context.case)
        )
        if context.version <= (known or 0):
            raise StaleError(
                "这一审查件在此期间已有新的处理，本次操作没有生效；请刷新后核对再办。"
            )
        if context.version != (known or 0) + 1:
            raise LedgerError("审查件的版本号跳过了一步，不能入链；请检查程序。")

    def _add(self, table: Table, rows: list[dict[str, Any]]) -> None:
        if rows:
            self._connection.execute(insert(table), rows)


_FINGERPRINTS: Final = fingerprints  # by another name than the port's argument
