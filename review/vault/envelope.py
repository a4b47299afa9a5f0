"""One blob's envelope: sealed contents and the key to them, wrapped.

    XSV1 | algorithm 1 | key id 4 | wrap nonce 12 | wrapped data key + 16 | nonce 12 | contents + 16

Each blob has a fresh data key, so a change of the master key (`rewrap`)
touches the head alone. Two tags guard the whole: the one on the contents
binds magic, algorithm and address; the one on the data key binds these, the
key id and the nonce of the contents. So no bit of an envelope can change,
and none opens at another address.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Protocol, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from review.digests import require_digest
from review.errors import VaultDamagedError
from review.vault.keys import Key, KeyRing

Algorithm: TypeAlias = Literal["AES-256-GCM", "SM4-GCM"]

MAGIC: Final = b"XSV1"
_KEY_ID_BYTES: Final = 4
_NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16


class _BlockCipher(Protocol):
    """What makes a 128-bit block cipher of a key."""

    def __call__(self, key: bytes) -> algorithms.AES | algorithms.SM4: ...


@dataclass(frozen=True, slots=True)
class _Suite:
    """An algorithm, its number in the envelope and the length of its keys."""

    name: Algorithm
    number: int
    key_bytes: int
    cipher: _BlockCipher


_SUITES: Final[Mapping[Algorithm, _Suite]] = {
    one.name: one
    for one in (
        _Suite("AES-256-GCM", 1, 32, algorithms.AES),
        _Suite("SM4-GCM", 2, 16, algorithms.SM4),
    )
}
_BY_NUMBER: Final[Mapping[int, _Suite]] = {one.number: one for one in _SUITES.values()}


@dataclass(frozen=True, slots=True)
class _Envelope:
    """An envelope in its parts; nothing in it is secret without a master key."""

    suite: _Suite
    key_id: bytes
    wrap_nonce: bytes
    wrapped: bytes
    nonce: bytes
    sealed: bytes

    def packed(self) -> bytes:
        head = MAGIC + bytes((self.suite.number,)) + self.key_id
        return b"".join((head, self.wrap_nonce, self.wrapped, self.nonce, self.sealed))


def seal(
    data: bytes, *, address: str, key: Key, algorithm: Algorithm = "AES-256-GCM"
) -> bytes:
    """Return `data` sealed under a fresh data key, for this address only.

    Raises:
        UsageError: `address` is not an address.
    """
    suite = _SUITES[algorithm]
    data_key = secrets.token_bytes(suite.key_bytes)
    nonce = secrets.token_bytes(_NONCE_BYTES)
    bound = _contents_bound(suite, address)
    sealed = _encrypt(suite, data_key, nonce, data, bound)
    return _wrapped(data_key, suite, key, address, (nonce, sealed)).packed()


def unseal(envelope: bytes, *, address: str, ring: KeyRing) -> bytes:
    """Return the contents of an envelope that was sealed for this address.

    Raises:
        UsageError: `address` is not an address.
        VaultKeyError: The ring lacks its key.
        VaultDamagedError: It was changed, or belongs to another address.
    """
    parts = _parsed(envelope)
    data_key = _data_key(parts, address, ring)
    bound = _contents_bound(parts.suite, address)
    return _decrypt(parts.suite, data_key, parts.nonce, parts.sealed, bound)


def require_key(envelope: bytes, *, address: str, ring: KeyRing) -> None:
    """Check that the ring opens this envelope, without its contents.

    Raises:
        UsageError: `address` is not an address.
        VaultKeyError: The ring lacks its key.
        VaultDamagedError: Its head was changed, or belongs to another address.
    """
    _data_key(_parsed(envelope), address, ring)


def rewrap(envelope: bytes, *, address: str, ring: KeyRing) -> bytes | None:
    """Return the envelope under the ring's current key, or None if it is already.

    The contents stay sealed as they are.

    Raises:
        UsageError: `address` is not an address.
        VaultKeyError: The ring lacks its key.
        VaultDamagedError: Its head was changed, or belongs to another address.
    """
    parts = _parsed(envelope)
    data_key = _data_key(parts, address, ring)
    if parts.key_id.hex() == ring.current.id:
        return None
    contents = (parts.nonce, parts.sealed)
    return _wrapped(data_key, parts.suite, ring.current, address, contents).packed()


def _wrapped(
    data_key: bytes,
    suite: _Suite,
    key: Key,
    address: str,
    contents: tuple[bytes, bytes],
) -> _Envelope:
    nonce, sealed = contents
    parts = _Envelope(
        suite=suite,
        key_id=bytes.fromhex(key.id),
        wrap_nonce=secrets.token_bytes(_NONCE_BYTES),
        wrapped=b"",
        nonce=nonce,
        sealed=sealed,
    )
    wrapped = _encrypt(
        suite,
        _wrapping_key(suite, key),
        parts.wrap_nonce,
        data_key,
        _key_bound(parts, address),
    )
    return replace(parts, wrapped=wrapped)


def _data_key(parts: _Envelope, address: str, ring: KeyRing) -> bytes:
    bound = _key_bound(parts, address)
    wrapping = _wrapping_key(parts.suite, ring.find(parts.key_id.hex()))
    return _decrypt(parts.suite, wrapping, parts.wrap_nonce, parts.wrapped, bound)


def _wrapping_key(suite: _Suite, key: Key) -> bytes:
    """Derive the key that wraps data keys; no two algorithms share one."""
    return key.derive(f"wrap {suite.name}", suite.key_bytes)


def _contents_bound(suite: _Suite, address: str) -> bytes:
    where = bytes.fromhex(require_digest(address))
    return MAGIC + bytes((suite.number,)) + b"contents" + where


def _key_bound(parts: _Envelope, address: str) -> bytes:
    where = bytes.fromhex(require_digest(address))
    head = MAGIC + bytes((parts.suite.number,)) + b"data key"
    return head + parts.key_id + parts.nonce + where


def _parsed(envelope: bytes) -> _Envelope:
    """Take an envelope apart, from the front."""
    suite = _BY_NUMBER.get(envelope[len(MAGIC)]) if envelope[5:] else None
    if not envelope.startswith(MAGIC) or suite is None:
        raise _damaged()
    wrapped_bytes = suite.key_bytes + _TAG_BYTES
    pieces: list[bytes] = []
    at = len(MAGIC) + 1
    for length in (_KEY_ID_BYTES, _NONCE_BYTES, wrapped_bytes, _NONCE_BYTES):
        pieces.append(envelope[at : at + length])
        at += length
    if len(envelope) < at + _TAG_BYTES:
        raise _damaged()
    key_id, wrap_nonce, wrapped, nonce = pieces
    return _Envelope(suite, key_id, wrap_nonce, wrapped, nonce, envelope[at:])


def _encrypt(
    suite: _Suite, key: bytes, nonce: bytes, data: bytes, bound: bytes
) -> bytes:
    """Return ciphertext and tag."""
    work = Cipher(suite.cipher(key), modes.GCM(nonce)).encryptor()
    work.authenticate_additional_data(bound)
    return work.update(data) + work.finalize() + work.tag


def _decrypt(
    suite: _Suite, key: bytes, nonce: bytes, sealed: bytes, bound: bytes
) -> bytes:
    """Return the plaintext, only once its tag is proven."""
    mode = modes.GCM(nonce, sealed[-_TAG_BYTES:])
    work = Cipher(suite.cipher(key), mode).decryptor()
    work.authenticate_additional_data(bound)
    try:
        return work.update(sealed[:-_TAG_BYTES]) + work.finalize()
    except InvalidTag:
        raise _damaged() from None


def _damaged() -> VaultDamagedError:
    return VaultDamagedError(
        "加密存储里的这份内容已损坏或被改动，打不开。请从备份恢复这一份，并报告保密办查明原因。"
    )
