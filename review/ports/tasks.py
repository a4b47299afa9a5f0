"""Background work as the records keep it: what waits, what runs, what came of it.

A queue may forget; the records don't. Whoever works takes a task here first, so
that none is done twice, and none is lost with the one who had taken it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, Protocol, TypeAlias

TaskKind: TypeAlias = Literal[
    "scan",
    "deliver",
    "notify",
    "remind",
    "export",
    "preview",
    "verify",
    "tidy",
    "rescan",
]
# What must be quick, what may take long, and what waits for others.
Lane: TypeAlias = Literal["quick", "bulk", "out"]
TaskState: TypeAlias = Literal["waiting", "running", "done", "failed"]

OPEN_STATES: Final[tuple[TaskState, ...]] = ("waiting", "running")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One piece of background work.

    `subject` is an id (a case number, a day …), never a title or any text of a
    draft. `attempts` counts how often somebody took it. `holder` is who has it.
    `result` is the digest of what it made, kept in the vault.
    """

    id: int
    kind: TaskKind
    subject: str
    queue: Lane
    state: TaskState
    attempts: int
    due_at: datetime
    added_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    holder: str | None = None
    code: str | None = None
    result: str | None = None


class TasksReading(Protocol):
    """A look at the background work."""

    def find(self, task: int) -> Task | None:
        """Return the task of that id."""
        ...

    def last(self, kind: TaskKind, subject: str) -> Task | None:
        """Return the last task of that kind and subject, whatever became of it."""
        ...

    def newest(self, kind: TaskKind) -> Task | None:
        """Return the last task of that kind, whoever asked for it."""
        ...

    def due(self, at: datetime, *, limit: int = 1000) -> tuple[Task, ...]:
        """Return what waits and is due, longest due first."""
        ...

    def running(self) -> tuple[Task, ...]:
        """Return what somebody has taken and not finished."""
        ...

    def counts(self) -> Mapping[tuple[Lane, TaskState], int]:
        """Return how many tasks of each lane are in each state."""
        ...

    def unscanned(
        self, *, failed_before: datetime, limit: int = 500
    ) -> tuple[str, ...]:
        """Return cases that wait for the machine though no scan of them is open.

        One whose scan was given up is returned when that was before `failed_before`.
        """
        ...

    def places(self) -> Mapping[str, datetime]:
        """Return the machines that work or worked, and when each was last seen."""
        ...


class Tasks(TasksReading, Protocol):
    """The same within a transaction."""

    def add(
        self,
        kind: TaskKind,
        subject: str,
        *,
        queue: Lane,
        at: datetime,
        due_at: datetime | None = None,
    ) -> Task:
        """Add a task, due at once or later; where one of its kind and subject is open, return that.

        One that waits is due no later than it is asked for now.
        """
        ...

    def claim(self, task: int, *, holder: str, at: datetime) -> Task | None:
        """Take a waiting task; None if somebody has it or nothing is left to do."""
        ...

    def finish(self, task: int, *, at: datetime, result: str | None = None) -> None:
        """Put on record that it is done, unless it is closed already."""
        ...

    def put_back(
        self,
        task: int,
        *,
        due_at: datetime,
        code: str | None = None,
        counted: bool = True,
        queue: Lane | None = None,
    ) -> None:
        """Let a running task wait again; `counted` False forgets the attempt."""
        ...

    def give_up(self, task: int, *, at: datetime, code: str) -> None:
        """Put on record that it failed for good, unless it is closed already."""
        ...

    def close(self, kind: TaskKind, subject: str, *, at: datetime) -> None:
        """Put on record that the open task of that kind and subject is done, if any."""
        ...

    def drop_before(self, moment: datetime) -> tuple[str, ...]:
        """Forget tasks that ended before then; return the digests of their results."""
        ...

    def be_seen(self, place: str, at: datetime) -> None:
        """Put on record that a machine works; forget machines unseen for days."""
        ...
