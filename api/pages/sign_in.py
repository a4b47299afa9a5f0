"""The page to sign in on."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import oidc
from api.deps import COOKIE, address_of
from api.pages.frame import SIGN_IN, draw
from api.state import WithDesk, WithServed
from review.errors import NotSignedInError
from review.service.people import sign_in

router: Final = APIRouter()

_Next = Annotated[str, Query(alias="next", max_length=2_000)]


@router.get(SIGN_IN, response_class=HTMLResponse)
def page(
    request: Request, desk: WithDesk, served: WithServed, back: _Next = "/"
) -> Response:
    """Show the form; who is signed in already goes on."""
    then = own_address(back)
    try:
        token = request.cookies.get(COOKIE, "")
        sign_in.who(desk, token, address=address_of(request))
    except NotSignedInError:
        settings = served.settings
        provider = settings.oidc_name if settings.oidc_issuer else None
        return draw(
            request,
            "sign_in.html",
            then=then,
            provider=provider,
            provider_address=f"{oidc.PATH}/start",
        )
    return RedirectResponse(then, status_code=303)


def own_address(address: str) -> str:
    """Return the address if it is one of ours, else the first page's."""
    if not address.startswith("/") or address.startswith(("//", "/\\")):
        return "/"
    return address if address.isprintable() else "/"
