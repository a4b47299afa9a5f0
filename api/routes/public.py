"""What anybody may ask of a case's number: was it cleared, under which title, when.

How often an address may ask, `api.throttle` says: no sign-in stands before this.
"""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from api.paths import described
from api.state import WithDesk
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


@router.get("/cases/{number}", summary="核对编号", responses=described(404))
def case(number: AnyNumber, desk: WithDesk) -> PublicCaseOut:
    """只回答已同意公开的：编号、标题、哪天同意公开。其余一律是“没有找到”。"""
    found = public.cleared_case(desk, number)
    return PublicCaseOut(
        number=found.number, title=found.title, cleared_on=found.cleared_on
    )
