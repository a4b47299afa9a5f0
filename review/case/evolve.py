"""Events in, a case out: the fold that everything known of a case comes from.

Promises that the same events always give the same case. Nothing here decides:
`evolve` believes every event, since only decisions make events.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal, TypeAlias, assert_never

from review.case import events
from review.case.case import FINAL_STAGES, Case, Round, Stage
from review.case.events import CaseEvent
from review.case.people import By
from review.case.values import (
    Acknowledgment,
    AddedFinding,
    Disposition,
    Endorsement,
    FirstPass,
    Grant,
    Incident,
    LeaderDecision,
    Publication,
    Referral,
    SignOff,
)


def replay(happened: Iterable[CaseEvent]) -> Case:
    """Fold events, oldest first, into the case.

    Raises:
        ValueError: There is no event, or the first is not a submission.
    """
    case: Case | None = None
    for event in happened:
        case = evolve(case, event)
    if case is None:
        raise ValueError("a case needs at least one event")
    return case


def evolve(case: Case | None, event: CaseEvent) -> Case:
    """Return the case after `event`.

    Raises:
        ValueError: The first event is not a submission, or a later one is.
    """
    if case is None:
        if not isinstance(event, events.Submitted):
            raise ValueError("a case begins with its submission")
        return _begun(event)
    changed = _changed(case, event)
    version = case.version + 1
    if changed.stage == case.stage:
        return replace(changed, version=version)
    closed = event.at if changed.stage in FINAL_STAGES else changed.closed_at
    return replace(changed, version=version, since=event.at, closed_at=closed)


def _changed(case: Case, event: CaseEvent) -> Case:
    if isinstance(event, _OfPlace):
        return _of_place(case, event)
    if isinstance(event, _InRound):
        return _in_round(case, event)
    if isinstance(event, _Decision):
        return _decided(case, event)
    return _afterwards(case, event)


def _begun(event: events.Submitted) -> Case:
    first = Round(number=1, item=event.item, by=event.by, at=event.at)
    return Case(
        number=event.number,
        stage="scanning",
        since=event.at,
        version=1,
        rounds=(first,),
        submitted_at=event.at,
        hands=frozenset({event.by.id}),
    )


_OfPlace: TypeAlias = (
    events.GapAcknowledged | events.FindingDisposed | events.FindingAdded
)
_InRound: TypeAlias = (
    events.Submitted
    | events.Resubmitted
    | events.Scanned
    | events.FirstPassConcluded
    | events.Endorsed
)
_Decision: TypeAlias = (
    events.SignedOff
    | events.Referred
    | events.Answered
    | events.LeaderDecided
    | events.Withdrawn
    | events.ContentsPurged
)
_Aftermath: TypeAlias = (
    events.Cleared
    | events.Revoked
    | events.Expired
    | events.PublicationRecorded
    | events.IncidentOpened
    | events.IncidentJudged
    | events.IncidentReported
)


def _in_round(case: Case, event: _InRound) -> Case:
    match event:
        case events.Submitted():
            raise ValueError("a case is submitted once")
        case events.Resubmitted():
            return _resubmitted(case, event)
        case events.Scanned():
            scanned = replace(case.round, report=event.report, scanned_at=event.at)
            return _with_round(case, scanned, stage="first_pass")
        case events.FirstPassConcluded():
            return _concluded(case, event)
        case events.Endorsed():
            return _endorsed(case, event)
        case _:
            assert_never(event)


def _of_place(case: Case, event: _OfPlace) -> Case:
    match event:
        case events.GapAcknowledged():
            return _acknowledged(case, event)
        case events.FindingDisposed():
            return _disposed(case, event)
        case events.FindingAdded():
            return _added(case, event)
        case _:
            assert_never(event)


def _resubmitted(case: Case, event: events.Resubmitted) -> Case:
    new = Round(number=event.round, item=event.item, by=event.by, at=event.at)
    return replace(
        case,
        rounds=(*case.rounds, new),
        stage="scanning",
        hands=case.hands | {event.by.id},
        closed_at=None,
    )


def _acknowledged(case: Case, event: events.GapAcknowledged) -> Case:
    said = Acknowledgment(gap=event.gap, note=event.note, by=event.by, at=event.at)
    changed = replace(case.round, acknowledgments=(*case.round.acknowledgments, said))
    return _with_round(_touched(case, event.by), changed)


def _disposed(case: Case, event: events.FindingDisposed) -> Case:
    said = Disposition(
        finding=event.finding,
        opinion=event.opinion,
        reason=event.reason,
        by=event.by,
        at=event.at,
        published=event.published,
    )
    changed = replace(case.round, dispositions=(*case.round.dispositions, said))
    return _with_round(_touched(case, event.by), changed)


def _added(case: Case, event: events.FindingAdded) -> Case:
    marked = AddedFinding(
        note=event.finding,
        file=event.file,
        passage=event.passage,
        start=event.start,
        end=event.end,
        reason=event.reason,
        by=event.by,
        at=event.at,
    )
    changed = replace(case.round, added=(*case.round.added, marked))
    return _with_round(_touched(case, event.by), changed)


def _concluded(case: Case, event: events.FirstPassConcluded) -> Case:
    said = FirstPass(
        conclusion=event.conclusion,
        opinion=event.opinion,
        by=event.by,
        at=event.at,
        ground=event.ground,
    )
    stages: dict[str, Stage] = {"must_change": "rework", "refuse": "refused"}
    onward: Stage = "endorsing" if event.to_head else "signing"
    changed = replace(case.round, first_pass=said)
    stage = stages.get(event.conclusion, onward)
    return _with_round(_touched(case, event.by), changed, stage=stage)


def _endorsed(case: Case, event: events.Endorsed) -> Case:
    said = Endorsement(
        agreed=event.agreed, opinion=event.opinion, by=event.by, at=event.at
    )
    if event.agreed:
        changed = replace(case.round, endorsement=said)
        return _with_round(case, changed, stage="signing")
    # Sent back: the first pass must be concluded anew.
    changed = replace(case.round, endorsement=said, first_pass=None)
    return _with_round(case, changed, stage="first_pass")


def _decided(case: Case, event: _Decision) -> Case:  # noqa: PLR0911 - one branch an event
    match event:
        case events.SignedOff():
            return _signed_off(case, event)
        case events.Referred():
            asked = Referral(
                kind=event.kind,
                to=event.to,
                question=event.question,
                by=event.by,
                at=event.at,
            )
            return replace(case, referrals=(*case.referrals, asked), stage="referred")
        case events.Answered():
            return _answered(case, event)
        case events.LeaderDecided():
            return _led(case, event)
        case events.Withdrawn():
            return replace(case, stage="withdrawn", withdrawn_because=event.reason)
        case events.ContentsPurged():
            gone = tuple(replace(one, purged=True) for one in case.rounds)
            return replace(case, rounds=gone)
        case _:
            assert_never(event)


def _signed_off(case: Case, event: events.SignedOff) -> Case:
    said = SignOff(
        outcome=event.outcome,
        opinion=event.opinion,
        by=event.by,
        at=event.at,
        ground=event.ground,
        clauses=event.clauses,
        channels=event.channels,
    )
    changed = replace(case.round, sign_off=said, fast_lane=event.fast_lane)
    stage: Stage = "rework"
    if event.outcome == "clear":
        stage = "leading" if event.needs_leader else "clearing"
    elif event.outcome == "refuse":
        stage = "refused"
    return _with_round(case, changed, stage=stage)


def _answered(case: Case, event: events.Answered) -> Case:
    answered = replace(
        case.referrals[-1],
        answer=event.answer,
        answer_document=event.document,
        answered_on=event.answered_on,
    )
    return replace(case, referrals=(*case.referrals[:-1], answered), stage="signing")


def _led(case: Case, event: events.LeaderDecided) -> Case:
    said = LeaderDecision(
        agreed=event.agreed, opinion=event.opinion, by=event.by, at=event.at
    )
    if event.agreed:
        return _with_round(case, replace(case.round, leader=said), stage="clearing")
    # Sent back: the office must decide anew.
    changed = replace(case.round, leader=said, sign_off=None)
    return _with_round(case, changed, stage="signing")


def _afterwards(case: Case, event: _Aftermath) -> Case:  # noqa: PLR0911 - one branch an event
    match event:
        case events.Cleared():
            return _cleared(case, event)
        case events.Revoked():
            return _ended(case, event, "revoked")
        case events.Expired():
            return _ended(case, event, "expired")
        case events.PublicationRecorded():
            return _published(case, event)
        case events.IncidentOpened():
            return _incident(case, event)
        case events.IncidentJudged():
            return _judged(case, event)
        case events.IncidentReported():
            return _reported(case, event)
        case _:
            assert_never(event)


def _cleared(case: Case, event: events.Cleared) -> Case:
    grant = Grant(
        id=event.clearance,
        round=event.round,
        channels=event.channels,
        canonical=event.canonical,
        attachments=event.attachments,
        valid_from=event.valid_from,
        valid_until=event.valid_until,
        token_digest=event.token_digest,
    )
    return replace(case, grants=(*case.grants, grant), stage="cleared")


def _ended(
    case: Case,
    event: events.Revoked | events.Expired,
    how: Literal["revoked", "expired"],
) -> Case:
    cause = event.cause if isinstance(event, events.Revoked) else None
    grants = tuple(
        replace(one, ended=how, ended_at=event.at, cause=cause)
        if one.id == event.clearance
        else one
        for one in case.grants
    )
    # What was published stays published when the permission runs out.
    stays = how == "expired" and case.stage == "published"
    return replace(case, grants=grants, stage="published" if stays else how)


def _published(case: Case, event: events.PublicationRecorded) -> Case:
    out = Publication(
        channel=event.channel,
        address=event.address,
        published_at=event.published_at,
        by=event.by,
        at=event.at,
    )
    return replace(case, publications=(*case.publications, out), stage="published")


def _incident(case: Case, event: events.IncidentOpened) -> Case:
    incident = Incident(
        round=event.round,
        findings=event.findings,
        opened_at=event.at,
        report_due=event.report_due,
        purged=event.purged,
    )
    return replace(case, incident=incident, stage="incident")


def _judged(case: Case, event: events.IncidentJudged) -> Case:
    incident = _the_incident(case)
    if event.genuine:
        return replace(
            case,
            incident=replace(incident, verdict="genuine"),
            stage="incident_confirmed",
        )
    back: Stage = "rework" if incident.purged else "first_pass"
    return replace(case, incident=replace(incident, verdict="not_genuine"), stage=back)


def _reported(case: Case, event: events.IncidentReported) -> Case:
    incident = replace(
        _the_incident(case),
        reported_to=event.to,
        report_document=event.document,
        closed_at=event.at,
    )
    return replace(case, incident=incident, stage="incident_closed")


def _the_incident(case: Case) -> Incident:
    if case.incident is None:
        raise ValueError("there is no incident in this case")
    return case.incident


def _touched(case: Case, by: By) -> Case:
    """Remember who had a hand in the department's review."""
    if by.post in {"reviewer", "head", "site"}:
        return replace(case, hands=case.hands | {by.id})
    return case


def _with_round(case: Case, changed: Round, *, stage: Stage | None = None) -> Case:
    rounds = (*case.rounds[:-1], changed)
    return replace(case, rounds=rounds, stage=stage or case.stage)
