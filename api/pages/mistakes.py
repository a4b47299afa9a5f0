"""Refusals as pages, for whoever came with a browser and not with a program."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from api.network import PROBES
from api.pages.frame import AwayError, draw

# What programs ask is answered to programs, whatever they say they take.
_FOR_PROGRAMS: Final = ("/api/", "/.well-known/", *PROBES)


def wants_page(request: Request) -> bool:
    """Tell whether somebody looks at what is answered."""
    if request.url.path.startswith(_FOR_PROGRAMS):
        return False
    return "text/html" in request.headers.get("accept", "")


def shown(request: Request, problem: Mapping[str, Any]) -> Response | None:
    """Return the page that says what a problem says; None for whoever reads no pages."""
    if not wants_page(request):
        return None
    by = getattr(request.state, "viewer", None)
    return draw(
        request, "mistake.html", by=by, status=problem["status"], problem=problem
    )


def go_away(_request: Request, error: Exception) -> Response:
    """Lead the browser to the page that comes first."""
    if not isinstance(error, AwayError):
        raise error
    return RedirectResponse(error.address, status_code=303)
