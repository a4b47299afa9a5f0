"""The first shape: the ledger with its guards, the register, people and contents."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0001"
down_revision = None

# Whole numbers that SQLite keeps as its own row number.
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# SQLite has no times: text of one width, 2026-11-22T01:15:00.123Z.
_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")
_OPEN_STEPS = sa.text("due_on IS NOT NULL")


def upgrade() -> None:
    """Make every table, index and guard."""
    _ledger()
    _register()
    _words()
    _clearances()
    _contents()
    guards = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for guard in guards:
        op.execute(guard)


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")


def _needed(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _ledger() -> None:
    op.create_table(
        "entries",
        sa.Column("index", _NUMBER, autoincrement=False, nullable=False),
        _needed("previous", sa.String(64)),
        _needed("algorithm", sa.String(32)),
        _needed("statement", sa.Text()),
        _needed("key", sa.String(32)),
        _needed("digest", sa.String(64)),
        _needed("signature", sa.String(128)),
        _needed("kind", sa.String(64)),
        sa.Column("case_number", sa.String(32)),
        sa.Column("case_version", sa.Integer()),
        _needed("at", _MOMENT),
        sa.CheckConstraint(
            "case_version IS NULL OR case_number IS NOT NULL",
            name=op.f("ck_entries_version_of_a_case"),
        ),
        sa.PrimaryKeyConstraint("index", name="pk_entries"),
        sa.UniqueConstraint(
            "case_number", "case_version", name="uq_entries_case_number_case_version"
        ),
        sa.UniqueConstraint("digest", name="uq_entries_digest"),
        sa.UniqueConstraint("previous", name="uq_entries_previous"),
    )
    op.create_index("ix_entries_kind", "entries", ["kind", "index"])
    op.create_table(
        "heads",
        sa.Column("position", _NUMBER, autoincrement=False, nullable=False),
        _needed("index", sa.BigInteger()),
        _needed("digest", sa.String(64)),
        _needed("at", sa.String(32)),
        _needed("key", sa.String(64)),
        _needed("signature", sa.String(128)),
        sa.PrimaryKeyConstraint("position", name="pk_heads"),
    )


def _register() -> None:
    op.create_table(
        "cases",
        sa.Column("sequence", _NUMBER, autoincrement=False, nullable=False),
        *_case_columns(),
        sa.PrimaryKeyConstraint("sequence", name="pk_cases"),
        sa.UniqueConstraint("number", name="uq_cases_number"),
    )
    for name, *columns in (
        ("ix_cases_department", "department", "sequence"),
        ("ix_cases_stage", "stage", "sequence"),
        ("ix_cases_department_stage", "department", "stage", "sequence"),
        ("ix_cases_submitted", "submitted_at", "sequence"),
        ("ix_cases_kept", "purged", "stage", "since"),
    ):
        op.create_index(name, "cases", columns)
    for name, *columns in (
        ("ix_cases_due", "sequence", "due_on"),
        ("ix_cases_department_due", "department", "sequence", "due_on"),
    ):
        op.create_index(
            name,
            "cases",
            columns,
            sqlite_where=_OPEN_STEPS,
            postgresql_where=_OPEN_STEPS,
        )


def _case_columns() -> tuple[sa.Column[Any], ...]:
    return (
        _needed("number", sa.String(32)),
        _needed("title", sa.Text()),
        _needed("department", sa.Text()),
        _needed("channels", sa.Text()),
        _needed("stage", sa.String(32)),
        _needed("version", sa.Integer()),
        _needed("round", sa.Integer()),
        _needed("drafted_by", sa.Text()),
        _needed("submitted_by", sa.Text()),
        _needed("submitted_at", _MOMENT),
        _needed("since", _MOMENT),
        _needed("source", sa.String(32)),
        sa.Column("planned_on", sa.Date()),
        sa.Column("due_on", sa.Date()),
        _needed("late_steps", sa.Integer()),
        _needed("findings", sa.Integer()),
        _needed("open_findings", sa.Integer()),
        _needed("incidents", sa.Integer()),
        _needed("referrals", sa.Integer()),
        sa.Column("outcome", sa.String(32)),
        sa.Column("ground", sa.String(32)),
        sa.Column("decided_at", _MOMENT),
        sa.Column("clearance", sa.Text()),
        sa.Column("valid_until", _MOMENT),
        sa.Column("published_at", _MOMENT),
        sa.Column("closed_at", _MOMENT),
        _needed("purged", sa.Boolean()),
        sa.Column("external_id", sa.Text()),
        _needed("searched", sa.Text()),
    )


def _words() -> None:
    op.create_table(
        "stage_counts",
        _needed("department", sa.Text()),
        _needed("stage", sa.String(32)),
        _needed("cases", sa.Integer()),
        sa.PrimaryKeyConstraint("department", "stage", name="pk_stage_counts"),
    )
    op.create_table(
        "case_words",
        _needed("gram", sa.String(32)),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("gram", "sequence", name="pk_case_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gram_counts",
        _needed("gram", sa.String(32)),
        _needed("cases", sa.Integer()),
        sa.PrimaryKeyConstraint("gram", name="pk_gram_counts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        _needed("last", sa.Integer()),
        sa.PrimaryKeyConstraint("year", name="pk_case_numbers"),
    )


def _clearances() -> None:
    op.create_table(
        "clearances",
        _needed("id", sa.Text()),
        _needed("case", sa.String(32)),
        _needed("round", sa.Integer()),
        _needed("token", sa.Text()),
        _needed("canonical", sa.String(64)),
        _needed("valid_until", _MOMENT),
        sa.Column("ended", sa.String(32)),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_clearances"),
    )
    op.create_index("ix_clearances_ended", "clearances", ["ended", "valid_until"])


def _contents() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("fingerprint", sa.BigInteger(), autoincrement=False, nullable=False),
        _needed("case_number", sa.String(32)),
        sa.PrimaryKeyConstraint("fingerprint", "case_number", name="pk_fingerprints"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept",
        _needed("case_number", sa.String(32)),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        _needed("digest", sa.String(64)),
        sa.PrimaryKeyConstraint("case_number", "round", "digest", name="pk_kept"),
    )
    op.create_index("ix_kept_digest", "kept", ["digest"])
    op.create_table(
        "doomed",
        _needed("digest", sa.String(64)),
        sa.PrimaryKeyConstraint("digest", name="pk_doomed"),
    )
    op.create_table(
        "blobs",
        _needed("address", sa.String(64)),
        _needed("envelope", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("address", name="pk_blobs"),
    )


# The guards: what was recorded is neither changed nor taken away, and what comes
# next comes last. A REPLACE of SQLite deletes without asking the guard of
# deletions unless the connection wishes so, hence the last one refuses whatever
# would make it delete.
_SQLITE = (
    """
    CREATE TRIGGER entries_stay BEFORE DELETE ON entries BEGIN
        SELECT RAISE(ABORT, '审查记录只增不改：entries 不得删除');
    END
    """,
    """
    CREATE TRIGGER entries_keep BEFORE UPDATE ON entries BEGIN
        SELECT RAISE(ABORT, '审查记录只增不改：entries 不得修改');
    END
    """,
    """
    CREATE TRIGGER entries_follow BEFORE INSERT ON entries
    WHEN NEW."index" IS NOT (SELECT coalesce(max("index"), -1) + 1 FROM entries)
        OR EXISTS (SELECT 1 FROM entries WHERE digest = NEW.digest)
        OR EXISTS (SELECT 1 FROM entries WHERE previous = NEW.previous)
        OR EXISTS (
            SELECT 1 FROM entries
            WHERE case_number = NEW.case_number AND case_version = NEW.case_version
        )
    BEGIN
        SELECT RAISE(ABORT, '审查记录只增不改：entries 只能接在最后一条之后');
    END
    """,
    """
    CREATE TRIGGER heads_stay BEFORE DELETE ON heads BEGIN
        SELECT RAISE(ABORT, '审查记录只增不改：heads 不得删除');
    END
    """,
    """
    CREATE TRIGGER heads_keep BEFORE UPDATE ON heads BEGIN
        SELECT RAISE(ABORT, '审查记录只增不改：heads 不得修改');
    END
    """,
    """
    CREATE TRIGGER heads_follow BEFORE INSERT ON heads
    WHEN NEW.position IS NOT (SELECT coalesce(max(position), -1) + 1 FROM heads)
    BEGIN
        SELECT RAISE(ABORT, '审查记录只增不改：heads 只能接在最后一条之后');
    END
    """,
)

_POSTGRESQL = (
    """
    CREATE FUNCTION xianshen_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING
            ERRCODE = 'integrity_constraint_violation',
            MESSAGE = '审查记录只增不改：' || TG_TABLE_NAME || ' 不得修改或删除';
    END $$
    """,
    """
    CREATE FUNCTION xianshen_entries_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW."index" <> (SELECT coalesce(max("index"), -1) + 1 FROM entries) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation',
                MESSAGE = '审查记录只增不改：entries 只能接在最后一条之后';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION xianshen_heads_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.position <> (SELECT coalesce(max(position), -1) + 1 FROM heads) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'integrity_constraint_violation',
                MESSAGE = '审查记录只增不改：heads 只能接在最后一条之后';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON entries
        FOR EACH ROW EXECUTE FUNCTION xianshen_refuse_change()
    """,
    """
    CREATE TRIGGER entries_whole BEFORE TRUNCATE ON entries
        FOR EACH STATEMENT EXECUTE FUNCTION xianshen_refuse_change()
    """,
    """
    CREATE TRIGGER entries_follow BEFORE INSERT ON entries
        FOR EACH ROW EXECUTE FUNCTION xianshen_entries_follow()
    """,
    """
    CREATE TRIGGER heads_stay BEFORE UPDATE OR DELETE ON heads
        FOR EACH ROW EXECUTE FUNCTION xianshen_refuse_change()
    """,
    """
    CREATE TRIGGER heads_whole BEFORE TRUNCATE ON heads
        FOR EACH STATEMENT EXECUTE FUNCTION xianshen_refuse_change()
    """,
    """
    CREATE TRIGGER heads_follow BEFORE INSERT ON heads
        FOR EACH ROW EXECUTE FUNCTION xianshen_heads_follow()
    """,
    # Also in sessions that switch ordinary triggers off (replication, some restores).
    "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_stay",
    "ALTER TABLE entries ENABLE ALWAYS TRIGGER entries_whole",
    "ALTER TABLE heads ENABLE ALWAYS TRIGGER heads_stay",
    "ALTER TABLE heads ENABLE ALWAYS TRIGGER heads_whole",
)
