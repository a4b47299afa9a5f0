"""The one place where an installation's parts are joined.

`install` makes what is missing (folders, keys, database); `open_installation` joins
what is there, and refuses to start where something does not fit.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from review import clock
from review.access.entrance import Entrance, Provider
from review.case.policy_file import load_policy
from review.clearance import key_file as clearance_keys
from review.errors import LedgerError, UsageError
from review.files import write_private
from review.ledger.keys import SigningKey
from review.ledger.witness import WitnessFile
from review.notify.messengers import AppriseMessengers
from review.notify.webhooks import WebhookSender
from review.pipeline import Scanner
from review.ports.messengers import Messengers
from review.ports.secrets import Secrets
from review.ports.tasks import Lane
from review.queue.client import TaskQueue
from review.queue.connection import socket_in, url_of
from review.queue.progress import ProgressBoard
from review.reading import contents_reader_of, reader_of
from review.sandbox.painter import SandboxPainter
from review.service.desk import Desk, Office
from review.service.lexicons.layers import (
    digest_in_force,
    folder_in_force,
    laid_over,
)
from review.service.machine.lazy_machine import LazyMachine
from review.service.machine.round_machine import RoundMachine
from review.service.models.versions import classifier_in_force, in_force
from review.service.upkeep.office_policy import adopt_policy
from review.settings import Settings
from review.store import migrate
from review.store.blobs import SqlBlobs
from review.store.engine import make_engine
from review.store.store import SqlStore
from review.vault import keys as vault_keys
from review.vault.folder import FolderBlobs
from review.vault.interface import Blobs
from review.vault.secrets import SealedSecrets
from review.vault.vault import Vault

_FINGERPRINT_BYTES: Final = 32
_OPEN_TO_OTHERS: Final = 0o077
_MARGIN: Final = 90  # seconds beyond a round's own time, to put its report on record
_OUT_SECONDS: Final = 1800  # the daily tidying may go through a large vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A desk with what only administration and the doors need.

    `release` closes every connection; they are opened again as needed. A process
    does so before it forks, since no connection may have two users.
    """

    desk: Desk
    ledger_key: SigningKey
    vault: Vault
    witness: WitnessFile
    machine: LazyMachine
    queue: TaskQueue
    board: ProgressBoard
    release: Callable[[], None]


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
        write_private(settings.ledger_key_file, SigningKey.generate().to_pem())
    if settings.vault_key is None and not settings.vault_key_file.exists():
        vault_keys.write_key_file(settings.vault_key_file)
    if not settings.clearance_key_file.exists():
        clearance_keys.create(settings.clearance_key_file)
    if not settings.fingerprint_key_file.exists():
        key = secrets.token_hex(_FINGERPRINT_BYTES)
        write_private(settings.fingerprint_key_file, f"{key}\n".encode())


def _forbid_lost_keys(settings: Settings) -> None:
    """Make no new key where records rest on an old one."""
    lost = [str(one) for one in key_files(settings).values() if not one.exists()]
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
        _forbid_other_version(engine)
        yield _joined(settings, engine, via=via, now=now)
    finally:
        engine.dispose()


@contextmanager
def open_places(settings: Settings) -> Iterator[tuple[Engine, Blobs]]:
    """Open the database and the envelopes' place as they lie: for a copy, or to fill them.

    Needs no key, and proves nothing.
    """
    engine = _engine(settings)
    try:
        yield engine, _blobs(settings, engine)
    finally:
        engine.dispose()


def vault_of(settings: Settings, blobs: Blobs) -> Vault:
    """Return the vault over its envelopes, neither marked nor proven.

    Raises:
        VaultKeyError: Its keys are missing, wrong or open to others.
    """
    return Vault(blobs, _ring(settings), settings.vault_algorithm)


def ledger_key_of(settings: Settings) -> SigningKey:
    """Return the key that signs the ledger, from its file or the environment.

    Raises:
        LedgerError: There is none, or it is open to others.
    """
    if settings.ledger_key is not None:
        return SigningKey.load(settings.ledger_key.get_secret_value().encode())
    return SigningKey.load(read_secret(settings.ledger_key_file))


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


def key_files(settings: Settings) -> dict[str, Path]:
    """Return where each secret key lies, by its name in a backup.

    A key that the environment holds has no file.
    """
    files = {
        "clearance.pem": settings.clearance_key_file,
        "fingerprint.key": settings.fingerprint_key_file,
    }
    if settings.ledger_key is None:
        files["ledger.pem"] = settings.ledger_key_file
    if settings.vault_key is None:
        files["vault.key"] = settings.vault_key_file
    return files


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
    queue = TaskQueue(queue_url(settings), seconds=lane_seconds(settings))
    board = ProgressBoard(queue_url(settings))
    store = _store(settings, engine, now, queue).open_ledger()
    vault = vault_of(settings, _blobs(settings, engine)).probe()
    policy = load_policy(settings.policy_file)
    sealing = SealedSecrets(_ring(settings), settings.vault_algorithm)
    machine = _lazy(settings, store, sealing)
    desk = Desk(
        office=Office(id=settings.office_id, name=settings.office_name),
        store=store,
        contents=vault,
        secrets=sealing,
        machine=machine,
        policy=policy,
        days=policy.working_days,
        clearance_keys=clearance_keys.load(settings.clearance_key_file),
        now=now,
        via=via,
        messengers=_messengers(settings),
        entrance=_entrance(settings),
        lexicons_dir=settings.lexicons_dir,
        models_dir=settings.models_dir,
        painter=SandboxPainter(),
        reader=reader_of(settings),
        contents_reader=contents_reader_of(settings),
    )
    adopt_policy(desk)
    return Installation(
        desk=desk,
        ledger_key=ledger_key_of(settings),
        vault=vault,
        witness=WitnessFile(settings.witness_file),
        machine=machine,
        queue=queue,
        board=board,
        release=lambda: _release(engine, queue, board),
    )


def _forbid_other_version(engine: Engine) -> None:
    if not migrate.is_current(engine):
        raise UsageError(migrate.advice(engine))


def _release(engine: Engine, queue: TaskQueue, board: ProgressBoard) -> None:
    engine.dispose()
    queue.close()
    board.close()


def queue_url(settings: Settings) -> str:
    """Return the queue's address: the operator's own, or that of the embedded server."""
    if settings.redis_url is not None:
        return settings.redis_url.get_secret_value()
    return url_of(socket_in(settings.data_dir))


def lane_seconds(settings: Settings) -> Mapping[Lane, int]:
    """Return how long a job of each lane may run before it is ended by force.

    A round's own time is over before: what is left of it then ends as gaps.
    """
    return {
        "quick": settings.scan_quick_seconds + _MARGIN,
        "bulk": settings.scan_round_seconds + _MARGIN,
        "out": _OUT_SECONDS,
    }


def webhook_sender(settings: Settings) -> WebhookSender:
    """Return what sends webhooks, to the networks that the operator allows."""
    networks = [one.strip() for one in settings.webhook_networks.split(",")]
    return WebhookSender(
        inner_networks=[one for one in networks if one],
        ca_file=settings.webhook_ca_file,
    )


def _messengers(settings: Settings) -> Messengers | None:
    if settings.messenger_urls is None:
        return None
    return AppriseMessengers(settings.messenger_urls.get_secret_value())


def _entrance(settings: Settings) -> Entrance:
    provider = None
    if settings.oidc_issuer is not None:
        provider = Provider(
            issuer=settings.oidc_issuer,
            login_claim=settings.oidc_login_claim,
            its_second_factor_counts=settings.oidc_second_factor_counts,
        )
    return Entrance(
        password_days=settings.password_days,
        idle=timedelta(minutes=settings.session_idle_minutes),
        longest=timedelta(hours=settings.session_hours),
        signing=timedelta(minutes=settings.signing_code_minutes),
        provider=provider,
    )


def _store(
    settings: Settings,
    engine: Engine,
    now: Callable[[], datetime],
    queue: TaskQueue | None = None,
) -> SqlStore:
    return SqlStore(
        engine,
        key=ledger_key_of(settings),
        algorithm=settings.ledger_algorithm,
        witness=WitnessFile(settings.witness_file),
        now=now,
        after_commit=None if queue is None else queue.put,
    )


def _version(store: SqlStore) -> str:
    with store.reading() as records:
        return f"{digest_in_force(records)} {in_force(records).own}"


def _lazy(settings: Settings, store: SqlStore, sealing: Secrets) -> LazyMachine:
    return LazyMachine(
        lambda: _machine(settings, store, sealing), lambda: _version(store)
    )


def _machine(settings: Settings, store: SqlStore, sealing: Secrets) -> RoundMachine:
    with store.reading() as records:
        own = folder_in_force(records, sealing)
        classifier = classifier_in_force(records, settings.models_dir)
    text = read_secret(settings.fingerprint_key_file).decode("ascii").strip()
    layers = laid_over(settings.lexicons_dir, own)
    return RoundMachine(
        Scanner(*layers, classifier=classifier, reader=reader_of(settings)),
        fingerprint_key=bytes.fromhex(text),
        repeat_check=load_policy(settings.policy_file).repeat_check,
        contents_reader=contents_reader_of(settings),
    )


def _engine(settings: Settings) -> Engine:
    return make_engine(settings.database_url.get_secret_value())


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
