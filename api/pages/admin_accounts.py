"""Accounts: looked through, and one of them with all that can be done to it."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.pages.admin import draw_admin
from api.pages.frame import Looking
from api.state import WithServed
from review import clock
from review.service.people import directory, staffing
from review.service.people.directory import STATES, AccountState

router: Final = APIRouter(prefix="/admin/accounts")

_Words = Annotated[str, Query(max_length=100)]
_Login = Annotated[str, Path(max_length=64)]


@router.get("", response_class=HTMLResponse)
def page(
    request: Request, by: Looking, q: _Words = "", state: AccountState | None = None
) -> HTMLResponse:
    """List accounts; make them, one or a list at once."""
    found = directory.look_through(by.desk, person=by.person, words=q, state=state)
    return draw_admin(
        request,
        "accounts.html",
        by=by,
        found=found,
        q=q,
        state=state,
        states=STATES,
        manages=by.may("manage_accounts"),
    )


@router.get("/{login}", response_class=HTMLResponse)
def one(
    request: Request, by: Looking, served: WithServed, login: _Login
) -> HTMLResponse:
    """Show one account, its holder's appointments, and what can be done."""
    seen = directory.profile(by.desk, login, person=by.person)
    departments = staffing.staffing(by.desk, person=by.person).departments
    return draw_admin(
        request,
        "one_account.html",
        by=by,
        seen=seen,
        today=clock.china_date(by.desk.now()),
        manages=by.may("manage_accounts"),
        frees=by.may("remove_second_factor"),
        is_own=seen.account.id == by.person,
        provider=served.settings.oidc_name if served.settings.oidc_issuer else None,
        departments=tuple(one.name for one in departments),
    )
