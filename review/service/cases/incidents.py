"""A state secret's marking on an upload: judged and reported by the office (rule 8)."""

from review.case import incidents
from review.case.case import Case
from review.service.acting import act
from review.service.desk import Asker, Desk


def judge_incident(
    desk: Desk, number: str, *, genuine: bool, opinion: str, asker: Asker
) -> Case:
    """Say whether the marking is genuine; if so, the contents are purged at once."""
    return act(
        desk,
        number,
        "judge_incident",
        asker=asker,
        decide=lambda case, request: incidents.judge_incident(
            case, request, genuine=genuine, opinion=opinion
        ),
    )


def report_incident(
    desk: Desk, number: str, *, to: str, document: str, asker: Asker
) -> Case:
    """Record to whom the incident was reported, and by which paper."""
    return act(
        desk,
        number,
        "report_incident",
        asker=asker,
        decide=lambda case, request: incidents.report_incident(
            case, request, to=to, document=document
        ),
    )
