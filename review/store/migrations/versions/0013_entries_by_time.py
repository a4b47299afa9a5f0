"""Entries by time: a day of the record, without walking through all that came after."""

from alembic import op

from review.errors import StoreError

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_entries_at", "entries", ["at", "index"])


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
