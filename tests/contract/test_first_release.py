"""What the first release recorded is still there, and still proven, after every step since.

`first_release.jsonl` holds the rows that the first release (database version 0001)
wrote for four invented items: of each table a line with its columns, then its rows.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, column, func, insert, select, table

from review.backup import layout
from review.backup.archive import ArchiveWriter
from review.backup.manifest import Manifest
from review.backup.restore import restore_backup
from review.case.events import CaseEvent
from review.case.evolve import replay
from review.errors import BackupError, TamperError
from review.ledger import chain, statement
from review.ledger.keys import SigningKey
from review.ports.records import RegisterQuery
from review.service.projection import sequence_of
from review.settings import Settings, load_settings
from review.store import migrate
from review.store.engine import make_engine, reading, writing
from review.store.reading import SqlReading
from review.store.store import SqlStore
from tests.contract.material import MORNING
from tests.databases import unguarded

_FILE = Path(__file__).with_name("first_release.jsonl")
_FIRST = "0001"
_STAGES = {
    "2026-000001": "cleared",
    "2026-000002": "first_pass",
    "2026-000003": "first_pass",
    "2026-000004": "refused",
}
_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def _tables() -> Iterator[tuple[dict[str, object], list[list[object]]]]:
    head: dict[str, object] = {}
    rows: list[list[object]] = []
    for line in _FILE.read_text("utf-8").splitlines():
        said = json.loads(line)
        if isinstance(said, list):
            rows.append(said)
            continue
        if head:
            yield head, rows
        head, rows = said, []
    yield head, rows


@pytest.fixture
def engine(bare_database_url: str) -> Iterator[Engine]:
    """Return a database as the first release left it."""
    engine = make_engine(bare_database_url)
    migrate.upgrade(engine, _FIRST)
    assert migrate.current(engine) == _FIRST
    with writing(engine) as connection:
        for head, rows in _tables():
            names = [str(one) for one in head["columns"]]  # type: ignore[attr-defined]  # - a list
            into = insert(table(str(head["table"]), *map(column, names)))
            for row in rows:
                connection.execute(into, dict(zip(names, row, strict=True)))
    yield engine
    engine.dispose()


def _check(engine: Engine) -> chain.Verified:
    with reading(engine) as connection:
        records = SqlReading(
            connection, lambda entry: chain.check_entry(entry, _KEY.public)
        )
        verified = chain.verify(records.entries(), witnessed=records.heads())
        for row in records.register(RegisterQuery(limit=100)):
            events = [
                statement.read(one.statement).event
                for one in records.entries_of(row.number)
            ]
            case = replay(one for one in events if isinstance(one, CaseEvent))
            assert (case.stage, case.version) == (row.stage, row.version)
            assert row.sequence == sequence_of(row.number)
            assert case.stage == _STAGES[row.number]
            assert bool(records.kept_digests(row.number)) != row.purged
        assert sum(records.counts(None).values()) == len(_STAGES)
        found = records.register(RegisterQuery(words="电话", limit=100))
        assert [one.number for one in found] == ["2026-000004"]
        return verified


def test_the_records_of_the_first_release_are_whole_after_every_step(
    engine: Engine,
) -> None:
    migrate.upgrade(engine)
    assert migrate.is_current(engine)
    verified = _check(engine)
    assert verified.entries == 26
    assert verified.keys == (_KEY.public,)


def test_work_goes_on_after_the_upgrade(engine: Engine) -> None:
    migrate.upgrade(engine)
    store = SqlStore(
        engine, key=_KEY, algorithm="sha256", witness=None, now=lambda: MORNING
    )
    store.open_ledger()
    with store.writing() as work:
        assert work.next_number(2026) == "2026-000005"
        last = work.last_entry()
    assert last is not None
    assert last.index == 25


def test_a_row_changed_before_the_upgrade_is_noticed_after_it(engine: Engine) -> None:
    entries = table("entries", column("index"), column("signature"))
    with engine.begin() as connection, unguarded(connection):
        connection.execute(
            entries.update().where(entries.c.index == 7).values(signature="0" * 128)
        )
    migrate.upgrade(engine)
    with pytest.raises(TamperError):
        _check(engine)


def _old_backup(path: Path, *, revision: str = _FIRST) -> None:
    rows = {str(head["table"]): len(found) for head, found in _tables()}
    with path.open("wb") as file, ArchiveWriter(file, seconds=0) as writer:
        for head, found in _tables():
            lines = [json.dumps(one) for one in (head, *found)]
            if found:
                data = gzip.compress(("\n".join(lines) + "\n").encode())
                kind = f"{layout.TABLES}/{head['table']}"
                writer.add(layout.part_name(kind, 0, "jsonl.gz"), data)
        writer.add(layout.part_name(layout.WITNESS, 0, "jsonl"), b"")
        manifest = Manifest(
            at="2026-11-24T09:00:00.000+08:00",
            program="0.1.0",
            office="local",
            revision=revision,
            entries=26,
            head=_head(),
            key=_KEY.public_hex,
            rows=rows,
        )
        writer.finish(manifest, key=_KEY)


def _head() -> str:
    for head, rows in _tables():
        if head["table"] == "entries":
            return str(rows[-1][5])
    raise AssertionError("no entries")


def _settings(tmp_path: Path, url: str) -> Settings:
    given = {
        "HOME": str(tmp_path),
        "XIANSHEN_DATA_DIR": str(tmp_path / "new"),
        "XIANSHEN_DATABASE_URL": url,
    }
    return load_settings(given)


def test_a_backup_of_an_older_version_is_put_back_and_brought_up(
    bare_database_url: str, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, bare_database_url)
    _old_backup(tmp_path / "old.xsb")
    restored = restore_backup(settings, tmp_path / "old.xsb", key=_KEY.id)
    # Its drafts were left out: the records keep twelve contents.
    assert restored.absent == len(_kept())
    engine = make_engine(bare_database_url)
    assert migrate.is_current(engine)
    _check(engine)
    with reading(engine) as connection:
        counted = select(func.count()).select_from(table("entries"))
        assert connection.scalar(counted) == 26
    engine.dispose()


def _kept() -> set[str]:
    return {
        str(row[2])
        for head, rows in _tables()
        if head["table"] == "kept"
        for row in rows
    }


def test_a_backup_of_a_newer_version_is_refused(
    bare_database_url: str, tmp_path: Path
) -> None:
    settings = _settings(tmp_path, bare_database_url)
    _old_backup(tmp_path / "newer.xsb", revision="9999")
    with pytest.raises(BackupError, match="更新的版本"):
        restore_backup(settings, tmp_path / "newer.xsb")
