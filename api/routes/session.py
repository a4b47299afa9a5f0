"""Signing in and out, one's own password and second factor."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api import oidc
from api.deps import COOKIE, AnySession, address_of, session_of
from api.paths import described
from api.problems import ProblemError
from api.schemas.session import (
    CodeIn,
    EndedOut,
    EnrolmentOut,
    PasswordIn,
    ProviderOut,
    RecoveryOut,
    SessionOut,
    SignInIn,
    WaysOut,
    enrolment_out,
    session_out,
)
from api.state import WithDesk, WithServed
from review.errors import SignInRefusedError
from review.service.people import own_account, sign_in, sign_in_provider

router: Final = APIRouter(prefix="/session", tags=["登录"])

_Given = Annotated[str, Query(max_length=4_000)]
# A page of ours goes on from here: a browser that another site sent here keeps a
# strict cookie back until then.
_IN: Final = """\
<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>已登录</title>
<meta http-equiv="refresh" content="0;url=/"></head>
<body><p>已登录，<a href="/">进入先审</a></p></body></html>
"""


def _let_in(request: Request, response: Response, token: str) -> None:
    """Give the browser its token, which no page can read and no other site sends."""
    response.set_cookie(
        COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


@router.get("/ways", summary="怎样登录", responses=described())
def ways(desk: WithDesk, served: WithServed) -> WaysOut:
    """给登录页：单位名称，有没有统一身份认证。"""
    provider = None
    if served.settings.oidc_issuer is not None:
        name = served.settings.oidc_name
        provider = ProviderOut(name=name, address=f"{oidc.PATH}/start")
    return WaysOut(office=desk.office.name, provider=provider)


@router.post("", status_code=201, summary="登录", responses=described(403))
def enter(
    said: SignInIn, request: Request, response: Response, desk: WithDesk
) -> SessionOut:
    """用登录名、密码登录；绑定了动态码的还要动态码（先不带，回答 second_factor_needed 后再带上）。"""
    address = address_of(request)
    password = said.password.get_secret_value()
    entered = sign_in.sign_in(
        desk, said.login, password, code=said.code, address=address
    )
    _let_in(request, response, entered.token)
    return session_out(sign_in.who(desk, entered.token, address=address))


@router.get("", summary="我是谁", responses=described())
def show(signed: AnySession) -> SessionOut:
    """登录的是谁，今天有哪些任命，还有什么必须先做。"""
    return session_out(signed)


@router.delete(
    "",
    status_code=204,
    summary="退出",
    dependencies=[Depends(session_of)],
    responses=described(403),
)
def leave(request: Request, response: Response, desk: WithDesk) -> None:
    """结束这次登录。"""
    sign_in.sign_out(desk, request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


@router.delete("/everywhere", summary="全部退出", responses=described(403))
def leave_everywhere(
    signed: AnySession, response: Response, desk: WithDesk
) -> EndedOut:
    """结束本人在所有设备上的登录，包括这次。"""
    ended = sign_in.sign_out_everywhere(desk, signed)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return EndedOut(ended=ended)


@router.post(
    "/password", status_code=204, summary="修改密码", responses=described(403, 409)
)
def change_password(
    said: PasswordIn, signed: AnySession, request: Request, desk: WithDesk
) -> None:
    """修改本人密码；在别处的登录随之结束。"""
    own_account.change_password(
        desk,
        signed,
        current=said.current.get_secret_value(),
        new=said.new.get_secret_value(),
        address=address_of(request),
    )


@router.post(
    "/second-factor",
    status_code=201,
    summary="绑定动态码：取二维码",
    responses=described(403, 409),
)
def begin_second_factor(signed: AnySession, desk: WithDesk) -> EnrolmentOut:
    """取得只显示一次的二维码，在手机上添加后确认。"""
    return enrolment_out(own_account.begin_second_factor(desk, signed))


@router.post(
    "/second-factor/confirmation",
    summary="绑定动态码：确认",
    responses=described(403, 409),
)
def confirm_second_factor(
    said: CodeIn, signed: AnySession, desk: WithDesk
) -> RecoveryOut:
    """用手机上的动态码确认；回答的恢复码只显示一次，请抄下保存。"""
    codes = own_account.confirm_second_factor(desk, signed, said.code)
    return RecoveryOut(recovery_codes=codes)


@router.post(
    "/second-factor/proof", summary="输入动态码", responses=described(403, 409)
)
def prove_second_factor(
    said: CodeIn, signed: AnySession, request: Request, desk: WithDesk
) -> SessionOut:
    """从统一身份认证登录的，在这里补上动态码。"""
    address = address_of(request)
    own_account.prove_second_factor(desk, signed, said.code, address=address)
    token = request.cookies.get(COOKIE, "")
    return session_out(sign_in.who(desk, token, address=address))


@router.post(
    "/second-factor/recovery-codes",
    summary="重新生成恢复码",
    responses=described(403, 409),
)
def renew_recovery_codes(
    said: CodeIn, signed: AnySession, request: Request, desk: WithDesk
) -> RecoveryOut:
    """凭一个动态码换十个新的恢复码，旧的作废；只显示一次。"""
    codes = own_account.renew_recovery_codes(
        desk, signed, said.code, address=address_of(request)
    )
    return RecoveryOut(recovery_codes=codes)


_AWAY: Final[dict[int | str, dict[str, Any]]] = {
    **described(404),
    303: {"description": "到统一身份认证去"},
}


@router.get(
    "/oidc/start",
    summary="到统一身份认证去登录",
    status_code=303,
    response_class=RedirectResponse,
    responses=_AWAY,
)
def start(request: Request, desk: WithDesk, served: WithServed) -> Response:
    """浏览器转到统一身份认证；十分钟内要回来。"""
    client = _client(request, served)
    address, cookie = oidc.leave(client, desk.secrets, at=desk.now())
    response = RedirectResponse(address, status_code=303)
    response.set_cookie(
        oidc.COOKIE,
        cookie,
        max_age=oidc.MINUTES * 60,
        httponly=True,
        # The provider sends the browser back here: a strict cookie would stay away.
        samesite="lax",
        secure=request.url.scheme == "https",
        path=oidc.PATH,
    )
    return response


@router.get(
    "/oidc/callback",
    summary="从统一身份认证回来",
    response_class=HTMLResponse,
    responses=described(404),
)
def callback(
    request: Request,
    desk: WithDesk,
    served: WithServed,
    state: _Given = "",
    code: _Given = "",
    error: _Given = "",
) -> HTMLResponse:
    """核验身份令牌，登录与之对应的账号，再转到首页。"""
    client = _client(request, served)
    if error or not code:
        raise SignInRefusedError("统一身份认证没有通过，没有登录，请重新开始。")
    identity = oidc.come_back(
        client,
        desk.secrets,
        cookie=request.cookies.get(oidc.COOKIE, ""),
        state=state,
        code=code,
        at=desk.now(),
    )
    entered = sign_in_provider.sign_in_with_identity(
        desk,
        identity.issuer,
        identity.subject,
        identity.claims,
        address=address_of(request),
    )
    response = HTMLResponse(_IN)
    _let_in(request, response, entered.token)
    response.delete_cookie(oidc.COOKIE, path=oidc.PATH)
    return response


def _client(request: Request, served: WithServed) -> oidc.Client:
    client = oidc.client_of(served.settings, str(request.base_url))
    if client is None:
        raise ProblemError(404, "not_found", "本单位没有设置统一身份认证。")
    return client
