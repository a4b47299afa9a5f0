"""A genuine state-secret marking on an upload: an incident and not a review (rule 8)."""

from datetime import datetime, timedelta

from review.case import authority, rules
from review.case.case import Case
from review.case.events import IncidentJudged, IncidentOpened, IncidentReported
from review.case.people import MACHINE
from review.case.policy import Policy
from review.case.request import Request


def open_incident(case: Case, *, at: datetime, policy: Policy) -> IncidentOpened:
    """Seal or purge the draft at once, as the policy says, and set the report's term.

    The term is 24 hours at the most (001:74).
    """
    rules.forbid_second_incident(case)
    report = case.round.report
    found = report.findings if report else ()
    return IncidentOpened(
        at=at,
        by=MACHINE,
        round=case.round.number,
        findings=tuple(one.id for one in found if one.is_genuine_marking),
        report_due=at + timedelta(hours=policy.incident_report_hours),
        purged=policy.marking_incident == "purge",
    )


def judge_incident(
    case: Case,
    request: Request,
    *,
    genuine: bool,
    opinion: str,
) -> IncidentJudged:
    """Say for the office whether the draft really bears a state secret's marking."""
    by = authority.require("judge_incident", request, case)
    rules.forbid_blank(opinion, "核实的情况")
    return IncidentJudged(
        at=request.at, by=by, round=case.round.number, genuine=genuine, opinion=opinion
    )


def report_incident(
    case: Case,
    request: Request,
    *,
    to: str,
    document: str,
) -> IncidentReported:
    """Record to whom the incident was reported, and by which paper (001:74, 75)."""
    by = authority.require("report_incident", request, case)
    rules.forbid_blank(to, "接受报告的单位")
    rules.forbid_blank(document, "报告的文号")
    return IncidentReported(
        at=request.at, by=by, round=case.round.number, to=to, document=document
    )
