"""The interface description: what FastAPI writes, with our own answers put right."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import MEDIA_TYPE

_FIRST_ERROR: Final = 400
_METHODS: Final = ("get", "put", "post", "delete", "patch")
_ABOUT: Final = """\
先审是信息公开保密审查系统。人通过网页登录后使用（Cookie 会话，改动须带 `X-CSRF-Token`）；
发布系统用站点密钥使用 `/api/v1/gate/`。

* 出错时的回答是 RFC 9457 的 problem details，`code` 给程序看，`detail` 给人看。
* 办理一步要带 `If-Match`：您看到的版本。在此期间有人动过，回答 412，什么也没有改。
* 带 `Idempotency-Key` 重发同一个请求，不会办两次。
* 列表一次一页，`next`（也在 `Link` 里）是下一页的地址。
"""


def describe(app: FastAPI) -> None:
    """Let the application write its own description, once."""

    def written() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = written  # type: ignore[method-assign]  # - as FastAPI documents it


def _description(app: FastAPI) -> dict[str, Any]:
    described = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=_ABOUT,
        routes=app.routes,
    )
    for operations in described["paths"].values():
        for method in _METHODS:
            if method in operations:
                _problems_by_their_type(operations[method]["responses"])
    for unused in ("HTTPValidationError", "ValidationError"):
        described["components"]["schemas"].pop(unused, None)
    return described


def _problems_by_their_type(responses: dict[str, Any]) -> None:
    """Describe every refusal as a problem; the framework thinks of plain JSON."""
    for status, one in responses.items():
        if status.isdigit() and int(status) >= _FIRST_ERROR:
            one["content"] = {MEDIA_TYPE: {"schema": _PROBLEM}}


_PROBLEM: Final = {"$ref": "#/components/schemas/Problem"}
