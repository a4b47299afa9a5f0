"""An installation is made once, opened many times, and never opened over a doubt."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from review import clock
from review.bootstrap import install, is_installed, open_installation
from review.case.people import Appointment
from review.errors import (
    ClearanceKeyError,
    LedgerError,
    TamperError,
    UsageError,
    VaultKeyError,
    XianshenError,
)
from review.files import write_private
from review.service.people import appointments as people
from review.service.record import records
from review.settings import Settings, load_settings
from review.store.engine import make_engine
from tests.service.site import appointment

_KEYS = ("ledger.pem", "vault.key", "clearance.pem", "fingerprint.key")


def _settings(folder: Path, **more: str) -> Settings:
    given = {"XIANSHEN_DATA_DIR": str(folder), "HOME": str(folder)}
    return load_settings({**given, **more})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return _settings(tmp_path / "data")


def _open(settings: Settings) -> str:
    """Open, check everything, and return the ledger's head."""
    with open_installation(settings, via="test") as opened:
        heads = opened.witness.heads()
        return records.check(opened.desk, witnessed=heads).head


def _found(settings: Settings, person: str = "security") -> Appointment:
    with open_installation(settings, via="test") as opened:
        wanted = appointment(person, "吴安全", "security_admin")
        return people.found(opened.desk, wanted)


def test_nothing_is_opened_before_it_is_installed(settings: Settings) -> None:
    assert not is_installed(settings)
    with pytest.raises(UsageError, match="xianshen db upgrade"):
        _open(settings)
    assert not settings.data_dir.exists()


def test_installing_twice_changes_nothing(settings: Settings) -> None:
    install(settings)
    assert is_installed(settings)
    head = _open(settings)
    keys = {one: (settings.data_dir / "keys" / one).read_bytes() for one in _KEYS}
    install(settings)
    assert _open(settings) == head
    assert keys == {
        one: (settings.data_dir / "keys" / one).read_bytes() for one in _KEYS
    }
    _found(settings)
    install(settings)
    with open_installation(settings, via="test") as opened:
        assert [one.person for one in people.appointments(opened.desk)] == ["security"]


def test_keys_and_folders_are_their_owners_alone(settings: Settings) -> None:
    old = os.umask(0)
    try:
        install(settings)
        _open(settings)
    finally:
        os.umask(old)
    for one in (*_KEYS, "witness.jsonl"):
        mode = (settings.data_dir / "keys" / one).stat().st_mode
        assert stat.S_IMODE(mode) == 0o600, one
    for folder in (settings.data_dir, settings.data_dir / "keys", settings.vault_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


def test_a_secret_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "one.key"
    write_private(path, b"first")
    with pytest.raises(FileExistsError):
        write_private(path, b"second")
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize("name", _KEYS)
def test_records_without_their_key_get_no_other_one(
    settings: Settings, name: str
) -> None:
    install(settings)
    _open(settings)
    path = settings.data_dir / "keys" / name
    path.unlink()
    with pytest.raises(LedgerError, match="备份") as refused:
        install(settings)
    assert name in refused.value.message
    assert not path.exists()


def test_without_the_ledgers_key_nothing_is_opened(settings: Settings) -> None:
    install(settings)
    settings.ledger_key_file.unlink()
    with pytest.raises(UsageError):
        _open(settings)


def test_records_under_another_key_are_not_gone_on_with(
    settings: Settings, tmp_path: Path
) -> None:
    install(settings)
    _open(settings)
    other = _settings(tmp_path / "other")
    install(other)
    settings.ledger_key_file.unlink()
    write_private(settings.ledger_key_file, other.ledger_key_file.read_bytes())
    with pytest.raises(LedgerError):
        _found(settings)
    settings.ledger_key_file.write_bytes(b"not a key")
    with pytest.raises(LedgerError):
        _open(settings)


def test_another_vault_key_is_refused(settings: Settings) -> None:
    install(settings)
    _open(settings)
    settings.vault_key_file.write_text("0123456789abcdef" * 4 + "\n", "ascii")
    with pytest.raises(VaultKeyError):
        _open(settings)


def _lose(path: Path) -> None:
    path.unlink()


def _open_to_others(path: Path) -> None:
    path.chmod(0o644)


@pytest.mark.parametrize("spoil", [_lose, _open_to_others])
@pytest.mark.parametrize(
    ("name", "error"),
    [("vault.key", VaultKeyError), ("clearance.pem", ClearanceKeyError)],
)
def test_a_key_lost_or_open_to_others_is_refused(
    settings: Settings,
    name: str,
    error: type[XianshenError],
    spoil: Callable[[Path], None],
) -> None:
    install(settings)
    _open(settings)
    spoil(settings.data_dir / "keys" / name)
    with pytest.raises(error):
        _open(settings)


def test_a_database_put_back_is_noticed_by_the_witness(settings: Settings) -> None:
    install(settings)
    _open(settings)
    database = settings.data_dir / "xianshen.db"
    before = database.read_bytes()
    _found(settings)
    database.write_bytes(before)
    with pytest.raises(TamperError, match="见证"):
        _open(settings)
    # Never mended silently: the second time it is refused, too.
    with pytest.raises(TamperError):
        _open(settings)


def test_a_lost_witness_is_noticed(settings: Settings) -> None:
    install(settings)
    _found(settings)
    settings.witness_file.unlink()
    with pytest.raises(TamperError, match="见证文件"):
        _open(settings)


def test_an_older_witness_catches_up(settings: Settings) -> None:
    install(settings)
    _open(settings)
    before = settings.witness_file.read_bytes()
    _found(settings)
    settings.witness_file.write_bytes(before)
    head = _open(settings)
    with open_installation(settings, via="test") as opened:
        last = opened.witness.last()
    assert last is not None
    assert last.digest == head


def test_a_database_of_another_version_is_not_opened(settings: Settings) -> None:
    install(settings)
    _open(settings)
    engine = make_engine(settings.database_url.get_secret_value())
    with engine.begin() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(UsageError, match="xianshen db upgrade"):
        _open(settings)
    with engine.begin() as connection:
        insert = text("INSERT INTO alembic_version VALUES (:version)")
        connection.execute(insert, {"version": version})
    engine.dispose()
    _open(settings)


def test_a_policy_is_recorded_once_and_again_when_it_changes(
    settings: Settings, tmp_path: Path
) -> None:
    install(settings)
    first = _open(settings)
    assert _open(settings) == first
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        'name: 本院政策\nversion: "2"\nhead_must_endorse: true\n', "utf-8"
    )
    changed = _settings(settings.data_dir, XIANSHEN_POLICY_FILE=str(policy))
    with open_installation(changed, via="test") as opened:
        assert opened.desk.policy.head_must_endorse
        with opened.desk.store.reading() as reading:
            last = reading.last_entry()
    assert last is not None
    assert "office.policy_adopted" in last.statement
    assert "本院政策" in last.statement
    assert _open(changed) == last.digest


def test_drafts_may_lie_in_the_database(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "data", XIANSHEN_VAULT="database")
    install(settings)
    with open_installation(settings, via="test", now=clock.now) as opened:
        digest = opened.desk.contents.put(b"draft")
        assert opened.desk.contents.get(digest) == b"draft"
    with open_installation(settings, via="test") as opened:
        assert opened.vault.check().unopened == ()
        assert opened.desk.contents.purge(digest)
        assert not opened.vault.exists(digest)


def test_national_algorithms_are_a_setting(tmp_path: Path) -> None:
    settings = _settings(
        tmp_path / "data",
        XIANSHEN_LEDGER_ALGORITHM="sm3",
        XIANSHEN_VAULT_ALGORITHM="SM4-GCM",
    )
    install(settings)
    _found(settings)
    with open_installation(settings, via="test") as opened:
        digest = opened.desk.contents.put(b"draft")
        assert opened.desk.contents.get(digest) == b"draft"
        with opened.desk.store.reading() as reading:
            assert {one.algorithm for one in reading.entries()} == {"sm3"}


def test_it_runs_on_postgres(tmp_path: Path, bare_postgres_url: str) -> None:
    settings = _settings(tmp_path / "data", XIANSHEN_DATABASE_URL=bare_postgres_url)
    with pytest.raises(UsageError):
        _open(settings)
    install(settings)
    install(settings)
    _found(settings)
    assert _open(settings)
    settings.ledger_key_file.unlink()
    with pytest.raises(LedgerError):
        install(settings)
