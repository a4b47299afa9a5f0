"""The tables of accounts, sessions and refusals.

Lists stand as JSON. A refusal to a name that is nobody's has no account: an
empty text, since a key takes no NULL.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from review.store.columns import Moment
from review.store.tables import metadata

accounts: Final = Table(
    "accounts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("department", String(128)),
    Column("password_hash", String(255)),
    Column("recent_hashes", Text, nullable=False),
    Column("password_set_at", Moment),
    Column("must_change", Boolean(create_constraint=False), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Moment),
    Column("disabled", Boolean(create_constraint=False), nullable=False),
    Column("demo", Boolean(create_constraint=False), nullable=False),
    Column("subject", String(512)),
    Column("totp_sealed", LargeBinary),
    Column("totp_step", BigInteger),
    Column("recovery", Text, nullable=False),
    Column("pending_seed", LargeBinary),
    Column("signed_in_at", Moment),
    UniqueConstraint("subject"),
)

sessions: Final = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("how", String(16), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("second_factor", Boolean(create_constraint=False), nullable=False),
    Column("address", String(64), nullable=False),
    Column("proven_at", Moment),
    Index("ix_sessions_account", "account"),
)

sign_in_refusals: Final = Table(
    "sign_in_refusals",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("sealed_at", Moment, nullable=False),
    Column("unsealed", Integer, nullable=False),
    Index("ix_sign_in_refusals_sealed_at", "sealed_at"),
)
