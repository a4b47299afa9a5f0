"""What anybody may know of a case: that it was cleared, its title, the day."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import regex

from review import clock
from review.case.case import CLEARED_STAGES
from review.errors import NotFoundError
from review.service.desk import Desk
from review.service.recording import load

_NUMBER: Final = r"\d{4}-\d{6,7}"
_UNKNOWN: Final = "没有查到这个编号的公开许可，请核对编号。"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearedCase:
    """A cleared item, as far as anybody may know."""

    number: str
    title: str
    cleared_on: date


def cleared_case(desk: Desk, number: str) -> ClearedCase:
    """Return what anybody may know of a case that stands cleared or published.

    Raises:
        NotFoundError: There is no such case, or it is at any other stage; the
            answer is the same.
    """
    if not regex.fullmatch(_NUMBER, number):
        raise NotFoundError(_UNKNOWN)
    with desk.store.reading() as records:
        row = records.register_row(number)
        if row is None or row.stage not in CLEARED_STAGES:
            raise NotFoundError(_UNKNOWN)
        case = load(records, number)
    grant = case.grant
    if case.stage not in CLEARED_STAGES or grant is None:
        raise NotFoundError(_UNKNOWN)
    return ClearedCase(
        number=number,
        title=case.rounds[grant.round - 1].item.title,
        cleared_on=clock.china_date(grant.valid_from),
    )
