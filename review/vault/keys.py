"""The keys of the vault: a ring of them, the last of which seals.

Older keys stay on the ring so that what they sealed still opens; a rotation
puts everything under the current one. No key ever stands in a message or a repr.
"""

import fcntl
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from review.errors import VaultKeyError
from review.files import sync_folder

KEY_BYTES: Final = 32
_ID_DIGITS: Final = 8
# 32 random bytes hold fewer different values once in 10^30 keys; a placeholder
# such as 000…0 or abababab… holds one or two.
_FEWEST_VALUES: Final = 8
_LARGEST_FILE: Final = 65_536
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_HEAD: Final = (
    "# 先审：稿件加密存储的密钥，一行一把，最后一行是现用密钥，前面的用来打开旧稿件。\n"
    "# 丢了密钥，稿件就再也打不开：请另存一份，与数据分开保管；不要交给无关人员。\n"
)


@dataclass(frozen=True, slots=True)
class Key:
    """One master key of the vault: 32 bytes that never show."""

    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse anything but 32 bytes."""
        if len(self.material) != KEY_BYTES:
            raise VaultKeyError(
                f"加密存储的密钥应为 {KEY_BYTES} 个字节，现在是 {len(self.material)} 个，请换一把。"
            )

    @property
    def id(self) -> str:
        """Return the 8 hexadecimal digits that name the key and tell nothing of it."""
        named = hashlib.sha256(b"xianshen vault key id" + self.material)
        return named.hexdigest()[:_ID_DIGITS]

    def derive(self, purpose: str, length: int) -> bytes:
        """Return `length` bytes for one `purpose`, by HKDF-SHA256 (RFC 5869)."""
        info = b"xianshen vault " + purpose.encode()
        return HKDF(SHA256(), length, salt=None, info=info).derive(self.material)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that open, among them the current one, which seals.

    `source` says where they came from, so that an error can name the place.
    """

    current: Key
    keys: tuple[Key, ...]
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse a ring without its current key, or with two keys of one id."""
        if self.current not in self.keys:
            raise VaultKeyError("现用密钥不在密钥环里，请检查密钥的设置。")
        if len({one.id for one in self.keys}) != len(self.keys):
            raise VaultKeyError(
                f"{self.source or '密钥'}里有两把编号相同的密钥，请删去重复的一行。"
            )

    def find(self, key_id: str) -> Key:
        """Return the key with this id.

        Raises:
            VaultKeyError: It is not on the ring.
        """
        for key in self.keys:
            if key.id == key_id:
                return key
        had = "、".join(one.id for one in self.keys)
        raise VaultKeyError(
            f"打开这份内容要用编号 {key_id} 的密钥，{self.source or '现有密钥'}里只有 {had}。"
            "请从密钥备份中找出这一把，加在密钥文件最后一行之前，再重试；"
            "如果只有这一份打不开，可能是它已损坏，请从备份恢复。"
        )


def new_key() -> Key:
    """Return a random key."""
    return Key(secrets.token_bytes(KEY_BYTES))


def ring_of(*keys: Key, source: str = "") -> KeyRing:
    """Return a ring of `keys`, the last of them current.

    Raises:
        VaultKeyError: There is none, or one stands twice.
    """
    if not keys:
        raise VaultKeyError(
            f"{source or '密钥设置'}里没有密钥。请写入一把（64 位十六进制数字），"
            "或用备份的密钥文件恢复。"
        )
    return KeyRing(current=keys[-1], keys=keys, source=source)


def ring_from_text(text: str, *, source: str = "密钥设置") -> KeyRing:
    """Read keys as 64 hexadecimal digits each, parted by lines or spaces.

    What follows a `#` in a line is a comment; the last key is the current one.

    Raises:
        VaultKeyError: A word is no key, a key stands twice, or there is none.
    """
    keys = [
        _parsed(word, number, source)
        for number, line in enumerate(text.splitlines(), start=1)
        for word in line.partition("#")[0].split()
    ]
    return ring_of(*keys, source=source)


def ring_from_file(path: Path) -> KeyRing:
    """Read a key file that only its owner can read.

    Raises:
        VaultKeyError: It is missing, open to others, or holds no proper keys.
    """
    with _opened(path, os.O_RDONLY) as handle:
        return _read(handle, path)


def write_key_file(path: Path) -> Key:
    """Write a new key file with one new key, readable by its owner only.

    The file and its name have reached the disk when this returns.

    Raises:
        VaultKeyError: The file is there already: it is never overwritten.
    """
    key = new_key()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        handle = os.open(path, flags, 0o600)
    except FileExistsError:
        raise VaultKeyError(
            f"密钥文件 {path} 已经存在，不会覆盖它。"
            "要换新密钥，请用添加密钥的办法在它后面加一行。"
        ) from None
    try:
        os.write(handle, f"{_HEAD}{key.material.hex()}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(path.parent)
    return key


def add_key(path: Path) -> Key:
    """Append a new key, from now on the current one; the older ones stay.

    Raises:
        VaultKeyError: The file is not a proper key file, so nothing was added.
    """
    key = new_key()
    with _opened(path, os.O_RDWR | os.O_APPEND) as handle:
        # Two additions at once must not glue their lines together.
        fcntl.flock(handle, fcntl.LOCK_EX)
        _read(handle, path)
        size = os.fstat(handle).st_size
        glue = b"" if os.pread(handle, 1, size - 1) == b"\n" else b"\n"
        line = glue + key.material.hex().encode() + b"\n"
        if os.write(handle, line) != len(line):
            os.ftruncate(handle, size)
            raise VaultKeyError(f"密钥文件 {path} 写不完整，磁盘可能已满；没有添加。")
        os.fsync(handle)
    return key


def _parsed(word: str, number: int, source: str) -> Key:
    try:
        material = bytes.fromhex(word)
    except ValueError:
        material = b""
    if len(material) != KEY_BYTES:
        raise VaultKeyError(
            f"{source}第 {number} 行不是密钥：应为 {KEY_BYTES * 2} 位十六进制数字。"
            "请改正这一行，或从备份恢复。"
        )
    if len(set(material)) < _FEWEST_VALUES:
        raise VaultKeyError(
            f"{source}第 {number} 行像是占位用的数字，不是随机生成的密钥，请换成真正的密钥。"
        )
    return Key(material)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """Open a key file and refuse it if anyone but its owner may look."""
    try:
        # Without O_NONBLOCK a pipe put in the file's place would hang us.
        handle = os.open(path, flags | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise VaultKeyError(
            f"没有找到密钥文件 {path}。请核对设置；如果文件丢了，请用备份恢复，"
            "不要新建：新密钥打不开旧稿件。"
        ) from None
    except OSError as error:
        raise VaultKeyError(
            f"密钥文件 {path} 打不开（{error.strerror}），请检查它的权限和属主。"
        ) from None
    try:
        _refuse_open_to_others(handle, path)
        yield handle
    finally:
        os.close(handle)


def _refuse_open_to_others(handle: int, path: Path) -> None:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise VaultKeyError(f"{path} 不是普通文件，不能作密钥文件，请核对设置。")
    if status.st_mode & _OTHERS:
        raise VaultKeyError(
            f"密钥文件 {path} 别的用户也能读写，已拒绝使用。"
            f"请运行 chmod 600 {path}，只留属主读写；如可能已被人看过，请换新密钥。"
        )


def _read(handle: int, path: Path) -> KeyRing:
    data = os.pread(handle, _LARGEST_FILE + 1, 0)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if len(data) > _LARGEST_FILE or (data and not text):
        raise VaultKeyError(
            f"{path} 不是密钥文件：应为文本，一行一把密钥。请核对设置。"
        )
    return ring_from_text(text, source=f"密钥文件 {path} ")
