"""Requests that were carried out, so that one repeated is not carried out twice."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0002"
down_revision = "0001"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "requests",
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("case_number", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person", "key", name="pk_requests"),
    )
    op.create_index("ix_requests_at", "requests", ["at"])


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
