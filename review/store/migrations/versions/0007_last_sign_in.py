"""When somebody last came in by an account; of earlier sign-ins the ledger knows."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0007"
down_revision = "0006"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")


def upgrade() -> None:
    """Add the column, empty until the account's next sign-in."""
    op.add_column("accounts", sa.Column("signed_in_at", _MOMENT))


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
