"""Background work."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0004"
down_revision = "0003"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")
_OPEN = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    """Make the tables; cases that wait for the machine get their tasks from the workers."""
    op.create_table(
        "tasks",
        sa.Column("id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("queue", sa.String(32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("started_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.Column("holder", sa.String(255)),
        sa.Column("code", sa.String(32)),
        sa.Column("result", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.create_index(
        "ix_tasks_open",
        "tasks",
        ["kind", "subject"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index("ix_tasks_subject", "tasks", ["kind", "subject", "id"])
    op.create_index("ix_tasks_state", "tasks", ["state", "due_at"])
    op.create_index("ix_tasks_result", "tasks", ["result"])
    op.create_table(
        "worker_places",
        sa.Column("place", sa.String(255), nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_worker_places"),
    )


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
