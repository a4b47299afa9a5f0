"""What stands in addresses, and what every endpoint may answer besides its own answer."""

from typing import Annotated, Any, Final

from fastapi import Path, Query
from pydantic import BaseModel, Field

Number = Annotated[
    str,
    Path(
        pattern=r"^\d{4}-\d{6,7}$", description="审查件编号", examples=["2026-000123"]
    ),
]
Finding = Annotated[
    str,
    Path(
        pattern=r"^\d{1,4}\.[fp]\d{1,6}$",
        description="疑点编号；人工补充的是 1.p1 这样",
        examples=["1.f3"],
    ),
]
Gap = Annotated[
    str,
    Path(
        pattern=r"^\d{1,4}\.g\d{1,6}$",
        description="未能检查项的编号",
        examples=["1.g1"],
    ),
]
TaskNumber = Annotated[int, Path(ge=1, le=2**53, description="后台任务的编号")]
Before = Annotated[
    int | None, Query(ge=1, le=2**53, description="只列这一序号之前的；由上一页给出")
]
RoundNumber = Annotated[int, Path(ge=1, le=10_000, description="轮次，从 1 起")]


class Fault(BaseModel):
    """One field that is wrong."""

    place: str = Field(alias="in", description="body、query、path、header、cookie")
    field: str
    message: str


class Problem(BaseModel):
    """What is wrong and what to do next (RFC 9457)."""

    type: str = Field(examples=["urn:xianshen:problem:stale"])
    title: str = Field(examples=["内容已经变化"])
    status: int = Field(examples=[412])
    code: str = Field(description="给程序看的代码，不会改名", examples=["stale"])
    detail: str = Field(examples=["这一件在您查看之后有了变化，请刷新后再办。"])
    errors: list[Fault] | None = None


_SAID: Final[dict[int, str]] = {
    400: "请求不合规",
    401: "没有登录，或登录已过期",
    403: "没有权限，或须先修改密码、绑定动态码",
    404: "没有找到",
    409: "现在不能这样办理",
    410: "内容已经清除",
    412: "内容已经变化，请刷新",
    413: "文件太大",
    415: "内容类型不对",
    421: "主机名不在允许之列",
    422: "填写有误",
    428: "没有带版本号（If-Match）",
    429: "请求太频繁，请按 Retry-After 等候",
    503: "数据库忙，请稍后再试",
}
# The guard before every endpoint knows the last three, and the host.
_ALWAYS: Final = (400, 401, 413, 415, 421, 422, 429, 503)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return what the interface description says of these answers."""
    return {
        status: {"description": _SAID[status], "model": Problem}
        for status in sorted({*_ALWAYS, *statuses})
    }
