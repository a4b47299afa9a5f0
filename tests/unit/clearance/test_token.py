"""A token is exactly what was signed, or refused."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeAlias

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.errors import UnsupportedAlgorithmError

from review.clearance import envelope
from review.clearance.interface import Clearance
from review.clearance.keys import KeySet, SigningKey
from review.clearance.token import TYPE, sign, verify
from review.errors import (
    ClearanceExpiredError,
    ClearanceInvalidError,
    ClearanceNotYetValidError,
    UsageError,
)

Forge: TypeAlias = Callable[[dict[str, Any], bytes], str]
# the order of Ed25519's group: S + L is the other half of a malleable signature
_ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture
def keys(key: SigningKey) -> KeySet:
    return KeySet((key.public,))


@pytest.fixture
def token(clearance: Clearance, key: SigningKey) -> str:
    return sign(clearance, key)


def _decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _json(value: object) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _header(key: SigningKey) -> dict[str, Any]:
    return {"alg": "EdDSA", "kid": key.public.kid, "typ": TYPE}


def _payload(token: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(_decoded(token.split(".")[1]))
    return fields


def test_what_is_signed_is_read_back(
    token: str, clearance: Clearance, keys: KeySet, now: datetime
) -> None:
    assert verify(token, keys, now=now) == clearance


def test_any_reader_of_jws_finds_a_plain_token(
    token: str, clearance: Clearance, key: SigningKey
) -> None:
    head, payload, signature = token.split(".")

    public = Ed25519PublicKey.from_public_bytes(_decoded(key.public.x))
    public.verify(_decoded(signature), f"{head}.{payload}".encode())

    assert json.loads(_decoded(head)) == _header(key)
    assert _payload(token) == {
        "jti": "2026-000123-r2-c1",
        "case": "2026-000123",
        "round": 2,
        "contents": "ab" * 32,
        "attachments": ["01" * 32, "02" * 32],
        "hidden": ["f0" * 32],
        "channels": ["website", "wechat"],
        "iat": int(clearance.issued_at.timestamp()),
        "nbf": int(clearance.valid_from.timestamp()),
        "exp": int(clearance.valid_until.timestamp()),
        "ledger_index": 41,
        "ledger_digest": "cd" * 32,
        "iss": "云山职业学院保密办",
    }


def test_the_forge_of_these_tests_makes_what_sign_makes(
    token: str, key: SigningKey, forge: Forge
) -> None:
    assert forge(_header(key), _json(_payload(token))) == token


def test_every_single_bit_counts(token: str, keys: KeySet, now: datetime) -> None:
    original = token.encode()
    for at in range(len(original)):
        for bit in range(8):
            flipped = bytearray(original)
            flipped[at] ^= 1 << bit
            with pytest.raises(ClearanceInvalidError):
                verify(flipped.decode("latin-1"), keys, now=now)


@pytest.mark.parametrize("segment", [0, 1, 2])
def test_a_segment_has_one_spelling(
    segment: int, token: str, keys: KeySet, now: datetime
) -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    segments = token.split(".")
    for letter in letters:
        if letter != segments[segment][-1]:
            altered = list(segments)
            altered[segment] = altered[segment][:-1] + letter
            with pytest.raises(ClearanceInvalidError):
                verify(".".join(altered), keys, now=now)


@pytest.mark.parametrize("segment", ["QR", "QUJ", "A", "QQ==", "Q Q", "QQ\n", "Q+/="])
def test_spare_bits_and_other_alphabets_are_seen(segment: str) -> None:
    assert envelope._spare_bits(segment)


@pytest.mark.parametrize("segment", ["QQ", "QUI", "QUJD", "-_-_"])
def test_an_exact_spelling_has_no_spare_bits(segment: str) -> None:
    assert not envelope._spare_bits(segment)


@pytest.mark.parametrize(
    "wrap",
    [
        "",
        ".",
        "..",
        "{0} ",
        " {0}",
        "{0}\n",
        "{0}=",
        "{0}.",
        ".{0}",
        "{0}.{0}",
        "Bearer {0}",
        "\ufeff{0}",
        "\ud800",
        '{{"payload": "{0}"}}',
    ],
)
def test_anything_around_a_token_is_refused(
    wrap: str, token: str, keys: KeySet, now: datetime
) -> None:
    with pytest.raises(ClearanceInvalidError):
        verify(wrap.format(token), keys, now=now)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_detached_part_is_refused(
    missing: int, token: str, keys: KeySet, now: datetime
) -> None:
    segments = token.split(".")
    segments[missing] = ""

    with pytest.raises(ClearanceInvalidError):
        verify(".".join(segments), keys, now=now)


def test_a_signature_plus_the_order_is_refused(
    token: str, keys: KeySet, now: datetime
) -> None:
    head, payload, signature = token.split(".")
    raw = _decoded(signature)
    scalar = int.from_bytes(raw[32:], "little") + _ORDER

    twin = _encoded(raw[:32] + scalar.to_bytes(32, "little"))

    with pytest.raises(ClearanceInvalidError):
        verify(f"{head}.{payload}.{twin}", keys, now=now)


def test_an_unsigned_token_is_refused(token: str, keys: KeySet, now: datetime) -> None:
    head = _encoded(_json({"alg": "none", "typ": TYPE}))
    payload = token.split(".")[1]

    for unsigned in (f"{head}.{payload}.", f"{head}.{payload}.AA"):
        with pytest.raises(ClearanceInvalidError):
            verify(unsigned, keys, now=now)


@pytest.mark.parametrize("algorithm", ["HS256", "HS512", "EdDSA"])
def test_the_public_key_is_no_shared_secret(
    algorithm: str, token: str, key: SigningKey, now: datetime
) -> None:
    head = _encoded(_json({**_header(key), "alg": algorithm}))
    signed = f"{head}.{token.split('.')[1]}"
    for secret in (_decoded(key.public.x), key.public.x.encode()):
        mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
        with pytest.raises(ClearanceInvalidError):
            verify(f"{signed}.{_encoded(mac)}", KeySet((key.public,)), now=now)


@pytest.mark.parametrize(
    "change",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "Ed25519"},
        {"alg": "eddsa"},
        {"alg": ["EdDSA"]},
        {"alg": None},
        {"typ": "JWT"},
        {"typ": "xianshen-revocations+jwt"},
        {"typ": "application/xianshen-clearance+jwt"},
        {"typ": "XIANSHEN-CLEARANCE+JWT"},
        {"typ": None},
        {"kid": None},
        {"kid": 1},
        {"kid": ["x"]},
        {"kid": ""},
        {"kid": "another"},
        {"b64": False, "crit": ["b64"]},
        {"b64": True},
        {"b64": True, "crit": ["b64"]},
        {"crit": []},
        {"crit": ["exp"]},
        {"jku": "https://keys.example/jwks.json"},
        {"x5u": "https://keys.example/chain.pem"},
        {"x5c": ["MA=="]},
        {"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}},
        {"cty": "JWT"},
        {"zip": "DEF"},
        {"iss": "云山职业学院保密办"},
    ],
)
def test_no_other_header_is_followed(  # noqa: PLR0913, PLR0917 - fixtures
    change: dict[str, Any],
    token: str,
    key: SigningKey,
    keys: KeySet,
    forge: Forge,
    now: datetime,
) -> None:
    header = {
        name: value
        for name, value in {**_header(key), **change}.items()
        if value is not None
    }

    forged = forge(header, _json(_payload(token)))

    with pytest.raises(ClearanceInvalidError):
        verify(forged, keys, now=now)


@pytest.mark.parametrize(
    "head",
    [
        '{"typ":"T","kid":"K","alg":"EdDSA"}',
        '{"alg":"EdDSA","kid":"K","typ":"T"} ',
        '{"alg": "EdDSA","kid":"K","typ":"T"}',
        '{"alg":"none","alg":"EdDSA","kid":"K","typ":"T"}',
        '{"alg":"\\u0045dDSA","kid":"K","typ":"T"}',
        '["alg"]',
        "null",
        "EdDSA",
        "[" * 300,
        '{"alg":"EdDSA","kid":"K","typ":"T"' + " " * 400 + "}",
    ],
)
def test_a_header_has_one_spelling(
    head: str, token: str, key: SigningKey, keys: KeySet, now: datetime
) -> None:
    text = head.replace('"K"', f'"{key.public.kid}"').replace('"T"', f'"{TYPE}"')
    signed = f"{_encoded(text.encode())}.{token.split('.')[1]}"
    forged = f"{signed}.{_encoded(key.private.sign(signed.encode()))}"

    with pytest.raises(ClearanceInvalidError):
        verify(forged, keys, now=now)


def test_another_key_does_not_count(
    clearance: Clearance, other_key: SigningKey, keys: KeySet, now: datetime
) -> None:
    with pytest.raises(ClearanceInvalidError, match="公钥集"):
        verify(sign(clearance, other_key), keys, now=now)


def test_another_key_under_a_known_name_does_not_count(
    token: str, key: SigningKey, other_key: SigningKey, now: datetime
) -> None:
    head, payload, _ = token.split(".")
    signature = other_key.private.sign(f"{head}.{payload}".encode())

    for known in ((key.public,), (other_key.public, key.public)):
        with pytest.raises(ClearanceInvalidError, match="签名核对不通过"):
            verify(f"{head}.{payload}.{_encoded(signature)}", KeySet(known), now=now)


@pytest.mark.parametrize(
    "change",
    [
        {"jti": None},
        {"round": None},
        {"hidden": None},
        {"iss": None},
        {"exp": None},
        {"nbf": None},
        {"extra": 1},
        {"aud": "website"},
        {"sub": "x"},
        {"jti": ""},
        {"jti": 7},
        {"jti": "二号"},
        {"jti": "a b"},
        {"jti": "x" * 65},
        {"case": ["2026-000123"]},
        {"round": 0},
        {"round": -1},
        {"round": True},
        {"round": 2.0},
        {"round": "2"},
        {"round": 2**53},
        {"contents": "AB" * 32},
        {"contents": "ab" * 31},
        {"contents": "gg" * 32},
        {"contents": 5},
        {"attachments": "01" * 32},
        {"attachments": {}},
        {"attachments": [1]},
        {"attachments": ["02" * 32, "01" * 32]},
        {"hidden": ["f0" * 32, "f0" * 32]},
        {"hidden": [["f0" * 32]]},
        {"channels": []},
        {"channels": ["website", "website"]},
        {"channels": ["website", "intranet"]},
        {"channels": [{"website": True}]},
        {"channels": "website"},
        {"iat": 1.5},
        {"iat": -1},
        {"iat": 10**12},
        {"iat": True},
        {"nbf": "1772415000"},
        {"exp": 253402300800},
        {"exp": 1772415000},  # no later than the first moment
        {"nbf": 1772414999},  # before it was issued
        {"ledger_index": -1},
        {"ledger_digest": ""},
        {"iss": ""},
        {"iss": " 云山"},
        {"iss": "云\n山"},
        {"iss": "云" * 201},
        {"iss": 1},
    ],
)
def test_a_field_has_one_form(  # noqa: PLR0913, PLR0917 - fixtures
    change: dict[str, Any],
    token: str,
    key: SigningKey,
    keys: KeySet,
    forge: Forge,
    now: datetime,
) -> None:
    fields = {
        name: value
        for name, value in {**_payload(token), **change}.items()
        if value is not None
    }

    forged = forge(_header(key), _json(fields))

    with pytest.raises(ClearanceInvalidError):
        verify(forged, keys, now=now)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"round":2', b'"round":2,"round":2'),  # twice the same
        (b'"round":2', b'"round":1,"round":2'),  # twice, and different
        (b'"round":2', b'"round":2.0'),
        (b'"round":2', b'"round":2e0'),
        (b'"round":2', b'"round":02'),
        (b'"round":2', b'"round":NaN'),
        (b'"round":2', b'"round":' + b"9" * 5000),
        (b'"round":2', b'"round": 2'),
        (b'"round":2', b'"\\u0072ound":2'),
        (b'"iss":"', b'"iss":"\\ud800'),
        (b'"iss":"', b'"iss":"\xed\xa0\x80'),
        (b'"iss":"', b'"iss":"\xff'),
        (b"{", b"\xef\xbb\xbf{"),
        (b"{", b"[{"),
        (b"{", b"[" * 100_000 + b"{"),
        (b"{", b" {"),
    ],
)
def test_a_payload_has_one_spelling(  # noqa: PLR0913, PLR0917 - fixtures
    old: bytes,
    new: bytes,
    token: str,
    key: SigningKey,
    forge: Forge,
    now: datetime,
) -> None:
    payload = _json(_payload(token)).replace(old, new, 1)

    forged = forge(_header(key), payload)

    with pytest.raises(ClearanceInvalidError):
        verify(forged, KeySet((key.public,)), now=now)


@pytest.mark.parametrize("payload", [b"null", b"[]", b"1", b'"x"', b"{}"])
def test_a_payload_is_an_object_with_fields(
    payload: bytes, key: SigningKey, forge: Forge, now: datetime
) -> None:
    with pytest.raises(ClearanceInvalidError):
        verify(forge(_header(key), payload), KeySet((key.public,)), now=now)


def test_a_long_token_is_refused_unread(keys: KeySet, now: datetime) -> None:
    with pytest.raises(ClearanceInvalidError, match="过长"):
        verify("A" * (envelope.LONGEST_TOKEN + 1), keys, now=now)


def test_what_would_be_too_long_to_read_is_not_signed(
    clearance: Clearance, key: SigningKey
) -> None:
    many = tuple(
        sorted(hashlib.sha256(str(n).encode()).hexdigest() for n in range(6000))
    )

    with pytest.raises(UsageError, match="上限"):
        sign(replace(clearance, hidden=many), key)


def test_thousands_of_digests_still_fit(
    clearance: Clearance, key: SigningKey, keys: KeySet, now: datetime
) -> None:
    many = tuple(
        sorted(hashlib.sha256(str(n).encode()).hexdigest() for n in range(5000))
    )
    long = replace(clearance, attachments=many)

    assert verify(sign(long, key), keys, now=now) == long


@pytest.mark.parametrize(
    "change",
    [
        {"id": "二〇二六"},
        {"round": 0},
        {"round": True},
        {"contents": "AB" * 32},
        {"attachments": ("02" * 32, "01" * 32)},
        {"hidden": ("f0" * 32, "f0" * 32)},
        {"channels": ()},
        {"channels": ("intranet",)},
        {"ledger_index": -1},
        {"issuer": "\ud800"},
        {"issued_at": datetime(2026, 3, 2, 1, 30, 0, 1000, tzinfo=UTC)},
        {"valid_until": datetime(2026, 9, 2, 1, 30)},  # noqa: DTZ001 - a naive time
        {"valid_until": datetime(2026, 3, 2, 1, 30, tzinfo=UTC)},
        {"valid_from": datetime(2026, 3, 2, 1, 29, tzinfo=UTC)},
        {"issued_at": datetime(1960, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_verify_would_refuse_is_not_signed(
    change: dict[str, Any], clearance: Clearance, key: SigningKey
) -> None:
    with pytest.raises(UsageError, match="不能签发"):
        sign(replace(clearance, **change), key)


def test_why_it_is_not_signed_or_not_believed_is_said(
    clearance: Clearance, key: SigningKey, keys: KeySet, forge: Forge, now: datetime
) -> None:
    fraction = clearance.issued_at.replace(microsecond=1000)
    with pytest.raises(UsageError) as unsigned:
        sign(replace(clearance, issued_at=fraction), key)
    said = "公开许可的时间须带时区且精确到秒，不能签发。"
    assert unsigned.value.message == said
    fields = _payload(sign(clearance, key))
    for change, says in (
        ({"nbf": 1}, "公开许可的签发、生效、到期时间先后不合，不能采信。"),
        ({"channels": []}, "公开许可的公开渠道不合格式，不能采信。"),
    ):
        with pytest.raises(ClearanceInvalidError) as caught:
            verify(forge(_header(key), _json({**fields, **change})), keys, now=now)
        assert caught.value.message == says


def test_one_file_may_be_attached_under_two_names(
    clearance: Clearance, key: SigningKey, keys: KeySet, now: datetime
) -> None:
    twice = replace(clearance, attachments=("01" * 32, "01" * 32))

    assert verify(sign(twice, key), keys, now=now) == twice


def test_a_time_zone_makes_no_difference(
    clearance: Clearance, key: SigningKey, token: str
) -> None:
    china = timezone(timedelta(hours=8))
    there = replace(clearance, issued_at=clearance.issued_at.astimezone(china))

    assert sign(there, key) == token


def test_validity_is_half_open(token: str, clearance: Clearance, keys: KeySet) -> None:
    moment = timedelta(microseconds=1)
    first, last = clearance.valid_from, clearance.valid_until

    assert verify(token, keys, now=first) == clearance
    assert verify(token, keys, now=last - moment) == clearance
    with pytest.raises(ClearanceNotYetValidError, match="2026年3月2日09:30"):
        verify(token, keys, now=first - moment)
    with pytest.raises(ClearanceExpiredError) as caught:
        verify(token, keys, now=last)
    assert caught.value.message == (
        "公开许可已于2026年8月29日09:30到期，须重新审查后再公开。"
    )


def test_leeway_widens_both_ends(
    token: str, clearance: Clearance, keys: KeySet
) -> None:
    second = timedelta(seconds=1)
    early = clearance.valid_from - 60 * second
    late = clearance.valid_until + 60 * second

    assert verify(token, keys, now=early, leeway=60) == clearance
    assert verify(token, keys, now=late - second, leeway=60) == clearance
    with pytest.raises(ClearanceNotYetValidError):
        verify(token, keys, now=early - second, leeway=60)
    with pytest.raises(ClearanceExpiredError):
        verify(token, keys, now=late, leeway=60)


@pytest.mark.parametrize("leeway", [-1, 301])
def test_leeway_has_bounds(
    leeway: int, token: str, keys: KeySet, now: datetime
) -> None:
    for within in (0, 300):
        assert verify(token, keys, now=now, leeway=within)
    with pytest.raises(UsageError) as caught:
        verify(token, keys, now=now, leeway=leeway)
    said = "核对时间须带时区，允许误差须在 0 至 300 秒之间。"
    assert caught.value.message == said


def test_now_says_its_zone(token: str, keys: KeySet, now: datetime) -> None:
    with pytest.raises(UsageError):
        verify(token, keys, now=now.replace(tzinfo=None))


def test_a_forged_token_is_invalid_and_not_merely_expired(
    token: str, clearance: Clearance, keys: KeySet
) -> None:
    forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBA")

    with pytest.raises(ClearanceInvalidError):
        verify(forged, keys, now=clearance.valid_until)


def test_the_algorithm_is_not_negotiable() -> None:
    registry = envelope._OneAlgorithm(algorithms=["EdDSA", "none"])

    assert registry.get_alg("EdDSA").name == "EdDSA"
    for name in ("none", "HS256", "Ed25519", "ES256"):
        with pytest.raises(UnsupportedAlgorithmError):
            registry.get_alg(name)
