"""The tables. `entries` and `heads` only grow; all others can be worked out anew.

Whatever the columns beside a statement say is there to find it: the statement
alone is sealed, and readers compare the two. A change here needs a migration.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from review.store.columns import WHOLE_NUMBER, Moment

_DIGEST: Final = 64
_NUMBER: Final = 32
_WORD: Final = 32

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _counted(name: str) -> Column[int]:
    """Return a key that is given and never made by the database."""
    return Column(name, WHOLE_NUMBER, primary_key=True, autoincrement=False)


def _needed(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, nullable=False)


entries: Final = Table(
    "entries",
    metadata,
    _counted("index"),
    _needed("previous", String(_DIGEST)),
    _needed("algorithm", String(_WORD)),
    _needed("statement", Text),
    _needed("key", String(_WORD)),
    _needed("digest", String(_DIGEST)),
    _needed("signature", String(2 * _DIGEST)),
    _needed("kind", String(2 * _WORD)),
    Column("case_number", String(_NUMBER)),
    Column("case_version", Integer),
    _needed("at", Moment),
    UniqueConstraint("previous"),
    UniqueConstraint("digest"),
    UniqueConstraint("case_number", "case_version"),
    CheckConstraint(
        "case_version IS NULL OR case_number IS NOT NULL", name="version_of_a_case"
    ),
    Index("ix_entries_kind", "kind", "index"),
    Index("ix_entries_at", "at", "index"),
)

heads: Final = Table(
    "heads",
    metadata,
    _counted("position"),
    _needed("index", BigInteger),
    _needed("digest", String(_DIGEST)),
    _needed("at", String(_WORD)),
    _needed("key", String(_DIGEST)),
    _needed("signature", String(2 * _DIGEST)),
    Index("ix_heads_index", "index", "position"),
)

# One column a field of RegisterRow, and what words are looked for in.
cases: Final = Table(
    "cases",
    metadata,
    _counted("sequence"),
    _needed("number", String(_NUMBER)),
    _needed("title", Text),
    _needed("department", Text),
    _needed("channels", Text),
    _needed("stage", String(_WORD)),
    _needed("version", Integer),
    _needed("round", Integer),
    _needed("drafted_by", Text),
    _needed("submitted_by", Text),
    _needed("submitted_at", Moment),
    _needed("since", Moment),
    _needed("source", String(_WORD)),
    Column("planned_on", Date),
    Column("due_on", Date),
    _needed("late_steps", Integer),
    _needed("findings", Integer),
    _needed("open_findings", Integer),
    _needed("incidents", Integer),
    _needed("referrals", Integer),
    Column("outcome", String(_WORD)),
    Column("ground", String(_WORD)),
    Column("decided_at", Moment),
    Column("clearance", Text),
    Column("valid_until", Moment),
    Column("published_at", Moment),
    Column("closed_at", Moment),
    _needed("purged", Boolean),
    Column("external_id", Text),
    _needed("searched", Text),
    UniqueConstraint("number"),
    Index("ix_cases_department", "department", "sequence"),
    Index("ix_cases_stage", "stage", "sequence"),
    Index("ix_cases_department_stage", "department", "stage", "sequence"),
    Index("ix_cases_submitted", "submitted_at", "sequence"),
    Index("ix_cases_submitted_by", "submitted_by", "sequence"),
    # Only open steps have a last day: few cases, however large the register.
    Index(
        "ix_cases_due",
        "sequence",
        "due_on",
        sqlite_where=text("due_on IS NOT NULL"),
        postgresql_where=text("due_on IS NOT NULL"),
    ),
    Index(
        "ix_cases_department_due",
        "department",
        "sequence",
        "due_on",
        sqlite_where=text("due_on IS NOT NULL"),
        postgresql_where=text("due_on IS NOT NULL"),
    ),
    Index("ix_cases_kept", "purged", "stage", "since"),
)

stage_counts: Final = Table(
    "stage_counts",
    metadata,
    Column("department", Text, primary_key=True),
    Column("stage", String(_WORD), primary_key=True),
    _needed("cases", Integer),
)

case_words: Final = Table(
    "case_words",
    metadata,
    Column("gram", String(_WORD), primary_key=True),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

gram_counts: Final = Table(
    "gram_counts",
    metadata,
    Column("gram", String(_WORD), primary_key=True),
    _needed("cases", Integer),
    sqlite_with_rowid=False,
)

case_numbers: Final = Table(
    "case_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    _needed("last", Integer),
)

clearances: Final = Table(
    "clearances",
    metadata,
    Column("id", Text, primary_key=True),
    _needed("case", String(_NUMBER)),
    _needed("round", Integer),
    _needed("token", Text),
    _needed("canonical", String(_DIGEST)),
    _needed("valid_until", Moment),
    Column("ended", String(_WORD)),
    Column("ended_at", Moment),
    Index("ix_clearances_ended", "ended", "valid_until"),
)

fingerprints: Final = Table(
    "fingerprints",
    metadata,
    Column("fingerprint", BigInteger, primary_key=True, autoincrement=False),
    Column("case_number", String(_NUMBER), primary_key=True),
    sqlite_with_rowid=False,
)

kept: Final = Table(
    "kept",
    metadata,
    Column("case_number", String(_NUMBER), primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(_DIGEST), primary_key=True),
    Index("ix_kept_digest", "digest"),
)

doomed: Final = Table(
    "doomed", metadata, Column("digest", String(_DIGEST), primary_key=True)
)

blobs: Final = Table(
    "blobs",
    metadata,
    Column("address", String(_DIGEST), primary_key=True),
    _needed("envelope", LargeBinary),
)
