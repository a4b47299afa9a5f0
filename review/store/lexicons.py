"""The office's own lexicons, in their tables."""

from sqlalchemy import Connection, Table, select

from review.store.rows import put
from review.store.tables_lexicons import lexicon_files, lexicon_previews


class SqlLexicons:
    """What `review.ports.lexicons.Lexicons` promises, on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work through a connection on which a transaction has begun."""
        self._connection = connection

    def files(self, change: str) -> bytes | None:
        """Return the sealed rule files of a version, None if there is no such one."""
        return self._sealed(lexicon_files, change)

    def preview(self, change: str) -> bytes | None:
        """Return the sealed last preview of a version, None if there is none."""
        return self._sealed(lexicon_previews, change)

    def put_files(self, change: str, sealed: bytes) -> None:
        """Keep a version's sealed rule files, in place of the same under an older key."""
        put(self._connection, lexicon_files, {"change": change}, {"sealed": sealed})

    def put_preview(self, change: str, sealed: bytes) -> None:
        """Keep a sealed preview in place of the version's last one."""
        put(self._connection, lexicon_previews, {"change": change}, {"sealed": sealed})

    def _sealed(self, table: Table, change: str) -> bytes | None:
        asked = select(table.c.sealed).where(table.c.change == change)
        found = self._connection.scalar(asked)
        return None if found is None else bytes(found)
