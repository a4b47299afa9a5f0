"""Cases: handed in, listed, looked at, taken back."""

from datetime import date, datetime
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from api.deps import New, SignedIn, Step, tag
from api.paths import Before, Number, described
from api.periods import FIRST_DAY, LAST_DAY
from api.schemas.cases import CaseOut, CasePage, ReasonIn, case_out, row_out
from api.state import WithDesk
from api.uploads import DraftForm
from review import clock, digests
from review.case.case import Case, Stage
from review.ports.records import RegisterQuery
from review.service.cases import look
from review.service.cases import submit as submitting
from review.service.cases.submit import Draft
from review.service.desk import Desk
from review.service.papers import register

router: Final = APIRouter(prefix="/cases", tags=["审查件"])

_MOST: Final = 200
_Day = Annotated[
    date | None, Query(ge=FIRST_DAY, le=LAST_DAY, description="送审日期，自、至（含）")
]


def shown(desk: Desk, case: Case, response: Response, *, person: str) -> CaseOut:
    """Return the case as the asker sees it, with what he may do next."""
    tag(response, case)
    return case_out(case, look.steps(desk, case, person=person))


@router.post("", status_code=201, summary="送审", responses=described(403, 413, 422))
def submit(
    form: Annotated[DraftForm, Depends()],
    asked: New,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """登记一件，加密保存稿件，排队机检。返回的 ETag 就是版本号。"""
    once = asked.once(_said(form.draft))
    case = submitting.submit(desk, form.draft, person=asked.person, once=once)
    response.headers["Location"] = f"/api/v1/cases/{case.number}"
    return shown(desk, case, response, person=asked.person)


@router.get("", summary="台账", responses=described(403, 422))
def page(
    request: Request,
    signed: SignedIn,
    desk: WithDesk,
    response: Response,
    q: Annotated[str, Query(max_length=100, description="标题或编号里的字")] = "",
    stage: Annotated[tuple[Stage, ...], Query(description="状态，可多个")] = (),
    department: Annotated[tuple[str, ...], Query(max_length=50)] = (),
    overdue: Annotated[bool, Query(description="只看超期的")] = False,  # noqa: FBT002 - a field
    submitted_from: _Day = None,
    submitted_until: _Day = None,
    before: Before = None,
    limit: Annotated[int, Query(ge=1, le=_MOST, description="每页件数")] = 50,
) -> CasePage:
    """按编号从新到旧列出您能看到的审查件，一次一页。"""
    query = RegisterQuery(
        departments=tuple(department) or None,
        stages=tuple(stage),
        words=q,
        overdue_on=clock.china_date(desk.now()) if overdue else None,
        submitted_from=_midnight(submitted_from),
        submitted_until=_midnight(submitted_until, days=1),
        before=before,
        limit=limit + 1,
    )
    rows = register.page(desk, query, person=signed.person)
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = _following(request, rows[-1].sequence)
        response.headers["Link"] = f'<{following}>; rel="next"'
    return CasePage(items=tuple(map(row_out, rows)), next=following)


@router.get("/counts", summary="各状态件数", responses=described(403))
def counts(signed: SignedIn, desk: WithDesk) -> dict[Stage, int]:
    """您能看到的审查件里，各状态有几件。"""
    return dict(register.counts(desk, person=signed.person))


@router.get("/{number}", summary="查看一件", responses=described(403, 404))
def see(
    number: Number,
    signed: SignedIn,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """一件的各轮、机检结果、处置、意见和许可，以及您现在能办什么。"""
    case = look.see(desk, number, person=signed.person)
    return shown(desk, case, response, person=signed.person)


@router.post(
    "/{number}/rounds",
    status_code=201,
    summary="重新送审",
    responses=described(403, 404, 409, 412, 413, 422, 428),
)
def resubmit(
    number: Number,
    form: Annotated[DraftForm, Depends()],
    asked: Step,
    response: Response,
    desk: WithDesk,
) -> CaseOut:
    """送审修改后的版本：新的一轮，从机检开始重新审查。"""
    asker = asked.asker(_said(form.draft))
    case = submitting.resubmit(desk, number, form.draft, asker=asker)
    return shown(desk, case, response, person=asked.person)


@router.post(
    "/{number}/withdrawal",
    summary="撤回",
    responses=described(403, 404, 409, 412, 422, 428),
)
def withdraw(
    number: Number, said: ReasonIn, asked: Step, response: Response, desk: WithDesk
) -> CaseOut:
    """在决定之前撤回。"""
    asker = asked.asker(said.model_dump(mode="json"))
    case = submitting.withdraw(desk, number, reason=said.reason, asker=asker)
    return shown(desk, case, response, person=asked.person)


def _said(draft: Draft) -> list[object]:
    """Return all that a form asks, as plain JSON, its files as digests."""
    planned = draft.planned_on.isoformat() if draft.planned_on else None
    source = [draft.source.kind, draft.source.origin]
    files = [[one.role, one.name, digests.of_bytes(one.data)] for one in draft.uploads]
    told = [draft.title, draft.department, list(draft.channels), draft.drafted_by]
    return [*told, planned, source, files]


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    if day is None:
        return None
    return clock.midnight(day, days=days)


def _following(request: Request, before: int) -> str:
    asked = [(name, value) for name, value in request.query_params.multi_items()]
    kept = [(name, value) for name, value in asked if name != "before"]
    return f"{request.url.path}?{urlencode([*kept, ('before', before)])}"
