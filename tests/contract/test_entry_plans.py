"""Entries are found without walking through all that came after them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Engine, event, insert, text

from review.errors import TamperError
from review.ports.ledger import EntryQuery
from review.store.store import SqlStore
from review.store.tables import entries
from tests.contract.material import MORNING
from tests.databases import unguarded

# As in an office's first year: people at its beginning, then cases.
_PEOPLE: Final = 1_500
_ALL: Final = 20_000
_WHOLE_TABLE: Final = ("pk_entries", "SCAN entries", "Seq Scan", "rowid")


@pytest.fixture
def years(engine: Engine, store: SqlStore) -> SqlStore:
    """Return a store with entries that nobody has sealed: only where they lie counts."""
    rows = [
        {
            "index": index,
            "previous": f"{index:064x}a"[1:],
            "algorithm": "sha256",
            "statement": "x" * 800,
            "key": "k",
            "digest": f"{index:064d}",
            "signature": "s",
            "kind": "people.appointed" if index < _PEOPLE else "case.submitted",
            "case_number": None,
            "case_version": None,
            "at": MORNING + timedelta(minutes=index),
        }
        for index in range(1, _ALL)
    ]
    with engine.begin() as connection:
        with unguarded(connection):
            connection.execute(insert(entries), rows)
        connection.execute(text("ANALYZE"))
    return store


@contextmanager
def _plans(engine: Engine) -> Iterator[list[str]]:
    """Collect how the database goes about each question for entries."""
    plans: list[str] = []

    def explain(
        connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> None:
        asked_for = statement.partition("WHERE")[2]
        if "entries" in statement and ("kind" in asked_for or "at >=" in asked_for):
            ask = "EXPLAIN QUERY PLAN" if engine.name == "sqlite" else "EXPLAIN"
            raw = connection.connection.dbapi_connection
            lines = raw.execute(f"{ask} {statement}", parameters).fetchall()
            plans.append("\n".join(str(one[-1]) for one in lines))

    event.listen(engine, "before_cursor_execute", explain)
    yield plans
    event.remove(engine, "before_cursor_execute", explain)


def test_the_last_of_a_kind_however_many_others_came_after_it(
    years: SqlStore, engine: Engine
) -> None:
    with _plans(engine) as plans, years.reading() as records:
        # It is found, and not believed.
        with pytest.raises(TamperError):
            records.last_of_kind("people.appointed")
        assert records.last_of_kind("people.appointment_ended") is None
    assert len(plans) == 2
    for plan in plans:
        assert "ix_entries_kind" in plan
        assert not any(whole in plan for whole in _WHOLE_TABLE), plan


def test_a_day_however_long_ago(years: SqlStore, engine: Engine) -> None:
    since = MORNING + timedelta(minutes=2_000)
    query = EntryQuery(since=since, until=since + timedelta(minutes=30), words="y")
    with _plans(engine) as plans, years.reading() as records:
        assert records.find_entries(query) == ()
    bounds, found = plans
    assert "ix_entries_at" in bounds
    assert not any(whole in bounds for whole in _WHOLE_TABLE), bounds
    # Between the first and the last number of that time.
    assert "rowid>? AND rowid<?" in found or "index >= " in found, found
