"""Where items went out, by address and channel: what a proxy's question is looked up in."""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

from review.case.places import place_of
from review.errors import StoreError

revision = "0012"
down_revision = "0011"

_MOMENT = sa.TIMESTAMP(timezone=True).with_variant(sa.String(24), "sqlite")
_AT_ONCE = 500
_NEXT = sa.text(
    'SELECT "index", case_number, statement, at FROM entries'
    " WHERE kind = 'case.publication_recorded' AND \"index\" > :last"
    ' ORDER BY "index" LIMIT :most'
)
_KEEP = sa.text(
    "INSERT INTO published_places (place, case_number, at)"
    " VALUES (:place, :case_number, :at)"
    " ON CONFLICT (place, case_number) DO UPDATE SET at = excluded.at"
)


def upgrade() -> None:
    """Make the table, and fill it with what was put on record so far."""
    op.create_table(
        "published_places",
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("case_number", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("place", "case_number", name="pk_published_places"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    last = -1
    while rows := connection.execute(
        _NEXT, {"last": last, "most": _AT_ONCE}
    ).fetchall():
        connection.execute(_KEEP, [_row(*one[1:]) for one in rows])
        last = rows[-1][0]


def _row(case: str, statement: str, at: datetime | str) -> dict[str, object]:
    said = json.loads(statement)["data"]
    place = place_of(said["address"], said["channel"])
    return {"place": place, "case_number": case, "at": at}


def downgrade() -> None:
    """Refuse: the way back would drop the records."""
    raise StoreError("数据库不能退回旧版本：审查记录只增不减。请从备份恢复旧版本。")
