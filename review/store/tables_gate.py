"""The tables of the gate: items and cases, places, deliveries, days of use and refusal."""

from typing import Final

from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from review.store.columns import Moment
from review.store.tables import metadata

_SITE: Final = 64
_NUMBER: Final = 32
_EXTERNAL: Final = 200

site_items: Final = Table(
    "site_items",
    metadata,
    Column("site", String(_SITE), primary_key=True),
    Column("external_id", String(_EXTERNAL), primary_key=True),
    Column("case_number", String(_NUMBER)),
    Column("callback_url", Text),
    UniqueConstraint("case_number"),
)

# `place` is the digest of an address and a channel (`case/places.py`).
published_places: Final = Table(
    "published_places",
    metadata,
    Column("place", String(_SITE), primary_key=True),
    Column("case_number", String(_NUMBER), primary_key=True),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

site_secrets: Final = Table(
    "site_secrets",
    metadata,
    Column("site", String(_SITE), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

site_key_days: Final = Table(
    "site_key_days",
    metadata,
    Column("site", String(_SITE), primary_key=True),
    Column("key", String(_NUMBER), primary_key=True),
    Column("last_used", Date, nullable=False),
)

gate_refusals: Final = Table(
    "gate_refusals",
    metadata,
    Column("site", String(_SITE), primary_key=True),
    Column("external_id", String(_EXTERNAL), primary_key=True),
    Column("code", String(_NUMBER), primary_key=True),
    Column("contents", String(_SITE), primary_key=True),
    Column("day", Date, primary_key=True),
    Index("ix_gate_refusals_day", "day"),
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", String(_SITE), primary_key=True),
    Column("site", String(_SITE), nullable=False),
    Column("case_number", String(_NUMBER), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("event", String(_NUMBER), nullable=False),
    Column("url", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", String(_NUMBER), nullable=False),
    Column("error", Text),
    Column("ended_at", Moment),
    Index("ix_deliveries_due", "state", "due_at"),
    Index("ix_deliveries_case", "case_number", "state", "sequence"),
)

# One row: what a process may start from instead of the ledger's first entry.
believed: Final = Table(
    "believed",
    metadata,
    Column("name", String(_NUMBER), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
