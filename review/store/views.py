"""The register's saved views, in their table."""

from dataclasses import asdict

from sqlalchemy import Connection, delete, insert, select

from review.ports.views import SavedView
from review.store.tables_views import saved_views


class SqlViews:
    """What `review.ports.views.Views` promises, on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work through a connection on which a transaction has begun."""
        self._connection = connection

    def of(self, person: str) -> tuple[SavedView, ...]:
        """Return the person's views, the first saved first."""
        asked = select(saved_views).where(saved_views.c.person == person)
        found = self._connection.execute(asked.order_by(saved_views.c.number))
        return tuple(SavedView(**one) for one in found.mappings())

    def put(self, view: SavedView) -> None:
        """Keep the view, in place of the person's own of the same number."""
        self.drop(view.person, view.number)
        self._connection.execute(insert(saved_views), asdict(view))

    def drop(self, person: str, number: int) -> bool:
        """Forget one of the person's views; tell whether there was one."""
        here = saved_views.c.person == person, saved_views.c.number == number
        return self._connection.execute(delete(saved_views).where(*here)).rowcount > 0
