"""The keys that sign the ledger (Ed25519, RFC 8032).

The private key lives in a file outside the database, beside the witness file;
who can only write the database cannot sign.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from review.errors import LedgerError
from review.ledger.entry import is_hex

_PRIME = 2**255 - 19
# The heights y of the eight points of small order: under such a "key" anybody
# can sign. Read off the curve: 1, 0, -1, and ±y with order 8.
_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_WEAK = frozenset({0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that entries are checked with; equal when its 32 bytes are."""

    hex: str
    _key: Ed25519PublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the key ready.

        Raises:
            LedgerError: These are no 64 lower hexadecimal digits, or no key
                that only one person can sign with.
        """
        if not is_hex(self.hex, 64):
            raise LedgerError("公钥应是 64 位小写十六进制数字；请重新抄写或导出公钥。")
        raw = bytes.fromhex(self.hex)
        height = int.from_bytes(raw, "little") & ~(1 << 255)
        if height >= _PRIME or height in _WEAK:
            raise LedgerError("这个公钥不可用（任何人都能冒签）；请换用新生成的密钥。")
        object.__setattr__(self, "_key", Ed25519PublicKey.from_public_bytes(raw))

    @property
    def id(self) -> str:
        """Return the fingerprint: the first 16 hexadecimal digits of SHA-256."""
        return hashlib.sha256(bytes.fromhex(self.hex)).hexdigest()[:16]

    def signed(self, message: bytes, signature: object) -> bool:
        """Say whether `signature` (128 lower hexadecimal digits) is this key's."""
        if not isinstance(signature, str) or not is_hex(signature, 128):
            return False
        try:
            self._key.verify(bytes.fromhex(signature), message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key; never shown by `repr`."""

    _private: Ed25519PrivateKey = field(repr=False)
    public: PublicKey = field(init=False)

    def __post_init__(self) -> None:
        """Derive the public key."""
        raw = self._private.public_key().public_bytes_raw()
        object.__setattr__(self, "public", PublicKey(raw.hex()))

    @classmethod
    def generate(cls) -> Self:
        """Return a new random key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, pem: bytes) -> Self:
        """Read the key from the contents of its file.

        Raises:
            LedgerError: It is no Ed25519 private key without a password.
        """
        advice = "请核对设置里的密钥文件路径，或从备份中恢复该文件。"
        try:
            private = load_pem_private_key(pem, password=None)
        except TypeError:
            raise LedgerError(
                "记录链密钥文件设了口令，程序读不了；请换成不设口令、权限为 600 的文件。"
            ) from None
        except (ValueError, UnsupportedAlgorithm):
            raise LedgerError(
                f"记录链密钥文件不是 PEM 私钥，或已损坏；{advice}"
            ) from None
        if not isinstance(private, Ed25519PrivateKey):
            raise LedgerError(f"记录链密钥文件里不是 Ed25519 私钥；{advice}")
        return cls(private)

    def to_pem(self) -> bytes:
        """Return the contents of a key file (PKCS #8, without a password)."""
        return self._private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )

    @property
    def id(self) -> str:
        """Return the public key's fingerprint."""
        return self.public.id

    @property
    def public_hex(self) -> str:
        """Return the 32 public bytes as 64 hexadecimal digits."""
        return self.public.hex

    def sign(self, message: bytes) -> str:
        """Return the signature over `message` as 128 hexadecimal digits."""
        return self._private.sign(message).hex()
