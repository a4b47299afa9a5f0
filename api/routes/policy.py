"""The office's policy as it is in force."""

from typing import Any, Final

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.deps import SignedIn
from api.paths import described
from api.state import WithDesk
from review.service.upkeep import office_policy

router: Final = APIRouter(prefix="/policy", tags=["审查政策"])


class PolicyOut(BaseModel):
    """The policy in full, with the digest that every record names it by."""

    digest: str = Field(description="审查记录里的政策版本")
    content: dict[str, Any]


@router.get("", summary="启用中的审查政策", responses=described(403))
def read(signed: SignedIn, desk: WithDesk) -> PolicyOut:
    """期限、快速办理、签批层级等本单位的选择。"""
    policy = office_policy.read_policy(desk, person=signed.person)
    return PolicyOut(digest=policy.digest, content=dict(policy.content))
