"""Background work, in its table."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from review.ports.tasks import OPEN_STATES, Lane, Task, TaskKind, TaskState
from review.store.rows import put
from review.store.tables import cases
from review.store.tables_tasks import tasks, worker_places

_REMEMBERED: Final = timedelta(days=30)  # a machine that was not seen so long is gone


class SqlTasks:
    """What `review.ports.tasks.Tasks` promises, on one connection.

    `added` are the tasks that this transaction added and that are due at once.
    """

    def __init__(self, connection: Connection) -> None:
        """Work through a connection on which a transaction has begun."""
        self._connection = connection
        self.added: list[Task] = []

    def find(self, task: int) -> Task | None:
        """Return the task of that id."""
        return self._first(select(tasks).where(tasks.c.id == task))

    def last(self, kind: TaskKind, subject: str) -> Task | None:
        """Return the last task of that kind and subject, whatever became of it."""
        of_it = select(tasks).where(tasks.c.kind == kind, tasks.c.subject == subject)
        return self._first(of_it.order_by(tasks.c.id.desc()).limit(1))

    def newest(self, kind: TaskKind) -> Task | None:
        """Return the last task of that kind, whoever asked for it."""
        of_it = select(tasks).where(tasks.c.kind == kind)
        return self._first(of_it.order_by(tasks.c.id.desc()).limit(1))

    def due(self, at: datetime, *, limit: int = 1000) -> tuple[Task, ...]:
        """Return what waits and is due, longest due first."""
        waiting = tasks.c.state == "waiting", tasks.c.due_at <= at
        asked = select(tasks).where(*waiting).order_by(tasks.c.due_at, tasks.c.id)
        return self._all(asked.limit(limit))

    def running(self) -> tuple[Task, ...]:
        """Return what somebody has taken and not finished."""
        asked = select(tasks).where(tasks.c.state == "running").order_by(tasks.c.id)
        return self._all(asked)

    def counts(self) -> Mapping[tuple[Lane, TaskState], int]:
        """Return how many tasks of each lane are in each state."""
        asked = select(tasks.c.queue, tasks.c.state, func.count())
        grouped = asked.group_by(tasks.c.queue, tasks.c.state)
        return {(one[0], one[1]): one[2] for one in self._connection.execute(grouped)}

    def unscanned(
        self, *, failed_before: datetime, limit: int = 500
    ) -> tuple[str, ...]:
        """Return cases that wait for the machine though no scan of them is open."""
        of_it = tasks.c.kind == "scan", tasks.c.subject == cases.c.number
        failed = and_(tasks.c.state == "failed", tasks.c.finished_at >= failed_before)
        in_hand = exists().where(*of_it, or_(_is_open(), failed))
        asked = select(cases.c.number).where(cases.c.stage == "scanning", ~in_hand)
        ordered = asked.order_by(cases.c.sequence).limit(limit)
        return tuple(self._connection.scalars(ordered))

    def places(self) -> Mapping[str, datetime]:
        """Return the machines that work or worked, and when each was last seen."""
        rows = self._connection.execute(select(worker_places))
        return {one.place: one.seen_at for one in rows}

    def add(
        self,
        kind: TaskKind,
        subject: str,
        *,
        queue: Lane,
        at: datetime,
        due_at: datetime | None = None,
    ) -> Task:
        """Add a task, due at once or later; where one of its kind and subject is open, return that."""
        of_it = select(tasks).where(tasks.c.kind == kind, tasks.c.subject == subject)
        known = self._first(of_it.where(_is_open()))
        if known is not None:
            return self._sooner(known, at, due_at or at)
        # `drop_before` leaves the last one, so that no number comes twice.
        following = select(func.coalesce(func.max(tasks.c.id), 0) + 1)
        task = Task(
            id=self._connection.scalar(following) or 1,
            kind=kind,
            subject=subject,
            queue=queue,
            state="waiting",
            attempts=0,
            due_at=due_at or at,
            added_at=at,
        )
        self._connection.execute(insert(tasks), asdict(task))
        if task.due_at <= at:
            self.added.append(task)
        return task

    def _sooner(self, known: Task, at: datetime, due_at: datetime) -> Task:
        """Let a task that waits be due no later than it was asked for now."""
        if known.state != "waiting" or known.due_at <= due_at:
            return known
        self._change(known.id, "waiting", due_at=due_at)
        task = replace(known, due_at=due_at)
        if due_at <= at:
            self.added.append(task)
        return task

    def claim(self, task: int, *, holder: str, at: datetime) -> Task | None:
        """Take a waiting task; None if somebody has it or nothing is left to do."""
        taken = self._change(
            task,
            "waiting",
            state="running",
            attempts=tasks.c.attempts + 1,
            holder=holder,
            started_at=at,
        )
        return self.find(task) if taken else None

    def finish(self, task: int, *, at: datetime, result: str | None = None) -> None:
        """Put on record that it is done, unless it is closed already."""
        self._change(
            task, *OPEN_STATES, state="done", finished_at=at, holder=None, result=result
        )

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
        values: dict[str, Any] = {"state": "waiting", "due_at": due_at, "holder": None}
        if not counted:
            values["attempts"] = tasks.c.attempts - 1
        if queue is not None:
            values["queue"] = queue
        self._change(task, "running", code=code, **values)

    def give_up(self, task: int, *, at: datetime, code: str) -> None:
        """Put on record that it failed for good, unless it is closed already."""
        values = {"state": "failed", "finished_at": at, "holder": None, "code": code}
        self._change(task, *OPEN_STATES, **values)

    def close(self, kind: TaskKind, subject: str, *, at: datetime) -> None:
        """Put on record that the open task of that kind and subject is done, if any."""
        of_it = tasks.c.kind == kind, tasks.c.subject == subject, _is_open()
        done = update(tasks).where(*of_it)
        self._connection.execute(done.values(state="done", finished_at=at, holder=None))

    def drop_before(self, moment: datetime) -> tuple[str, ...]:
        """Forget tasks that ended before then; return the digests of their results."""
        newest = select(func.max(tasks.c.id)).scalar_subquery()
        old = tasks.c.finished_at < moment, tasks.c.id < newest, ~_is_open()
        results = self._connection.scalars(select(tasks.c.result).where(*old)).all()
        self._connection.execute(delete(tasks).where(*old))
        return tuple(sorted({one for one in results if one is not None}))

    def be_seen(self, place: str, at: datetime) -> None:
        """Put on record that a machine works; forget machines unseen for days."""
        put(self._connection, worker_places, {"place": place}, {"seen_at": at})
        gone = worker_places.c.seen_at < at - _REMEMBERED
        self._connection.execute(delete(worker_places).where(gone))

    def _change(self, task: int, *states: TaskState, **values: Any) -> bool:
        """Change the task if it is in one of those states; tell whether it was."""
        here = tasks.c.id == task, tasks.c.state.in_(states)
        changed = update(tasks).where(*here).values(**values)
        return self._connection.execute(changed).rowcount > 0

    def _first(self, asked: Select[Any]) -> Task | None:
        found = self._all(asked)
        return found[0] if found else None

    def _all(self, asked: Select[Any]) -> tuple[Task, ...]:
        rows = self._connection.execute(asked).mappings()
        return tuple(Task(**one) for one in rows)


def _is_open() -> Any:
    return tasks.c.state.in_(OPEN_STATES)
