"""Making a backup while the service goes on.

The rows come from one moment of the database, which no writer waits for. Then the
witness, up to that moment, and the vault's envelopes, still sealed: contents are
put into the vault before any record names them, so that none is missing but what
a purge took away meanwhile.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Engine, func, select

from review import __version__, clock
from review.backup import layout
from review.backup.archive import ArchiveWriter
from review.backup.manifest import FORMAT, Manifest
from review.backup.rows import parts_of
from review.backup.sealed_file import SealedWriter
from review.bootstrap import Installation, key_files, open_places, read_secret
from review.clearance import keys as clearance_keys
from review.errors import BackupError, MissingContentsError
from review.ledger import chain
from review.ledger.entry import canonical, decode, read_statement
from review.service.models.versions import in_force
from review.settings import Settings
from review.store import engine as databases
from review.store import migrate
from review.store.tables import entries
from review.vault.interface import Blobs

_PART: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: what it says of itself, and the digest of that.

    `lacks` says in Chinese what should be in it and is not, and what to do.
    """

    manifest: Manifest
    digest: str
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Moment:
    """What the snapshot of the database held."""

    revision: str
    entries: int
    head: str
    rows: dict[str, int]


def make_backup(
    settings: Settings,
    installation: Installation,
    path: Path,
    *,
    at: datetime,
    passphrase: str | None = None,
) -> Made:
    """Write everything into the new file `path`, readable by its owner alone.

    With a passphrase the secret keys are inside and the whole is sealed under it;
    without one there is no secret key in it.

    Raises:
        BackupError: The file exists, or can't be written.
        XianshenError: The database, the vault or a key is out of reach.
    """
    with open_places(settings) as (engine, blobs), _new_file(path) as file:
        sealed = None if passphrase is None else SealedWriter(file, passphrase)
        with ArchiveWriter(sealed or file, seconds=int(at.timestamp())) as writer:
            writer.add(layout.HEADER, _header(installation, at))
            moment = _add_rows(writer, engine)
            _add_witness(writer, settings.witness_file, moment.entries)
            manifest = replace(
                _manifest(installation, moment, at=at),
                envelopes=_add_envelopes(writer, blobs),
                has_keys=sealed is not None,
            )
            lacks = _add_office(writer, settings, installation)
            if sealed is not None:
                _add_keys(writer, settings)
            data = writer.finish(manifest, key=installation.ledger_key)
        if sealed is not None:
            sealed.finish()
    return Made(Manifest.from_bytes(data), hashlib.sha256(data).hexdigest(), lacks)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """Write beside the place and move in when it is whole and on the disk."""
    part = path.with_name(f"{path.name}.part")
    if path.exists():
        raise BackupError(f"{path} 已经存在，不会覆盖；请换一个文件名。")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BackupError(
            f"{part} 还在：另一次备份正在进行，或上次没有完成。确认没有备份在进行后删去它再试。"
        ) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> BackupError:
    return BackupError(
        f"备份写不进 {path}（{error.strerror}），请检查文件夹、权限和磁盘空间。"
    )


def _header(installation: Installation, at: datetime) -> bytes:
    said = {
        "at": clock.stamp(at),
        "format": FORMAT,
        "office": installation.desk.office.id,
        "program": __version__,
    }
    return (canonical(said) + "\n").encode()


def _add_rows(writer: ArchiveWriter, engine: Engine) -> _Moment:
    revision = migrate.current(engine)
    rows: dict[str, int] = {}
    with databases.reading(engine) as connection:
        last = connection.scalar(select(func.max(entries.c.index)))
        end = select(entries.c.digest).where(entries.c.index == last)
        head = connection.scalar(end)
        for table in layout.tables():
            name = str(table.name)
            rows[name] = 0
            for part in parts_of(connection, table):
                kind = f"{layout.TABLES}/{name}"
                writer.add(layout.part_name(kind, part.number, "jsonl.gz"), part.data)
                rows[name] += part.rows
    if last is None or head is None or revision is None:
        raise BackupError("还没有任何审查记录，没有可备份的内容。")
    return _Moment(revision, last + 1, head, rows)


def _add_witness(writer: ArchiveWriter, path: Path, count: int) -> None:
    """Add the heads up to the snapshot's end; later ones would contradict it."""
    number, part = 0, bytearray()
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n") or _index_of(line) >= count:
                break
            part += line
            if len(part) > _PART:
                name = layout.part_name(layout.WITNESS, number, "jsonl")
                writer.add(name, bytes(part))
                number, part = number + 1, bytearray()
    writer.add(layout.part_name(layout.WITNESS, number, "jsonl"), bytes(part))


def _index_of(line: bytes) -> int:
    said = decode(line.decode())
    if not isinstance(said, dict) or not isinstance(said.get("index"), int):
        raise BackupError(
            "见证文件里有不成样子的一行，请先运行 xianshen records verify。"
        )
    return int(said["index"])


def _add_envelopes(writer: ArchiveWriter, blobs: Blobs) -> int:
    count = 0
    for address in blobs.addresses():
        try:
            envelope = blobs.get(address)
        except MissingContentsError:
            continue  # purged since it was listed
        writer.add(layout.envelope_name(address), envelope)
        count += 1
    return count


def _add_office(
    writer: ArchiveWriter, settings: Settings, installation: Installation
) -> tuple[str, ...]:
    """Add what the office chose; return what of it is not there to be added."""
    if settings.policy_file is not None:
        writer.add(layout.POLICY, settings.policy_file.read_bytes())
    for name, path in layout.lexicon_files(settings.lexicons_dir):
        writer.add(f"{layout.LEXICONS}/{name}", path.read_bytes())
    with installation.desk.store.reading() as records:
        own = in_force(records).own
    for name, path in layout.model_files(settings.models_dir, own):
        writer.add(f"{layout.MODELS}/{name}", path.read_bytes())
    published = clearance_keys.jwks(installation.desk.clearance_keys)
    writer.add(layout.JWKS, json.dumps(published, sort_keys=True).encode() + b"\n")
    turns = "".join(f"{one}\n" for one in _ledger_keys(installation))
    writer.add(layout.LEDGER_KEYS, turns.encode())
    if layout.model_loads(settings.models_dir, own):
        return ()
    lack = (
        f"启用中的本单位模型在 {settings.models_dir} 里不见了或已损坏，备份里没有能用的；"
        "恢复以后不能机检。请把模型文件放回去，或用 xianshen model use 启用别的模型，再备份一次。"
    )
    return (lack,)


def _ledger_keys(installation: Installation) -> Iterator[str]:
    """Yield the ledger's public keys in the order of their turns."""
    with installation.desk.store.reading() as records:
        for entry in records.entries_of_kind(chain.OPENED, chain.KEY_CHANGED):
            data = read_statement(entry.statement).get("data")
            yield str(data["key"]) if isinstance(data, dict) else ""


def _add_keys(writer: ArchiveWriter, settings: Settings) -> None:
    for name, path in sorted(key_files(settings).items()):
        writer.add(f"{layout.KEYS}/{name}", read_secret(path))
    for name, secret in (
        ("ledger.pem", settings.ledger_key),
        ("vault.key", settings.vault_key),
    ):
        if secret is not None:
            data = secret.get_secret_value().encode()
            writer.add(f"{layout.KEYS}/{name}", data)


def _manifest(installation: Installation, moment: _Moment, *, at: datetime) -> Manifest:
    """Return what is known before the last member."""
    return Manifest(
        at=clock.stamp(at),
        program=__version__,
        office=installation.desk.office.id,
        revision=moment.revision,
        entries=moment.entries,
        head=moment.head,
        key=installation.ledger_key.public_hex,
        rows=moment.rows,
    )
