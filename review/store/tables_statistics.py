"""The tables of what is counted: each case's steps, findings and judged rounds."""

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

# One row a round on which the department concluded.
case_rounds: Final = Table(
    "case_rounds",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("conclusion", String(32), nullable=False),
    Column("outcome", String(32)),
    Column("cleared_at", Moment),
    sqlite_with_rowid=False,
)
