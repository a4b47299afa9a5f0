"""Where the gate looks: the cases published at a place, and those that keep a file."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, select, text

from review.case.events import PublicationRecorded
from review.case.places import place_of
from review.store import migrate
from review.store.engine import reading, writing
from review.store.store import SqlStore
from review.store.tables_gate import published_places
from tests.contract import material

_CASE: Final = "2026-000007"


def test_the_cases_that_keep_a_file_are_found_newest_first(store: SqlStore) -> None:
    with store.writing() as work:
        for case in (1, 2, 3):
            shown = material.row(case)
            work.show(material.case_of(shown), shown)
            work.keep(f"2026-{case:06d}", 1, ["a" * 64])
        work.keep("2026-000002", 2, ["a" * 64, "b" * 64])
    with store.reading() as records:
        found = records.gate.cases_with("a" * 64, limit=2)
        assert found == ("2026-000003", "2026-000002")
        assert records.gate.cases_with("b" * 64, limit=9) == ("2026-000002",)
        assert records.gate.cases_with("c" * 64, limit=9) == ()


def test_the_cases_that_are_cleared_come_first(store: SqlStore) -> None:
    stages = {1: "cleared", 2: "published", 3: "withdrawn", 4: "scanning"}
    with store.writing() as work:
        for case, stage in stages.items():
            shown = material.row(case, stage=stage)
            work.show(material.case_of(shown), shown)
        for case in range(1, 5):
            work.keep(f"2026-{case:06d}", 1, ["a" * 64])
    with store.reading() as records:
        found = records.gate.cases_with("a" * 64, limit=3)
    assert found == ("2026-000002", "2026-000001", "2026-000004")


def test_the_cases_published_at_a_place_are_found_the_last_first(
    store: SqlStore,
) -> None:
    here, there = place_of("https://a.example/1", "website"), "0" * 64
    with store.writing() as work:
        for hour, case in enumerate((2, 1, 3)):
            at = material.MORNING + timedelta(hours=hour)
            work.gate.put_places(f"2026-{case:06d}", {here: at, there: at})
        # The same case again: a row of its own it has already.
        late = material.MORNING + timedelta(hours=9)
        work.gate.put_places("2026-000001", {here: late})
    with store.reading() as records:
        found = records.gate.cases_at(here, limit=2)
        assert found == ("2026-000001", "2026-000003")
        found = records.gate.cases_at(there, limit=9)
        assert found == ("2026-000003", "2026-000001", "2026-000002")
        assert records.gate.cases_at("1" * 64, limit=9) == ()


def test_a_place_is_an_address_in_any_spelling_on_one_channel() -> None:
    place = place_of("https://a.example/n%c3%a9", "website")
    assert place == place_of(" HTTPS://A.example:443/né ", "website")
    assert place != place_of("https://a.example/n%c3%a9", "wechat")
    assert place != place_of("https://a.example/N%c3%a9", "website")


def test_an_upgrade_keeps_the_places_of_what_was_published_before(
    store: SqlStore, engine: Engine
) -> None:
    # More than one stretch of the step, and the first place once more.
    addresses = [f"https://a.example/{one}" for one in range(600)]
    addresses.append(addresses[0].upper().replace("EXAMPLE/0", "EXAMPLE:443/0"))
    with store.writing() as work:
        for version, address in enumerate(addresses, 1):
            work.seal(_published(address, version), material.of_case(_CASE, version))
    with writing(engine) as connection:
        connection.execute(text("DROP TABLE published_places"))
        connection.execute(text("DROP INDEX ix_entries_at"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0011'"))
    migrate.upgrade(engine)
    wanted = {place_of(one, "website"): _at(at) for at, one in enumerate(addresses, 1)}
    assert len(wanted) == 600
    with reading(engine) as connection:
        rows = connection.execute(select(published_places)).all()
    assert {row.place: row.at for row in rows} == wanted
    assert {row.case_number for row in rows} == {_CASE}


def _published(address: str, version: int) -> PublicationRecorded:
    return PublicationRecorded(
        at=_at(version),
        by=material.UPLOADER,
        round=1,
        channel="website",
        address=address,
        published_at=material.MORNING,
    )


def _at(version: int) -> datetime:
    return material.MORNING + timedelta(minutes=version)
