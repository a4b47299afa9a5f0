"""Accounts and sessions."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0003"
down_revision = "0002"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _accounts()
    _sessions()
    _refusals()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("department", sa.String(128)),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("recent_hashes", sa.Text, nullable=False),
        sa.Column("password_set_at", _MOMENT),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("locked_until", _MOMENT),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("subject", sa.String(512)),
        sa.Column("totp_sealed", sa.LargeBinary),
        sa.Column("totp_step", sa.BigInteger),
        sa.Column("recovery", sa.Text, nullable=False),
        sa.Column("pending_seed", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("subject", name="uq_accounts_subject"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("second_factor", sa.Boolean, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_index("ix_sessions_account", "sessions", ["account"])


def _refusals() -> None:
    op.create_table(
        "sign_in_refusals",
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("sealed_at", _MOMENT, nullable=False),
        sa.Column("unsealed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("account", "address", name="pk_sign_in_refusals"),
    )
    op.create_index("ix_sign_in_refusals_sealed_at", "sign_in_refusals", ["sealed_at"])


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
