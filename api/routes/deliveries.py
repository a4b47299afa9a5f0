"""What is told to sites: looked at, and tried again, by who looks after the system."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from api.deps import SignedIn
from api.paths import described
from api.schemas.sites import DeliveryOut, DeliveryPage, delivery_out
from api.state import WithDesk
from review.ports.gate import DeliveryState
from review.service.gate import deliveries

router: Final = APIRouter(prefix="/deliveries", tags=["站点"])

DeliveryId = Annotated[
    str,
    Path(
        pattern=r"^\d{4}-\d{6,7}-v\d{1,9}$",
        description="通知编号",
        examples=["2026-000123-v7"],
    ),
]
_MOST: Final = 200


@router.get("", summary="给站点的通知", responses=described(403, 422))
def listed(
    signed: SignedIn,
    desk: WithDesk,
    state: Annotated[
        DeliveryState | None,
        Query(description="waiting 待送、delivered 已送达、failed 已停止重试"),
    ] = None,
    after: Annotated[
        str, Query(max_length=64, description="从哪个编号之后接着列")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST, description="每页条数")] = 50,
) -> DeliveryPage:
    """审查结果通知到站点的情况；没有标题和内容。"""
    found = deliveries.listed(
        desk, person=signed.person, state=state, after=after, limit=limit + 1
    )
    shown = found[:limit]
    following = shown[-1].id if len(found) > limit else None
    return DeliveryPage(items=tuple(map(delivery_out, shown)), next=following)


@router.post(
    "/{delivery}/retry", summary="重发通知", responses=described(403, 404, 409, 422)
)
def retry(delivery: DeliveryId, signed: SignedIn, desk: WithDesk) -> DeliveryOut:
    """把送不到的通知从头再试。"""
    return delivery_out(deliveries.retry(desk, delivery, person=signed.person))
