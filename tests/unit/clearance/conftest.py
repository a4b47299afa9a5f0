"""A clearance, a key, and a way to sign what `sign` would never sign."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from review.clearance.interface import Clearance
from review.clearance.keys import SigningKey, signing_key

Forge: TypeAlias = Callable[[dict[str, Any], bytes], str]

_ISSUED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return _ISSUED + timedelta(days=1)


@pytest.fixture
def key() -> SigningKey:
    return signing_key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture
def other_key() -> SigningKey:
    return signing_key(Ed25519PrivateKey.from_private_bytes(bytes(32)))


@pytest.fixture
def clearance() -> Clearance:
    return Clearance(
        id="2026-000123-r2-c1",
        case="2026-000123",
        round=2,
        contents="ab" * 32,
        attachments=("01" * 32, "02" * 32),
        hidden=("f0" * 32,),
        channels=("website", "wechat"),
        issued_at=_ISSUED,
        valid_from=_ISSUED,
        valid_until=_ISSUED + timedelta(days=180),
        ledger_index=41,
        ledger_digest="cd" * 32,
        issuer="云山职业学院保密办",
    )


@pytest.fixture
def forge(key: SigningKey) -> Forge:
    """Sign any header and payload with the genuine key, by hand (RFC 7515)."""

    def sign(header: dict[str, Any], payload: bytes) -> str:
        head = json.dumps(header, sort_keys=True, separators=(",", ":"))
        signed = f"{_base64(head.encode())}.{_base64(payload)}"
        return f"{signed}.{_base64(key.private.sign(signed.encode()))}"

    return sign


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
