"""The table of the register's views that people saved."""

from typing import Final

from sqlalchemy import Column, Integer, String, Table, Text

from review.store.tables import metadata

saved_views: Final = Table(
    "saved_views",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    sqlite_with_rowid=False,
)
