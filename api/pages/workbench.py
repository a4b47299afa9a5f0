"""The workbench (工作台): what waits, what is late, what came back."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages.frame import Looking, draw
from review.service.papers import workbench

router: Final = APIRouter()


@router.get("/", response_class=HTMLResponse)
def page(request: Request, by: Looking) -> HTMLResponse:
    """Show what there is to do."""
    bench = workbench.bench_of(by.desk, person=by.person)
    return draw(request, "workbench.html", by=by, bench=bench)
