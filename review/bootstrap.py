"""The one place where an installation's parts are joined.

`install` makes what is missing (folders, keys, database); `open_desk` joins
what is there, and refuses to start where something does not fit.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from review import clock
from review.case.policy_file import load_policy
from review.case.values import File
from review.clearance import key_file as clearance_keys
from review.errors import LedgerError, UsageError
from review.ledger.keys import SigningKey
from review.ledger.witness import WitnessFile
from review.pipeline import Scanner
from review.service.desk import Desk, Examined, Office
from review.service.machine import RoundMachine
from review.service.office_policy import adopt_policy
from review.settings import Settings
from review.store import migrate
from review.store.blobs import SqlBlobs
from review.store.engine import make_engine
from review.store.store import SqlStore
from review.vault import keys as vault_keys
from review.vault.folder import FolderBlobs
from review.vault.interface import Blobs
from review.vault.vault import Vault

_FINGERPRINT_BYTES: Final = 32
_OPEN_TO_OTHERS: Final = 0o077


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A desk with what only administration needs: the key, the vault, the witness."""

    desk: Desk
    ledger_key: SigningKey
    vault: Vault
    witness: WitnessFile


class LazyMachine:
    """A machine whose lexicons and model are loaded when first needed."""

    def __init__(self, load: Callable[[], RoundMachine]) -> None:
        """Take what loads it."""
        self._load = load
        self._loaded: RoundMachine | None = None

    def examine(
        self,
        files: Sequence[tuple[File, bytes]],
        *,
        refused_with: Callable[[Sequence[int]], Mapping[int, tuple[str, ...]]],
    ) -> Examined:
        """Scan every file of a round."""
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded.examine(files, refused_with=refused_with)


def is_installed(settings: Settings) -> bool:
    """Tell whether there is an installation: its ledger key is."""
    return settings.ledger_key is not None or settings.ledger_key_file.exists()


def install(settings: Settings) -> None:
    """Make the folders, the keys and the database that are missing.

    Raises:
        LedgerError: The database has records and the key that sealed them is gone.
    """
    for folder in _folders(settings):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = _engine(settings)
    try:
        migrate.upgrade(engine)
        recorded = SqlStore.has_entries(engine)
    finally:
        engine.dispose()
    if recorded:
        _forbid_lost_keys(settings)
    if not is_installed(settings):
        write_secret(settings.ledger_key_file, SigningKey.generate().to_pem())
    if settings.vault_key is None and not settings.vault_key_file.exists():
        vault_keys.write_key_file(settings.vault_key_file)
    if not settings.clearance_key_file.exists():
        clearance_keys.create(settings.clearance_key_file)
    if not settings.fingerprint_key_file.exists():
        key = secrets.token_hex(_FINGERPRINT_BYTES)
        write_secret(settings.fingerprint_key_file, f"{key}\n".encode())


def _forbid_lost_keys(settings: Settings) -> None:
    """Make no new key where records rest on an old one."""
    files = [settings.clearance_key_file, settings.fingerprint_key_file]
    if settings.ledger_key is None:
        files.append(settings.ledger_key_file)
    if settings.vault_key is None:
        files.append(settings.vault_key_file)
    lost = [str(one) for one in files if not one.exists()]
    if lost:
        raise LedgerError(
            f"数据库里已有审查记录，但找不到密钥文件：{'、'.join(lost)}；"
            "请从备份恢复，不要另建。"
        )


@contextmanager
def open_installation(
    settings: Settings,
    *,
    via: str,
    now: Callable[[], datetime] = clock.now,
) -> Iterator[Installation]:
    """Join the parts of an installation; close the database at the end.

    Raises:
        UsageError: Nothing is installed there yet, or the database is older.
        XianshenError: A key, the policy or the ledger does not fit.
    """
    if not is_installed(settings):
        raise UsageError(
            f"{settings.data_dir} 还没有初始化，请先运行 xianshen db upgrade。"
        )
    engine = _engine(settings)
    try:
        yield _joined(settings, engine, via=via, now=now)
    finally:
        engine.dispose()


def renew_witness(settings: Settings) -> None:
    """Begin a new witness file for an administrator who lost the old one for good.

    Raises:
        LedgerError: There is a witness, or no record yet.
        TamperError: The ledger is not whole.
    """
    engine = _engine(settings)
    try:
        _store(settings, engine, clock.now).renew_witness()
    finally:
        engine.dispose()


def write_secret(path: Path, data: bytes) -> None:
    """Write a new file that only its owner can read; never over an old one."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """Return the contents of a key file that only its owner can read.

    Raises:
        LedgerError: It is missing, or open to others.
    """
    try:
        mode, data = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise LedgerError(f"读不到密钥文件 {path}：{error.strerror}。") from None
    if mode & _OPEN_TO_OTHERS:
        raise LedgerError(f"密钥文件 {path} 别人也能读，请先运行 chmod 600 {path}。")
    return data


def _joined(
    settings: Settings, engine: Engine, *, via: str, now: Callable[[], datetime]
) -> Installation:
    if not migrate.is_current(engine):
        raise UsageError("数据库版本与程序不符，请先运行 xianshen db upgrade。")
    store = _store(settings, engine, now)
    store.open_ledger()
    vault = Vault(_blobs(settings, engine), _ring(settings), settings.vault_algorithm)
    vault.probe()
    policy = load_policy(settings.policy_file)
    desk = Desk(
        office=Office(id=settings.office_id, name=settings.office_name),
        store=store,
        contents=vault,
        machine=LazyMachine(lambda: _machine(settings)),
        policy=policy,
        days=policy.working_days,
        clearance_keys=clearance_keys.load(settings.clearance_key_file),
        now=now,
        via=via,
    )
    adopt_policy(desk)
    return Installation(
        desk=desk,
        ledger_key=_ledger_key(settings),
        vault=vault,
        witness=WitnessFile(settings.witness_file),
    )


def _store(settings: Settings, engine: Engine, now: Callable[[], datetime]) -> SqlStore:
    return SqlStore(
        engine,
        key=_ledger_key(settings),
        algorithm=settings.ledger_algorithm,
        witness=WitnessFile(settings.witness_file),
        now=now,
    )


def _machine(settings: Settings) -> RoundMachine:
    own = (settings.lexicons_dir,) if settings.lexicons_dir else ()
    text = read_secret(settings.fingerprint_key_file).decode("ascii").strip()
    return RoundMachine(
        Scanner(*own),
        fingerprint_key=bytes.fromhex(text),
        repeat_check=load_policy(settings.policy_file).repeat_check,
    )


def _engine(settings: Settings) -> Engine:
    return make_engine(settings.database_url.get_secret_value())


def _ledger_key(settings: Settings) -> SigningKey:
    if settings.ledger_key is not None:
        return SigningKey.load(settings.ledger_key.get_secret_value().encode())
    return SigningKey.load(read_secret(settings.ledger_key_file))


def _ring(settings: Settings) -> vault_keys.KeyRing:
    if settings.vault_key is not None:
        return vault_keys.ring_from_text(settings.vault_key.get_secret_value())
    return vault_keys.ring_from_file(settings.vault_key_file)


def _blobs(settings: Settings, engine: Engine) -> Blobs:
    if settings.vault == "database":
        return SqlBlobs(engine)
    return FolderBlobs(settings.vault_dir)


def _folders(settings: Settings) -> tuple[Path, ...]:
    return (
        settings.data_dir,
        settings.ledger_key_file.parent,
        settings.vault_key_file.parent,
        settings.clearance_key_file.parent,
        settings.fingerprint_key_file.parent,
        settings.witness_file.parent,
        settings.vault_dir,
    )
