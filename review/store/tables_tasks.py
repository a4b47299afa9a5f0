"""The tables of background work: what is to be done, and which machines do it."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, text

from review.store.columns import WHOLE_NUMBER, Moment
from review.store.tables import metadata

_OPEN: Final = text("state IN ('waiting', 'running')")

tasks: Final = Table(
    "tasks",
    metadata,
    Column("id", WHOLE_NUMBER, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("subject", String(255), nullable=False),
    Column("queue", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("started_at", Moment),
    Column("finished_at", Moment),
    Column("holder", String(255)),
    Column("code", String(32)),
    Column("result", String(64)),
    # Of one kind and subject only one is open: asked twice is done once.
    Index(
        "ix_tasks_open",
        "kind",
        "subject",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index("ix_tasks_subject", "kind", "subject", "id"),
    Index("ix_tasks_state", "state", "due_at"),
    Index("ix_tasks_result", "result"),
)

worker_places: Final = Table(
    "worker_places",
    metadata,
    Column("place", String(255), primary_key=True),
    Column("seen_at", Moment, nullable=False),
)
