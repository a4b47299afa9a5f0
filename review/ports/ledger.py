"""What the use cases read of the ledger: entries, and the heads that were signed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from review.ledger.chain import Head
from review.ledger.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryQuery:
    """Which entries of the ledger to show, newest first; what is empty asks nothing.

    `case` finds a case's own entries and those that name it; `words` must stand in
    the statement as they are. `before` continues after a page: only indexes below;
    `over` ends the walk: only indexes above.
    """

    kinds: tuple[str, ...] = ()
    case: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    over: int = -1
    limit: int = 50


class LedgerReading(Protocol):
    """A consistent look at the ledger."""

    def entries_of(self, case: str) -> tuple[Entry, ...]:
        """Return the case's entries, oldest first; none if there is no such case."""
        ...

    def entries(self, *, after: int = -1) -> Iterator[Entry]:
        """Stream the whole ledger from the entry after `after`."""
        ...

    def find_entries(self, query: EntryQuery) -> tuple[Entry, ...]:
        """Return the entries that fit, newest first; what they say is not checked."""
        ...

    def continued(self, index: int, digest: str) -> Iterator[Entry]:
        """Stream the entries after the one of that index and digest (-1, zeros: all).

        Each is linked to the one before; once the stream has ended, and not
        before, they are known to be the ledger's: its key has sealed the last.
        """
        ...

    def round_entries(self, case: str, index: int) -> tuple[Entry, ...]:
        """Return what was handed in for the case, each round, and the entry `index`.

        They are not checked: whoever holds the digest of one can tell.
        """
        ...

    def last_entry(self) -> Entry | None:
        """Return the head of the ledger."""
        ...

    def entries_of_kind(self, *kinds: str, after: int = -1) -> tuple[Entry, ...]:
        """Return the entries of those kinds after the entry `after`, oldest first."""
        ...

    def entry_of(self, digest: str) -> Entry | None:
        """Return the entry of that digest; what it says is not checked."""
        ...

    def last_of_kind(self, kind: str) -> Entry | None:
        """Return the last entry whose statement is of that kind."""
        ...

    def heads(self, *, over: int = -1) -> Iterator[Head]:
        """Stream the signed heads of entries after `over`, in constant memory."""
        ...

    def last_heads(self, limit: int) -> tuple[Head, ...]:
        """Return the last signed heads, newest first."""
        ...

    def head_over(self, index: int) -> Head | None:
        """Return the first signed head that holds the entry of that index."""
        ...
