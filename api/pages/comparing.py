"""The page on which an editor compares what he is about to publish (比对)."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.pages.frame import Looking, Viewer, draw
from review.case.case import Case
from review.case.values import Channel
from review.case.words import CHANNELS
from review.errors import NotPermittedError
from review.ports.records import RegisterQuery
from review.service.cases import look
from review.service.cases.comparing import standing_of
from review.service.papers import register

router: Final = APIRouter()

_RECENT: Final = 30
Wanted = Annotated[str, Query(max_length=40, alias="case")]


@router.get("/compare", response_class=HTMLResponse)
def page(request: Request, by: Looking, case: Wanted = "") -> HTMLResponse:
    """Let him choose a cleared item; of a chosen one, show where to paste."""
    chosen = look.permit_contents(by.desk, case, person=by.person) if case else None
    return draw(
        request,
        "compare.html",
        by=by,
        chosen=chosen,
        standings=_standings(by, chosen) if chosen and chosen.grants else {},
        recent=() if chosen else _recent(by),
    )


def _standings(by: Viewer, case: Case) -> dict[Channel, str]:
    """Return, for every channel, whether the clearance holds there today."""
    return {one: standing_of(by.desk, case, one) for one in CHANNELS}


def _recent(by: Viewer) -> tuple[Any, ...]:
    query = RegisterQuery(stages=("cleared", "published"), limit=_RECENT)
    try:
        return register.page(by.desk, query, person=by.person)
    except NotPermittedError:
        return ()
