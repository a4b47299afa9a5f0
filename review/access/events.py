"""What happened at the entrance: accounts changed, who was let in, what was taken out.

The same values are what the ledger seals, so a field may be added with a
default, and none may ever be renamed. No password, code or key is ever in one.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from review.case.people import By
from review.case.values import Channel

AccountChange: TypeAlias = Literal[
    "created",
    "imported",
    "password_set",
    "password_reset",
    "disabled",
    "enabled",
    "unlocked",
    "renamed",
    "department_changed",
    "second_factor_set",
    "second_factor_removed",
    "identity_linked",
    "identity_unlinked",
]
SiteChange: TypeAlias = Literal[
    "registered", "changed", "key_issued", "key_revoked", "closed"
]
GateAnswer: TypeAlias = Literal[
    "not_reviewed",
    "pending",
    "changed",
    "refused",
    "expired",
    "revoked",
    "channel",
    "attachment",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    """An account was made, changed or closed; as it is now, `name` its holder's."""

    at: datetime
    by: By
    account: str
    name: str
    change: AccountChange
    department: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody came in, and how."""

    at: datetime
    by: By
    account: str
    address: str
    how: Literal["password", "second_factor", "provider"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused:
    """Somebody was not let in; `account` is None where the name is nobody's.

    What was typed is not kept: it may be a password in the wrong field. `unsealed`
    counts refusals since the last entry on that account and address, which were too
    many to stand in one each.
    """

    at: datetime
    by: By
    account: str | None
    address: str
    code: str
    unsealed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLocked:
    """Too many attempts failed; nobody comes in by this account until `until`."""

    at: datetime
    by: By
    account: str
    failures: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChanged:
    """A site that asks the gate was registered or changed.

    A key is named by its id and proven by the SHA-256 of its 256 random bits; the
    key `webhook` is the secret that its webhooks are signed with, which lets nobody
    in and is proven by nothing.
    """

    at: datetime
    by: By
    site: str
    name: str
    change: SiteChange
    channels: tuple[Channel, ...] = ()
    departments: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    key: str | None = None
    callback_hosts: tuple[str, ...] = ()
    key_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRefused:
    """A site asked whether it may publish, and was told no.

    `contents` is the canonical digest of what it wanted to publish.
    """

    at: datetime
    by: By
    site: str
    external_id: str
    case: str | None
    code: GateAnswer
    contents: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDownloaded:
    """Somebody took a file of a draft out of the program, as it was handed in.

    It happened to the draft and changes nothing of its case, so that it is no entry
    of the case; `digest` is the file's SHA-256.
    """

    at: datetime
    by: By
    case: str
    round: int
    name: str
    digest: str


AccessEvent: TypeAlias = (
    AccountChanged
    | SignedIn
    | SignInRefused
    | AccountLocked
    | SiteChanged
    | GateRefused
    | DraftDownloaded
)
