"""The one place that answers: may this person do this to this case now?

`require` lets a request through or refuses it with the reason; `may` gives the
same answer as a value, for a page that shows what can be done.
"""

from dataclasses import dataclass

from review.case import rules, separation
from review.case.authority_table import Verb
from review.case.case import Case
from review.case.people import DEPARTMENT_POSTS, Appointment, By
from review.case.request import Request
from review.case.separation import Asking
from review.errors import NotPermittedError, RefusedError


@dataclass(frozen=True, slots=True)
class Permission:
    """The answer: allowed and as whom, or the reason why not, in Chinese."""

    allowed: bool
    reason: str | None = None
    by: By | None = None


def require(
    verb: Verb,
    request: Request,
    case: Case | None = None,
    *,
    department: str | None = None,
) -> By:
    """Return as whom the person may act; the record names his appointment.

    Raises:
        StaleError: The case changed since he looked at it.
        NotPermittedError: He may not; the message says who may.
        WrongStageError: The case is not at that step.
    """
    if case is not None:
        rules.forbid_stale(case, request.seen)
    asking = Asking(
        verb=verb,
        person=request.person,
        at=request.at,
        case=case,
        department=case.item.department if case else department,
    )
    separation.forbid_administrators(asking)
    separation.forbid_unappointed(asking)
    separation.forbid_other_department(asking)
    separation.forbid_wrong_stage(asking)
    separation.forbid_unsealing(asking)
    separation.forbid_wrong_turn(asking)
    separation.forbid_signing_own_item(asking)
    separation.forbid_endorsing_own_review(asking)
    separation.forbid_leading_own_sign_off(asking)
    return _chosen(asking).as_doer()


def may(
    verb: Verb,
    request: Request,
    case: Case | None = None,
    *,
    department: str | None = None,
) -> Permission:
    """Answer without raising; what the request itself says is not judged here."""
    try:
        by = require(verb, request, case, department=department)
    except RefusedError as refusal:
        return Permission(allowed=False, reason=refusal.message)
    return Permission(allowed=True, by=by)


def _chosen(asking: Asking) -> Appointment:
    """Return the appointment that the person acts on: the first that fits the case."""
    wanted = separation.turn(asking)
    for one in asking.appointments:
        own = one.department == asking.department or one.post not in DEPARTMENT_POSTS
        if own and (wanted is None or one.post == wanted):
            return one
    raise NotPermittedError("没有适用于这一件的任命。")
