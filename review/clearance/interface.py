"""What this room gives: the clearance (公开许可), and the list of those taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from review.case.values import Channel, RevocationCause

CHANNELS: tuple[Channel, ...] = get_args(Channel)
REVOCATION_CAUSES: tuple[RevocationCause, ...] = get_args(RevocationCause)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """Permission to publish exactly one item's contents on its named channels.

    Times are aware and of whole seconds; validity is half-open. Digests are
    SHA-256, 64 lower-case hexadecimal digits; `attachments` are sorted.
    """

    id: str
    case: str
    round: int
    contents: str
    attachments: tuple[str, ...]
    hidden: tuple[str, ...]
    channels: tuple[Channel, ...]
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime
    ledger_index: int
    ledger_digest: str
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """One clearance that was taken back, when, and why."""

    id: str
    revoked_at: datetime
    reason: RevocationCause


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocations:
    """Every clearance an issuer has taken back, as of `issued_at`.

    `entries` are sorted by the clearance's id, each id once. From
    `next_update` on, the list says nothing any more.
    """

    issuer: str
    issued_at: datetime
    next_update: datetime
    entries: tuple[Revocation, ...] = ()
