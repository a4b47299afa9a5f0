"""The table of requests that were carried out under a key of the asker's."""

from typing import Final

from sqlalchemy import Column, Index, String, Table

from review.store.columns import Moment
from review.store.tables import metadata

requests: Final = Table(
    "requests",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("case_number", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_requests_at", "at"),
)
