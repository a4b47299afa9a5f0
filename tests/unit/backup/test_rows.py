"""Rows written as text come back as they were, on either database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
)

from review.backup import layout, rows
from review.errors import BackupError
from review.store.columns import Moment
from review.store.engine import make_engine, reading, writing
from review.store.schema import metadata

_KNOWN = (str, int, bool, float, bytes, date, datetime, dict)
_ONE = Table(
    "one",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("words", Text),
    Column("number", BigInteger),
    Column("share", Float),
    Column("yes", Boolean(create_constraint=False)),
    Column("at", Moment),
    Column("day", Date),
    Column("data", LargeBinary),
    Column("said", JSON),
    Column("short", String(8)),
)
_ROWS = [
    {
        "id": 1,
        "words": "两行\n文字\u2028“引号”\\ \"'",
        "number": -(2**62),
        "share": 0.1,
        "yes": True,
        "at": datetime(2026, 11, 22, 1, 15, 0, 123_000, UTC),
        "day": date(2026, 11, 22),
        "data": bytes(range(256)),
        "said": {"甲": [1, None, "x"]},
        "short": "",
    },
    {"id": 2, **dict.fromkeys(_ONE.columns.keys()[1:])},
    {**dict.fromkeys(_ONE.columns.keys()), "id": 3, "yes": False, "said": "text"},
]


@pytest.fixture
def engine(bare_database_url: str) -> Iterator[Engine]:
    engine = make_engine(bare_database_url)
    with writing(engine) as connection:
        _ONE.create(connection)
    yield engine
    engine.dispose()


def _all(engine: Engine) -> list[dict[str, object]]:
    with reading(engine) as connection:
        found = connection.execute(select(_ONE).order_by(_ONE.c.id))
        return [dict(one) for one in found.mappings()]


def test_every_kind_of_value_comes_back(engine: Engine) -> None:
    with writing(engine) as connection:
        for row in _ROWS:
            connection.execute(insert(_ONE), row)
    before = _all(engine)
    with reading(engine) as connection:
        parts = list(rows.parts_of(connection, _ONE))
    assert [(one.number, one.rows) for one in parts] == [(0, 3)]
    with writing(engine) as connection:
        connection.execute(_ONE.delete())
        assert rows.load_part(connection, parts[0].data, expected="one") == 3
    assert _all(engine) == before


def test_many_rows_come_in_parts(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_PART", 4_000)
    with writing(engine) as connection:
        many = [{"id": one, "words": "字" * 40} for one in range(2_500)]
        connection.execute(insert(_ONE), many)
    before = _all(engine)
    with reading(engine) as connection:
        parts = list(rows.parts_of(connection, _ONE))
    assert len(parts) > 10
    assert [one.number for one in parts] == list(range(len(parts)))
    with writing(engine) as connection:
        connection.execute(_ONE.delete())
        for part in parts:
            rows.load_part(connection, part.data, expected="one")
    assert _all(engine) == before


def test_an_empty_table_has_no_part(engine: Engine) -> None:
    with reading(engine) as connection:
        assert list(rows.parts_of(connection, _ONE)) == []


def test_a_part_goes_into_no_other_table(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(_ONE), _ROWS[0])
    with reading(engine) as connection:
        (part,) = rows.parts_of(connection, _ONE)
    with writing(engine) as connection, pytest.raises(BackupError):
        rows.load_part(connection, part.data, expected="cases")


@pytest.mark.parametrize("table", metadata.tables.values(), ids=str)
def test_every_column_has_a_portable_form(table: Table) -> None:
    for one in table.columns:
        kind = one.type
        assert isinstance(kind, Moment) or issubclass(kind.python_type, _KNOWN), one
        assert table.primary_key.columns, table


def test_all_tables_are_kept_but_envelopes_and_sessions() -> None:
    kept = {one.name for one in layout.tables()}
    assert set(metadata.tables) - kept == {"blobs", "sessions"}
