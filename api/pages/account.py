"""One's own account: who one is, password, second factor, where one is signed in."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.frame import ACCOUNT, Anybody, Viewer, draw
from api.state import WithDesk
from review import clock
from review.access.passwords import KEPT, SHORTEST
from review.service.people import own_account
from review.service.people.sign_in import Signed

router: Final = APIRouter()


@router.get(ACCOUNT, response_class=HTMLResponse)
def page(request: Request, desk: WithDesk, signed: Anybody) -> HTMLResponse:
    """Show one's own account; what must be done first stands alone."""
    by = Viewer(desk=desk, signed=signed)
    return draw(
        request,
        "account.html",
        by=by,
        own=own_account.own_account(desk, signed),
        steps=_undone(signed),
        today=clock.china_date(desk.now()),
        shortest=SHORTEST,
        kept=KEPT,
        reads_policy=by.may("read_policy"),
    )


def _undone(signed: Signed) -> tuple[str, ...]:
    """Return what he must do before anything else, in the order in which it is asked."""
    asked = (
        ("prove", signed.must_prove),
        ("change", signed.must_change),
        ("enrol", signed.must_enrol),
    )
    return tuple(name for name, is_undone in asked if is_undone)
