"""Figures of a period: what became of cases, how long steps took, which rules cry wolf."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.deps import SignedIn
from api.paths import described
from api.periods import Since, Until
from api.state import WithDesk
from review.service.papers import statistics
from review.service.papers.statistics import Figures

router: Final = APIRouter(prefix="/statistics", tags=["统计"])


@router.get("", summary="一段时间的统计", responses=described(403))
def figures(
    signed: SignedIn,
    desk: WithDesk,
    since: Since,
    until: Until,
    department: Annotated[tuple[str, ...], Query(max_length=50)] = (),
) -> Figures:
    """件数、各步工作日的中位数和九成数、疑点按规则怎样处置；部门只看本部门。"""
    return statistics.figures(
        desk,
        since=since,
        until=until,
        person=signed.person,
        departments=department or None,
    )
