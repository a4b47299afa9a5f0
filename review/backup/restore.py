"""Putting a backup back, onto an empty installation only.

The file is read twice: once to prove it whole and signed, and once to put it in
place. All rows come in by one transaction, which ends only after the ledger that
came with them was verified; what was written beside it is taken away if it fails.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from heapq import merge
from pathlib import Path, PurePosixPath
from typing import Final

from sqlalchemy import Connection, Engine, func, inspect, select, text

from review.backup import layout
from review.backup.archive import read_archive
from review.backup.manifest import Manifest
from review.backup.rows import load_part
from review.bootstrap import (
    is_installed,
    key_files,
    ledger_key_of,
    open_places,
)
from review.errors import BackupError, TamperError
from review.files import write_private
from review.ledger.chain import verify_along
from review.ledger.entry import Entry
from review.ledger.witness import WitnessFile
from review.service.models.versions import in_force
from review.settings import Settings
from review.store import engine as databases
from review.store import migrate
from review.store.reading import SqlReading
from review.store.tables import kept
from review.vault.interface import Blobs

_RESTORED: Final = "restored"
_STOP_THE_OLD: Final = (
    "确认原来的系统已经停用：两套系统同时续写记录，就再也合不到一起。"
)
_ANOTHER: Final = "备份的签名密钥不是{whose}，不能采用：它来自另一套系统，或者是伪造的。请核对备份来源。"


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that is whole and signed by the key that it names."""

    manifest: Manifest
    digest: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and what is still to be done, in Chinese sentences."""

    checked: Checked
    absent: int
    needs: tuple[str, ...]


def check_backup(
    settings: Settings | None,
    path: Path,
    *,
    passphrase: str | None = None,
    key: str | None = None,
) -> Checked:
    """Read the whole backup and check digests and signature; nothing is written.

    `key` is the ledger's public key or its fingerprint, as every form bears it;
    the key of `settings`, where there is one, is compared as well.

    Raises:
        BackupError: It is damaged, was changed, or another key signed it.
    """
    manifest, data = read_archive(path, _pass_over, passphrase=passphrase)
    public = manifest.public_key
    if key is not None and key not in {public.hex, public.id}:
        raise BackupError(_ANOTHER.format(whose="您给出的公钥"))
    if settings is not None and is_installed(settings):
        own = ledger_key_of(settings).public
        if own != public:
            raise BackupError(_ANOTHER.format(whose="这里的记录链密钥"))
    return Checked(manifest, hashlib.sha256(data).hexdigest())


def restore_backup(
    settings: Settings,
    path: Path,
    *,
    passphrase: str | None = None,
    key: str | None = None,
) -> Restored:
    """Fill an empty installation from a backup; key files may lie there already.

    Raises:
        BackupError: There is something already, or the backup does not fit.
        TamperError: Its ledger is not whole, or a witness at hand contradicts it.
    """
    for folder in (settings.data_dir, settings.witness_file.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open_places(settings) as (engine, blobs):
        _forbid_filled(settings, engine, blobs)
        checked = check_backup(settings, path, passphrase=passphrase, key=key)
        if not migrate.knows(checked.manifest.revision):
            raise BackupError(
                "备份来自更新的版本，本程序读不了它的数据库；请先把程序升级到备份时的版本。"
            )
        migrate.upgrade(engine, checked.manifest.revision)
        with _undoing(blobs) as made, databases.writing(engine) as connection:
            filling = _Filling(settings, connection, blobs, made)
            again, data = read_archive(path, filling.take, passphrase=passphrase)
            if hashlib.sha256(data).hexdigest() != checked.digest:
                raise BackupError("备份文件在恢复时被换掉了，已全部退回；请重试。")
            filling.finish(again)
            absent = _absent(connection, blobs)
            own = in_force(SqlReading(connection, _trusted)).own
        migrate.upgrade(engine)
    needs = [*_needs(settings, checked, absent), *_needed_model(settings, own)]
    return Restored(checked, absent, (*needs, _STOP_THE_OLD))


@dataclass(slots=True)
class _Filling:
    """What takes members one by one; `files` are those it wrote."""

    settings: Settings
    connection: Connection
    blobs: Blobs
    files: list[Path]
    rows: dict[str, int] = field(default_factory=dict)
    envelopes: int = 0
    witness: bytearray = field(default_factory=bytearray)

    def take(self, name: str, data: bytes) -> None:
        """Put one member where it belongs."""
        kind, _, rest = name.partition("/")
        if kind == layout.TABLES:
            table = rest.partition("/")[0]
            count = load_part(self.connection, data, expected=table)
            self.rows[table] = self.rows.get(table, 0) + count
        elif kind == layout.VAULT:
            self.blobs.put(rest.rpartition("/")[2], data)
            self.envelopes += 1
        elif kind == layout.WITNESS:
            self.witness += data
        else:
            self._file(name, data)

    def finish(self, manifest: Manifest) -> None:
        """Check that everything came in and that the ledger is whole.

        Raises:
            BackupError: Something is missing.
            TamperError: The ledger is not what the manifest says.
        """
        rows = {name: count for name, count in manifest.rows.items() if count}
        if (self.envelopes, self.rows) != (manifest.envelopes, rows):
            raise BackupError("备份里的数据与清单的数目不符，已全部退回。")
        _continue_counters(self.connection)
        if not self.settings.witness_file.exists():
            self._write(self.settings.witness_file, bytes(self.witness))
        _verify(self.connection, self.settings, manifest)

    def _file(self, name: str, data: bytes) -> None:
        kind, _, rest = name.partition("/")
        if kind == layout.KEYS:
            self._key(key_files(self.settings).get(rest), data)
        elif name == layout.POLICY:
            self._write(_policy_path(self.settings), data)
        elif name.startswith(f"{layout.LEXICONS}/"):
            below = _safe(name.removeprefix(f"{layout.LEXICONS}/"))
            self._write(_lexicons_path(self.settings) / below, data)
        elif name.startswith(f"{layout.MODELS}/"):
            below = _safe(name.removeprefix(f"{layout.MODELS}/"))
            self._write(self.settings.models_dir / below, data)

    def _key(self, path: Path | None, data: bytes) -> None:
        if path is None:
            return  # the environment holds this one
        if not path.exists():
            self._write(path, data)
        elif path.read_bytes() != data:
            raise BackupError(
                f"这里的密钥文件 {path} 与备份里的不同；请核对哪一份是对的，移走另一份再恢复。"
            )

    def _write(self, path: Path, data: bytes) -> None:
        """Write a file that was not there."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, data)
        self.files.append(path)


def _verify(connection: Connection, settings: Settings, manifest: Manifest) -> None:
    records = SqlReading(connection, _trusted)
    witness = WitnessFile(settings.witness_file)
    last = witness.last()
    if last is not None and last.index >= manifest.entries:
        raise TamperError(
            f"这里的见证文件比备份新：备份只到序号 {manifest.entries - 1}，而序号 {last.index} "
            "已经见证过，其间的记录备份里没有。请先找更新的备份；确实没有的，把见证文件移到别处"
            "妥善保存，写明缺少哪些记录，再重新恢复。"
        )
    heads = merge(records.heads(), witness.along(), key=lambda one: one.index)
    verified = verify_along(records.entries(), heads=heads)
    came = verified.head, verified.entries, verified.keys[-1:]
    if came != (manifest.head, manifest.entries, (manifest.public_key,)):
        raise TamperError("恢复出来的审查记录与备份的清单不符，已全部退回。")


def _trusted(_entry: Entry) -> None:
    """Every entry is verified in its place instead."""


def _continue_counters(connection: Connection) -> None:
    """Let PostgreSQL count on after the rows that came with their numbers."""
    if connection.dialect.name == databases.SQLITE:
        return
    found = inspect(connection)
    for table in found.get_table_names():
        for one in found.get_columns(table):
            asked = text("SELECT pg_get_serial_sequence(:table, :column)")
            names = {"table": table, "column": one["name"]}
            if connection.scalar(asked, names) is not None:
                connection.execute(
                    text(
                        "SELECT setval(pg_get_serial_sequence(:table, :column),"  # noqa: S608 - names of our own tables
                        f' (SELECT coalesce(max("{one["name"]}"), 0) + 1 FROM "{table}"), false)'
                    ),
                    names,
                )


def _absent(connection: Connection, blobs: Blobs) -> int:
    """Return how many contents the records keep and the backup does not have."""
    asked = select(kept.c.digest).distinct()
    return sum(not blobs.exists(one) for one in connection.scalars(asked))


@contextmanager
def _undoing(blobs: Blobs) -> Iterator[list[Path]]:
    """Take away what was written, should anything fail."""
    made: list[Path] = []
    try:
        yield made
    except BaseException:
        with ExitStack() as undoing:
            for path in made:
                undoing.callback(path.unlink, missing_ok=True)
            for address in tuple(blobs.addresses()):
                undoing.callback(blobs.delete, address)
        raise


def _forbid_filled(settings: Settings, engine: Engine, blobs: Blobs) -> None:
    if not _is_empty(engine):
        raise BackupError(
            "数据库里已经有数据。恢复只能在空的数据库上进行：请换一个空的数据目录或数据库。"
        )
    if settings.vault == "folder" and next(blobs.addresses(), None):
        raise BackupError(
            f"加密存储 {settings.vault_dir} 里已经有稿件，恢复前应是空的。"
        )
    for path in (
        _policy_path(settings),
        _lexicons_path(settings),
        settings.models_dir,
    ):
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise BackupError(f"{path} 已经存在，不会覆盖；请先移走。")


def _is_empty(engine: Engine) -> bool:
    with databases.reading(engine) as connection:
        for name in inspect(connection).get_table_names():
            if name == "alembic_version":
                continue
            asked = select(func.count()).select_from(text(f'"{name}"'))
            if connection.scalar(asked):
                return False
    return True


def _needs(settings: Settings, checked: Checked, absent: int) -> Iterator[str]:
    missing = [str(path) for path in key_files(settings).values() if not path.exists()]
    if missing:
        yield (
            f"还缺密钥文件：{'、'.join(missing)}。从密钥的备份里取回，权限设为 600；"
            "没有它们，系统不能启动，稿件打不开。"
        )
    if settings.policy_file is None and _policy_path(settings).exists():
        yield f"审查政策文件在 {_policy_path(settings)}，请用设置 policy_file 指向它后再启动。"
    if settings.lexicons_dir is None and _lexicons_path(settings).exists():
        yield f"本单位词库在 {_lexicons_path(settings)}，请用设置 lexicons_dir 指向它后再启动。"
    if checked.manifest.office != settings.office_id:
        yield f"备份的单位代号是 {checked.manifest.office}，请把设置 office_id 改成一样。"
    if absent:
        yield (
            f"有 {absent} 份稿件内容备份里没有：备份当时已经或正在按规定清除。"
            "其他的如也打不开，请运行 xianshen db check-vault 查明。"
        )
    public = checked.manifest.public_key
    yield (
        f"核对记录链公钥的指纹 {public.id} 与纸质审查表上印的一致，再运行 "
        "xianshen db upgrade 和 xianshen records verify。"
    )


def _needed_model(settings: Settings, own: str | None) -> Iterator[str]:
    """Say what to do where the backup came without the model in force."""
    if not layout.model_loads(settings.models_dir, own):
        yield (
            f"启用中的本单位模型不在 {settings.models_dir} 里，或已损坏，现在不能机检。"
            "请把原来系统 models 文件夹里的那一份复制过来，或用 xianshen model use 启用别的模型。"
        )


def _policy_path(settings: Settings) -> Path:
    return settings.policy_file or settings.data_dir / _RESTORED / "policy.yaml"


def _lexicons_path(settings: Settings) -> Path:
    return settings.lexicons_dir or settings.data_dir / _RESTORED / "lexicons"


def _safe(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise BackupError("备份里有不该有的文件名，不能采用。")
    return path


def _pass_over(_name: str, _data: bytes) -> None:
    """Take nothing: the first reading only proves."""
