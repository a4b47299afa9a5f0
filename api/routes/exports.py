"""Data as files: the forms of a case, the register, the summaries."""

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from api.deps import SignedIn
from api.downloads import attached, file_of
from api.filters import RegisterFilters
from api.paths import Number, TaskNumber, described
from api.periods import FIRST_DAY, LAST_DAY, Year
from api.schemas.cases import In
from api.state import WithDesk, WithServed
from api.verification import verification_address
from review.ports.tasks import Task, TaskState
from review.service.papers import export_orders, exports
from review.service.papers.export_orders import Kind, Order
from review.service.papers.exports import FORMATS, FormFormat, FormKind

router: Final = APIRouter(tags=["导出"])

# What takes longer than some seconds is ordered, and made in the background.
_MOST_AT_ONCE: Final = 500


class OrderIn(In):
    """What is wanted; a month or a year by any of its days, `since` and `until`."""

    kind: Kind = Field(description="register 台账、monthly 月度汇总、yearly 年度数据")
    since: date = Field(ge=FIRST_DAY, le=LAST_DAY)
    until: date = Field(ge=FIRST_DAY, le=LAST_DAY)


class OrderOut(BaseModel):
    """An order and how far it is."""

    id: int
    state: TaskState
    ready: bool = Field(description="做好了，可以下载")
    state_word: Literal["等待", "正在做", "已做好", "没有做成"]


_WORDS: Final[dict[TaskState, Literal["等待", "正在做", "已做好", "没有做成"]]] = {
    "waiting": "等待",
    "running": "正在做",
    "done": "已做好",
    "failed": "没有做成",
}


@router.get(
    "/cases/{number}/forms/{kind}.{form_format}",
    summary="一件的表格",
    response_class=Response,
    responses={**described(403, 404, 410), **file_of(*FORMATS.values())},
)
def form(
    number: Number,
    kind: FormKind,
    form_format: FormFormat,
    signed: SignedIn,
    served: WithServed,
    request: Request,
) -> Response:
    """填好的审查表（review）、涉密事件报告表（incident）、请示或函（referral）、许可书（clearance）。"""
    made = exports.form(
        served.installation.desk,
        number,
        kind=kind,
        form_format=form_format,
        person=signed.person,
        font=served.settings.pdf_font,
        verify_at=verification_address(request, served, number),
    )
    return attached(made)


@router.get(
    "/exports/register.xlsx",
    summary="审查台账（表格）",
    response_class=Response,
    responses={**described(403), **file_of()},
)
def register(
    signed: SignedIn,
    desk: WithDesk,
    said: Annotated[RegisterFilters, Depends()],
) -> Response:
    """至多 500 件；更多的请用后台导出。"""
    query = said.query(desk, person=signed.person)
    made = exports.register(desk, query, person=signed.person, most=_MOST_AT_ONCE)
    return attached(made)


@router.get(
    "/exports/monthly.xlsx",
    summary="月度汇总表",
    response_class=Response,
    responses={**described(403), **file_of()},
)
def monthly(
    signed: SignedIn,
    desk: WithDesk,
    year: Year,
    month: Annotated[int, Query(ge=1, le=12)],
) -> Response:
    """各部门一个月送审和办结的件数。"""
    made = exports.monthly(desk, year=year, month=month, person=signed.person)
    return attached(made)


@router.get(
    "/exports/yearly.xlsx",
    summary="年度考核数据",
    response_class=Response,
    responses={**described(403), **file_of()},
)
def yearly(signed: SignedIn, desk: WithDesk, year: Year) -> Response:
    """各部门一年的考核数据。"""
    return attached(exports.yearly(desk, year=year, person=signed.person))


@router.post("/exports", status_code=202, summary="后台导出", responses=described(403))
def order(
    said: OrderIn, signed: SignedIn, response: Response, desk: WithDesk
) -> OrderOut:
    """件数多的导出放到后台做；做好后只有您自己能取。"""
    wanted = Order(kind=said.kind, since=said.since, until=said.until)
    task = export_orders.order(desk, wanted, person=signed.person)
    response.headers["Location"] = f"/api/v1/exports/{task.id}"
    return _order_out(task)


@router.get("/exports/{task}", summary="后台导出的进度", responses=described(404))
def status(task: TaskNumber, signed: SignedIn, desk: WithDesk) -> OrderOut:
    """自己要的导出做到哪里了。"""
    return _order_out(export_orders.status(desk, task, person=signed.person))


@router.get(
    "/exports/{task}/file",
    summary="取后台导出的文件",
    response_class=Response,
    responses={**described(404, 409, 410), **file_of()},
)
def fetch(task: TaskNumber, signed: SignedIn, desk: WithDesk) -> Response:
    """做好之后下载。"""
    return attached(export_orders.fetch(desk, task, person=signed.person))


def _order_out(task: Task) -> OrderOut:
    return OrderOut(
        id=task.id,
        state=task.state,
        ready=task.state == "done",
        state_word=_WORDS[task.state],
    )
