"""A clearance as a signed token that anyone can check, online or not.

`verify` answers whether the token is genuine and valid at a moment. Whether
something may be published on it is another question: see `offline.check`.
"""

from datetime import datetime, timedelta
from typing import Any

from review.case.values import Channel
from review.clearance import fields
from review.clearance.envelope import LONGEST_TOKEN, seal, unseal
from review.clearance.interface import CHANNELS, Clearance
from review.clearance.keys import KeySet, SigningKey
from review.errors import (
    ClearanceExpiredError,
    ClearanceInvalidError,
    ClearanceNotYetValidError,
    UsageError,
)

TYPE = "xianshen-clearance+jwt"
LARGEST_LEEWAY = 300
_FIELDS = frozenset(
    {
        "attachments",
        "case",
        "channels",
        "contents",
        "exp",
        "hidden",
        "iat",
        "iss",
        "jti",
        "ledger_digest",
        "ledger_index",
        "nbf",
        "round",
    }
)


def sign(clearance: Clearance, key: SigningKey) -> str:
    """Return the clearance as a compact JWS.

    Raises:
        UsageError: `verify` would not read this clearance back as it is: a
            digest, number, order or time is not of the promised form, or
            the token would be too long.
    """
    _forbid_unreadable(clearance)
    return seal(_fields_of(clearance), typ=TYPE, key=key, longest=LONGEST_TOKEN)


def verify(token: str, keys: KeySet, *, now: datetime, leeway: int = 0) -> Clearance:
    """Return the clearance of a token that is genuine and valid at `now`.

    1. The token is signed by one of `keys`, and is not altered by one bit.
    2. Every field is there, in the promised form, and no other.
    3. `now` lies in the validity, give or take `leeway` seconds.

    Whether it was revoked is not asked here.

    Raises:
        ClearanceInvalidError: 1 or 2 does not hold.
        ClearanceNotYetValidError: The first moment of validity is to come.
        ClearanceExpiredError: The last moment of validity has passed.
        UsageError: `now` lacks its time zone, or `leeway` is not 0 to 300.
    """
    if now.tzinfo is None or not 0 <= leeway <= LARGEST_LEEWAY:
        raise UsageError("核对时间须带时区，允许误差须在 0 至 300 秒之间。")
    opened = unseal(token, typ=TYPE, keys=keys, longest=LONGEST_TOKEN)
    clearance = _clearance_of(opened)
    _forbid_outside_validity(clearance, now=now, leeway=timedelta(seconds=leeway))
    return clearance


def _forbid_outside_validity(
    clearance: Clearance, *, now: datetime, leeway: timedelta
) -> None:
    if now < clearance.valid_from - leeway:
        raise ClearanceNotYetValidError(
            f"公开许可自{fields.in_words(clearance.valid_from)}起有效，届时再公开。"
        )
    if now >= clearance.valid_until + leeway:
        raise ClearanceExpiredError(
            f"公开许可已于{fields.in_words(clearance.valid_until)}到期，"
            "须重新审查后再公开。"
        )


def _forbid_unreadable(clearance: Clearance) -> None:
    """Refuse to sign what `verify` would refuse or read as something else."""
    try:
        same = _clearance_of(_fields_of(clearance)) == clearance
    except ClearanceInvalidError as error:
        raise UsageError(f"公开许可的内容不合要求，不能签发：{error.message}") from None
    if not same:
        raise UsageError("公开许可的时间须带时区且精确到秒，不能签发。")


def _fields_of(clearance: Clearance) -> dict[str, Any]:
    return {
        "attachments": list(clearance.attachments),
        "case": clearance.case,
        "channels": list(clearance.channels),
        "contents": clearance.contents,
        "exp": fields.seconds(clearance.valid_until),
        "hidden": list(clearance.hidden),
        "iat": fields.seconds(clearance.issued_at),
        "iss": clearance.issuer,
        "jti": clearance.id,
        "ledger_digest": clearance.ledger_digest,
        "ledger_index": clearance.ledger_index,
        "nbf": fields.seconds(clearance.valid_from),
        "round": clearance.round,
    }


def _clearance_of(opened: dict[str, Any]) -> Clearance:
    fields.forbid_other_fields(opened, _FIELDS)
    clearance = Clearance(
        id=fields.name(opened["jti"]),
        case=fields.name(opened["case"]),
        round=fields.number(opened["round"], least=1),
        contents=fields.digest(opened["contents"]),
        attachments=fields.ascending(_digests(opened["attachments"])),
        hidden=fields.distinct(_digests(opened["hidden"])),
        channels=_channels(opened["channels"]),
        issued_at=fields.instant(opened["iat"]),
        valid_from=fields.instant(opened["nbf"]),
        valid_until=fields.instant(opened["exp"]),
        ledger_index=fields.number(opened["ledger_index"], least=0),
        ledger_digest=fields.digest(opened["ledger_digest"]),
        issuer=fields.title(opened["iss"]),
    )
    if not clearance.issued_at <= clearance.valid_from < clearance.valid_until:
        raise ClearanceInvalidError(
            "公开许可的签发、生效、到期时间先后不合，不能采信。"
        )
    return clearance


def _digests(value: object) -> tuple[str, ...]:
    return tuple(fields.digest(one) for one in fields.items(value))


def _channels(value: object) -> tuple[Channel, ...]:
    named = fields.items(value)
    found = tuple(one for name in named for one in CHANNELS if one == name)
    # all known, none twice, at least one
    if not found or len(found) != len(named) or len(set(found)) != len(found):
        raise ClearanceInvalidError("公开许可的公开渠道不合格式，不能采信。")
    return found
