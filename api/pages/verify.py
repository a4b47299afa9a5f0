"""What anybody is shown who scans the code on a form: that the item was cleared."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.pages.frame import draw
from api.state import WithDesk
from review.errors import NotFoundError
from review.service.cases import public

router: Final = APIRouter()

_NOT_FOUND: Final = 404
_FOLDER: Final = "/verify/"


@router.get(_FOLDER, response_class=HTMLResponse)
def ask(
    request: Request, number: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Show the field for a number, or go to what it says."""
    wanted = number.strip()
    if wanted.replace("-", "").isdigit() and wanted.isascii():
        return RedirectResponse(f"{_FOLDER}{wanted}", status_code=303)
    return draw(request, "verify.html", number=wanted, found=None, refused=bool(wanted))


@router.get(f"{_FOLDER}{{number}}", response_class=HTMLResponse)
def page(
    request: Request, number: Annotated[str, Path(max_length=40)], desk: WithDesk
) -> HTMLResponse:
    """Show number, title and day of a cleared item; of any other that there is none."""
    try:
        found = public.cleared_case(desk, number)
    except NotFoundError:
        return draw(
            request,
            "verify.html",
            status=_NOT_FOUND,
            number=number,
            found=None,
            refused=True,
        )
    return draw(request, "verify.html", number=number, found=found, refused=False)
