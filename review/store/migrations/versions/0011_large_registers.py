"""Indexes for large registers: who handed in, and the head over an entry."""

from alembic import op

from review.errors import StoreError

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_cases_submitted_by", "cases", ["submitted_by", "sequence"])
    op.create_index("ix_heads_index", "heads", ["index", "position"])


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
