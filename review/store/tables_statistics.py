"""The tables of what is counted: each case's steps and findings."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from review.store.columns import Moment
from review.store.tables import metadata

# One row a stay at a stage, the last without an end.
case_steps: Final = Table(
    "case_steps",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("stage", String(32), nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("left_at", Moment),
    Column("working_days", Integer),
    Index("ix_case_steps_stage", "stage", "sequence", "working_days"),
    sqlite_with_rowid=False,
)

case_findings: Final = Table(
    "case_findings",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", Text, primary_key=True),
    Column("detector", String(32), primary_key=True),
    Column("category", String(32), primary_key=True),
    Column("found", Integer, nullable=False),
    Column("not_sensitive", Integer, nullable=False),
    Column("must_change", Integer, nullable=False),
    Column("uncertain", Integer, nullable=False),
    sqlite_with_rowid=False,
)
