"""The Ed25519 keys that sign clearances: one in use, retired ones for checking.

A key's name (`kid`) is its RFC 7638 thumbprint, so that a name can't be put
on another key. A retired key keeps only its public half: what it signed can
still be checked, and nobody can sign with it any more. A key that fell into
other hands must not stay: delete its PUBLIC KEY block from the file, and
everything it signed is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey, thumbprint

from review.errors import ClearanceInvalidError, ClearanceKeyError

Jwk: TypeAlias = dict[str, str]
Jwks: TypeAlias = dict[str, list[Jwk]]

_KIND = {"kty": "OKP", "crv": "Ed25519"}
_USE = {"use": "sig", "alg": "EdDSA"}


# The gate asks for them at every page that goes out, always for the same few keys.
@lru_cache(maxsize=64)
def _thumbprint(x: str) -> str:
    return thumbprint({**_KIND, "x": x})


@lru_cache(maxsize=64)
def _verifier(x: str) -> OKPKey:
    return OKPKey.import_key({**_KIND, "x": x})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures; `x` is its JWK coordinate (base64url)."""

    x: str

    @property
    def kid(self) -> str:
        """Return the key's name, its RFC 7638 thumbprint."""
        return _thumbprint(self.x)

    @property
    def jwk(self) -> Jwk:
        """Return what is published of the key."""
        return {**_KIND, **_USE, "kid": self.kid, "x": self.x}

    def verifier(self) -> OKPKey:
        """Return the key as the JOSE library takes it."""
        return _verifier(self.x)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs; never shown, and gone when it retires."""

    private: Ed25519PrivateKey = field(repr=False, compare=False)
    public: PublicKey

    def signer(self) -> OKPKey:
        """Return the key as the JOSE library takes it."""
        pem = self.private.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )
        return OKPKey.import_key(pem)


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The key in use, and those retired, the latest first."""

    current: SigningKey
    retired: tuple[PublicKey, ...] = ()

    @property
    def public(self) -> "KeySet":
        """Return what checks signatures: the current key and the retired ones."""
        return KeySet((self.current.public, *self.retired))


@dataclass(frozen=True, slots=True)
class KeySet:
    """The public keys whose signatures count."""

    keys: tuple[PublicKey, ...]

    def find(self, kid: str) -> PublicKey | None:
        """Return the key of that name, or nothing."""
        return next((key for key in self.keys if key.kid == kid), None)


def generate() -> SigningKey:
    """Make a new signing key."""
    return signing_key(Ed25519PrivateKey.generate())


def signing_key(private: Ed25519PrivateKey) -> SigningKey:
    """Return `private` with its public half."""
    return SigningKey(private, public_key(private.public_key()))


def public_key(public: Ed25519PublicKey) -> PublicKey:
    """Return the public key as this room keeps it."""
    jwk = OKPKey.import_key(
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    ).as_dict(private=False)
    return PublicKey(str(jwk["x"]))


def rotate(keys: SigningKeys, *, new: SigningKey) -> SigningKeys:
    """Put `new` in the place of the current key, which retires.

    Raises:
        ClearanceKeyError: `new` is, or has been, one of `keys`.
    """
    if keys.public.find(new.public.kid):
        raise ClearanceKeyError("新密钥与已有密钥相同，请重新生成后再轮换。")
    return SigningKeys(new, (keys.current.public, *keys.retired))


def jwks(keys: SigningKeys) -> Jwks:
    """Return the public keys as a JSON Web Key Set, the current one first."""
    return {"keys": [key.jwk for key in keys.public.keys]}


def key_set(published: Mapping[str, object]) -> KeySet:
    """Return the keys of a JSON Web Key Set that sign clearances.

    Keys of another kind are passed over, as RFC 7517 section 5 asks: they
    never sign a clearance.

    Raises:
        ClearanceInvalidError: It is no key set, has no key for clearances, or
            one of them is damaged, comes twice or bears a wrong name.
    """
    listed = published.get("keys")
    if not isinstance(listed, list):
        raise ClearanceInvalidError(
            "公钥集（JWKS）不合格式，请从保密审查系统重新下载。"
        )
    found = tuple(_public(one) for one in listed if _signs_clearances(one))
    if not found:
        raise ClearanceInvalidError(
            "公钥集（JWKS）中没有公开许可的公钥，请从保密审查系统重新下载。"
        )
    if len(set(found)) != len(found):
        raise _damaged()
    return KeySet(found)


def _signs_clearances(jwk: object) -> bool:
    return isinstance(jwk, Mapping) and _KIND.items() <= jwk.items()


def _public(jwk: Mapping[str, object]) -> PublicKey:
    x = jwk.get("x")
    try:
        key = PublicKey(x if isinstance(x, str) else "")
        key.verifier()
    except (JoseError, ValueError):
        raise _damaged() from None
    # A private half, another use, or the name of another key: a set that
    # says such things was not made by us, and nothing in it is trusted.
    if not jwk.items() <= key.jwk.items():
        raise _damaged()
    return key


def _damaged() -> ClearanceInvalidError:
    return ClearanceInvalidError(
        "公钥集（JWKS）中有公钥损坏或名称不符，请从保密审查系统重新下载。"
    )
