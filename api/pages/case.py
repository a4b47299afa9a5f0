"""A case's own page: where it stands, what to do next, its story and its proof."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse

from api.pages.frame import Looking, draw
from api.state import Served, WithServed
from api.verification import verification_address
from review import clock
from review.case.case import Case
from review.case.values import Channel
from review.contents.compare import Comparison, strokes
from review.paper import qr
from review.service.cases import look
from review.service.cases.overview import overview

router: Final = APIRouter()

AnyNumber = Annotated[str, Path(max_length=40)]
AnyRound = Annotated[int, Path(ge=1, le=10_000)]

# What the machine says of itself while it works, in the words of people.
_PROGRESS: Final = {
    "waiting": "排队等候机检",
    "reading": "正在读取文件",
    "examining": "正在逐段检查",
    "comparing": "正在与不予公开的稿件比对",
    "done": "机检完成",
}


@router.get("/cases/{number}", response_class=HTMLResponse)
def page(
    request: Request, number: AnyNumber, by: Looking, served: WithServed
) -> HTMLResponse:
    """Show one case."""
    seen = overview(by.desk, number, person=by.person)
    return draw(
        request,
        "case/case.html",
        by=by,
        seen=seen,
        case=seen.case,
        may=seen.may,
        progress_words=_PROGRESS,
        code=_code(request, served, seen.case) if seen.in_force else None,
        publishable=_publishable(seen.case),
        # To the second, as clearances begin: what was cleared a moment ago may be out.
        now=f"{clock.china_time(by.desk.now()):%Y-%m-%dT%H:%M:%S}",
        verifies=by.may("verify_ledger"),
    )


@router.get("/cases/{number}/changes/{round_number}", response_class=HTMLResponse)
def changes(
    request: Request, number: AnyNumber, round_number: AnyRound, by: Looking
) -> HTMLResponse:
    """Show what a round changed against the one before."""
    found = look.changes_since(
        by.desk, number, person=by.person, round_number=round_number
    )
    case = look.see(by.desk, number, person=by.person)
    return draw(
        request,
        "case/changes.html",
        by=by,
        case=case,
        round=round_number,
        found=found,
        passages=_passages(found),
    )


def _code(request: Request, served: Served, case: Case) -> dict[str, object]:
    address = verification_address(request, served, case.number)
    side, path = qr.outline(address)
    return {"address": address, "side": side, "path": path}


def _publishable(case: Case) -> tuple[Channel, ...]:
    return case.grant.channels if case.grant else ()


def _passages(found: Comparison | None) -> list[dict[str, object]]:
    if found is None:
        return []
    return [
        {"place": one.place, "kind": one.kind, "strokes": strokes(one)}
        for one in found.changes
    ]
