"""When the second factor was last given in a session; of open ones nobody knows."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0008"
down_revision = "0007"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")


def upgrade() -> None:
    """Add the column; who signs in an open session is asked for a code once."""
    op.add_column("sessions", sa.Column("proven_at", _MOMENT))


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
