"""A row put into a table by its key, alike on every database."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, update


def put(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
) -> None:
    """Change the row with that key, or add it; the caller has the writers' turn."""
    changed = update(table).where(*with_key(table, key)).values(dict(values))
    if connection.execute(changed).rowcount == 0:
        connection.execute(insert(table), {**key, **values})


def with_key(table: Table, key: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """Return what holds of the row with that key."""
    return [table.c[name] == value for name, value in key.items()]
