"""Sign a JSON object and open it again: compact JWS, one spelling per object.

Standard readers take these tokens (RFC 7515, alg EdDSA, an Ed25519 key named
by its thumbprint). This reader is stricter than they are: a token is either
character for character what `seal` writes, or refused. Nothing of a token is
believed, its own choice of algorithm least of all, before the signature
is checked; there is one algorithm, and no header but alg, kid and typ.
"""

import base64
import json
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jws import JWSRegistry

from review.clearance.keys import KeySet, PublicKey, SigningKey
from review.errors import ClearanceInvalidError, UsageError

ALGORITHM = "EdDSA"
LONGEST_TOKEN = 512 * 1024
LONGEST_LIST = 8 * 1024 * 1024
_LONGEST_HEADER = 512
_LONGEST_SIGNATURE = 86  # 64 bytes
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class _OneAlgorithm(JWSRegistry):
    """The JOSE library, reduced to EdDSA."""

    max_header_length = _LONGEST_HEADER
    max_payload_length = LONGEST_LIST
    max_signature_length = _LONGEST_SIGNATURE

    # The library does not export the type of what it returns here.
    def get_alg(  # type: ignore[explicit-override]  # - `override` needs 3.12
        self, name: str
    ) -> Any:
        """Return EdDSA, without the warning that RFC 9864 renames it Ed25519.

        The readers in the field know `EdDSA`, and what the RFC minds, that
        the name leaves the curve open, can't arise: every key is Ed25519.
        """
        if name != ALGORITHM:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[ALGORITHM]


def seal(fields: dict[str, Any], *, typ: str, key: SigningKey, longest: int) -> str:
    """Return `fields` as a signed token of the kind `typ`.

    Raises:
        UsageError: The token would be longer than `longest`, and so refused.
    """
    token = jws.serialize_compact(
        _header(typ, key.public),
        _canonical(fields),
        key.signer(),
        registry=_OneAlgorithm(algorithms=[ALGORITHM]),
    )
    if len(token) > longest:
        raise UsageError("附件或条目过多，签名文件超过上限。请拆分为几件后分别审查。")
    return token


def unseal(token: str, *, typ: str, keys: KeySet, longest: int) -> dict[str, Any]:
    """Return the fields of a token of the kind `typ` signed by one of `keys`.

    Raises:
        ClearanceInvalidError: It is not such a token, or not exactly as
            `seal` wrote it.
    """
    segments = _segments(token, longest)
    key = _named_key(segments[0], typ, keys)
    # only now is it known whose signature to look for, and what it covers
    return _object(_verified_payload(token, key))


def _segments(token: str, longest: int) -> list[str]:
    if not 0 < len(token) <= longest:
        raise ClearanceInvalidError("签名文件为空或过长，不能采信。请重新获取。")
    segments = token.split(".")
    whole = all(segments) and all(map(_LETTERS.issuperset, segments))
    if len(segments) != 3 or not whole:  # noqa: PLR2004 - header, payload, signature
        raise ClearanceInvalidError("这不是完整的签名文件（JWS），请重新获取。")
    if len(segments[0]) > _LONGEST_HEADER or any(map(_spare_bits, segments)):
        raise _altered()
    return segments


def _spare_bits(segment: str) -> bool:
    """Tell whether a segment says more than its bytes do.

    Base64 leaves two or four bits of the last letter unused; a reader that
    overlooks them takes several spellings for one signature.
    """
    try:
        return _encoded(_decoded(segment)) != segment
    except ValueError:
        return True


def _named_key(segment: str, typ: str, keys: KeySet) -> PublicKey:
    """Return the key that a header names, if the header is one `seal` writes."""
    try:
        header = json.loads(_decoded(segment))
    except (ValueError, RecursionError):
        raise _altered() from None
    kid = header.get("kid") if isinstance(header, dict) else None
    if not isinstance(kid, str):
        raise _altered()
    key = keys.find(kid)
    if key is None:
        raise ClearanceInvalidError(
            "签名所用的密钥不在公钥集中：可能不是本单位签发，"
            "或公钥集已过时。请重新下载公钥集后再核对。"
        )
    # Compared as text: a second `alg`, `crit`, `b64`, `jku`, `jwk`, `x5u` or
    # whatever else a header may ask of a reader makes it another text.
    if segment != _encoded(_canonical(_header(typ, key))):
        raise ClearanceInvalidError("签名文件的类型或算法不符，不能采信。")
    return key


def _verified_payload(token: str, key: PublicKey) -> bytes:
    try:
        opened = jws.deserialize_compact(
            token, key.verifier(), registry=_OneAlgorithm(algorithms=[ALGORITHM])
        )
    except (JoseError, ValueError):
        raise _altered() from None
    return opened.payload


def _object(payload: bytes) -> dict[str, Any]:
    try:
        opened: object = json.loads(payload)
        # Written again, it is the same text: no field stands twice, no space
        # between them, and no character or number in a second spelling.
        same = _canonical(opened) == payload
    except (ValueError, RecursionError):
        raise _altered() from None
    if not same or not isinstance(opened, dict):
        raise _altered()
    return opened


def _header(typ: str, key: PublicKey) -> dict[str, Any]:
    return {"alg": ALGORITHM, "kid": key.kid, "typ": typ}


def _canonical(value: object) -> bytes:
    text = json.dumps(
        value,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    )
    return text.encode("utf-8", "surrogatepass")


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(segment: str) -> bytes:
    padded = segment + "=" * (-len(segment) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)


def _altered() -> ClearanceInvalidError:
    return ClearanceInvalidError(
        "签名核对不通过：签名文件被改动、残缺或不是本单位签发。请重新获取，不得据此公开。"
    )
