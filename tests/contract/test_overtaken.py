"""A program goes no further once a newer one has upgraded the database under it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from review.errors import StoreError
from review.ports.gate import SiteItem
from review.store import migrate
from review.store.engine import make_engine
from review.store.store import SqlStore
from tests.contract import material

ITEM = SiteItem(site="site-news", external_id="news-1", case="2026-000001")


@pytest.fixture
def engine(bare_database_url: str) -> Iterator[Engine]:
    """Open a database that nobody gets after this test."""
    engine = make_engine(bare_database_url)
    migrate.upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine, tmp_path: Path) -> SqlStore:
    """Return a store with a cleared item, in a program that goes on running."""
    store = material.store_at(engine, tmp_path / "keys" / "witness.jsonl")
    store.open_ledger()
    shown = material.row(clearance="许0001", stage="cleared")
    with store.writing() as work:
        work.show(material.case_of(shown), shown)
        work.add_clearance(material.clearance())
        work.gate.put_item(ITEM)
    return store


def _overtake(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_it_writes_nothing_more(store: SqlStore, engine: Engine) -> None:
    with store.reading() as records:
        before = records.last_entry()
    _overtake(engine)
    with pytest.raises(StoreError, match="这个程序还是旧的"), store.writing() as work:
        work.seal(material.adopted(), material.office())
    with store.reading() as records:
        assert records.last_entry() == before


def test_its_gate_says_nothing_more(store: SqlStore, engine: Engine) -> None:
    with store.reading() as records:
        assert records.gate.standing_of_case(ITEM.case).stage == "cleared"
    _overtake(engine)
    with store.reading() as records:
        for ask in (
            records.gate.end,
            lambda: records.gate.standing_of_case(ITEM.case),
            lambda: records.gate.standing_of_case("2026-000002"),
            lambda: records.gate.standing_of_item(ITEM.site, ITEM.external_id),
        ):
            with pytest.raises(StoreError, match="这个程序还是旧的"):
                ask()
