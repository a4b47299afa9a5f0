"""What the record keeps of audits: addresses, digests and codes, no word of a page.

The same values are what the ledger seals, so a field may be added with a
default, and none may ever be renamed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from review.case.people import By
from review.siteaudit.interface import AuditKind, AuditMode

# The record names so many findings of one audit; it counts all of them.
MOST_NAMED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding: where, what kind, on which bytes, and whose it is if that is known."""

    address: str
    kind: AuditKind
    digest: str
    case: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAudited:
    """One's own site, or all that was cleared, was gone through again.

    `report` is the digest of the whole report as JSON; `total` counts the findings, of
    which `found` names the first. A long look is on record in portions: `run` names the
    first of them, and all but the last have no end. `xianshen` is the program's version,
    empty in entries that were sealed before it was told.
    """

    at: datetime
    by: By
    audit: str
    mode: AuditMode
    place: str
    report: str
    lexicons: str
    model: str
    pages: int
    files: int
    unexamined: int
    total: int
    found: tuple[Found, ...] = ()
    xianshen: str = ""
    run: str | None = None
    ends: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFindingOpened:
    """A finding became a case of its own (一事一审): `case`, under review from now on.

    `about` is the case that it departs from.
    """

    at: datetime
    by: By
    audit: str
    found: Found
    case: str
    department: str
    about: str | None = None


SiteAuditEvent: TypeAlias = SiteAudited | SiteFindingOpened
