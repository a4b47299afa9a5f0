"""One store a test, on every database that the product knows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from review.store.engine import make_engine
from review.store.store import SqlStore
from tests.contract.material import store_at


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def witness(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "witness.jsonl"


@pytest.fixture
def store(engine: Engine, witness: Path) -> SqlStore:
    store = store_at(engine, witness)
    store.open_ledger()
    return store
