"""The site audits on record: what each found, and which findings became cases."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.pages.frame import Looking, draw
from review.service.siteaudit import shown
from review.siteaudit.interface import KIND_WORDS, MODE_WORDS

router: Final = APIRouter(prefix="/site-audit")


@router.get("", response_class=HTMLResponse)
def page(
    request: Request, by: Looking, audit: Annotated[str, Query(max_length=40)] = ""
) -> HTMLResponse:
    """Show the audit that is named, or else the last, and the list of all."""
    known = shown.audits(by.desk, person=by.person)
    name = audit or (known[0].audit if known else "")
    return draw(
        request,
        "site_audit.html",
        by=by,
        audits=known,
        one=shown.audit(by.desk, name, person=by.person) if name else None,
        kinds=KIND_WORDS,
        modes=MODE_WORDS,
    )
