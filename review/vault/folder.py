"""Envelopes in a folder: one file each, written whole or not at all.

`root/ab/cd/abcd…`; folders 0700, files 0600. Below the root no symbolic link
is followed: every step down is opened by itself, relative to the step before.
"""

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from review.digests import require_digest
from review.errors import MissingContentsError, VaultDamagedError, VaultError
from review.files import sync_folder

_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_LOCK: Final = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
_LOCK_NAME: Final = ".lock"
_TEMPORARY: Final = ".tmp"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_FAN_OUT: Final = 2
_ADDRESS_LENGTH: Final = 64
_PIECE: Final = 1 << 20
# What opening says of a link, of a file in a folder's place, of a socket.
_FOREIGN: Final = frozenset({errno.ELOOP, errno.ENOTDIR, errno.ENXIO})


class FolderBlobs:
    """Envelopes in a folder that only its owner can enter.

    Any number of threads and processes may use it at once: writing shares a
    lock, deleting and cleaning up take it alone.
    """

    def __init__(self, root: Path) -> None:
        """Make the folder if need be; remove what dead writers left behind.

        Raises:
            VaultError: It can't be used, is a link, or is open to others.
        """
        self._root = root
        if not root.exists():
            self._make_root()
        with self._locked(fcntl.LOCK_EX) as at:
            if os.fstat(at).st_mode & _OTHERS:
                raise VaultError(
                    f"加密存储的文件夹 {root} 别的用户也能进入，已拒绝使用。"
                    f"请确认设置无误后运行 chmod 700 {root}。"
                )
            _clean(at)

    def put(self, address: str, envelope: bytes) -> None:
        """Keep `envelope` at `address`, in place of one that lies there.

        Raises:
            UsageError: `address` is not one.
            VaultError: It could not be written.
        """
        require_digest(address)
        with self._locked(fcntl.LOCK_SH) as root:
            self._write(root, address, envelope)

    def replace(self, address: str, envelope: bytes) -> bool:
        """Put `envelope` only where one lies already; tell whether one did.

        Raises:
            UsageError: `address` is not one.
            VaultError: It could not be written.
        """
        require_digest(address)
        # Alone, so that no deletion comes between the look and the write.
        with self._locked(fcntl.LOCK_EX) as root:
            if not _stands(root, address):
                return False
            self._write(root, address, envelope)
            return True

    def get(self, address: str) -> bytes:
        """Return the envelope at `address`.

        Raises:
            UsageError: `address` is not one.
            MissingContentsError: Nothing lies there.
            VaultDamagedError: What lies there is no plain file.
        """
        require_digest(address)
        with self._opened() as root, _leaf(root, address) as leaf:
            envelope = None if leaf is None else _read_file(leaf, address)
        if envelope is None:
            raise MissingContentsError(
                f"加密存储里没有摘要为 {address[:12]}… 的内容：可能已按规定清除，或从未存入。"
                "审查记录仍然有效；如果不该缺，请从备份恢复。"
            )
        return envelope

    def exists(self, address: str) -> bool:
        """Tell whether an envelope lies at `address`.

        Raises:
            UsageError: `address` is not one.
            VaultDamagedError: What lies there is no plain file.
        """
        require_digest(address)
        with self._opened() as root:
            return _stands(root, address)

    def delete(self, address: str) -> bool:
        """Take the envelope away for good; tell whether there was one.

        Raises:
            UsageError: `address` is not one.
        """
        require_digest(address)
        with self._locked(fcntl.LOCK_EX) as root, _leaf(root, address) as leaf:
            if leaf is None:
                return False
            try:
                os.unlink(address, dir_fd=leaf)
            except FileNotFoundError:
                return False
            os.fsync(leaf)
            return True

    def addresses(self) -> Iterator[str]:
        """Yield the address of every envelope, in order.

        A file in the wrong folder is named too: `get` then does not find it.

        Raises:
            VaultDamagedError: One of the folders is a link or a file.
        """
        with self._opened() as root:
            for outer in _folders(root):
                with _entered(root, outer) as middle:
                    for inner in _folders(middle):
                        with _entered(middle, inner) as leaf:
                            yield from _files(leaf)

    def _make_root(self) -> None:
        try:
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._opened() as root:
                os.fsync(root)
            sync_folder(self._root.parent)
        except OSError as error:
            raise self._unusable(error) from None

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            root = os.open(self._root, _FOLDER)
        except OSError as error:
            raise self._unusable(error) from None
        try:
            yield root
        finally:
            os.close(root)

    @contextmanager
    def _locked(self, kind: int) -> Iterator[int]:
        with self._opened() as root:
            try:
                lock = os.open(_LOCK_NAME, _LOCK, 0o600, dir_fd=root)
            except OSError as error:
                raise self._unusable(error) from None
            try:
                fcntl.flock(lock, kind)
                yield root
            finally:
                os.close(lock)

    def _unusable(self, error: OSError) -> VaultError:
        return VaultError(
            f"加密存储的文件夹 {self._root} 不能用（{error.strerror}）。"
            "请核对设置：写实际路径，不要写链接，属主应是运行本系统的用户。"
        )

    def _write(self, root: int, address: str, envelope: bytes) -> None:
        """Write beside the place, flush, and move in: whole or not at all."""
        try:
            with ExitStack() as open_folders:
                middle = open_folders.enter_context(_made(root, address[:2]))
                leaf = open_folders.enter_context(_made(middle, address[2:4]))
                _write_file(leaf, address, envelope)
                # A name is durable only when each folder on the way is.
                for folder in (leaf, middle, root):
                    os.fsync(folder)
        except OSError as error:
            raise VaultError(
                f"写不进加密存储 {self._root}（{error.strerror}），这份内容没有存入。"
                "请检查磁盘空间和权限后重试。"
            ) from None


def _write_file(leaf: int, name: str, data: bytes) -> None:
    temporary = f".{secrets.token_hex(8)}{_TEMPORARY}"
    handle = os.open(temporary, _NEW, 0o600, dir_fd=leaf)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            view = memoryview(data)
            while view:
                view = view[file.write(view[:_PIECE]) :]
            os.fsync(handle)
        os.rename(temporary, name, src_dir_fd=leaf, dst_dir_fd=leaf)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=leaf)
        raise


def _read_file(leaf: int, address: str) -> bytes | None:
    handle = _open_if_there(address, _READ, leaf)
    if handle < 0:
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _not_plain(address)
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


@contextmanager
def _made(at: int, name: str) -> Iterator[int]:
    with suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=at)
    with _entered(at, name) as folder:
        yield folder


@contextmanager
def _entered(at: int, name: str) -> Iterator[int]:
    folder = _open_if_there(name, _FOLDER, at)
    if folder < 0:
        raise FileNotFoundError(name)
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def _leaf(root: int, address: str) -> Iterator[int | None]:
    """Open the folder that an address belongs into, or None where there is none."""
    middle = _open_if_there(address[:2], _FOLDER, root)
    if middle < 0:
        yield None
        return
    try:
        leaf = _open_if_there(address[2:4], _FOLDER, middle)
    finally:
        os.close(middle)
    if leaf < 0:
        yield None
        return
    try:
        yield leaf
    finally:
        os.close(leaf)


def _open_if_there(name: str, flags: int, at: int) -> int:
    """Open `name` in the folder `at`; -1 where there is none.

    Raises:
        VaultDamagedError: It is a link, or a file where a folder belongs.
    """
    try:
        return os.open(name, flags, dir_fd=at)
    except FileNotFoundError:
        return -1
    except OSError as error:
        if error.errno in _FOREIGN:
            raise _not_plain(name) from None
        raise VaultError(
            f"加密存储里的 {name[:12]} 读不出来（{error.strerror}），请检查磁盘和权限后重试。"
        ) from None


def _stands(root: int, address: str) -> bool:
    with _leaf(root, address) as leaf:
        if leaf is None:
            return False
        try:
            status = os.stat(address, dir_fd=leaf, follow_symlinks=False)
        except FileNotFoundError:
            return False
        if not stat.S_ISREG(status.st_mode):
            raise _not_plain(address)
        return True


def _folders(at: int) -> list[str]:
    names = sorted(os.listdir(at))
    return [one for one in names if len(one) == _FAN_OUT and not one.startswith(".")]


def _files(leaf: int) -> list[str]:
    return [one for one in sorted(os.listdir(leaf)) if len(one) == _ADDRESS_LENGTH]


def _clean(root: int) -> None:
    """Remove unfinished files; whoever wrote them would hold the lock."""
    for outer in _folders(root):
        with _entered(root, outer) as middle:
            for inner in _folders(middle):
                with _entered(middle, inner) as leaf:
                    _clean_leaf(leaf)


def _clean_leaf(leaf: int) -> None:
    for name in os.listdir(leaf):
        if name.startswith(".") and name.endswith(_TEMPORARY):
            os.unlink(name, dir_fd=leaf)


def _not_plain(name: str) -> VaultDamagedError:
    return VaultDamagedError(
        f"加密存储里的 {name[:12]} 是链接或不是应有的文件，可能被人动过，已拒绝读写。"
        "请报告保密办，移走它并从备份恢复。"
    )
