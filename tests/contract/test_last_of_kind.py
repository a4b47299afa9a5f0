"""The last entry of a kind is found at once, however many of other kinds came after it."""

from typing import Any, Final

import pytest
from sqlalchemy import Engine, event, insert, text

from review.errors import TamperError
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
            "at": MORNING,
        }
        for index in range(1, _ALL)
    ]
    with engine.begin() as connection:
        with unguarded(connection):
            connection.execute(insert(entries), rows)
        connection.execute(text("ANALYZE"))
    return store


def test_no_entry_of_another_kind_is_looked_at(years: SqlStore, engine: Engine) -> None:
    plans: list[str] = []

    def explain(
        connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> None:
        if "entries" in statement and "kind" in statement.partition("WHERE")[2]:
            ask = "EXPLAIN QUERY PLAN" if engine.name == "sqlite" else "EXPLAIN"
            raw = connection.connection.dbapi_connection
            lines = raw.execute(f"{ask} {statement}", parameters).fetchall()
            plans.append("\n".join(str(one[-1]) for one in lines))

    event.listen(engine, "before_cursor_execute", explain)
    with years.reading() as records:
        # It is found, and not believed.
        with pytest.raises(TamperError):
            records.last_of_kind("people.appointed")
        assert records.last_of_kind("people.appointment_ended") is None
    event.remove(engine, "before_cursor_execute", explain)
    assert len(plans) == 2
    for plan in plans:
        assert "ix_entries_kind" in plan
        assert not any(whole in plan for whole in _WHOLE_TABLE), plan
