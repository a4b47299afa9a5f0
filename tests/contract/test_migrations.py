"""The steps lead from nothing to the tables as they are, on every database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, insert, inspect, text

import review.store
from review.errors import StoreError
from review.store import migrate
from review.store.engine import make_engine
from review.store.schema import metadata
from review.store.tables import case_numbers


@pytest.fixture
def engine(bare_database_url: str) -> Iterator[Engine]:
    engine = make_engine(bare_database_url)
    yield engine
    engine.dispose()


def _differences(engine: Engine, wanted: MetaData) -> list[object]:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, wanted))


def test_an_upgrade_leads_from_nothing_to_the_tables_as_they_are(
    engine: Engine,
) -> None:
    assert migrate.current(engine) is None
    assert not migrate.is_current(engine)
    migrate.upgrade(engine)
    assert migrate.is_current(engine)
    assert _differences(engine, metadata) == []


def test_the_comparison_would_see_a_table_and_a_column_too_few(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE cases DROP COLUMN external_id"))
        connection.execute(text("DROP TABLE doomed"))
    assert len(_differences(engine, metadata)) == 2


def test_constraints_bear_the_names_that_the_tables_give_them(engine: Engine) -> None:
    migrate.upgrade(engine)
    there = inspect(engine)
    for table in metadata.tables.values():
        unique = {one["name"] for one in there.get_unique_constraints(table.name)}
        checks = {one["name"] for one in there.get_check_constraints(table.name)}
        primary = there.get_pk_constraint(table.name)["name"]
        named = {str(one.name) for one in table.constraints}
        assert unique | checks | {primary} == named


def test_a_second_upgrade_keeps_what_is_there(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(insert(case_numbers), {"year": 2026, "last": 7})
    migrate.upgrade(engine)
    with engine.connect() as connection:
        assert connection.scalar(case_numbers.select()) == 2026


def test_there_is_one_line_of_steps_and_no_way_back() -> None:
    folder = Path(review.store.__path__[0]) / "migrations"
    steps = ScriptDirectory(str(folder))
    assert len(steps.get_heads()) == 1
    assert len(steps.get_bases()) == 1
    for step in steps.walk_revisions():
        with pytest.raises(Exception, match="审查记录只增不减"):
            step.module.downgrade()


def test_an_older_program_leaves_a_newer_database_alone(engine: Engine) -> None:
    migrate.upgrade(engine)
    assert "db upgrade" in migrate.advice(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="更新的版本建的"):
        migrate.upgrade(engine)
    assert migrate.current(engine) == "9999"
    assert "db upgrade" not in migrate.advice(engine)
