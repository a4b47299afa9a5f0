"""The department's review: gaps, findings, the conclusion, the head's word."""

import json

from review.case import adding, authority, reviewing
from review.case.case import Case
from review.case.events import FindingAdded
from review.case.request import Addition, Judgment, Passage, Request
from review.case.values import Conclusion, Ground
from review.service.acting import act
from review.service.cases.additions import passage_of
from review.service.desk import Asker, Desk


def acknowledge_gap(
    desk: Desk, number: str, gap: str, *, note: str, asker: Asker
) -> Case:
    """Say that a person looked at what the machine could not examine, and how."""
    return act(
        desk,
        number,
        "acknowledge",
        asker=asker,
        decide=lambda case, request: reviewing.acknowledge_gap(
            case, request, gap, note=note
        ),
    )


def dispose(desk: Desk, number: str, judgment: Judgment, *, asker: Asker) -> Case:
    """Say of one finding what becomes of it, and why."""
    return act(
        desk,
        number,
        "dispose",
        asker=asker,
        decide=lambda case, request: reviewing.dispose(case, request, judgment),
    )


def add_finding(desk: Desk, number: str, addition: Addition, *, asker: Asker) -> Case:
    """Mark as a finding what the machine missed; it is the last of the round's `added`."""

    def decide(case: Case, request: Request) -> FindingAdded:
        # Who may not act learns nothing of the draft: asked before it is opened.
        authority.require("add_finding", request, case)
        return adding.add_finding(
            case, request, addition, _passage(desk, case, addition)
        )

    return act(desk, number, "add_finding", asker=asker, decide=decide)


def conclude(  # noqa: PLR0913 - each is a field of the form
    desk: Desk,
    number: str,
    *,
    conclusion: Conclusion,
    opinion: str,
    ground: Ground | None = None,
    asker: Asker,
) -> Case:
    """Conclude the first pass."""
    return act(
        desk,
        number,
        "conclude",
        asker=asker,
        decide=lambda case, request: reviewing.conclude(
            case, request, conclusion=conclusion, opinion=opinion, ground=ground
        ),
    )


def endorse(
    desk: Desk, number: str, *, agreed: bool, opinion: str, asker: Asker
) -> Case:
    """Give the department head's word."""
    return act(
        desk,
        number,
        "endorse",
        asker=asker,
        decide=lambda case, request: reviewing.endorse(
            case, request, agreed=agreed, opinion=opinion
        ),
    )


def _passage(desk: Desk, case: Case, addition: Addition) -> Passage | None:
    report = case.round.report
    if report is None:
        return None
    full = json.loads(desk.contents.get(report.digest))
    return passage_of(full, addition.file, addition.passage)
