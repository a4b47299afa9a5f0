"""What anybody needs to check a clearance offline: the keys, and what was taken back."""

from typing import Any, Final

from fastapi import APIRouter, Response

from api.state import WithDesk
from review.service.cases import clearances

router: Final = APIRouter(prefix="/.well-known", tags=["公开核对"])
_JWT: Final = "application/jwt"


@router.get("/jwks.json", summary="核对公开许可的公钥（JWKS）")
def keys(response: Response, desk: WithDesk) -> dict[str, Any]:
    """公开许可是 EdDSA 签名的 JWS，用这里的公钥离线核对。"""
    response.headers["Cache-Control"] = "public, max-age=300"
    return dict(clearances.published_keys(desk))


@router.get(
    "/xianshen-revocations",
    summary="已撤销许可的名单",
    response_class=Response,
    responses={200: {"content": {_JWT: {}}}},
)
def revocations(desk: WithDesk) -> Response:
    """签名的名单（JWS），一天内有效；离线核对时过期的名单不能用。"""
    headers = {"Cache-Control": "public, max-age=60"}
    return Response(clearances.revocation_list(desk), media_type=_JWT, headers=headers)
