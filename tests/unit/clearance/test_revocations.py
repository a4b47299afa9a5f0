"""A revocation list is whole, in force and its issuer's own, or no evidence."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest

from review.case import words
from review.clearance import token as tokens
from review.clearance.interface import (
    REVOCATION_CAUSES,
    Clearance,
    Revocation,
    Revocations,
)
from review.clearance.keys import KeySet, SigningKey
from review.clearance.revocations import TYPE, forbid_revoked, sign, verify
from review.errors import (
    ClearanceInvalidError,
    ClearanceRevokedError,
    StaleRevocationsError,
    UsageError,
)

Forge: TypeAlias = Callable[[dict[str, Any], bytes], str]


@pytest.fixture
def keys(key: SigningKey) -> KeySet:
    return KeySet((key.public,))


@pytest.fixture
def revocations(now: datetime, clearance: Clearance) -> Revocations:
    hour = timedelta(hours=1)
    return Revocations(
        issuer=clearance.issuer,
        issued_at=now - hour,
        next_update=now + 23 * hour,
        entries=tuple(
            Revocation(id=name, revoked_at=now - 2 * hour, reason=reason)
            for name, reason in zip(
                ["a-1", "b-2", "c-3", "d-4", "e-5", "f-6"],
                REVOCATION_CAUSES,
                strict=True,
            )
        ),
    )


def test_what_is_signed_is_read_back(
    revocations: Revocations, key: SigningKey, keys: KeySet, now: datetime
) -> None:
    empty = replace(revocations, entries=())

    assert verify(sign(revocations, key), keys, now=now) == revocations
    assert verify(sign(empty, key), keys, now=now) == empty


def test_every_single_bit_counts(
    revocations: Revocations, key: SigningKey, keys: KeySet, now: datetime
) -> None:
    original = sign(replace(revocations, entries=revocations.entries[:1]), key).encode()
    for at in range(len(original)):
        for bit in range(8):
            flipped = bytearray(original)
            flipped[at] ^= 1 << bit
            with pytest.raises(ClearanceInvalidError):
                verify(flipped.decode("latin-1"), keys, now=now)


def test_a_list_holds_until_its_next_update(
    revocations: Revocations, key: SigningKey, keys: KeySet
) -> None:
    text = sign(revocations, key)
    moment = timedelta(microseconds=1)

    assert verify(text, keys, now=revocations.issued_at) == revocations
    assert verify(text, keys, now=revocations.next_update - moment) == revocations
    with pytest.raises(StaleRevocationsError) as stale:
        verify(text, keys, now=revocations.next_update)
    assert stale.value.message == (
        "撤销名单应于2026年3月4日08:30前更新，现已过时。"
        "请从保密审查系统下载最新的撤销名单后再核对。"
    )
    with pytest.raises(ClearanceInvalidError) as early:
        verify(text, keys, now=revocations.issued_at - moment)
    assert early.value.message == (
        "撤销名单的签发时间（2026年3月3日08:30）在当前时间之后，请核对本机时钟。"
    )


def test_now_says_its_zone(
    revocations: Revocations, key: SigningKey, keys: KeySet, now: datetime
) -> None:
    with pytest.raises(UsageError) as caught:
        verify(sign(revocations, key), keys, now=now.replace(tzinfo=None))
    assert caught.value.message == "核对时间须带时区。"


def test_a_clearance_is_no_list_and_a_list_no_clearance(
    revocations: Revocations,
    clearance: Clearance,
    key: SigningKey,
    keys: KeySet,
    now: datetime,
) -> None:
    with pytest.raises(ClearanceInvalidError, match="类型"):
        verify(tokens.sign(clearance, key), keys, now=now)
    with pytest.raises(ClearanceInvalidError, match="类型"):
        tokens.verify(sign(revocations, key), keys, now=now)


def test_another_key_does_not_count(
    revocations: Revocations, other_key: SigningKey, keys: KeySet, now: datetime
) -> None:
    with pytest.raises(ClearanceInvalidError, match="公钥集"):
        verify(sign(revocations, other_key), keys, now=now)


@pytest.mark.parametrize("reason", REVOCATION_CAUSES)
def test_a_revoked_clearance_is_refused_with_its_reason(
    reason: Any, revocations: Revocations, clearance: Clearance
) -> None:
    entry = Revocation(id=clearance.id, revoked_at=clearance.issued_at, reason=reason)
    others = revocations.entries

    with pytest.raises(ClearanceRevokedError) as caught:
        forbid_revoked(clearance, replace(revocations, entries=(entry, *others)))
    assert caught.value.message == (
        f"公开许可已于2026年3月2日09:30撤销（{words.REVOCATION_CAUSES[reason]}），"
        "不得公开；已公开的请立即撤下，并联系保密办。"
    )


def test_a_clearance_that_is_not_listed_stands(
    revocations: Revocations, clearance: Clearance
) -> None:
    forbid_revoked(clearance, revocations)
    for name in (clearance.id + "0", clearance.id[:-1], clearance.id.upper()):
        entry = replace(revocations.entries[0], id=name)
        forbid_revoked(clearance, replace(revocations, entries=(entry,)))


def test_another_issuers_list_says_nothing(
    revocations: Revocations, clearance: Clearance
) -> None:
    with pytest.raises(ClearanceInvalidError) as caught:
        forbid_revoked(clearance, replace(revocations, issuer="河谷技师学院保密办"))
    assert caught.value.message == (
        "撤销名单与公开许可不是同一单位签发，请下载签发单位的撤销名单。"
    )


def _fields(revocations: Revocations) -> dict[str, Any]:
    return {
        "iat": int(revocations.issued_at.timestamp()),
        "iss": revocations.issuer,
        "next_update": int(revocations.next_update.timestamp()),
        "revoked": [
            {
                "id": one.id,
                "reason": one.reason,
                "revoked_at": int(one.revoked_at.timestamp()),
            }
            for one in revocations.entries
        ],
    }


def _forged(fields: dict[str, Any], key: SigningKey, forge: Forge) -> str:
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return forge({"alg": "EdDSA", "kid": key.public.kid, "typ": TYPE}, text.encode())


def test_the_forge_of_these_tests_makes_what_sign_makes(
    revocations: Revocations, key: SigningKey, forge: Forge
) -> None:
    assert _forged(_fields(revocations), key, forge) == sign(revocations, key)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": None},
        {"revoked": None},
        {"next_update": None},
        {"exp": 1},
        {"allow_stale": True},
        {"iss": ""},
        {"iat": True},
        {"next_update": 1.0},
        {"next_update": 0},
        {"revoked": {}},
        {"revoked": ["a-1"]},
        {"revoked": [{}]},
        {"revoked": [{"id": "a-1"}]},
    ],
)
def test_a_list_has_one_form(  # noqa: PLR0913, PLR0917 - fixtures
    change: dict[str, Any],
    revocations: Revocations,
    key: SigningKey,
    keys: KeySet,
    forge: Forge,
    now: datetime,
) -> None:
    fields = {
        name: value
        for name, value in {**_fields(revocations), **change}.items()
        if value is not None
    }

    with pytest.raises(ClearanceInvalidError):
        verify(_forged(fields, key, forge), keys, now=now)


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": 1},
        {"id": "f-6"},  # twice
        {"id": "z-9"},  # out of order
        {"reason": "whim"},
        {"reason": ["error"]},
        {"reason": ""},
        {"revoked_at": "yesterday"},
        {"revoked_at": 4102444800},  # later than the list
        {"note": "x"},
    ],
)
def test_an_entry_has_one_form(  # noqa: PLR0913, PLR0917 - fixtures
    change: dict[str, Any],
    revocations: Revocations,
    key: SigningKey,
    keys: KeySet,
    forge: Forge,
    now: datetime,
) -> None:
    fields = _fields(revocations)
    fields["revoked"][0].update(change)

    with pytest.raises(ClearanceInvalidError):
        verify(_forged(fields, key, forge), keys, now=now)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"next_update": 0}, "撤销名单中的时间先后不合，不能采信。"),
        ({"revoked": ["a-1"]}, "撤销名单的条目不合格式，不能采信。"),
        (
            {"revoked": [{"id": "a", "reason": "whim", "revoked_at": 0}]},
            "撤销名单中有未知的撤销原因，不能采信。",
        ),
    ],
)
def test_why_a_list_is_not_believed_is_said(  # noqa: PLR0913, PLR0917 - fixtures
    change: dict[str, Any],
    says: str,
    revocations: Revocations,
    key: SigningKey,
    keys: KeySet,
    forge: Forge,
    now: datetime,
) -> None:
    with pytest.raises(ClearanceInvalidError) as caught:
        verify(_forged({**_fields(revocations), **change}, key, forge), keys, now=now)
    assert caught.value.message == says


def test_a_time_that_a_list_cannot_keep_is_said(
    revocations: Revocations, key: SigningKey, now: datetime
) -> None:
    with pytest.raises(UsageError) as caught:
        sign(replace(revocations, issued_at=now.replace(microsecond=5)), key)
    said = "撤销名单的时间须带时区且精确到秒，不能签发。"
    assert caught.value.message == said


def test_what_verify_would_refuse_is_not_signed(
    revocations: Revocations, key: SigningKey, now: datetime
) -> None:
    first = revocations.entries[0]
    unfit = [
        replace(revocations, issuer=""),
        replace(revocations, entries=(first, first)),
        replace(revocations, entries=revocations.entries[::-1]),
        replace(revocations, entries=(replace(first, revoked_at=now),)),
        replace(revocations, next_update=revocations.issued_at),
        replace(revocations, issued_at=now.replace(microsecond=5)),
        replace(revocations, next_update=now.replace(year=2027, tzinfo=None)),
    ]

    for one in unfit:
        with pytest.raises(UsageError, match="不能签发"):
            sign(one, key)


def test_a_long_list_fits(
    revocations: Revocations, key: SigningKey, keys: KeySet, now: datetime
) -> None:
    first = revocations.entries[0]
    many = replace(
        revocations,
        entries=tuple(
            replace(first, id=f"2026-{number:06}-r1-c1") for number in range(10_000)
        ),
    )

    assert verify(sign(many, key), keys, now=now) == many
