"""What a draft's pages look like: their sizes, the findings on them, one page as a picture."""

from dataclasses import asdict
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from api.deps import SignedIn
from api.paths import Number, RoundNumber, described
from api.routes.drafts import FileName
from api.state import WithServed
from review.picture.bounds import WIDEST
from review.service.cases import pictures
from review.service.cases.pictures import USUAL_WIDTH

router: Final = APIRouter(
    prefix="/cases/{number}/rounds/{round_number}/files/{name}/pages",
    tags=["稿件与记录"],
)

_NARROWEST: Final = 100
PageNumber = Annotated[int, Path(ge=1, le=100_000, description="页码，从 1 起")]


class BoxOut(BaseModel):
    """A rectangle on a page, in fractions of its width and height."""

    left: float = Field(ge=0, le=1)
    top: float = Field(ge=0, le=1)
    width: float = Field(ge=0, le=1)
    height: float = Field(ge=0, le=1)


class MarkOut(BaseModel):
    """Where a finding stands on a page."""

    finding: str = Field(description="疑点编号")
    page: int
    boxes: list[BoxOut] = Field(description="每行一个框；空：这一页上没有找到")


class SizeOut(BaseModel):
    """A page's size."""

    width: float
    height: float


class PagesOut(BaseModel):
    """The pages of a file, and the findings on them."""

    count: int
    sizes: list[SizeOut]
    marks: list[MarkOut]


@router.get("", summary="稿件的页面与疑点的位置", responses=described(403, 404, 410))
async def pages(
    number: Number,
    round_number: RoundNumber,
    name: FileName,
    signed: SignedIn,
    served: WithServed,
) -> PagesOut:
    """有页面的文件（PDF、图片）共几页、每页多大、疑点在页面上的位置；没有页面的回答 422。"""
    work = partial(
        pictures.pages_of,
        served.installation.desk,
        number,
        name,
        person=signed.person,
        round_number=round_number,
    )
    async with served.drawing.one():
        found = await run_in_threadpool(work)
    return PagesOut(
        count=len(found.sizes),
        sizes=[SizeOut(width=one.width, height=one.height) for one in found.sizes],
        marks=[
            MarkOut(
                finding=one.id,
                page=one.page,
                boxes=[BoxOut(**asdict(each)) for each in one.boxes],
            )
            for one in found.marks
        ],
    )


@router.get(
    "/{page}",
    summary="稿件的一页图",
    response_class=Response,
    responses={
        **described(403, 404, 410),
        200: {"content": {"image/png": {}}},
    },
)
async def picture(
    number: Number,
    round_number: RoundNumber,
    name: FileName,
    page: PageNumber,
    signed: SignedIn,
    served: WithServed,
    width: Annotated[
        int, Query(ge=_NARROWEST, le=WIDEST, description="图的宽度，像素")
    ] = USUAL_WIDTH,
) -> Response:
    """按送审时的样子画成 PNG 图，不含疑点的标记。"""
    work = partial(
        pictures.picture_of,
        served.installation.desk,
        number,
        name,
        page,
        person=signed.person,
        round_number=round_number,
        width_px=width,
    )
    async with served.drawing.one():
        made = await run_in_threadpool(work)
    return Response(made.png, media_type="image/png")
