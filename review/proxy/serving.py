"""The proxy as an application: read, ask, send those very bytes, or say no in Chinese.

Nothing is kept between two requests: every answer was asked about just now, so that
what is taken back is gone with the next request.
"""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from review.proxy.checking import Checked, Checker
from review.proxy.interface import STATUSES, Code, Fetched, StopError
from review.proxy.paths import Place, place_of
from review.proxy.ranges import part_of
from review.proxy.rules import Rules

_log: Final = structlog.get_logger("review.proxy")
_METHODS: Final = ("GET", "HEAD")
_EVERY: Final = [*_METHODS, "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_SAID: Final[Mapping[int, tuple[str, str]]] = {
    400: ("网址不对", "这个网址的写法不对，请从首页重新进入。"),
    403: ("暂不能访问", "这一内容暂时不能访问。网站管理员请查看发布代理的日志。"),
    404: ("没有找到", "没有这个页面，请从首页重新进入。"),
    405: ("不能这样访问", "本网站只能浏览，不能提交。"),
    502: ("网站没有应答", "网站暂时没有应答，请稍后再试。"),
    503: ("暂时不能核对", "暂时不能核对这一内容，请稍后再试。"),
}
_HEADERS: Final = {
    # A copy that is kept must be asked about again: it may have been taken back.
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
}
_PAGE: Final = (
    '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
    "<title>{title}</title></head>\n<body><h1>{title}</h1><p>{said}</p></body></html>\n"
)


def make_app(checker: Checker) -> Starlette:
    """Return the application; its clients are closed by whoever made them."""
    turns = asyncio.Semaphore(checker.rules.limits.at_once)

    async def answer(request: Request) -> Response:
        try:
            async with turns:
                where = _place(request, checker.rules)
                return await _answered(checker, request, where)
        except StopError as stop:
            place = quote(request.url.path)
            _log.warning("not_served", place=place, code=stop.code, state=stop.why)
            return _refusal(stop.code)

    return Starlette(routes=[Route("/{path:path}", answer, methods=_EVERY)])


async def _answered(checker: Checker, request: Request, place: Place) -> Response:
    fetched = await checker.upstream.fetch(place)
    if fetched.status in _REDIRECTS:
        return _redirect(checker.rules, place, fetched)
    if fetched.status in _GONE:
        raise StopError("missing")
    if fetched.status != _OK:
        raise StopError("upstream", f"status {fetched.status}")
    checked = await checker.check(place, fetched)
    return _sent(request, checked)


def _place(request: Request, rules: Rules) -> Place:
    if request.method not in _METHODS:
        raise StopError("method")
    raw = request.scope.get("raw_path")
    if not isinstance(raw, bytes):
        raise StopError("path", "raw")
    query: bytes = request.scope.get("query_string", b"")
    keep = rules.query == "keep"
    return place_of(raw.partition(b"?")[0], query, index=rules.index, keep_query=keep)


def _sent(request: Request, checked: Checked) -> Response:
    """Return what was checked, or the part of it that was asked for."""
    tag = f'"{checked.digest}"'
    headers = {**_HEADERS, "ETag": tag, "Accept-Ranges": "bytes"}
    if checked.modified:
        headers["Last-Modified"] = checked.modified
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    asked = request.headers.get("range")
    if request.headers.get("if-range", tag) != tag:
        asked = None
    part = part_of(asked, len(checked.data))
    headers["Content-Type"] = checked.content_type
    headers |= part.headers
    data = checked.data[part.start : part.end]
    headers["Content-Length"] = str(len(data))
    body = b"" if request.method == "HEAD" else data
    return Response(body, status_code=part.status, headers=headers)


def _redirect(rules: Rules, place: Place, fetched: Fetched) -> Response:
    """Pass a redirect on that stays within the site; it says nothing but where."""
    here = f"{rules.site}{place.target}"
    try:
        target = urlsplit(urljoin(here, fetched.location or ""))
        own = {urlsplit(one).netloc for one in (rules.site, rules.upstream)}
    except ValueError:
        raise StopError("upstream", "redirect") from None
    if not fetched.location or target.netloc not in own or target.query:
        raise StopError("upstream", "a redirect to somewhere else")
    raw = target.path.encode("ascii", "backslashreplace") or b"/"
    there = place_of(raw, b"", index="", keep_query=False)
    headers = {**_HEADERS, "Location": there.target}
    return Response(status_code=fetched.status, headers=headers)


def _refusal(code: Code) -> Response:
    status = STATUSES[code]
    title, said = _SAID[status]
    headers = {**_HEADERS, "Cache-Control": "no-store"}
    if status == STATUSES["method"]:
        headers["Allow"] = ", ".join(_METHODS)
    if status == STATUSES["gate"]:
        headers["Retry-After"] = "30"
    page = _PAGE.format(title=title, said=said)
    return Response(page, status, headers, media_type="text/html")
