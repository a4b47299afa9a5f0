"""The site audits on record, for programs."""

from typing import Annotated, Final

from fastapi import APIRouter, Path

from api.deps import SignedIn
from api.paths import described
from api.state import WithDesk
from review.service.siteaudit import shown
from review.service.siteaudit.shown import AuditShown
from review.siteaudit.events import SiteAudited

router: Final = APIRouter(prefix="/site-audits", tags=["统计"])

_Audit = Annotated[str, Path(max_length=40, description="巡查的编号")]


@router.get("", summary="最近的网站巡查", responses=described(403))
def listed(signed: SignedIn, desk: WithDesk) -> list[SiteAudited]:
    """最近二十次，从新到旧；只有网址、类别和摘要，没有网页上的文字。"""
    return list(shown.audits(desk, person=signed.person))


@router.get("/{audit}", summary="一次网站巡查", responses=described(403, 404))
def one(signed: SignedIn, desk: WithDesk, audit: _Audit) -> AuditShown:
    """发现了什么，其中哪些已经立案。"""
    return shown.audit(desk, audit, person=signed.person)
