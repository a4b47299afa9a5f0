"""After the decision: clear, record the publication, revoke, expire, purge."""

from datetime import datetime, timedelta
from typing import Literal

from review.case import authority, rules
from review.case.case import Case, Stage
from review.case.events import (
    Cleared,
    ContentsPurged,
    Expired,
    PublicationRecorded,
    Revoked,
)
from review.case.people import MACHINE
from review.case.policy import Policy
from review.case.request import Request
from review.case.values import Channel, RevocationCause


def clear(
    case: Case, *, clearance: str, token_digest: str, at: datetime, policy: Policy
) -> Cleared:
    """Put on record the clearance that a finished decision leads to.

    It covers the round's exact contents on the channels signed for, from now for
    as many days as the policy says.
    """
    rules.forbid_missing_leader(case)
    rules.forbid_clearing_without_first_pass(case)
    rules.forbid_clearing_unreadable(case)
    rules.forbid_clearing_over_findings(case)
    report, signed = case.round.report, case.round.sign_off
    if report is None or report.canonical is None or signed is None:
        raise AssertionError("the rules above let nothing unsigned through")
    begins = at.replace(microsecond=0)  # a token's times are whole seconds
    return Cleared(
        at=at,
        by=MACHINE,
        round=case.round.number,
        clearance=clearance,
        channels=signed.channels,
        canonical=report.canonical,
        attachments=report.attachments,
        valid_from=begins,
        valid_until=begins + timedelta(days=policy.clearance_valid_days),
        token_digest=token_digest,
    )


def record_publication(
    case: Case,
    request: Request,
    *,
    channel: Channel,
    address: str,
    published_at: datetime,
) -> PublicationRecorded:
    """Put address and time of the publication into the register."""
    by = authority.require("record_publication", request, case)
    rules.forbid_blank(address, "发布的网址或版面")
    rules.forbid_future(published_at, request.at)
    rules.forbid_uncleared_publication(case, channel, published_at)
    return PublicationRecorded(
        at=request.at,
        by=by,
        round=case.round.number,
        channel=channel,
        address=address,
        published_at=published_at,
    )


def unrecorded(case: Case, policy: Policy) -> tuple[Channel, ...]:
    """Return the channels whose publication must be put on record and is not yet.

    Empty unless a clearance is in force. What went out on an earlier clearance is
    no record of what goes out on this one.
    """
    grant = case.grant
    if grant is None or grant.ended is not None:
        return ()
    done = {
        one.channel for one in case.publications if one.published_at >= grant.valid_from
    }
    wanted = set(policy.publication_required) - done
    return tuple(one for one in grant.channels if one in wanted)


def revoke(
    case: Case,
    request: Request,
    *,
    cause: RevocationCause,
    reason: str,
) -> Revoked:
    """Take the clearance back; the gate says no from now on."""
    by = authority.require("revoke", request, case)
    rules.forbid_double_revocation(case)
    rules.forbid_blank(reason, "撤销的原因")
    return Revoked(
        at=request.at,
        by=by,
        round=case.round.number,
        clearance=case.grants[-1].id,
        cause=cause,
        reason=reason,
    )


def expire(case: Case, *, at: datetime) -> Expired:
    """Put on record that the clearance ran out."""
    rules.forbid_early_expiry(case, at)
    return Expired(
        at=at, by=MACHINE, round=case.round.number, clearance=case.grants[-1].id
    )


def purge_due(case: Case, policy: Policy) -> datetime | None:
    """Return when the draft's contents may be deleted; None while under review."""
    keep = policy.retention_days
    days: dict[Stage, int] = {
        "refused": keep.refused,
        "withdrawn": keep.withdrawn,
        "published": keep.cleared,
        "expired": keep.cleared,
        "revoked": keep.cleared,
    }
    if case.stage not in days:
        return None
    return case.since + timedelta(days=days[case.stage])


def purge(
    case: Case,
    *,
    at: datetime,
    policy: Policy,
    because: Literal["retention", "incident"] = "retention",
) -> ContentsPurged:
    """Delete the draft's contents by policy; the record stays whole (001:52(4)).

    Because of an incident only where it was opened to be purged at once, or once
    the office has confirmed it.
    """
    due = _incident_due(case) if because == "incident" else purge_due(case, policy)
    rules.forbid_early_purge(case, at, due)
    return ContentsPurged(at=at, by=MACHINE, round=case.round.number, because=because)


def _incident_due(case: Case) -> datetime | None:
    """Return from when on an incident's contents may go (rule 8); None if not at all."""
    incident = case.incident
    if incident is None:
        return None
    if case.stage == "incident_confirmed":
        return case.since
    at_once = case.stage == "incident" and incident.purged
    return incident.opened_at if at_once else None
