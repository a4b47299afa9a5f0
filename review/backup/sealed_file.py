"""A stream under a passphrase: for the one backup that has the keys inside.

    magic · salt (16) · nonce prefix (7) · chunks

The key is scrypt's (n 2¹⁷, r 8, p 1) over the passphrase. Each chunk holds up to a
mebibyte under AES-256-GCM, its nonce the prefix, its number and whether it is the
last: none can be changed, moved, dropped or added, and no byte is handed on before
its chunk has proven genuine.
"""

import secrets
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from review.errors import BackupError

MAGIC: Final = b"xianshen-sealed-backup/1\n"
SHORTEST_PASSPHRASE: Final = 12
_SALT: Final = 16
_PREFIX: Final = 7
_CHUNK: Final = 1 << 20
_TAG: Final = 16
_COST: Final = 1 << 17  # 128 MiB and some tenths of a second for each guess


class SealedWriter:
    """Seals what is written, a chunk at a time, into a file."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """Write the head; the passphrase is not kept.

        Raises:
            BackupError: The passphrase is too short.
        """
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise BackupError(f"口令太短，至少 {SHORTEST_PASSPHRASE} 个字符。")
        salt, self._prefix = (
            secrets.token_bytes(_SALT),
            secrets.token_bytes(_PREFIX),
        )
        self._head = MAGIC + salt + self._prefix
        self._cipher = AESGCM(_derived(passphrase, salt))
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        file.write(self._head)

    def write(self, data: bytes) -> int:
        """Take bytes; what fills a chunk goes out."""
        self._waiting += data
        while len(self._waiting) > _CHUNK:
            self._put(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk: without it the file does not open."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._file.write(self._cipher.encrypt(nonce, chunk, self._head))
        self._number += 1


class SealedReader:
    """Reads what a `SealedWriter` wrote."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        """Read the head; `file` stands at its beginning.

        Raises:
            BackupError: This is no such file.
        """
        self._head = file.read(len(MAGIC) + _SALT + _PREFIX)
        if not self._head.startswith(MAGIC) or len(self._head) != (
            len(MAGIC) + _SALT + _PREFIX
        ):
            raise BackupError("这不是加密的备份文件，或文件头已损坏。")
        salt = self._head[len(MAGIC) : len(MAGIC) + _SALT]
        self._prefix = self._head[-_PREFIX:]
        self._cipher = AESGCM(_derived(passphrase, salt))
        self._file = file
        self._next = file.read(_CHUNK + _TAG)
        self._opened = b""
        self._number = 0
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, fewer only at the end.

        Raises:
            BackupError: The passphrase is wrong, or the file was changed or cut.
        """
        while not self._ended and (size < 0 or len(self._opened) < size):
            self._opened += self._chunk()
        if size < 0:
            size = len(self._opened)
        read, self._opened = self._opened[:size], self._opened[size:]
        return read

    def _chunk(self) -> bytes:
        following = self._file.read(_CHUNK + _TAG)
        nonce = _nonce(self._prefix, self._number, last=not following)
        try:
            opened = self._cipher.decrypt(nonce, self._next, self._head)
        except InvalidTag:
            raise BackupError(
                "备份文件解不开：口令不对，或者文件被改动、不完整。"
                "请核对口令；口令无误的，请改用另一份备份。"
            ) from None
        self._number += 1
        self._next, self._ended = following, not following
        return opened


def _derived(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_COST, r=8, p=1).derive(passphrase.encode())


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
