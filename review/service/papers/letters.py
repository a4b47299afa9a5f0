"""The letter that a cleared item goes to an editor with, filled from the record."""

from review import clock
from review.case.case import CLEARED_STAGES
from review.case.words import CHANNELS
from review.errors import NotFoundError
from review.paper import interface as paper
from review.service.cases import look
from review.service.desk import Desk
from review.service.papers.forms import files_of, form_number


def clearance_letter(
    desk: Desk, number: str, *, person: str, address: str | None = None
) -> paper.ClearanceLetter:
    """Return the letter of a clearance that is in force.

    `address` is the page where anybody can look the number up.

    Raises:
        NotFoundError: There is no such case, or no clearance in force.
        NotPermittedError: The person may not see the draft.
    """
    case = look.permit_contents(desk, number, person=person)
    grant, now = case.grant, desk.now()
    if grant is None or grant.ended is not None or now >= grant.valid_until:
        raise NotFoundError("这一件没有有效的公开许可，不能出具许可书。")
    cleared = case.rounds[grant.round - 1]
    said = cleared.sign_off
    if case.stage not in CLEARED_STAGES or said is None:
        raise NotFoundError("这一件没有有效的公开许可，不能出具许可书。")
    return paper.ClearanceLetter(
        office=desk.office.name,
        number=form_number(number),
        case=number,
        title=case.open_title,
        department=case.item.department,
        drafted_by=case.item.drafted_by,
        round=grant.round,
        channels=tuple(CHANNELS[one] for one in grant.channels),
        valid_from=grant.valid_from,
        valid_until=grant.valid_until,
        clearance=grant.id,
        contents=grant.canonical,
        token=grant.token_digest,
        files=files_of(cleared.item),
        signed_by=said.by.name,
        signed=clock.china_date(said.at),
        printed_at=now,
        address=address or "",
    )
