"""The page on which a draft is handed in, for the first time or changed (送审)."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.bodies import MEBI
from api.pages.case import AnyNumber
from api.pages.frame import Looking, Viewer, draw
from api.state import Served, WithServed
from api.uploads import MOST_ATTACHMENTS
from review.errors import NotPermittedError, WrongStageError
from review.reading import READABLE
from review.report.words import LEVELS
from review.service.cases import look
from review.settings import Settings

router: Final = APIRouter()

_ADVICE: Final = {"xlsx": ("xlsb",), "PDF": ("epub", "ceb", "caj")}


@router.get("/submit", response_class=HTMLResponse)
def page(request: Request, by: Looking, served: WithServed) -> HTMLResponse:
    """Show the empty form.

    Raises:
        NotPermittedError: He hands in nothing today.
    """
    if not by.departments:
        raise NotPermittedError(
            "送审由部门初审员或部门负责人办理，您今天没有这样的任命。"
        )
    return _draw(request, by, served, again=None)


@router.get("/cases/{number}/resubmit", response_class=HTMLResponse)
def resubmit(
    request: Request, number: AnyNumber, by: Looking, served: WithServed
) -> HTMLResponse:
    """Show the form for a new round, with what was said in the last one.

    Raises:
        WrongStageError: No new round can be handed in now, or not by him.
    """
    case = look.see(by.desk, number, person=by.person)
    permission = look.steps(by.desk, case, person=by.person)["resubmit"]
    if not permission.allowed:
        raise WrongStageError(permission.reason or "现在不能重新送审。")
    return _draw(request, by, served, again=case)


def _draw(request: Request, by: Viewer, served: Served, *, again: Any) -> HTMLResponse:
    return draw(
        request,
        "submit.html",
        by=by,
        again=again,
        limits=_limits(served.settings),
        megabytes=served.settings.upload_megabytes,
    )


def _limits(settings: Settings) -> dict[str, Any]:
    """Return what the page's script checks before it sends anything."""
    return {
        "bytes": settings.upload_megabytes * MEBI,
        "attachments": MOST_ATTACHMENTS,
        "levels": list(LEVELS.values()),
        "readable": list(READABLE),
        "advice": _advice(),
    }


def _advice() -> dict[str, str]:
    """Return what to do with a file whose name promises what nobody here reads."""
    return {
        ending: f"暂不能读取这种格式，请另存为 {better} 后再送审。"
        for better, endings in _ADVICE.items()
        for ending in endings
    }
