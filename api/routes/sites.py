"""Sites that ask the gate: registered, changed and closed by the system administrator."""

from typing import Annotated, Final

from fastapi import APIRouter, Path

from api.deps import SignedIn
from api.paths import described
from api.schemas.sites import (
    NewKeyOut,
    NewSecretOut,
    NewSiteIn,
    NewSiteOut,
    SiteIn,
    SiteOut,
    site_out,
)
from api.state import WithDesk
from review.service.gate import sites
from review.service.gate.sites import SiteSeen

router: Final = APIRouter(prefix="/sites", tags=["站点"])

SiteId = Annotated[
    str,
    Path(min_length=1, max_length=64, description="站点代号", examples=["site-news"]),
]
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="密钥编号")]
_ANSWERS: Final = described(403, 404, 409, 412, 422)


@router.get("", summary="全部站点", responses=described(403))
def listed(signed: SignedIn, desk: WithDesk) -> tuple[SiteOut, ...]:
    """登记过的全部站点，和每个密钥最近哪天用过；密钥本身不保存。"""
    return tuple(site_out(one) for one in sites.listed(desk, person=signed.person))


@router.post(
    "", status_code=201, summary="登记站点", responses=described(403, 409, 422)
)
def register(said: NewSiteIn, signed: SignedIn, desk: WithDesk) -> NewSiteOut:
    """登记之后还要发密钥，并由安全管理员任命为部门的“网站系统”，才能使用闸口。"""
    made = sites.register(desk, said.site(said.id), person=signed.person)
    return NewSiteOut(
        site=site_out(SiteSeen(made.site, {})), webhook_secret=made.webhook_secret
    )


@router.put("/{site}", summary="修改登记", responses=_ANSWERS)
def change(site: SiteId, said: SiteIn, signed: SignedIn, desk: WithDesk) -> SiteOut:
    """整份替换：没有写上的公开方式、部门、网段、回调主机就不再有。"""
    changed = sites.change(desk, said.site(site), person=signed.person)
    return site_out(SiteSeen(changed, {}))


@router.post("/{site}/keys", status_code=201, summary="发密钥", responses=_ANSWERS)
def issue(site: SiteId, signed: SignedIn, desk: WithDesk) -> NewKeyOut:
    """密钥只显示这一次。换密钥：先发新的，发布系统改用之后再撤销旧的。"""
    key = sites.issue_key(desk, site, person=signed.person)
    return NewKeyOut(id=key.id, key=key.text)


@router.delete("/{site}/keys/{key}", summary="撤销密钥", responses=_ANSWERS)
def revoke(site: SiteId, key: KeyId, signed: SignedIn, desk: WithDesk) -> SiteOut:
    """立即失效，不能恢复。"""
    changed = sites.revoke_key(desk, site, key, person=signed.person)
    return site_out(SiteSeen(changed, {}))


@router.post(
    "/{site}/webhook-secret",
    status_code=201,
    summary="换通知密钥",
    responses=_ANSWERS,
)
def renew(site: SiteId, signed: SignedIn, desk: WithDesk) -> NewSecretOut:
    """通知密钥用来核对通知是不是真的，只显示这一次；旧的立即失效。"""
    return NewSecretOut(
        webhook_secret=sites.renew_secret(desk, site, person=signed.person)
    )


@router.post("/{site}/closure", summary="停用站点", responses=_ANSWERS)
def close(site: SiteId, signed: SignedIn, desk: WithDesk) -> SiteOut:
    """全部密钥失效，不能恢复；记录保留，代号不再给别人。"""
    closed = sites.close(desk, site, person=signed.person)
    return site_out(SiteSeen(closed, {}))
