"""The one file: a tar that is written and read as a stream, a member at a time.

Nothing is ever unpacked by its name: whoever reads gets names and bytes, and
knows what may stand where. Memory holds one member.
"""

import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, BinaryIO, Final, Self, cast

from review.backup import manifest as manifests
from review.backup.manifest import Manifest, Tally
from review.backup.sealed_file import MAGIC, SealedReader
from review.errors import BackupError
from review.ledger.keys import SigningKey

# Above any draft: what would be read into memory at once.
_LARGEST: Final = 1 << 30
_BROKEN: Final = "备份文件不完整或已损坏，不能采用；请改用另一份备份。"


class ArchiveWriter:
    """Writes members one after the other, and the manifest at the end."""

    def __init__(self, file: object, *, seconds: int) -> None:
        """Write into anything that has `write`; `seconds` is every member's time."""
        self._tar = tarfile.open(  # noqa: SIM115 - closed at the end of `with`
            mode="w|", fileobj=cast("IO[bytes]", file), format=tarfile.PAX_FORMAT
        )
        self._seconds = seconds
        self._tally = Tally()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write the tar's end; without a manifest it is no backup."""
        self._tar.close()

    def add(self, name: str, data: bytes) -> None:
        """Write one member."""
        self._tally.add(name, data)
        self._put(name, data)

    def finish(self, manifest: Manifest, *, key: SigningKey) -> bytes:
        """Write the manifest with the members' count and digest, signed.

        Returns its bytes.
        """
        tally = self._tally
        whole = replace(manifest, members=tally.members, digest=tally.digest)
        data = whole.signed(key).to_bytes()
        self._put(manifests.NAME, data)
        return data

    def _put(self, name: str, data: bytes) -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = len(data), self._seconds, 0o600
        self._tar.addfile(info, io.BytesIO(data))
        # It would keep every name that was ever written.
        self._tar.members = []  # type: ignore[attr-defined]  # - left out of the stubs


def read_archive(
    path: Path, take: Callable[[str, bytes], None], *, passphrase: str | None = None
) -> tuple[Manifest, bytes]:
    """Hand every member to `take`; return the manifest, and its bytes.

    The manifest comes last, so that `take` sees members nobody vouches for yet:
    read once with a `take` that does nothing before reading with one that writes.

    Raises:
        BackupError: The file is no backup, is cut, was changed, or needs a passphrase.
    """
    tally = Tally()
    with path.open("rb") as file, _stream(file, passphrase) as stream:
        for name, data in _members(stream):
            if name == manifests.NAME:
                return _ended(stream, data, tally), data
            tally.add(name, data)
            take(name, data)
    raise BackupError(f"备份文件里没有清单。{_BROKEN}")


def is_sealed(path: Path) -> bool:
    """Tell whether the file opens only with a passphrase.

    Raises:
        BackupError: It can't be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise BackupError(f"读不了备份文件 {path}（{error.strerror}）。") from None


@contextmanager
def _stream(file: BinaryIO, passphrase: str | None) -> Iterator[tarfile.TarFile]:
    sealed = file.read(len(MAGIC)) == MAGIC
    file.seek(0)
    if sealed and passphrase is None:
        raise BackupError("这份备份是加密的，请给出当时设的口令。")
    source: object = SealedReader(file, passphrase or "") if sealed else file
    with _whole():
        tar = tarfile.open(  # noqa: SIM115 - closed below
            mode="r|", fileobj=cast("IO[bytes]", source)
        )
    try:
        yield tar
    finally:
        tar.close()


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, bytes]]:
    while (found := _next(tar)) is not None:
        yield found


def _next(tar: tarfile.TarFile) -> tuple[str, bytes] | None:
    with _whole():
        info = tar.next()
        if info is None:
            return None
        if not info.isreg() or info.size > _LARGEST:
            raise BackupError(_BROKEN)
        member = tar.extractfile(info)
        data = b"" if member is None else member.read()
    if len(data) != info.size:
        raise BackupError(_BROKEN)
    # It would keep every name that was ever read.
    tar.members = []  # type: ignore[attr-defined]  # - left out of the stubs
    return info.name, data


@contextmanager
def _whole() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, ValueError, OverflowError):
        raise BackupError(_BROKEN) from None


def _ended(tar: tarfile.TarFile, data: bytes, tally: Tally) -> Manifest:
    if len(data) > manifests.LONGEST or _next(tar) is not None:
        raise BackupError(_BROKEN)
    manifest = Manifest.from_bytes(data)
    if (manifest.members, manifest.digest) != (tally.members, tally.digest):
        raise BackupError(
            "备份里的内容与签过名的清单不符，有文件被改动、增减或调换，不能采用；"
            "请改用另一份备份。"
        )
    return manifest
