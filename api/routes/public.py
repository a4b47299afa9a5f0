"""What anybody may ask of a case's number: was it cleared, under which title, when."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from api.deps import address_of
from api.paths import described
from api.problems import ProblemError
from api.state import WithDesk, WithServed
from review.service.cases import public

router: Final = APIRouter(prefix="/public", tags=["公开核对"])

AnyNumber = Annotated[
    str, Path(max_length=40, description="审查件编号", examples=["2026-000123"])
]


class PublicCaseOut(BaseModel):
    """That an item was cleared, and nothing more."""

    number: str = Field(examples=["2026-000123"])
    title: str
    cleared_on: date


def not_too_often(request: Request, served: WithServed) -> None:
    """Let each address ask so often that a person would not notice.

    Raises:
        ProblemError: Too often; it says when to ask again.
    """
    wait = served.public_limit.wait(address_of(request))
    if wait > 0:
        raise ProblemError(
            429,
            "too_many_requests",
            "查询太频繁，请稍后再试。",
            headers={"Retry-After": str(wait)},
        )


@router.get(
    "/cases/{number}",
    summary="核对编号",
    dependencies=[Depends(not_too_often)],
    responses=described(404),
)
def case(number: AnyNumber, desk: WithDesk) -> PublicCaseOut:
    """只回答已同意公开的：编号、标题、哪天同意公开。其余一律是“没有找到”。"""
    found = public.cleared_case(desk, number)
    return PublicCaseOut(
        number=found.number, title=found.title, cleared_on=found.cleared_on
    )
