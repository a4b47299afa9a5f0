"""Hand in, hand in again, take back: what the department asks for."""

from datetime import datetime

from review.case import authority, rules
from review.case.case import Case
from review.case.events import Resubmitted, Scanned, Submitted, Withdrawn
from review.case.people import MACHINE
from review.case.request import Request
from review.case.values import Item, RoundReport


def submit(item: Item, request: Request, *, number: str) -> Submitted:
    """Begin the review of one item (一事一审)."""
    by = authority.require("submit", request, department=item.department)
    rules.forbid_empty_item(item)
    rules.forbid_several_bodies(item.files)
    return Submitted(at=request.at, by=by, round=1, number=number, item=item)


def resubmit(
    case: Case,
    request: Request,
    item: Item,
) -> Resubmitted:
    """Hand in a new version: a new round, reviewed from the beginning."""
    by = authority.require("resubmit", request, case)
    rules.forbid_moving_item(case, item)
    rules.forbid_empty_item(item)
    rules.forbid_several_bodies(item.files)
    return Resubmitted(at=request.at, by=by, round=case.round.number + 1, item=item)


def withdraw(
    case: Case,
    request: Request,
    *,
    reason: str,
) -> Withdrawn:
    """Take the item back before it is decided."""
    by = authority.require("withdraw", request, case)
    rules.forbid_blank(reason, "撤回的原因")
    return Withdrawn(at=request.at, by=by, round=case.round.number, reason=reason)


def record_scan(
    case: Case, report: RoundReport, *, contents: str, at: datetime
) -> Scanned:
    """Put the machine's finished report on record, for the contents it has seen.

    Raises:
        RefusedError: The round has a report already, or other contents.
    """
    rules.forbid_second_scan(case, contents)
    return Scanned(at=at, by=MACHINE, round=case.round.number, report=report)
