"""What the use cases need of the world outside: the records, and the drafts' contents.

The store and the vault stand behind these; one suite of tests holds every
implementation to the same promises.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from review.case.case import Case, Stage
from review.case.values import Channel
from review.ledger.chain import Head
from review.ledger.entry import Entry
from review.ledger.statement import AnyEvent, Context
from review.ports.accounts import Accounts, AccountsReading
from review.ports.gate import Gate, GateReading
from review.ports.ledger import LedgerReading
from review.ports.lexicons import Lexicons, LexiconsReading
from review.ports.requests import Requests, RequestsReading
from review.ports.statistics import Statistics, StatisticsReading
from review.ports.tasks import Tasks, TasksReading
from review.ports.views import Views, ViewsReading


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A case as the register shows it (审查台账).

    `sequence` orders cases by number. `due_on` is the last day of the step that
    the case is at. `late_steps` counts steps that took longer than allowed.
    """

    number: str
    sequence: int
    title: str
    department: str
    channels: tuple[Channel, ...]
    stage: Stage
    version: int
    round: int
    drafted_by: str
    submitted_by: str
    submitted_at: datetime
    since: datetime
    source: str = "own"
    planned_on: date | None = None
    due_on: date | None = None
    late_steps: int = 0
    findings: int = 0
    open_findings: int = 0
    incidents: int = 0
    referrals: int = 0
    outcome: str | None = None
    ground: str | None = None
    decided_at: datetime | None = None
    clearance: str | None = None
    valid_until: datetime | None = None
    published_at: datetime | None = None
    closed_at: datetime | None = None
    purged: bool = False
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterQuery:
    """Which cases to show, newest first.

    `departments` None means all. `words` are looked for in title and number.
    `submitted_by` is a name as the register shows it. `before` continues after a
    page: only sequences below it.
    """

    departments: tuple[str, ...] | None = None
    stages: tuple[Stage, ...] = ()
    words: str = ""
    channel: Channel | None = None
    submitted_by: str | None = None
    overdue_on: date | None = None
    submitted_from: datetime | None = None
    submitted_until: datetime | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceRow:
    """An issued clearance: its token, and when and why it ended."""

    id: str
    case: str
    round: int
    token: str
    canonical: str
    valid_until: datetime
    ended: str | None = None
    ended_at: datetime | None = None


class Reading(LedgerReading, Protocol):
    """A consistent look at the records.

    Entries that are read by case or by kind are checked one by one: what was not
    sealed with the ledger's key is never believed.
    """

    @property
    def accounts(self) -> AccountsReading:
        """Return the look at accounts and sessions."""
        ...

    @property
    def gate(self) -> GateReading:
        """Return the look at what the gate keeps."""
        ...

    @property
    def lexicons(self) -> LexiconsReading:
        """Return the look at the office's own lexicons."""
        ...

    @property
    def requests(self) -> RequestsReading:
        """Return the look at requests that were carried out."""
        ...

    @property
    def statistics(self) -> StatisticsReading:
        """Return the look at what is counted."""
        ...

    @property
    def tasks(self) -> TasksReading:
        """Return the look at background work."""
        ...

    @property
    def views(self) -> ViewsReading:
        """Return the look at people's saved views of the register."""
        ...

    def register(self, query: RegisterQuery) -> tuple[RegisterRow, ...]:
        """Return a page of the register."""
        ...

    def register_row(self, case: str) -> RegisterRow | None:
        """Return one case's row."""
        ...

    def counts(self, departments: tuple[str, ...] | None) -> Mapping[Stage, int]:
        """Return how many cases stand at each stage."""
        ...

    def departments(self) -> tuple[str, ...]:
        """Return the departments that ever handed an item in, in order."""
        ...

    def clearance(self, clearance: str) -> ClearanceRow | None:
        """Return an issued clearance by its id."""
        ...

    def clearances(self, *, ended: str | None = None) -> tuple[ClearanceRow, ...]:
        """Return the issued clearances that ended so, or that are in force."""
        ...

    def run_out(self, at: datetime, *, limit: int) -> tuple[str, ...]:
        """Return cases of clearances past their time and not ended yet, oldest first."""
        ...

    def refused_with(
        self, fingerprints: Sequence[int]
    ) -> Mapping[int, tuple[str, ...]]:
        """Return which refused cases hold each fingerprint."""
        ...

    def holders_of(self, digest: str) -> tuple[str, ...]:
        """Return the cases whose contents with that digest are still kept."""
        ...

    def kept_digests(self, case: str) -> tuple[str, ...]:
        """Return the digests of the case's contents that are still kept."""
        ...

    def is_kept(self, digest: str) -> bool:
        """Tell whether any case, or a task's result, still keeps that digest."""
        ...

    def doomed(self) -> tuple[str, ...]:
        """Return digests of contents that are to be deleted and may still be there."""
        ...

    def due_for(self, stages: tuple[Stage, ...], before: datetime) -> tuple[str, ...]:
        """Return unpurged cases at those stages since before then, oldest first."""
        ...


class Writing(Reading, Protocol):
    """One transaction: everything in it happens, or nothing.

    Writers take turns; two can never seal entries after the same head.
    """

    @property
    def accounts(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Accounts:
        """Return the accounts and sessions."""
        ...

    @property
    def gate(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Gate:
        """Return what the gate keeps."""
        ...

    @property
    def lexicons(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Lexicons:
        """Return the office's own lexicons."""
        ...

    @property
    def requests(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Requests:
        """Return the requests that were carried out."""
        ...

    @property
    def statistics(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Statistics:
        """Return what is counted."""
        ...

    @property
    def tasks(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Tasks:
        """Return the background work."""
        ...

    @property
    def views(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self,
    ) -> Views:
        """Return people's saved views of the register."""
        ...

    def seal(self, event: AnyEvent, context: Context) -> Entry:
        """Append the event to the ledger.

        Raises:
            StaleError: The case has an event of that version already.
        """
        ...

    def sign_head(self, at: datetime) -> Head:
        """Sign the ledger's head as it stands now, and keep the signature."""
        ...

    def next_number(self, year: int) -> str:
        """Return the next case number of the year, such as 2026-000123."""
        ...

    def show(self, case: Case, row: RegisterRow) -> None:
        """Bring the register up to date with the case."""
        ...

    def add_clearance(self, row: ClearanceRow) -> None:
        """Keep an issued clearance."""
        ...

    def end_clearance(self, clearance: str, how: str, at: datetime) -> None:
        """Mark a clearance as revoked or expired."""
        ...

    def add_fingerprints(self, case: str, fingerprints: Sequence[int]) -> None:
        """Remember the fingerprints of a refused case."""
        ...

    def keep(self, case: str, round_number: int, digests: Sequence[str]) -> None:
        """Remember which contents the case keeps in the vault."""
        ...

    def forget(self, case: str) -> tuple[str, ...]:
        """Forget the case's contents; doom and return what no case keeps now."""
        ...

    def spare(self, digest: str) -> None:
        """Take a digest off the list of doomed contents: deleted, or kept again."""
        ...


class Store(Protocol):
    """Where the records are."""

    def reading(self) -> AbstractContextManager[Reading]:
        """Begin a consistent look."""
        ...

    def writing(self) -> AbstractContextManager[Writing]:
        """Begin a transaction; commit at the end, roll back on any exception."""
        ...


class Contents(Protocol):
    """Where the drafts are, encrypted, addressed by digest."""

    def put(self, data: bytes) -> str:
        """Keep the bytes durably and return their SHA-256."""
        ...

    def get(self, digest: str) -> bytes:
        """Return the bytes.

        Raises:
            XianshenError: They are gone, damaged, or the key does not fit.
        """
        ...

    def purge(self, digest: str) -> bool:
        """Delete the bytes; tell whether they were there."""
        ...

    def digests(self) -> Iterator[str]:
        """Return the digests of everything that is kept here."""
        ...
