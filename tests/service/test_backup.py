"""A backup made while work goes on is put back on an empty machine, and nothing is missing."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from review import clock
from review.backup.archive import ArchiveWriter, read_archive
from review.backup.make import Made, make_backup
from review.backup.manifest import Manifest
from review.backup.restore import check_backup, restore_backup
from review.bootstrap import install, open_installation
from review.errors import BackupError, NotPermittedError, TamperError, XianshenError
from review.ledger.keys import SigningKey
from review.ports.records import RegisterQuery, RegisterRow
from review.service.machine.round_machine import RoundMachine
from review.service.record import records
from review.service.upkeep.backups import last_backup, may_back_up, note_backup
from review.settings import Settings, load_settings
from review.store.engine import make_engine
from tests.databases import PostgresServer
from tests.service import site as sites
from tests.service.audit import audit
from tests.service.site import CLEAN, PHONE, SetClock, Site

_KEYS = ("ledger.pem", "vault.key", "clearance.pem", "fingerprint.key")
_PHRASE = "correct horse 电池 staple"
_DIRECTIONS = [
    ("sqlite", "sqlite"),
    ("postgres", "postgres"),
    ("sqlite", "postgres"),
    ("postgres", "sqlite"),
]


def _settings(folder: Path, url: str | None = None, **more: str) -> Settings:
    given = {"XIANSHEN_DATA_DIR": str(folder), "HOME": str(folder), **more}
    if url is not None:
        given["XIANSHEN_DATABASE_URL"] = url
    return load_settings(given)


@contextmanager
def _opened(settings: Settings, machine: RoundMachine) -> Iterator[Site]:
    """Open an installation as the program does, with a clock set by hand."""
    now = SetClock(sites.MONDAY)
    with open_installation(settings, via="test", now=now) as installation:
        engine = make_engine(settings.database_url.get_secret_value())
        yield Site(
            desk=replace(installation.desk, machine=machine),
            clock=now,
            vault=installation.vault,
            witness=installation.witness,
            key=installation.ledger_key,
            engine=engine,
        )
        engine.dispose()


def _backed_up(settings: Settings, path: Path, passphrase: str | None = None) -> Made:
    with open_installation(settings, via="test") as installation:
        return make_backup(
            settings, installation, path, at=clock.now(), passphrase=passphrase
        )


def _bring_keys(old: Settings, new: Settings) -> None:
    new.ledger_key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in _KEYS:
        shutil.copy(old.data_dir / "keys" / name, new.data_dir / "keys" / name)


def _register(site: Site) -> tuple[RegisterRow, ...]:
    with site.desk.store.reading() as reading:
        return reading.register(RegisterQuery(limit=500))


def _filled(settings: Settings, machine: RoundMachine) -> tuple[RegisterRow, ...]:
    """Install, and leave cases in several states behind."""
    install(settings)
    with _opened(settings, machine) as site:
        sites.staff(site.desk)
        site.cleared()
        site.submit(PHONE, title="联系办法")
        refused = site.submit(sites.REFUSED, title="试题").number
        site.dispose(refused, "must_change", reason="考试尚未举行")
        return _register(site)


@pytest.fixture
def old(tmp_path: Path, machine: RoundMachine) -> Settings:
    settings = _settings(tmp_path / "old")
    _filled(settings, machine)
    return settings


@pytest.fixture
def lend(postgres_server: PostgresServer) -> Iterator[Callable[[str], str | None]]:
    """Lend bare databases of either kind."""
    with ExitStack() as lent:
        yield (
            lambda kind: (
                lent.enter_context(postgres_server.lend(migrated=False))
                if kind == "postgres"
                else None
            )
        )


@pytest.mark.parametrize(("first", "second"), _DIRECTIONS)
def test_a_backup_made_while_work_goes_on_is_put_back_whole(
    first: str,
    second: str,
    tmp_path: Path,
    machine: RoundMachine,
    lend: Callable[[str], str | None],
) -> None:
    old = _settings(tmp_path / "old", lend(first))
    _filled(old, machine)
    stop, begun = threading.Event(), threading.Event()

    def work_on() -> None:
        with _opened(old, machine) as site:
            while not stop.is_set():
                site.cleared()
                begun.set()

    writer = threading.Thread(target=work_on)
    writer.start()
    try:
        assert begun.wait(60)
        made = _backed_up(old, tmp_path / "one.xsb")
    finally:
        stop.set()
        writer.join()

    new = _settings(tmp_path / "new", lend(second))
    _bring_keys(old, new)
    restored = restore_backup(new, tmp_path / "one.xsb")
    assert restored.checked.digest == made.digest
    assert restored.absent == 0
    with _opened(new, machine) as site:
        audit(site)
        rows = _register(site)
        assert len(rows) == made.manifest.rows["cases"] > 3
        assert all(site.body(row.number) for row in rows)
        _as_it_was(old, machine, rows, made)
        site.cleared(CLEAN)  # and work goes on
        audit(site)


def _as_it_was(
    old: Settings, machine: RoundMachine, rows: tuple[RegisterRow, ...], made: Made
) -> None:
    with _opened(old, machine) as site:
        known = {one.number: one for one in _register(site)}
        with site.desk.store.reading() as reading:
            end = next(reading.entries(after=made.manifest.entries - 2))
    assert end.digest == made.manifest.head
    # The newest may have moved on meanwhile; every other stands as it stood.
    assert all(row == known[row.number] for row in rows[1:])


@pytest.mark.parametrize("places", [("folder", "database"), ("database", "folder")])
def test_drafts_move_between_a_folder_and_the_database(
    places: tuple[str, str], tmp_path: Path, machine: RoundMachine
) -> None:
    old = _settings(tmp_path / "old", XIANSHEN_VAULT=places[0])
    before = _filled(old, machine)
    _backed_up(old, tmp_path / "one.xsb")
    new = _settings(tmp_path / "new", XIANSHEN_VAULT=places[1])
    _bring_keys(old, new)
    restore_backup(new, tmp_path / "one.xsb")
    with _opened(new, machine) as site:
        audit(site)
        assert _register(site) == before
        assert site.body(before[-1].number) == CLEAN.encode()


def test_the_secret_keys_are_not_inside_and_it_says_what_is_missing(
    old: Settings, tmp_path: Path
) -> None:
    made = _backed_up(old, tmp_path / "one.xsb")
    assert not made.manifest.has_keys
    whole = (tmp_path / "one.xsb").read_bytes()
    for name in _KEYS:
        lines = (old.data_dir / "keys" / name).read_bytes().splitlines()
        assert not any(line in whole for line in lines if len(line) > 40), name
    new = _settings(tmp_path / "new")
    said = "\n".join(restore_backup(new, tmp_path / "one.xsb").needs)
    assert all(name in said for name in _KEYS)
    assert SigningKey.load(old.ledger_key_file.read_bytes()).id in said
    with pytest.raises(XianshenError):
        install(new)  # never new keys over old records


def test_with_the_keys_inside_one_file_and_its_passphrase_are_enough(
    old: Settings, tmp_path: Path, machine: RoundMachine
) -> None:
    path = tmp_path / "one.xsb"
    assert _backed_up(old, path, _PHRASE).manifest.has_keys
    whole = path.read_bytes()
    assert old.vault_key_file.read_bytes().splitlines()[-1] not in whole
    assert b"manifest.json" not in whole
    new = _settings(tmp_path / "new")
    with pytest.raises(BackupError, match="口令"):
        restore_backup(new, path)
    with pytest.raises(BackupError, match="口令"):
        restore_backup(new, path, passphrase=f"{_PHRASE}.")
    restored = restore_backup(new, path, passphrase=_PHRASE)
    assert not any("密钥文件" in one for one in restored.needs)
    for name in _KEYS:
        path = new.data_dir / "keys" / name
        assert path.stat().st_mode & 0o077 == 0
        assert path.read_bytes() == (old.data_dir / "keys" / name).read_bytes()
    with _opened(new, machine) as site:
        audit(site)


def test_what_the_office_chose_comes_back(
    tmp_path: Path, machine: RoundMachine
) -> None:
    lexicons = tmp_path / "own" / "words"
    lexicons.mkdir(parents=True)
    (lexicons / "本院.yaml").write_text("# own words", "utf-8")
    policy = tmp_path / "policy.yaml"
    policy.write_text('name: 本院政策\nversion: "2"\n', "utf-8")
    chosen = {
        "XIANSHEN_POLICY_FILE": str(policy),
        "XIANSHEN_LEXICONS_DIR": str(lexicons.parent),
    }
    old = _settings(tmp_path / "old", **chosen)
    _filled(old, machine)
    _backed_up(old, tmp_path / "one.xsb")
    new = _settings(tmp_path / "new")
    needs = "\n".join(restore_backup(new, tmp_path / "one.xsb").needs)
    assert "policy_file" in needs
    assert "lexicons_dir" in needs
    back = new.data_dir / "restored"
    assert (back / "policy.yaml").read_bytes() == policy.read_bytes()
    assert (back / "lexicons" / "words" / "本院.yaml").read_text("utf-8")


def test_nothing_is_put_back_over_anything(old: Settings, tmp_path: Path) -> None:
    path = tmp_path / "one.xsb"
    _backed_up(old, path)
    with pytest.raises(BackupError, match="已经存在"):
        _backed_up(old, path)
    with pytest.raises(BackupError, match="空的"):
        restore_backup(old, path)
    other = _settings(tmp_path / "other")
    install(other)
    with open_installation(other, via="test") as opened:
        opened.desk.contents.put(b"draft")
    other.ledger_key_file.unlink()
    (other.data_dir / "xianshen.db").unlink()
    for rest in other.data_dir.glob("xianshen.db-*"):
        rest.unlink()
    with pytest.raises(BackupError, match="加密存储"):
        restore_backup(other, path)


def test_a_witness_that_knows_more_refuses_an_older_backup_and_nothing_is_left(
    old: Settings, tmp_path: Path, machine: RoundMachine
) -> None:
    path = tmp_path / "one.xsb"
    _backed_up(old, path)
    with _opened(old, machine) as site:
        site.cleared()
    new = _settings(tmp_path / "new")
    _bring_keys(old, new)
    shutil.copy(old.witness_file, new.witness_file)
    with pytest.raises(TamperError, match="见证文件比备份新"):
        restore_backup(new, path)
    assert not list(new.vault_dir.rglob("?" * 64))
    new.witness_file.rename(tmp_path / "put away")
    restore_backup(new, path)
    with _opened(new, machine) as site:
        audit(site)


def test_another_systems_backup_is_refused(
    old: Settings, tmp_path: Path, machine: RoundMachine
) -> None:
    path = tmp_path / "one.xsb"
    _backed_up(old, path)
    other = _settings(tmp_path / "other")
    _filled(other, machine)
    new = _settings(tmp_path / "new")
    _bring_keys(other, new)
    with pytest.raises(BackupError, match="另一套系统"):
        restore_backup(new, path)
    own = SigningKey.load(old.ledger_key_file.read_bytes()).public
    assert check_backup(None, path, key=own.id)
    assert check_backup(None, path, key=own.hex)
    with pytest.raises(BackupError, match="另一套系统"):
        check_backup(None, path, key="0" * 16)


@pytest.fixture(scope="module")
def kept(
    machine: RoundMachine, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """Return a backup that nobody changes, and its manifest's digest."""
    folder = tmp_path_factory.mktemp("kept")
    settings = _settings(folder / "data")
    _filled(settings, machine)
    return folder / "one.xsb", _backed_up(settings, folder / "one.xsb").digest


@how(max_examples=60)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_changed_byte_is_noticed_or_changes_nothing(
    kept: tuple[Path, str], place: float, flip: int
) -> None:
    path, digest = kept
    whole = bytearray(path.read_bytes())
    whole[int(place * len(whole))] ^= flip
    spoilt = path.with_name("spoilt.xsb")
    spoilt.write_bytes(whole)
    # The tar's own fields, such as a member's time, say nothing to us.
    assert _digest_if_sound(spoilt) in {None, digest}


@how(max_examples=30)
@given(share=st.floats(0, 0.999))
def test_a_cut_file_is_refused(kept: tuple[Path, str], share: float) -> None:
    path, digest = kept
    whole = path.read_bytes()
    cut = path.with_name("cut.xsb")
    cut.write_bytes(whole[: int(share * len(whole))])
    found = _digest_if_sound(cut)
    # Only the zeros that end a tar may be missing.
    assert found is None or not whole[len(cut.read_bytes()) :].strip(b"\0")
    assert found in {None, digest}


def _digest_if_sound(path: Path) -> str | None:
    try:
        return check_backup(None, path).digest
    except BackupError:
        return None


def _members(path: Path) -> tuple[list[tuple[str, bytes]], Manifest]:
    found: list[tuple[str, bytes]] = []
    manifest, _ = read_archive(path, lambda name, data: found.append((name, data)))
    return found, manifest


def _drop(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [one for one in members if not one[0].startswith("vault/")]


def _swap(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    (first, one), (second, other), *rest = members
    return [(first, other), (second, one), *rest]


def _turn(members: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return members[::-1]


@pytest.mark.parametrize("spoil", [_drop, _swap, _turn])
def test_dropped_and_moved_members_are_noticed(
    kept: tuple[Path, str],
    spoil: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]],
) -> None:
    path, _ = kept
    members, manifest = _members(path)
    spoilt = path.with_name("spoilt.xsb")
    with spoilt.open("wb") as file, ArchiveWriter(file, seconds=0) as writer:
        for name, data in spoil(members):
            writer.add(name, data)
        writer._put("manifest.json", manifest.to_bytes())
    with pytest.raises(BackupError, match="清单不符"):
        check_backup(None, spoilt)


def test_one_who_signs_anew_with_another_key_cannot_cut_the_ledger(
    kept: tuple[Path, str], tmp_path: Path
) -> None:
    """Who lacks the key can sign only as somebody else, and the chain disagrees."""
    path, _ = kept
    members, manifest = _members(path)
    stranger = SigningKey.generate()
    spoilt = tmp_path / "spoilt.xsb"
    with spoilt.open("wb") as file, ArchiveWriter(file, seconds=0) as writer:
        for name, data in members:
            writer.add(name, data)
        writer.finish(replace(manifest, key=stranger.public_hex), key=stranger)
    assert check_backup(None, spoilt)
    new = _settings(tmp_path / "new")
    with pytest.raises(TamperError):
        restore_backup(new, spoilt)
    assert not list(new.vault_dir.rglob("?" * 64))
    # Everything was taken back, so that the true one still goes in.
    restore_backup(new, path)


def test_a_backup_is_on_record_and_only_an_administrator_asks_for_one(
    site: Site,
) -> None:
    assert last_backup(site.desk) is None
    note_backup(site.desk, "a" * 64)
    by = may_back_up(site.desk, person="system")
    assert by.post == "system_admin"
    note_backup(site.desk, "b" * 64, by=by)
    noted = last_backup(site.desk)
    assert noted is not None
    assert (noted.digest, noted.by.id) == ("b" * 64, "system")
    for person in ("li", "audit", "security", "nobody"):
        with pytest.raises(NotPermittedError):
            may_back_up(site.desk, person=person)
    assert {one.verb for one in site.refusals()} == {"run_operations"}
    assert records.check(site.desk).entries
