"""Where entries are looked for: by kind, case, words and time, newest first."""

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, false, func, select

from review.ports.ledger import EntryQuery
from review.store.tables import entries

# What is said of a case without being one of its events.
_NAMING: Final = (
    "office.request_refused",
    "gate.refused",
    "draft.downloaded",
    "site.finding_opened",
)


def found(connection: Connection, query: EntryQuery) -> Sequence[RowMapping]:
    """Return the rows that fit, newest first."""
    rows: list[RowMapping] = []
    within = tuple(_within(connection, query))
    for where in _looked_for(query):
        asked = select(entries).where(*where, *within, *_asked_for(query))
        newest = asked.order_by(entries.c.index.desc()).limit(query.limit)
        rows += connection.execute(newest).mappings()
    rows.sort(key=lambda one: int(one["index"]), reverse=True)
    return rows[: query.limit]


def _looked_for(query: EntryQuery) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """Yield where to look: for a case among its own entries, and what may name it.

    Either by an index; together the database would walk through everything.
    """
    if not query.case:
        yield ()
        return
    table = entries.c
    yield (table.case_number == query.case,)
    named = table.statement.contains(f'"{query.case}"', autoescape=True)
    yield table.kind.in_(_NAMING), table.case_number.is_(None), named


def _within(connection: Connection, query: EntryQuery) -> Iterator[ColumnElement[bool]]:
    """Yield between which entries the time lies, so that those after it are not walked."""
    if query.case or (query.since is None and query.until is None):
        return
    # Of a sum the database looks for no index: by that of the numbers alone it would
    # walk from one end until it meets the time.
    place = entries.c.index + 0
    bounds = select(func.min(place), func.max(place)).where(*_in_time(query))
    first, last = connection.execute(bounds).one()
    if first is None:
        yield false()
    else:
        yield entries.c.index.between(first, last)


def _in_time(query: EntryQuery) -> Iterator[ColumnElement[bool]]:
    if query.since is not None:
        yield entries.c.at >= query.since
    if query.until is not None:
        yield entries.c.at < query.until


def _asked_for(query: EntryQuery) -> Iterator[ColumnElement[bool]]:
    said = entries.c.statement
    if query.kinds:
        yield entries.c.kind.in_(query.kinds)
    if query.words:
        yield said.contains(query.words, autoescape=True)
    yield from _in_time(query)
    if query.before is not None:
        yield entries.c.index < query.before
    if query.over >= 0:
        yield entries.c.index > query.over
