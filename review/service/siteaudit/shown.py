"""The audits that are on record, as the secrecy office and the auditor look at them."""

from dataclasses import dataclass

from review.access import permissions
from review.errors import NotFoundError
from review.service.acting import looking
from review.service.desk import Desk
from review.service.siteaudit.openings import audited, by_finding, key_of
from review.siteaudit.events import Found, SiteAudited

_VERB: permissions.OfficeVerb = "see_audits"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundShown:
    """A finding with the case that it became, None where nobody has opened one."""

    found: Found
    opened: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditShown:
    """An audit as it was sealed, with what became of its findings since."""

    audit: SiteAudited
    found: tuple[FoundShown, ...]


def audits(desk: Desk, *, person: str, limit: int = 20) -> tuple[SiteAudited, ...]:
    """Return the last audits, newest first.

    Raises:
        NotPermittedError: He holds no post that sees them.
    """
    with looking(desk, _VERB, person) as records:
        return audited(records)[::-1][:limit]


def audit(desk: Desk, name: str, *, person: str) -> AuditShown:
    """Return one audit with its findings.

    Raises:
        NotFoundError: There is none of that name.
        NotPermittedError: He holds no post that sees it.
    """
    with looking(desk, _VERB, person) as records:
        said = audited(records)
        known = by_finding(records)
    for one in reversed(said):
        if one.audit == name:
            found = (
                FoundShown(
                    found=each,
                    opened=known.get(key_of(each)),
                )
                for each in one.found
            )
            return AuditShown(audit=one, found=tuple(found))
    raise NotFoundError("没有这一次巡查，请核对编号。")
