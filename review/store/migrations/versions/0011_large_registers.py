"""Room for large registers: ten million numbers a year, and two indexes."""

from alembic import op

from review.errors import StoreError

revision = "0011"
down_revision = "0010"

_ORDERED = ("cases", "case_words", "case_steps", "case_findings", "case_rounds")


def upgrade() -> None:
    """Make the order of cases wider, and the indexes.

    What was year * 1,000,000 + number becomes year * 10,000,000 + number. No new
    value is an old one, so that the rows may change in any order.
    """
    for table in _ORDERED:
        # SQLite and PostgreSQL both divide whole numbers to whole numbers.
        op.execute(
            f"UPDATE {table} SET sequence ="  # noqa: S608 - our own tables
            " sequence / 1000000 * 10000000 + sequence % 1000000"
        )
    op.create_index("ix_cases_submitted_by", "cases", ["submitted_by", "sequence"])
    op.create_index("ix_heads_index", "heads", ["index", "position"])


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
