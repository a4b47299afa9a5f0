"""Laws of clearances: what is signed is read back, and nothing else is read.

`tests/unit/clearance` flips every bit of one token; here the tokens vary.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from review.clearance import key_file, offline, revocations, token
from review.clearance.interface import (
    CHANNELS,
    REVOCATION_CAUSES,
    Clearance,
    Revocation,
    Revocations,
)
from review.clearance.keys import KeySet, SigningKeys, jwks, key_set, signing_key
from review.errors import (
    ClearanceExpiredError,
    ClearanceInvalidError,
    ClearanceNotYetValidError,
    ClearanceRevokedError,
)

# a token takes a millisecond to draw and sign: fewer of them, in either profile
_few = settings(max_examples=settings().max_examples // 4)

_KEY = signing_key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
_KEYS = KeySet((_KEY.public,))
_YEAR_2000 = 946684800
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

_digests = st.sampled_from(
    [hashlib.sha256(bytes([number])).hexdigest() for number in range(20)]
)
_names = st.text("0Aa-_.", min_size=1, max_size=4)
# one letter of each kind that JSON or UTF-8 might spell in two ways
_titles = st.text('云a0"\\/&<\u00e9\U00020bb7', min_size=1, max_size=5)
_seconds = st.integers(_YEAR_2000, _YEAR_2000 * 4)
_privates = st.binary(min_size=32, max_size=32).map(
    Ed25519PrivateKey.from_private_bytes
)


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@st.composite
def _clearances(draw: st.DrawFn) -> Clearance:
    issued = draw(_seconds)
    start = issued + draw(st.integers(0, 10**6))
    return Clearance(
        id=draw(_names),
        case=draw(_names),
        round=draw(st.integers(1, 2**53 - 1)),
        contents=draw(_digests),
        attachments=tuple(sorted(draw(st.lists(_digests, max_size=3)))),
        hidden=tuple(draw(st.lists(_digests, max_size=3, unique=True))),
        channels=tuple(
            draw(st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True))
        ),
        issued_at=_at(issued),
        valid_from=_at(start),
        valid_until=_at(start + draw(st.integers(1, 10**8))),
        ledger_index=draw(st.integers(0, 2**53 - 1)),
        ledger_digest=draw(_digests),
        issuer=draw(_titles),
    )


@st.composite
def _lists(draw: st.DrawFn, issuer: str) -> Revocations:
    issued = draw(_seconds)
    ids = sorted(draw(st.sets(_names, max_size=5)))
    return Revocations(
        issuer=issuer,
        issued_at=_at(issued),
        next_update=_at(issued + draw(st.integers(1, 10**7))),
        entries=tuple(
            Revocation(
                id=one,
                revoked_at=_at(issued - draw(st.integers(0, 10**6))),
                reason=draw(st.sampled_from(REVOCATION_CAUSES)),
            )
            for one in ids
        ),
    )


@_few
@given(_clearances(), _privates)
def test_what_is_signed_is_read_back(
    clearance: Clearance, private: Ed25519PrivateKey
) -> None:
    key = signing_key(private)
    signed = token.sign(clearance, key)

    read = token.verify(signed, KeySet((key.public,)), now=clearance.valid_from)

    assert read == clearance
    assert token.sign(read, key) == signed


@_few
@given(_clearances(), st.data())
def test_no_bit_may_change(clearance: Clearance, data: st.DataObject) -> None:
    altered = bytearray(token.sign(clearance, _KEY).encode())
    bit = data.draw(st.integers(0, len(altered) * 8 - 1))
    altered[bit // 8] ^= 1 << bit % 8

    with pytest.raises(ClearanceInvalidError):
        token.verify(altered.decode("latin-1"), _KEYS, now=clearance.valid_from)


@_few
@given(_clearances(), st.data())
def test_no_letter_may_be_added_lost_or_swapped(
    clearance: Clearance, data: st.DataObject
) -> None:
    signed = token.sign(clearance, _KEY)
    start = data.draw(st.integers(0, len(signed)))
    end = data.draw(st.integers(start, min(len(signed), start + 3)))
    put = data.draw(st.text(_LETTERS + ".= \n\u3002", max_size=3))
    altered = signed[:start] + put + signed[end:]

    if altered != signed:
        with pytest.raises(ClearanceInvalidError):
            token.verify(altered, _KEYS, now=clearance.valid_from)


@_few
@given(_clearances(), _clearances(), st.sampled_from(list(product((0, 1), repeat=3))))
def test_parts_of_two_tokens_do_not_mix(
    left: Clearance, right: Clearance, choice: tuple[int, int, int]
) -> None:
    both = [token.sign(one, _KEY).split(".") for one in (left, right)]
    mixed = ".".join(both[side][part] for part, side in enumerate(choice))

    for clearance in (left, right):
        if mixed == token.sign(clearance, _KEY):
            assert token.verify(mixed, _KEYS, now=clearance.valid_from) == clearance
            return
    with pytest.raises(ClearanceInvalidError):
        token.verify(mixed, _KEYS, now=left.valid_from)


@given(st.text(max_size=200) | st.text(_LETTERS + ".", max_size=200))
def test_no_text_is_a_token_by_chance(text: str) -> None:
    with pytest.raises(ClearanceInvalidError):
        token.verify(text, _KEYS, now=_at(_YEAR_2000))


@_few
@given(_clearances(), _privates)
def test_no_other_key_signs(clearance: Clearance, private: Ed25519PrivateKey) -> None:
    other = signing_key(private)
    if other.public != _KEY.public:
        with pytest.raises(ClearanceInvalidError):
            token.verify(token.sign(clearance, other), _KEYS, now=clearance.valid_from)


@_few
@given(_clearances(), st.integers(-400, 400), st.integers(0, 300), st.data())
def test_valid_means_from_until_give_or_take_the_leeway(
    clearance: Clearance, offset: int, leeway: int, data: st.DataObject
) -> None:
    border = data.draw(st.sampled_from([clearance.valid_from, clearance.valid_until]))
    now = border + timedelta(seconds=offset)
    slack = timedelta(seconds=leeway)
    signed = token.sign(clearance, _KEY)

    if now < clearance.valid_from - slack:
        with pytest.raises(ClearanceNotYetValidError):
            token.verify(signed, _KEYS, now=now, leeway=leeway)
    elif now >= clearance.valid_until + slack:
        with pytest.raises(ClearanceExpiredError):
            token.verify(signed, _KEYS, now=now, leeway=leeway)
    else:
        assert token.verify(signed, _KEYS, now=now, leeway=leeway) == clearance


@_few
@given(st.data(), _clearances())
def test_revoked_means_listed(data: st.DataObject, clearance: Clearance) -> None:
    listed = data.draw(_lists(clearance.issuer))
    signed = revocations.sign(listed, _KEY)

    read = revocations.verify(signed, _KEYS, now=listed.issued_at)

    assert read == listed
    for entry in listed.entries:
        with pytest.raises(ClearanceRevokedError):
            revocations.forbid_revoked(replace(clearance, id=entry.id), read)
    if clearance.id not in {entry.id for entry in listed.entries}:
        revocations.forbid_revoked(clearance, read)


@_few
@given(_clearances(), st.data())
def test_no_bit_of_a_list_may_change(clearance: Clearance, data: st.DataObject) -> None:
    listed = data.draw(_lists(clearance.issuer))
    altered = bytearray(revocations.sign(listed, _KEY).encode())
    bit = data.draw(st.integers(0, len(altered) * 8 - 1))
    altered[bit // 8] ^= 1 << bit % 8

    with pytest.raises(ClearanceInvalidError):
        revocations.verify(altered.decode("latin-1"), _KEYS, now=listed.issued_at)


@_few
@given(st.lists(_privates, min_size=1, max_size=4, unique_by=lambda one: one.sign(b"")))
def test_keys_come_back_from_file_and_from_publication(
    privates: list[Ed25519PrivateKey],
) -> None:
    current, *retired = map(signing_key, privates)
    keys = SigningKeys(current, tuple(one.public for one in retired))

    assert key_file.from_pem(key_file.to_pem(keys)) == keys
    assert key_set(jwks(keys)) == keys.public


def _good(clearance: Clearance) -> dict[str, Any]:
    now = clearance.valid_from
    day = timedelta(days=1)
    listed = Revocations(issuer=clearance.issuer, issued_at=now, next_update=now + day)
    return {
        "token": token.sign(clearance, _KEY),
        "jwks": jwks(SigningKeys(_KEY)),
        "now": now,
        "revocations": revocations.sign(listed, _KEY),
        "contents": clearance.contents,
        "channel": clearance.channels[0],
        "hidden": clearance.hidden,
        "attachments": clearance.attachments,
    }


def _bad(clearance: Clearance, other: str) -> dict[str, list[Any]]:
    """Return, of each thing that a yes needs, values that must give a no."""
    listed = Revocations(
        issuer=clearance.issuer,
        issued_at=clearance.valid_from,
        next_update=clearance.valid_from + timedelta(days=1),
        entries=(
            Revocation(
                id=clearance.id, revoked_at=clearance.valid_from, reason="error"
            ),
        ),
    )
    return {
        "token": ["", token.sign(clearance, signing_key(_STRANGER))],
        "jwks": [{}, jwks(SigningKeys(signing_key(_STRANGER)))],
        "now": [clearance.valid_until, clearance.issued_at - timedelta(seconds=1)],
        "revocations": [None, "", revocations.sign(listed, _KEY)],
        "contents": [None, other],
        "channel": [None, "intranet", *(set(CHANNELS) - set(clearance.channels))],
        "hidden": [None, (*clearance.hidden, other)],
        "attachments": [(*clearance.attachments, other)],
    }


_STRANGER = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
_NEVER_REVIEWED = hashlib.sha256(b"never reviewed").hexdigest()


@_few
@given(_clearances(), st.data())
def test_a_yes_needs_everything(clearance: Clearance, data: st.DataObject) -> None:
    good = _good(clearance)
    bad = _bad(clearance, _NEVER_REVIEWED)
    amiss = data.draw(st.sets(st.sampled_from(sorted(bad))))
    asked = {
        **good,
        **{name: data.draw(st.sampled_from(bad[name])) for name in sorted(amiss)},
    }

    verdict = offline.check(**asked)

    assert verdict.allowed == (not amiss)
    assert (verdict.code is None) == verdict.allowed
    assert verdict.message_zh
