"""A case as one row of the register: worked out from the case, never decided."""

from datetime import date

from review import clock
from review.case.case import Case, Round, Stage
from review.case.places import places_of
from review.case.policy import Policy
from review.case.values import SignOff
from review.case.working_days import WorkingDays
from review.ports.records import RegisterRow, Writing
from review.service.desk import Desk
from review.service.recording import happened
from review.service.tally import findings_of, rounds_of, steps_of

_YEAR = 10_000_000  # as many numbers as a province needs, tenfold


def show(desk: Desk, work: Writing, case: Case) -> None:
    """Bring the register and the statistics up to date with the case."""
    before = work.register_row(case.number)
    work.show(case, register_row(case, before, policy=desk.policy, days=desk.days))
    work.gate.put_places(case.number, places_of(case))
    count(desk, work, case)


def count(desk: Desk, work: Writing, case: Case) -> None:
    """Bring the statistics up to date with the case."""
    steps = steps_of(happened(work, case.number), days=desk.days)
    findings = findings_of(case)
    sequence = sequence_of(case.number)
    rounds = rounds_of(case)
    work.statistics.show(sequence, steps=steps, findings=findings, rounds=rounds)


def register_row(
    case: Case, before: RegisterRow | None, *, policy: Policy, days: WorkingDays
) -> RegisterRow:
    """Return the row; `before` is the one that it replaces."""
    signed = _last_sign_off(case)
    grant = case.grant
    wanted = [one for one in case.round.findings if one.needs_disposition]
    return RegisterRow(
        number=case.number,
        sequence=sequence_of(case.number),
        title=case.open_title,
        department=case.item.department,
        channels=case.item.channels,
        stage=case.stage,
        version=case.version,
        round=case.round.number,
        drafted_by=case.item.drafted_by,
        submitted_by=case.rounds[0].by.name,
        submitted_at=case.submitted_at,
        since=case.since,
        source=case.item.source.kind,
        planned_on=case.item.planned_on,
        due_on=due_on(case, policy=policy, days=days),
        late_steps=_late_steps(case, before),
        findings=len(wanted),
        open_findings=len(case.round.open_findings),
        incidents=1 if case.incident else 0,
        referrals=len(case.referrals),
        outcome=_outcome(case, signed),
        ground=_ground(case, signed),
        decided_at=signed.at if signed else None,
        clearance=grant.id if grant else None,
        valid_until=grant.valid_until if grant else None,
        published_at=case.publications[-1].published_at if case.publications else None,
        closed_at=case.closed_at,
        purged=case.purged,
        external_id=case.item.external_id,
    )


def sequence_of(number: str) -> int:
    """Return the order of a case number: year and running number as one."""
    year, _, running = number.partition("-")
    return int(year) * _YEAR + int(running)


def due_on(case: Case, *, policy: Policy, days: WorkingDays) -> date | None:
    """Return the last day of the step that the case is at (rule 9)."""
    allowed: dict[Stage, int] = {
        "first_pass": policy.deadlines.first_pass,
        "endorsing": policy.deadlines.head,
        "signing": policy.deadlines.sign_off,
        "leading": policy.deadlines.leader,
        "referred": policy.deadlines.answer,
        "rework": policy.deadlines.rework,
    }
    if case.stage in allowed:
        return days.add(clock.china_date(case.since), allowed[case.stage])
    if case.incident is not None and case.stage in {"incident", "incident_confirmed"}:
        return clock.china_date(case.incident.report_due)
    return None


def _late_steps(case: Case, before: RegisterRow | None) -> int:
    if before is None:
        return 0
    left = before.since != case.since
    late = before.due_on is not None and clock.china_date(case.since) > before.due_on
    return before.late_steps + (1 if left and late else 0)


def _last_sign_off(case: Case) -> SignOff | None:
    signed = (one.sign_off for one in reversed(case.rounds))
    return next((one for one in signed if one is not None), None)


def _outcome(case: Case, signed: SignOff | None) -> str | None:
    """Return what became of the item; released in part counts as such."""
    if _refused_by_department(case.round):
        return "refuse"
    partly = any(
        one.sign_off and one.sign_off.outcome == "partial" for one in case.rounds
    )
    if signed is None:
        return None
    return "partial" if partly and signed.outcome == "clear" else signed.outcome


def _ground(case: Case, signed: SignOff | None) -> str | None:
    said = case.round.first_pass
    if _refused_by_department(case.round) and said is not None:
        return said.ground
    return signed.ground if signed else None


def _refused_by_department(last: Round) -> bool:
    return last.first_pass is not None and last.first_pass.conclusion == "refuse"
