"""What follows from a decision in the same transaction, by rule and not by choice.

A finished decision to publish leads to a clearance; a refusal leaves its
fingerprints; a confirmed incident loses its contents; and whenever something
was signed for, the ledger's head is signed.
"""

import json
from datetime import datetime

from review import digests
from review.case import publishing
from review.case.case import Case, Stage
from review.clearance import token
from review.clearance.issue import clearance_id, issue
from review.ports.records import ClearanceRow, Writing
from review.service.desk import Desk
from review.service.recording import seal

# Stages that a signature leads to: the head is signed whenever one is reached.
_SIGNED: frozenset[Stage] = frozenset(
    {
        "cleared",
        "refused",
        "rework",
        "leading",
        "referred",
        "revoked",
        "incident_confirmed",
        "incident_closed",
    }
)


def follow(desk: Desk, work: Writing, case: Case) -> Case:
    """Return the case after everything that its last event leads to."""
    if case.stage == "clearing":
        case = _clear(desk, work, case)
    if case.stage == "refused":
        _remember_refusal(desk, work, case)
    if case.stage == "incident_confirmed" and not case.purged:
        _remember_refusal(desk, work, case)
        case = purge_for_incident(desk, work, case)
    if case.grant is not None and case.stage == "revoked":
        _take_back(work, case.grant.id, case.since)
    if case.stage in _SIGNED:
        work.sign_head(desk.now())
    return case


def purge_for_incident(desk: Desk, work: Writing, case: Case) -> Case:
    """Give up the contents of an incident; the caller sweeps the vault afterwards."""
    at = desk.now()
    event = publishing.purge(case, at=at, policy=desk.policy, because="incident")
    after = seal(desk, work, case, event)
    work.forget(case.number)
    return after


def _clear(desk: Desk, work: Writing, case: Case) -> Case:
    at = desk.now()
    name = clearance_id(case)
    clearance = issue(
        work.entries_of(case.number),
        name=name,
        at=at.replace(microsecond=0),
        issuer=desk.office.id,
        policy=desk.policy,
    )
    signed = token.sign(clearance, desk.clearance_keys.current)
    event = publishing.clear(
        case,
        clearance=name,
        token_digest=digests.of_bytes(signed.encode()),
        at=at,
        policy=desk.policy,
    )
    after = seal(desk, work, case, event)
    work.add_clearance(
        ClearanceRow(
            id=name,
            case=case.number,
            round=case.round.number,
            token=signed,
            canonical=event.canonical,
            valid_until=event.valid_until,
        )
    )
    return after


def _take_back(work: Writing, clearance: str, at: datetime) -> None:
    """Mark the clearance as revoked, unless it ran out before.

    What was published under it is taken back all the same.
    """
    row = work.clearance(clearance)
    if row is not None and row.ended is None:
        work.end_clearance(clearance, "revoked", at)


def _remember_refusal(desk: Desk, work: Writing, case: Case) -> None:
    """Keep the refused draft's fingerprints, by which another is known that repeats it."""
    report = case.round.report
    if report is None or case.purged:
        return
    full = json.loads(desk.contents.get(report.digest))
    work.add_fingerprints(case.number, tuple(full["fingerprints"]))
