"""Accounts: listed, made, closed, unlocked; nobody is appointed by one."""

from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response, UploadFile

from api.deps import SignedIn, signed_in
from api.downloads import disposition, file_of
from api.paths import described
from api.schemas.accounts import (
    AccountChangeIn,
    AccountIn,
    AccountOut,
    AccountPage,
    GivenOut,
    SubjectIn,
    account_out,
    given_out,
)
from api.state import WithDesk
from review.paper.accounts_xlsx import template as empty_list
from review.service.papers.exports import XLSX
from review.service.people import accounts, people_list

router: Final = APIRouter(prefix="/accounts", tags=["账号"])

Login = Annotated[
    str,
    Path(
        pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$",
        description="登录名",
        examples=["zhang"],
    ),
]
_MOST: Final = 500


@router.get("", summary="账号列表", responses=described(403))
def page(
    request: Request,
    signed: SignedIn,
    desk: WithDesk,
    after: Annotated[str, Query(max_length=64, pattern=r"^[a-z0-9._-]*$")] = "",
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 100,
) -> AccountPage:
    """按登录名列出账号，一次一页。"""
    found = accounts.page(desk, person=signed.person, after=after, limit=limit + 1)
    following = None
    if len(found) > limit:
        found = found[:limit]
        query = urlencode({"after": found[-1].id, "limit": limit})
        following = f"{request.url.path}?{query}"
    return AccountPage(items=tuple(map(account_out, found)), next=following)


@router.post("", status_code=201, summary="建立账号", responses=described(403, 409))
def create(said: AccountIn, signed: SignedIn, desk: WithDesk) -> GivenOut:
    """由系统管理员办理；初始密码只显示这一次，首次登录须修改。"""
    return given_out(accounts.create(desk, said.wanted, person=signed.person))


@router.get(
    "/template",
    summary="人员表模板",
    response_class=Response,
    dependencies=[Depends(signed_in)],
    responses={**described(), **file_of()},
)
def template(desk: WithDesk) -> Response:
    """空白的人员表，填好后导入。"""
    headers = {"Content-Disposition": disposition("人员表.xlsx")}
    return Response(empty_list(at=desk.now()), media_type=XLSX, headers=headers)


@router.post(
    "/import",
    status_code=201,
    summary="从人员表导入",
    responses=described(403, 409, 413),
)
def import_list(
    sheet: UploadFile, signed: SignedIn, desk: WithDesk
) -> tuple[GivenOut, ...]:
    """一行一个账号；有一行不对就都不建。初始密码只显示这一次。"""
    made = people_list.import_accounts(desk, sheet.file.read(), person=signed.person)
    return tuple(map(given_out, made))


@router.get("/{login}", summary="查看账号", responses=described(403, 404))
def see(login: Login, signed: SignedIn, desk: WithDesk) -> AccountOut:
    """一个账号的状态。"""
    return account_out(accounts.see(desk, login, person=signed.person))


@router.patch("/{login}", summary="修改姓名、部门", responses=described(403, 404, 409))
def rename(
    login: Login, said: AccountChangeIn, signed: SignedIn, desk: WithDesk
) -> AccountOut:
    """由系统管理员办理；登录名不能改，任命上的姓名不随之改变。"""
    changed = accounts.rename(
        desk,
        login,
        name=said.name,
        department=said.department,
        person=signed.person,
    )
    return account_out(changed)


@router.post(
    "/{login}/password-reset", summary="重置密码", responses=described(403, 404)
)
def reset_password(login: Login, signed: SignedIn, desk: WithDesk) -> GivenOut:
    """由系统管理员办理；新密码只显示这一次，登录后须修改，原有登录随之结束。"""
    return given_out(accounts.reset_password(desk, login, person=signed.person))


@router.post("/{login}/disable", summary="停用账号", responses=described(403, 404))
def disable(login: Login, signed: SignedIn, desk: WithDesk) -> AccountOut:
    """由系统管理员办理；记录都保留。"""
    return account_out(accounts.disable(desk, login, person=signed.person))


@router.post("/{login}/enable", summary="启用账号", responses=described(403, 404))
def enable(login: Login, signed: SignedIn, desk: WithDesk) -> AccountOut:
    """由系统管理员办理。"""
    return account_out(accounts.enable(desk, login, person=signed.person))


@router.post("/{login}/unlock", summary="解除锁定", responses=described(403, 404))
def unlock(login: Login, signed: SignedIn, desk: WithDesk) -> AccountOut:
    """由系统管理员办理：连续输错后不必再等。"""
    return account_out(accounts.unlock(desk, login, person=signed.person))


@router.delete(
    "/{login}/second-factor", summary="解除动态码", responses=described(403, 404, 409)
)
def remove_second_factor(login: Login, signed: SignedIn, desk: WithDesk) -> AccountOut:
    """由安全管理员办理：手机丢失后，本人下次登录重新绑定。"""
    changed = accounts.remove_second_factor(desk, login, person=signed.person)
    return account_out(changed)


@router.put(
    "/{login}/identity",
    summary="关联统一身份认证",
    responses=described(403, 404, 409),
)
def link(login: Login, said: SubjectIn, signed: SignedIn, desk: WithDesk) -> AccountOut:
    """由系统管理员办理：此人在统一身份认证里的编号。"""
    changed = accounts.link_identity(desk, login, said.subject, person=signed.person)
    return account_out(changed)


@router.delete("/{login}/identity", summary="解除关联", responses=described(403, 404))
def unlink(login: Login, signed: SignedIn, desk: WithDesk) -> AccountOut:
    """由系统管理员办理；原有登录随之结束。"""
    return account_out(accounts.unlink_identity(desk, login, person=signed.person))
