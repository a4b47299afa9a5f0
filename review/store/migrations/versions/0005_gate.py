"""Sites' items and secrets, what is told to them, and what the gate remembers."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0005"
down_revision = "0004"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _sites()
    op.create_table(
        "gate_refusals",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("contents", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint(
            "site", "external_id", "code", "contents", "day", name="pk_gate_refusals"
        ),
    )
    op.create_index("ix_gate_refusals_day", "gate_refusals", ["day"])
    _deliveries()
    op.create_table(
        "believed",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_believed"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("case_number", sa.String(32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("ended_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_due", "deliveries", ["state", "due_at"])
    op.create_index(
        "ix_deliveries_case", "deliveries", ["case_number", "state", "sequence"]
    )


def _sites() -> None:
    op.create_table(
        "site_items",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("case_number", sa.String(32)),
        sa.Column("callback_url", sa.Text()),
        sa.PrimaryKeyConstraint("site", "external_id", name="pk_site_items"),
        sa.UniqueConstraint("case_number", name="uq_site_items_case_number"),
    )
    op.create_table(
        "site_secrets",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("site", name="pk_site_secrets"),
    )
    op.create_table(
        "site_key_days",
        sa.Column("site", sa.String(64), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("last_used", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("site", "key", name="pk_site_key_days"),
    )


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
