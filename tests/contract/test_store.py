"""What `review.ports` promises of the records, held by every database alike."""

import json
import os
import stat
import subprocess
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, text, update
from sqlalchemy.exc import IntegrityError

from review.errors import (
    LedgerError,
    NotFoundError,
    StaleError,
    StoreError,
    TamperError,
    UsageError,
)
from review.ledger import statement
from review.ledger.chain import Head, verify
from review.ledger.entry import digest_of, entry_message
from review.ledger.keys import SigningKey
from review.ledger.witness import WitnessFile
from review.ports import records as ports
from review.store import migrate
from review.store.engine import make_engine
from review.store.reading import SqlReading
from review.store.store import SqlStore
from review.store.tables import clearances, doomed, entries, heads
from review.store.writing import SqlWriting
from tests.contract.material import (
    KEY,
    MORNING,
    adopted,
    appointed,
    case_of,
    clearance,
    of_case,
    office,
    row,
    store_at,
    submitted,
    withdrawn,
)
from tests.databases import unguarded

NUMBER = "2026-000001"


def _seal(store: SqlStore, count: int = 1) -> None:
    for one in range(count):
        with store.writing() as work:
            work.seal(adopted(f"policy {one}"), office())


# The ports


@pytest.mark.parametrize(
    ("port", "kind"),
    [
        (ports.Reading, SqlReading),
        (ports.Writing, SqlWriting),
        (ports.Store, SqlStore),
    ],
)
def test_every_method_of_a_port_is_there(port: type, kind: type) -> None:
    wanted = {name for name in dir(port) if not name.startswith("_")}
    assert wanted
    assert wanted <= set(dir(kind))


# The ledger


def test_an_empty_database_begins_with_the_opening_entry(store: SqlStore) -> None:
    with store.reading() as records:
        (first,) = records.entries()
    said = json.loads(first.statement)
    assert said["kind"] == "ledger.opened"
    assert said["data"] == {"key": KEY.public_hex}
    assert said["by"]["id"] == "machine"
    assert said["at"] == "2026-11-22T09:00:00.000+08:00"
    assert verify([first]).entries == 1


def test_opening_again_adds_nothing(store: SqlStore) -> None:
    store.open_ledger()
    with store.reading() as records:
        assert len(list(records.entries())) == 1


def test_sm3_is_sealed_with_where_it_is_chosen(engine: Engine, witness: Path) -> None:
    store = store_at(engine, witness, sm3=True)
    store.open_ledger()
    _seal(store)
    with store.reading() as records:
        assert {one.algorithm for one in records.entries()} == {"sm3"}
        assert verify(records.entries()).entries == 2


def test_what_was_sealed_is_read_back_and_verifies(store: SqlStore) -> None:
    with store.writing() as work:
        first = work.seal(submitted(NUMBER), of_case(NUMBER, 1))
        work.seal(adopted(), office())
        second = work.seal(withdrawn(), of_case(NUMBER, 2))
        assert work.entries_of(NUMBER) == (first, second)
    with store.reading() as records:
        assert records.entries_of(NUMBER) == (first, second)
        assert records.entries_of("2026-000002") == ()
        assert records.last_entry() == second
        assert [one.index for one in records.entries()] == [0, 1, 2, 3]
        assert [one.index for one in records.entries(after=1)] == [2, 3]
        assert verify(records.entries()).head == second.digest
        read = [statement.read(one.statement) for one in records.entries_of(NUMBER)]
    assert [one.event for one in read] == [submitted(NUMBER), withdrawn()]
    assert read[1].context == of_case(NUMBER, 2)


def test_a_long_ledger_is_streamed_whole(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.store.reading._BATCH", 3)
    _seal(store, 7)
    with store.reading() as records:
        assert [one.index for one in records.entries()] == list(range(8))
        assert [one.index for one in records.entries(after=4)] == [5, 6, 7]
        assert list(records.entries(after=7)) == []


def test_the_last_entry_of_a_kind_is_found(store: SqlStore) -> None:
    with store.writing() as work:
        work.seal(adopted("first"), office())
        second = work.seal(adopted("second"), office())
        work.seal(submitted(NUMBER), of_case(NUMBER, 1))
    with store.reading() as records:
        assert records.last_of_kind("office.policy_adopted") == second
        assert records.last_of_kind("case.cleared") is None


def test_a_version_that_is_taken_is_stale(store: SqlStore) -> None:
    with store.writing() as work:
        work.seal(submitted(NUMBER), of_case(NUMBER, 1))
        work.seal(withdrawn(), of_case(NUMBER, 2))
    for version in (1, 2):
        with pytest.raises(StaleError, match="刷新"), store.writing() as work:
            work.seal(withdrawn(), of_case(NUMBER, version))
    with store.reading() as records:
        assert len(records.entries_of(NUMBER)) == 2


@pytest.mark.parametrize("version", [0, 2])
def test_a_case_begins_with_its_first_version(store: SqlStore, version: int) -> None:
    with pytest.raises((LedgerError, StaleError)), store.writing() as work:
        work.seal(submitted(NUMBER), of_case(NUMBER, version))


def test_a_version_belongs_to_a_case(store: SqlStore) -> None:
    with pytest.raises(LedgerError, match="编号"), store.writing() as work:
        work.seal(adopted(), office(version=1))


def test_a_note_on_a_case_is_none_of_its_events(store: SqlStore) -> None:
    with store.writing() as work:
        first = work.seal(submitted(NUMBER), of_case(NUMBER, 1))
        work.seal(adopted(), office(case=NUMBER))
    with store.reading() as records:
        assert records.entries_of(NUMBER) == (first,)


def test_heads_are_signed_and_kept(store: SqlStore) -> None:
    with store.writing() as work:
        first = work.sign_head(MORNING)
        work.seal(adopted(), office())
        second = work.sign_head(MORNING + timedelta(seconds=1))
    with store.reading() as records:
        assert tuple(records.heads()) == (first, second)
        assert records.last_heads(1) == (second,)
        assert records.head_over(1) == second
        assert records.head_over(2) is None
        assert [one.index for one in records.heads()] == [0, 1]
        assert verify(records.entries(), witnessed=records.heads()).entries == 2


# Transactions


def test_an_exception_leaves_nothing(store: SqlStore, witness: Path) -> None:
    before = witness.read_bytes()
    with pytest.raises(ZeroDivisionError):
        _written_then_failed(store)
    with store.reading() as records:
        assert len(list(records.entries())) == 1
        assert tuple(records.heads()) == ()
        assert records.last_heads(5) == ()
        assert records.head_over(0) is None
        assert records.entries_of_kind("people.appointed") == ()
        assert not records.is_kept("a" * 64)
    assert witness.read_bytes() == before
    with store.writing() as work:
        assert work.next_number(2026) == NUMBER


def _written_then_failed(store: SqlStore) -> None:
    with store.writing() as work:
        number = work.next_number(2026)
        work.seal(submitted(number), of_case(number, 1))
        work.sign_head(MORNING)
        work.seal(appointed(), office())
        work.keep(number, 1, ["a" * 64])
        raise ZeroDivisionError


def test_a_reader_sees_one_moment_while_a_writer_writes(store: SqlStore) -> None:
    begun, committed = threading.Event(), threading.Event()

    def write() -> None:
        assert begun.wait(120)
        with store.writing() as work:
            work.seal(submitted(NUMBER), of_case(NUMBER, 1))
            work.seal(appointed(), office())
        committed.set()

    writer = threading.Thread(target=write)
    writer.start()
    with store.reading() as records:
        assert len(list(records.entries())) == 1
        begun.set()
        assert committed.wait(120)
        assert len(list(records.entries())) == 1
        assert records.entries_of(NUMBER) == ()
        assert records.entries_of_kind("people.appointed") == ()
    writer.join()
    with store.reading() as records:
        assert len(records.entries_of(NUMBER)) == 1


def test_a_reader_sees_nothing_that_is_not_committed(store: SqlStore) -> None:
    with store.writing() as work:
        work.seal(adopted(), office())
        with store.reading() as records:
            assert len(list(records.entries())) == 1


def test_a_second_transaction_of_the_same_thread_is_refused(store: SqlStore) -> None:
    with store.writing(), pytest.raises(StoreError, match="同一线程"), store.writing():
        pass
    _seal(store)


def test_threads_never_fork_the_chain(store: SqlStore) -> None:
    def work(which: int) -> None:
        for one in range(10):
            with store.writing() as records:
                records.seal(adopted(f"{which} {one}"), office())
                records.next_number(2026)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    with store.reading() as records:
        assert verify(records.entries()).entries == 41
    with store.writing() as last:
        assert last.next_number(2026) == "2026-000041"


_WRITER = """
import sys
from pathlib import Path
from tests.contract.material import adopted, office, opened

store = opened(sys.argv[1], Path(sys.argv[2]))
sys.stdin.readline()
for one in range(25):
    with store.writing() as work:
        work.seal(adopted(f"{sys.argv[3]} {one}"), office())
        assert work.next_number(2026)
"""


@pytest.mark.slow
def test_processes_never_fork_the_chain(
    store: SqlStore, database_url: str, witness: Path
) -> None:
    command = [sys.executable, "-c", _WRITER, database_url, str(witness)]
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, cwd=root)  # noqa: S603 - our own program
        for name in ("one", "two")
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.close()
    assert [writer.wait(300) for writer in writers] == [0, 0]
    with store.reading() as records:
        kept = WitnessFile(witness).heads()
        assert verify(records.entries(), witnessed=kept).entries == 51
        assert kept[-1].index == 50


# What the database itself refuses


_HEAD = Head(0, "a" * 64, "2026-11-22T09:15:00.123+08:00", "b" * 64, "c" * 128)


def _row_of(engine: Engine, index: int) -> dict[str, object]:
    with engine.connect() as connection:
        asked = entries.select().where(entries.c.index == index)
        return dict(connection.execute(asked).mappings().one())


_CHANGES = [
    "UPDATE {} SET digest = 'x'",
    "UPDATE {} SET digest = digest",
    "DELETE FROM {}",
]


@pytest.mark.parametrize("table", ["entries", "heads"])
@pytest.mark.parametrize("command", _CHANGES)
def test_the_database_refuses_changes_of_the_record(
    store: SqlStore, engine: Engine, command: str, table: str
) -> None:
    with store.writing() as work:
        work.sign_head(MORNING)
    with (
        pytest.raises(IntegrityError, match="只增不改"),
        engine.begin() as connection,
    ):
        connection.execute(text(command.format(table)))
    with store.reading() as records:
        assert verify(records.entries(), witnessed=records.heads()).entries == 1


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
@pytest.mark.parametrize("command", ["TRUNCATE {}", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["entries", "heads"])
def test_postgres_refuses_even_a_session_without_triggers(
    engine: Engine, table: str, command: str
) -> None:
    with engine.begin() as connection:
        connection.execute(heads.insert(), {**asdict(_HEAD), "position": 0})
    for setting in ("origin", "replica"):
        with engine.connect() as connection:
            connection.execute(text(f"SET session_replication_role = '{setting}'"))
            with pytest.raises(IntegrityError, match="只增不改"):
                connection.execute(text(command.format(table)))
            connection.rollback()


def test_the_database_refuses_entries_out_of_turn(
    store: SqlStore, engine: Engine
) -> None:
    _seal(store)
    last = _row_of(engine, 1)
    for index in (-1, 0, 1, 3):
        forged = {**last, "index": index, "digest": "d" * 64, "previous": "e" * 64}
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(insert(entries), forged)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(entries), {**last, "index": 2})


def test_the_database_refuses_heads_out_of_turn(
    store: SqlStore, engine: Engine
) -> None:
    with store.writing() as work:
        head = work.sign_head(MORNING)
    for position in (-1, 0, 2):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.execute(insert(heads), {**asdict(head), "position": position})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(
    "same", ["index", "digest", "previous", "case_number", "nothing"]
)
def test_sqlite_refuses_to_replace_an_entry(
    store: SqlStore, engine: Engine, recursive: str, same: str
) -> None:
    with store.writing() as work:
        work.seal(submitted(NUMBER), of_case(NUMBER, 1))
        work.seal(adopted(), office())
    old = _row_of(engine, 1)
    forged = {
        **old,
        "index": 3,
        "digest": "d" * 64,
        "previous": "e" * 64,
        "case_number": "2026-000009",
    }
    if same != "nothing":
        forged[same] = old[same]
    replace_it = insert(entries).prefix_with("OR REPLACE")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA recursive_triggers = {recursive}")
        if same == "nothing":  # then the guards have nothing against it
            connection.execute(replace_it, forged)
        else:
            with pytest.raises(IntegrityError):
                connection.execute(replace_it, forged)
        connection.rollback()
    with store.reading() as records:
        assert verify(records.entries()).entries == 3


# The witness


def _without_guards(engine: Engine, *commands: str) -> None:
    """Do what an owner of the database can do."""
    with engine.begin() as connection, unguarded(connection):
        for command in commands:
            connection.execute(text(command))


def test_every_sealed_entry_is_witnessed(store: SqlStore, witness: Path) -> None:
    _seal(store, 3)
    assert [one.index for one in WitnessFile(witness).heads()] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "command",
    [
        'DELETE FROM entries WHERE "index" = 3',
        'DELETE FROM entries WHERE "index" > 0',
        "DELETE FROM entries",
        """UPDATE entries SET digest = 'f' || substr(digest, 2, 62) || 'x'
           WHERE "index" = 3""",
        """UPDATE entries SET statement = replace(statement, 'policy 2', 'policy 9')
           WHERE "index" = 3""",
    ],
)
def test_a_database_cut_or_changed_at_its_end_is_noticed(
    store: SqlStore, engine: Engine, witness: Path, command: str
) -> None:
    _seal(store, 3)
    before = witness.read_bytes()
    _without_guards(engine, command)
    with pytest.raises(TamperError):
        store.open_ledger()
    with pytest.raises(TamperError), store.writing() as work:
        work.seal(adopted(), office())
    assert witness.read_bytes() == before


def test_a_witness_that_lags_behind_is_brought_up(
    store: SqlStore, engine: Engine, witness: Path
) -> None:
    _seal(store)
    early = witness.read_bytes()
    _seal(store, 3)
    witness.write_bytes(early)
    store_at(engine, witness).open_ledger()
    assert [one.index for one in WitnessFile(witness).heads()] == [0, 1, 4]


def test_a_first_entry_whose_witness_a_crash_prevented_is_witnessed(
    store: SqlStore, witness: Path
) -> None:
    witness.unlink()
    store.open_ledger()
    assert [one.index for one in WitnessFile(witness).heads()] == [0]


@pytest.mark.parametrize(
    "command",
    [
        """UPDATE entries SET statement = replace(statement, 'policy 1', 'policy 9')
           WHERE "index" = 3""",
        """UPDATE entries SET signature = replace(signature, '0', '1')
           WHERE "index" = 3""",
        """UPDATE entries SET previous = 'x' WHERE "index" = 3""",
        """UPDATE entries SET key = 'x' WHERE "index" = 4""",
        'DELETE FROM entries WHERE "index" = 3',
    ],
)
def test_a_witness_is_not_brought_up_over_changed_entries(
    store: SqlStore, engine: Engine, witness: Path, command: str
) -> None:
    _seal(store)
    early = witness.read_bytes()
    _seal(store, 3)
    witness.write_bytes(early)
    _without_guards(engine, command)
    with pytest.raises(TamperError):
        store.open_ledger()
    assert witness.read_bytes() == early


@pytest.mark.parametrize("strange", ["previous", "key"])
def test_a_witness_is_not_brought_up_over_a_genuine_entry_from_elsewhere(
    store: SqlStore, engine: Engine, witness: Path, strange: str
) -> None:
    _seal(store)
    early = witness.read_bytes()
    _seal(store)
    witness.write_bytes(early)
    with engine.begin() as connection, unguarded(connection):
        forged = _resealed(_row_of(engine, 2), strange)
        here = update(entries).where(entries.c.index == 2)
        connection.execute(here.values(forged))
    with pytest.raises(TamperError):
        store.open_ledger()
    assert witness.read_bytes() == early


def _resealed(row: dict[str, object], strange: str) -> dict[str, object]:
    """Return the row as the holder of the key seals it on another chain."""
    changed = {**row, strange: "f" * len(str(row[strange]))}
    digest = digest_of(
        str(changed["statement"]),
        index=2,
        previous=str(changed["previous"]),
        algorithm="sha256",
        key=str(changed["key"]),
    )
    signature = KEY.sign(entry_message(digest))
    return {**changed, "digest": digest, "signature": signature}


def test_a_lost_witness_is_noticed_and_renewed_only_when_asked(
    store: SqlStore, witness: Path
) -> None:
    _seal(store, 2)
    with pytest.raises(LedgerError, match="还在"):
        store.renew_witness()
    witness.unlink()
    with pytest.raises(TamperError, match="不见了"):
        store.open_ledger()
    with pytest.raises(TamperError, match="不见了"), store.writing():
        pass
    store.renew_witness()
    assert [one.index for one in WitnessFile(witness).heads()] == [2]
    _seal(store)


def test_a_changed_ledger_is_not_witnessed_anew(
    store: SqlStore, engine: Engine, witness: Path
) -> None:
    _seal(store, 2)
    witness.unlink()
    _without_guards(
        engine, "UPDATE entries SET statement = replace(statement, '1', '2')"
    )
    with pytest.raises(TamperError):
        store.renew_witness()
    assert not witness.exists()


def test_an_empty_database_beside_a_witness_is_not_begun_anew(
    store: SqlStore, engine: Engine
) -> None:
    _without_guards(engine, "DELETE FROM entries")
    with pytest.raises(TamperError, match="删去"):
        store.open_ledger()
    with store.reading() as records:
        assert records.last_entry() is None


def test_another_key_cannot_go_on(
    store: SqlStore, engine: Engine, witness: Path
) -> None:
    other = store_at(engine, witness, key=SigningKey.generate())
    other.open_ledger()
    with pytest.raises(LedgerError, match="密钥"):
        _seal(other)
    _seal(store)


@pytest.mark.parametrize(
    ("column", "value"),
    [("case_number", "2026-000002"), ("case_version", 3), ("kind", "case.refused")],
)
def test_an_entry_moved_to_another_case_is_noticed(
    store: SqlStore, engine: Engine, column: str, value: object
) -> None:
    with store.writing() as work:
        work.seal(submitted(NUMBER), of_case(NUMBER, 1))
        work.seal(withdrawn(), of_case(NUMBER, 2))
    with engine.begin() as connection, unguarded(connection):
        moved = update(entries).where(entries.c.index == 2)
        connection.execute(moved.values({column: value}))
    with store.reading() as records, pytest.raises(TamperError):
        list(records.entries())


def test_a_case_whose_entry_was_taken_away_is_not_shown(
    store: SqlStore, engine: Engine
) -> None:
    with store.writing() as work:
        work.seal(submitted(NUMBER), of_case(NUMBER, 1))
        work.seal(withdrawn(), of_case(NUMBER, 2))
    _without_guards(engine, 'DELETE FROM entries WHERE "index" = 1')
    with store.reading() as records, pytest.raises(TamperError, match="不连"):
        records.entries_of(NUMBER)


def test_a_database_before_its_first_upgrade_is_refused(
    bare_database_url: str, witness: Path
) -> None:
    engine = make_engine(bare_database_url)
    with pytest.raises(StoreError, match="db upgrade"):
        store_at(engine, witness).open_ledger()
    engine.dispose()


def test_a_store_without_a_witness_works(engine: Engine) -> None:
    store = store_at(engine, None)
    assert not SqlStore.has_entries(engine)
    store.open_ledger()
    _seal(store)
    assert SqlStore.has_entries(engine)
    with pytest.raises(LedgerError):
        store.renew_witness()


def test_nothing_is_sealed_before_the_ledger_is_opened(
    engine: Engine, witness: Path
) -> None:
    store = store_at(engine, witness)
    with pytest.raises(LedgerError), store.writing() as work:
        work.seal(adopted(), office())
    with pytest.raises(LedgerError), store.writing() as work:
        work.sign_head(MORNING)


def test_a_database_out_of_reach_is_said_plainly(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite+pysqlite:///{tmp_path}/nowhere/xianshen.db")
    with pytest.raises(StoreError, match="数据库"):
        store_at(engine, None).open_ledger()
    engine.dispose()


def test_its_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    usual = os.umask(0o022)
    try:
        engine = make_engine(f"sqlite+pysqlite:///{tmp_path}/xianshen.db")
        migrate.upgrade(engine)
        _seal(store_at(engine, None).open_ledger())
        rights = {
            one.name: stat.S_IMODE(one.stat().st_mode)
            for one in tmp_path.glob("xianshen.db*")
        }
        engine.dispose()
    finally:
        os.umask(usual)
    assert {"xianshen.db", "xianshen.db-wal"} <= set(rights)
    assert set(rights.values()) == {0o600}


def test_no_error_shows_what_stands_in_a_draft(store: SqlStore) -> None:
    wrong = row(title="草稿原文", drafted_by=None)
    with pytest.raises(StoreError) as caught, store.writing() as work:
        work.show(case_of(wrong), wrong)
    shown = "".join(traceback.format_exception(caught.value))
    assert "草稿原文" not in shown
    assert "NOTNULL" in shown or "23502" in shown  # what a maintainer needs


# Numbers


def test_numbers_follow_each_other_within_a_year(store: SqlStore) -> None:
    with store.writing() as work:
        assert [work.next_number(2026) for _ in range(2)] == [NUMBER, "2026-000002"]
        assert work.next_number(2027) == "2027-000001"
    with store.writing() as work:
        assert work.next_number(2026) == "2026-000003"


def test_a_year_has_an_end(store: SqlStore, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO case_numbers (year, last) VALUES (2026, 999998)")
        )
    with store.writing() as work:
        numbers = [work.next_number(2026) for _ in range(2)]
        assert numbers == ["2026-999999", "2026-1000000"]
    with engine.begin() as connection:
        connection.execute(text("UPDATE case_numbers SET last = 9999999"))
    with pytest.raises(UsageError, match="用完"), store.writing() as work:
        work.next_number(2026)


# By kind


def test_entries_are_found_by_kind_in_their_order(store: SqlStore) -> None:
    with store.writing() as work:
        first = work.seal(appointed(), office())
        work.seal(submitted(NUMBER), of_case(NUMBER, 1))
        second = work.seal(appointed("任0002"), office())
    with store.reading() as records:
        assert records.entries_of_kind("people.appointed") == (first, second)
        kinds = "people.appointed", "case.submitted"
        assert len(records.entries_of_kind(*kinds)) == 3
        assert records.last_of_kind("people.appointed") == second
        assert records.entries_of_kind("case.revoked") == ()


@pytest.mark.parametrize("sealed_anew", [False, True])
def test_what_the_key_did_not_seal_is_never_believed(
    store: SqlStore, engine: Engine, *, sealed_anew: bool
) -> None:
    """An owner of the database makes somebody a signer, or changes a decision."""
    with store.writing() as work:
        work.seal(appointed(), office())
        work.seal(submitted(NUMBER), of_case(NUMBER, 1))
    for index in (1, 2):
        row = _row_of(engine, index)
        text_now = str(row["statement"]).replace("教务处", "学生处")
        changed = {**row, "statement": text_now}
        if sealed_anew:  # with a digest that fits, but not the key
            changed["digest"] = digest_of(
                text_now,
                index=index,
                previous=str(row["previous"]),
                algorithm="sha256",
                key=str(row["key"]),
            )
        with engine.begin() as connection, unguarded(connection):
            here = update(entries).where(entries.c.index == index)
            connection.execute(here.values(changed))
    with store.reading() as records:
        with pytest.raises(TamperError):
            records.entries_of_kind("people.appointed")
        with pytest.raises(TamperError):
            records.last_of_kind("people.appointed")
        with pytest.raises(TamperError):
            records.entries_of(NUMBER)


# Clearances


def test_clearances_are_kept_and_end_once(store: SqlStore) -> None:
    names = ("许0001", "许0002", "许0003")
    with store.writing() as work:
        for one in names:
            work.add_clearance(clearance(one))
        work.end_clearance("许0002", "revoked", MORNING)
        work.end_clearance("许0003", "expired", MORNING)
    revoked = clearance("许0002", ended="revoked", ended_at=MORNING)
    with store.reading() as records:
        assert records.clearance("许0001") == clearance("许0001")
        assert records.clearance("许0009") is None
        assert records.clearances() == (clearance("许0001"),)
        assert records.clearances(ended="revoked") == (revoked,)
        assert [one.id for one in records.clearances(ended="expired")] == ["许0003"]
    with pytest.raises(StaleError), store.writing() as work:
        work.end_clearance("许0002", "expired", MORNING)
    with pytest.raises(NotFoundError), store.writing() as work:
        work.end_clearance("许0009", "revoked", MORNING)
    with store.reading() as records:
        assert records.clearance("许0002") == revoked


def test_what_has_run_out_comes_a_few_at_a_time_the_oldest_first(
    store: SqlStore,
) -> None:
    days = (3, 1, 2, 9)
    with store.writing() as work:
        for one in days:
            until = MORNING + timedelta(days=one)
            number = f"2026-00000{one}"
            work.add_clearance(clearance(f"许000{one}", case=number, valid_until=until))
        work.end_clearance("许0002", "revoked", MORNING)
    at = MORNING + timedelta(days=3)
    with store.reading() as records:
        assert records.run_out(at, limit=5) == ("2026-000001", "2026-000003")
        assert records.run_out(at, limit=1) == ("2026-000001",)
        assert records.run_out(MORNING, limit=5) == ()


def test_entries_of_kind_go_on_after_an_entry(store: SqlStore) -> None:
    with store.writing() as work:
        first = work.seal(appointed("任0001"), office())
        work.seal(adopted(), office())
        second = work.seal(appointed("任0002"), office())
    kinds = ("people.appointed", "people.appointment_ended")
    with store.reading() as records:
        assert records.entries_of_kind(*kinds) == (first, second)
        assert records.entries_of_kind(*kinds, after=first.index) == (second,)
        assert records.entries_of_kind(*kinds, after=second.index) == ()


def test_a_clearance_is_issued_once(store: SqlStore, engine: Engine) -> None:
    with store.writing() as work:
        work.add_clearance(clearance())
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(clearances), asdict(clearance()))


# Fingerprints and contents


def test_fingerprints_lead_to_refused_cases(store: SqlStore) -> None:
    largest = 2**63 - 1
    with store.writing() as work:
        work.add_fingerprints("2026-000002", [5, largest, 5, -3])
        work.add_fingerprints(NUMBER, [5])
        work.add_fingerprints(NUMBER, [5, 6])
        work.add_fingerprints(NUMBER, [])
    with store.reading() as records:
        assert records.refused_with([5, 6, largest, -3, 7, 5]) == {
            5: (NUMBER, "2026-000002"),
            6: (NUMBER,),
            largest: ("2026-000002",),
            -3: ("2026-000002",),
        }
        assert records.refused_with([]) == {}


def test_many_fingerprints_are_asked_at_once(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review.store.reading._MOST_AT_ONCE", 4)
    with store.writing() as work:
        work.add_fingerprints(NUMBER, range(10))
    with store.reading() as records:
        assert set(records.refused_with(range(-5, 20))) == set(range(10))


def test_contents_are_kept_until_no_case_needs_them(
    store: SqlStore, engine: Engine
) -> None:
    shared, own, later = "a" * 64, "b" * 64, "c" * 64
    with store.writing() as work:
        work.keep(NUMBER, 1, [shared, own, own])
        work.keep(NUMBER, 1, [own, later])
        work.keep(NUMBER, 2, [shared])
        work.keep("2026-000002", 1, [shared])
    with store.reading() as records:
        assert records.kept_digests(NUMBER) == (shared, own, later)
        assert records.holders_of(shared) == (NUMBER, "2026-000002")
        assert records.holders_of("d" * 64) == ()
        assert records.doomed() == ()
    with store.writing() as work:
        assert work.forget(NUMBER) == (own, later)
        assert not work.is_kept(own)
        assert work.is_kept(shared)
        assert work.doomed() == (own, later)
        assert work.forget(NUMBER) == ()
        work.keep("2026-000003", 1, [own])
        assert work.forget("2026-000003") == (own,)
    with store.writing() as work:
        work.spare(own)
        work.spare("d" * 64)
        assert work.forget("2026-000002") == (shared,)
    with store.reading() as records:
        assert records.doomed() == (shared, later)
        assert records.kept_digests(NUMBER) == ()
    with engine.connect() as connection:
        assert len(connection.execute(doomed.select()).all()) == 2


def test_a_row_that_is_not_the_cases_is_refused(store: SqlStore) -> None:
    with pytest.raises(UsageError), store.writing() as work:
        work.show(case_of(row()), row(version=5))
