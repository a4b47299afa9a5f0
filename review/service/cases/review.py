"""The department's review: gaps, findings, the conclusion, the head's word."""

from review.case import reviewing
from review.case.case import Case
from review.case.request import Judgment
from review.case.values import Conclusion, Ground
from review.service.acting import act
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
