"""What was concluded of each round; the next tidying counts the cases so far."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0009"
down_revision = "0008"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "case_rounds",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("conclusion", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32)),
        sa.Column("cleared_at", _MOMENT),
        sa.PrimaryKeyConstraint("sequence", "round", name="pk_case_rounds"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
