"""Refusals and mistakes as problem details (RFC 9457), in Chinese.

`code` is stable and for programs, `detail` says what is wrong and what to do
next. No problem quotes a draft, and none tells what went on inside.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.validation import faults as faults_of
from review import errors
from review.errors import XianshenError

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "urn:xianshen:problem:"

# The nearest class of the error's own line counts.
_STATUS: Final[Mapping[type[XianshenError], int]] = {
    errors.UnreadableError: 422,
    errors.TooLargeError: 413,
    errors.NotPermittedError: 403,
    errors.WrongStageError: 409,
    errors.IncompleteError: 422,
    errors.StaleError: 412,
    errors.RefusedError: 409,
    errors.NotFoundError: 404,
    errors.ClearanceError: 409,
    errors.StoreError: 503,
    errors.MissingContentsError: 410,
    errors.ReusedKeyError: 422,
    errors.UsageError: 422,
    errors.EntryError: 401,
    errors.PasswordChangeNeededError: 403,
    errors.SecondFactorEnrolmentNeededError: 403,
    errors.SecondFactorNeededError: 403,
    errors.AccountLockedError: 429,
    errors.WrongCodeError: 422,
    errors.WeakPasswordError: 422,
    errors.ProviderError: 503,
    errors.LexiconError: 422,
}
_TITLES: Final[Mapping[int, str]] = {
    400: "请求不合规",
    401: "没有登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这样调用",
    409: "现在不能这样办理",
    410: "内容已经清除",
    412: "内容已经变化",
    413: "文件太大",
    415: "内容类型不对",
    422: "填写有误",
    428: "缺少版本号",
    429: "请求太频繁",
    500: "系统出错",
    503: "暂时不能服务",
}
_SAID: Final[Mapping[int, tuple[str, str]]] = {
    400: (
        "bad_request",
        "请求的写法不对，请核对后重试；粘贴的文字太长时请改为上传文件。",
    ),
    404: ("not_found", "没有这个地址，请核对。"),
    405: ("method_not_allowed", "这个地址不支持这样调用，请核对接口说明。"),
    415: ("unsupported_media_type", "内容类型不对，请按接口说明发送。"),
}


class ProblemError(Exception):
    """A refusal that belongs to the door itself, not to the review."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what is to be answered."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers


# What shows a problem to somebody with a browser, if the pages are served too.
ShownAs: TypeAlias = Callable[[Request, Mapping[str, Any]], Response | None]


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    faults: Sequence[Mapping[str, Any]] = (),
) -> JSONResponse:
    """Return the answer that says what is wrong; `faults` name single fields."""
    body: dict[str, Any] = {
        "type": f"{_TYPE}{code}",
        "title": _TITLES.get(status, "没有办成"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    if faults:
        body["errors"] = list(faults)
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def status_of(error: XianshenError) -> int:
    """Return the HTTP status that says what kind of refusal this is."""
    for one in type(error).__mro__:
        if one in _STATUS:
            return _STATUS[one]
    return 500


def answer_problems(app: FastAPI, *, shown_as: ShownAs) -> None:
    """Let the application answer every error as a problem, or as a page to a reader."""
    app.state.shown_as = shown_as
    app.add_exception_handler(XianshenError, _refused)
    app.add_exception_handler(ProblemError, _at_the_door)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(Exception, _unforeseen)


def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, XianshenError):
        raise error
    status = status_of(error)
    if status == 500:  # noqa: PLR2004 - as HTTP names it
        # A key, the vault or the ledger: for the operator, who reads it in the log.
        _log().error("internal", code=error.code, kind=type(error).__name__)
        detail = "系统出错，这一步没有办成；请报告系统管理员。"
        return _shown(request, problem(status, error.code, detail))
    return _shown(
        request, problem(status, error.code, error.message, faults=_faults(error))
    )


def _faults(error: XianshenError) -> Sequence[Mapping[str, Any]]:
    """Return the fields that a refusal names by itself."""
    if not isinstance(error, errors.RuleFormError):
        return ()
    return [
        {"in": "body", "field": field, "message": message}
        for field, message in error.faults
    ]


def _at_the_door(request: Request, error: Exception) -> Response:
    if not isinstance(error, ProblemError):
        raise error
    return _shown(
        request, problem(error.status, error.code, error.detail, headers=error.headers)
    )


def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    detail = "填写的内容有误，请按各项提示改正后再提交。"
    return _shown(
        request, problem(422, "invalid", detail, faults=faults_of(error.errors()))
    )


def _of_the_framework(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code, detail = _SAID.get(error.status_code, ("error", "没有办成，请核对后重试。"))
    return _shown(
        request, problem(error.status_code, code, detail, headers=error.headers)
    )


def _unforeseen(request: Request, error: Exception) -> Response:
    # Its message may quote a draft, so that only its kind is written down.
    _log().error("unforeseen", kind=type(error).__name__)
    return _shown(
        request, problem(500, "error", "系统出错，这一步没有办成；请报告系统管理员。")
    )


def _shown(request: Request, answer: JSONResponse) -> Response:
    """Return the answer, as a page if somebody with a browser asked for one."""
    page: Response | None = request.app.state.shown_as(
        request, json.loads(bytes(answer.body))
    )
    if page is None:
        return answer
    for name in ("retry-after", "allow"):
        if name in answer.headers:
            page.headers[name] = answer.headers[name]
    return page


def _log() -> Any:
    return structlog.get_logger("api")
