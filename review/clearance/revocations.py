"""The signed list of clearances that were taken back, for checking offline.

A list is complete as of its day and holds until its next update; from then
on it is no evidence that a clearance still stands.
"""

from datetime import datetime
from typing import Any

from review.case import words
from review.case.values import RevocationCause
from review.clearance import fields
from review.clearance.envelope import LONGEST_LIST, seal, unseal
from review.clearance.interface import (
    REVOCATION_CAUSES,
    Clearance,
    Revocation,
    Revocations,
)
from review.clearance.keys import KeySet, SigningKey
from review.errors import (
    ClearanceInvalidError,
    ClearanceRevokedError,
    StaleRevocationsError,
    UsageError,
)

TYPE = "xianshen-revocations+jwt"
_FIELDS = frozenset({"iat", "iss", "next_update", "revoked"})
_ENTRY_FIELDS = frozenset({"id", "reason", "revoked_at"})


def sign(revocations: Revocations, key: SigningKey) -> str:
    """Return the list as a compact JWS.

    Raises:
        UsageError: `verify` would not read this list back as it is: an id,
            order, reason or time is not of the promised form, or the list
            would be too long.
    """
    _forbid_unreadable(revocations)
    return seal(_fields_of(revocations), typ=TYPE, key=key, longest=LONGEST_LIST)


def verify(text: str, keys: KeySet, *, now: datetime) -> Revocations:
    """Return a list that is genuine and in force at `now`.

    Raises:
        ClearanceInvalidError: It is altered, malformed, not signed by one
            of `keys`, or issued later than `now`.
        StaleRevocationsError: Its next update is due; nothing in it may be
            relied on, and there is no way round a new one.
        UsageError: `now` lacks its time zone.
    """
    if now.tzinfo is None:
        raise UsageError("核对时间须带时区。")
    opened = unseal(text, typ=TYPE, keys=keys, longest=LONGEST_LIST)
    revocations = _revocations_of(opened)
    if now < revocations.issued_at:
        raise ClearanceInvalidError(
            f"撤销名单的签发时间（{fields.in_words(revocations.issued_at)}）在当前时间之后，"
            "请核对本机时钟。"
        )
    if now >= revocations.next_update:
        raise StaleRevocationsError(
            f"撤销名单应于{fields.in_words(revocations.next_update)}前更新，现已过时。"
            "请从保密审查系统下载最新的撤销名单后再核对。"
        )
    return revocations


def forbid_revoked(clearance: Clearance, revocations: Revocations) -> None:
    """Refuse a clearance that its issuer has taken back.

    Raises:
        ClearanceRevokedError: It stands in the list.
        ClearanceInvalidError: The list is another issuer's, and so says
            nothing of this clearance.
    """
    if revocations.issuer != clearance.issuer:
        raise ClearanceInvalidError(
            "撤销名单与公开许可不是同一单位签发，请下载签发单位的撤销名单。"
        )
    for entry in revocations.entries:
        if entry.id == clearance.id:
            raise ClearanceRevokedError(
                f"公开许可已于{fields.in_words(entry.revoked_at)}撤销"
                f"（{words.REVOCATION_CAUSES[entry.reason]}），不得公开；已公开的请立即撤下，"
                "并联系保密办。"
            )


def _forbid_unreadable(revocations: Revocations) -> None:
    """Refuse to sign what `verify` would refuse or read as something else."""
    try:
        same = _revocations_of(_fields_of(revocations)) == revocations
    except ClearanceInvalidError as error:
        raise UsageError(f"撤销名单不合要求，不能签发：{error.message}") from None
    if not same:
        raise UsageError("撤销名单的时间须带时区且精确到秒，不能签发。")


def _fields_of(revocations: Revocations) -> dict[str, Any]:
    return {
        "iat": fields.seconds(revocations.issued_at),
        "iss": revocations.issuer,
        "next_update": fields.seconds(revocations.next_update),
        "revoked": [
            {
                "id": entry.id,
                "reason": entry.reason,
                "revoked_at": fields.seconds(entry.revoked_at),
            }
            for entry in revocations.entries
        ],
    }


def _revocations_of(opened: dict[str, Any]) -> Revocations:
    fields.forbid_other_fields(opened, _FIELDS)
    revocations = Revocations(
        issuer=fields.title(opened["iss"]),
        issued_at=fields.instant(opened["iat"]),
        next_update=fields.instant(opened["next_update"]),
        entries=tuple(map(_entry, fields.items(opened["revoked"]))),
    )
    fields.ascending(fields.distinct(tuple(one.id for one in revocations.entries)))
    in_order = revocations.issued_at < revocations.next_update and all(
        one.revoked_at <= revocations.issued_at for one in revocations.entries
    )
    if not in_order:
        raise ClearanceInvalidError("撤销名单中的时间先后不合，不能采信。")
    return revocations


def _entry(value: object) -> Revocation:
    if not isinstance(value, dict):
        raise ClearanceInvalidError("撤销名单的条目不合格式，不能采信。")
    fields.forbid_other_fields(value, _ENTRY_FIELDS)
    return Revocation(
        id=fields.name(value["id"]),
        revoked_at=fields.instant(value["revoked_at"]),
        reason=_reason(value["reason"]),
    )


def _reason(value: object) -> RevocationCause:
    for reason in REVOCATION_CAUSES:
        if value == reason:
            return reason
    raise ClearanceInvalidError("撤销名单中有未知的撤销原因，不能采信。")
