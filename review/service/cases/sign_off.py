"""The decision: the office's sign-off, questions to others, the leader's word.

One case a call: no function here takes more than one (一事一审).
"""

from datetime import date
from typing import Literal

from review.case import signing
from review.case.case import Case
from review.case.request import Decision
from review.case.values import Channel
from review.service.acting import act
from review.service.desk import Asker, Desk


def sign_off(desk: Desk, number: str, decision: Decision, *, asker: Asker) -> Case:
    """Decide for the secrecy office; agreeing leads to the clearance at once.

    Where the policy asks for the leader in charge, to his desk instead.
    """
    return act(
        desk,
        number,
        "sign_off",
        asker=asker,
        decide=lambda case, request: signing.sign_off(case, request, decision),
    )


def finish_in_department(
    desk: Desk,
    number: str,
    *,
    opinion: str,
    channels: tuple[Channel, ...],
    asker: Asker,
) -> Case:
    """Let the department head finish a general item, where the policy allows it."""
    return act(
        desk,
        number,
        "finish_in_department",
        asker=asker,
        decide=lambda case, request: signing.finish_in_department(
            case, request, opinion=opinion, channels=channels
        ),
    )


def refer(  # noqa: PLR0913 - each is a field of the form
    desk: Desk,
    number: str,
    *,
    kind: Literal["refer_upward", "ask_source"],
    to: str,
    question: str,
    asker: Asker,
) -> Case:
    """Ask a superior, the secrecy administration or the source unit."""
    return act(
        desk,
        number,
        "refer",
        asker=asker,
        decide=lambda case, request: signing.refer(
            case, request, kind=kind, to=to, question=question
        ),
    )


def answer(  # noqa: PLR0913 - each is a field of the form
    desk: Desk,
    number: str,
    *,
    text: str,
    document: str,
    answered_on: date,
    asker: Asker,
) -> Case:
    """Put the answer on record; the office decides after it."""
    return act(
        desk,
        number,
        "answer",
        asker=asker,
        decide=lambda case, request: signing.answer(
            case, request, text=text, document=document, answered_on=answered_on
        ),
    )


def lead(desk: Desk, number: str, *, agreed: bool, opinion: str, asker: Asker) -> Case:
    """Give the leader's word; agreeing leads to the clearance at once."""
    return act(
        desk,
        number,
        "lead",
        asker=asker,
        decide=lambda case, request: signing.lead(
            case, request, agreed=agreed, opinion=opinion
        ),
    )
