"""Events as statements: what the ledger seals, readable without this program.

A statement says who, when, on which contents, under which policy, concluded
what and why (001:52(4)). Its text is canonical JSON, so that it has one digest.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final, TypeAlias

from pydantic import TypeAdapter

from review import clock
from review.access import events as access
from review.access.events import AccessEvent
from review.case import events
from review.case.events import CaseEvent, OfficeEvent
from review.ledger.entry import canonical
from review.siteaudit import events as siteaudit
from review.siteaudit.events import SiteAuditEvent
from review.upkeep import events as upkeep
from review.upkeep.events import UpkeepEvent

KINDS: Final[dict[str, type]] = {
    "case.submitted": events.Submitted,
    "case.scanned": events.Scanned,
    "case.gap_acknowledged": events.GapAcknowledged,
    "case.finding_disposed": events.FindingDisposed,
    "case.first_pass_concluded": events.FirstPassConcluded,
    "case.endorsed": events.Endorsed,
    "case.signed_off": events.SignedOff,
    "case.referred": events.Referred,
    "case.answered": events.Answered,
    "case.leader_decided": events.LeaderDecided,
    "case.resubmitted": events.Resubmitted,
    "case.withdrawn": events.Withdrawn,
    "case.cleared": events.Cleared,
    "case.revoked": events.Revoked,
    "case.expired": events.Expired,
    "case.publication_recorded": events.PublicationRecorded,
    "case.incident_opened": events.IncidentOpened,
    "case.incident_judged": events.IncidentJudged,
    "case.incident_reported": events.IncidentReported,
    "case.contents_purged": events.ContentsPurged,
    "case.finding_added": events.FindingAdded,
    "people.appointed": events.Appointed,
    "people.appointment_ended": events.AppointmentEnded,
    "office.policy_adopted": events.PolicyAdopted,
    "office.request_refused": events.RequestRefused,
    "account.changed": access.AccountChanged,
    "account.signed_in": access.SignedIn,
    "account.sign_in_refused": access.SignInRefused,
    "account.locked": access.AccountLocked,
    "site.changed": access.SiteChanged,
    "gate.refused": access.GateRefused,
    "draft.downloaded": access.DraftDownloaded,
    "lexicon.proposed": upkeep.LexiconProposed,
    "lexicon.activated": upkeep.LexiconActivated,
    "lexicon.rejected": upkeep.LexiconRejected,
    "office.backed_up": upkeep.BackedUp,
    "ledger.exported": upkeep.LedgerExported,
    "passages.exported": upkeep.PassagesExported,
    "model.activated": upkeep.ModelActivated,
    "site.audited": siteaudit.SiteAudited,
    "site.finding_opened": siteaudit.SiteFindingOpened,
}
_NAMES: Final[dict[type, str]] = {kind: name for name, kind in KINDS.items()}

# What was said stays said; a case is read again at every step.
_REMEMBERED: Final = 10_000

AnyEvent: TypeAlias = (
    CaseEvent | OfficeEvent | AccessEvent | UpkeepEvent | SiteAuditEvent
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the record keeps beside the event itself.

    `version` is the number of the event in its case, from 1; `contents` the
    digest of the round's files; `report` that of the machine's report on them,
    which whoever decided had before him; `policy` the digest in force; `via` the
    door through which the request came.
    """

    via: str
    policy: str
    case: str | None = None
    version: int | None = None
    contents: str | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement read back."""

    kind: str
    at: datetime
    context: Context
    event: AnyEvent


def kind_of(event: AnyEvent) -> str:
    """Return the name that the record gives to this kind of event."""
    return _NAMES[type(event)]


def write(event: AnyEvent, context: Context) -> str:
    """Return the canonical text to be sealed."""
    data: dict[str, Any] = _adapter(kind_of(event)).dump_python(event, mode="json")
    del data["at"]
    by = data.pop("by")
    return canonical(
        {
            "at": clock.stamp(event.at),
            "by": by,
            "case": context.case,
            "contents": context.contents,
            "data": data,
            "kind": kind_of(event),
            "policy": context.policy,
            "report": context.report,
            "version": context.version,
            "via": context.via,
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def read(text: str) -> Statement:
    """Return what `write` wrote.

    Raises:
        KeyError: The kind of statement is not known to this version.
        ValueError: The text is not a statement.
    """
    value = json.loads(text)
    kind = value["kind"]
    at = clock.parse_stamp(value["at"])
    event = _adapter(kind).validate_python(
        {**value["data"], "at": at, "by": value["by"]}
    )
    context = Context(
        via=value["via"],
        policy=value["policy"],
        case=value["case"],
        version=value["version"],
        contents=value["contents"],
        report=value["report"],
    )
    return Statement(kind=kind, at=at, context=context, event=event)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])
