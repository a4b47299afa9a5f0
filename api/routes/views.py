"""Views of the register that a person saves for himself."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field

from api.deps import SignedIn
from api.filters import RegisterFilters
from api.paths import described
from api.schemas.cases import In
from api.state import WithDesk
from review.ports.views import SavedView
from review.service.papers import views

router: Final = APIRouter(prefix="/views", tags=["审查件"])

_Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="视图的编号")]


class ViewIn(In):
    """What a view is to be called."""

    name: str = Field(min_length=1, max_length=20, description="名称，本人的不重复")


class ViewOut(BaseModel):
    """A saved view; `query` is what stands in the register's address after `?`."""

    number: int
    name: str
    query: str


@router.get("", summary="本人保存的台账视图")
def listed(signed: SignedIn, desk: WithDesk) -> list[ViewOut]:
    """按保存的先后；别人看不到。"""
    return [_out(one) for one in views.views_of(desk, person=signed.person)]


@router.post("", status_code=201, summary="保存台账视图", responses=described(403, 422))
def save(
    said: ViewIn,
    asked: Annotated[RegisterFilters, Depends()],
    signed: SignedIn,
    desk: WithDesk,
) -> ViewOut:
    """把台账现在的条件（写在地址里）以一个名字保存；同名的改成新的条件。"""
    query = urlencode(asked.said)
    return _out(views.save(desk, name=said.name, query=query, person=signed.person))


@router.delete(
    "/{view}", status_code=204, summary="删去台账视图", responses=described(404)
)
def forget(view: _Number, signed: SignedIn, desk: WithDesk) -> None:
    """删去本人保存的一个视图；审查件不受影响。"""
    views.forget(desk, view, person=signed.person)


def _out(view: SavedView) -> ViewOut:
    return ViewOut(number=view.number, name=view.name, query=view.query)
