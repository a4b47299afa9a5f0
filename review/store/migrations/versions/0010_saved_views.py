"""Views of the register that people save under a name."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "saved_views",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", "number", name="pk_saved_views"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
