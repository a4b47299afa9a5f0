"""The office's own lexicons; what is counted of cases."""

import sqlalchemy as sa
from alembic import op

from review.errors import StoreError

revision = "0006"
down_revision = "0005"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")


def upgrade() -> None:
    """Make the tables; `xianshen db upgrade` counts the cases of earlier versions."""
    for name in ("lexicon_files", "lexicon_previews"):
        op.create_table(
            name,
            sa.Column("change", sa.String(32), nullable=False),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("change", name=f"pk_{name}"),
        )
    op.create_table(
        "case_steps",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("entered_at", _MOMENT, nullable=False),
        sa.Column("left_at", _MOMENT),
        sa.Column("working_days", sa.Integer()),
        sa.PrimaryKeyConstraint("sequence", "position", name="pk_case_steps"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_case_steps_stage", "case_steps", ["stage", "sequence", "working_days"]
    )
    op.create_table(
        "case_findings",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("detector", sa.String(32), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("not_sensitive", sa.Integer(), nullable=False),
        sa.Column("must_change", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "sequence", "rule", "detector", "category", name="pk_case_findings"
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
