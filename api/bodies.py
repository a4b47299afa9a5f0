"""How large a request may be and of which kind, asked before it is read.

Drafts are read into memory and nowhere else, so that only those who are signed in
may send large ones, and only so many at once.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import problem

MEBI: Final = 1 << 20
# What anybody may send: a sign-in, a step of a case.
_SMALL: Final = MEBI
# Everything that is neither a form nor comes from a publishing system.
_JSON: Final = 8 * MEBI
LARGE_AT_ONCE: Final = 8
_GATE: Final = "/api/v1/gate/"
_JSON_TYPE: Final = "application/json"
_TYPES: Final = frozenset(
    {_JSON_TYPE, "application/x-www-form-urlencoded", "multipart/form-data"}
)
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

# Tells whether whoever sends a large body is known here; may ask the database.
Known = Callable[[Scope], bool]


class _RefusedError(Exception):
    """Ends a request whose body must not be read any further."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail


class Bodies:
    """Refuses bodies that are too large or of a wrong kind."""

    def __init__(self, app: ASGIApp, *, most: int, known: Known) -> None:
        """Take the largest draft in bytes, and who tells whom to let send one."""
        self._app = app
        self._most = most
        self._known = known
        self._large = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on as far as it is read, or refuse it."""
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY:
            await self._app(scope, receive, send)
            return
        reading = _Reading(scope, receive, send, self._limit(scope), self._admit)
        try:
            await reading.check_head()
            await self._app(scope, reading.receive, reading.send)
            await reading.settle()
        except _RefusedError as refusal:
            await reading.refuse(refusal)
        finally:
            self._large -= reading.is_large

    def _limit(self, scope: Scope) -> int:
        plain = _media_type(scope) == _JSON_TYPE and not scope["path"].startswith(_GATE)
        return min(_JSON, self._most) if plain else self._most

    async def _admit(self, scope: Scope) -> None:
        """Let a known sender send a large body, if there are not too many.

        Raises:
            _RefusedError: He is not known, or others must end first.
        """
        if not await to_thread.run_sync(self._known, scope):
            raise _RefusedError(401, "not_signed_in", "请先登录，再上传文件。")
        if self._large >= LARGE_AT_ONCE:
            raise _RefusedError(
                503,
                "busy",
                "同时上传的大文件太多，请过一会儿再传；已填的内容没有保存。",
            )
        self._large += 1


class _Reading:
    """One request's body as it comes in."""

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        most: int,
        admit: Callable[[Scope], Awaitable[None]],
    ) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._most = most
        self._admit = admit
        self._came = 0
        self._started = False
        self._refusal: _RefusedError | None = None
        self.is_large = False

    async def check_head(self) -> None:
        """Judge by what the head says; the body may still be larger."""
        length = _header(self._scope, b"content-length")
        chunked = _header(self._scope, b"transfer-encoding") is not None
        if length is None and not chunked:
            return
        if length is not None and not length.isdigit():
            raise _RefusedError(400, "bad_request", "请求的写法不对，请核对后重试。")
        size = int(length or 0)
        if (size or chunked) and _media_type(self._scope) not in _TYPES:
            raise _RefusedError(
                415,
                "unsupported_media_type",
                "内容类型不对：请发送 JSON（application/json）或表单（multipart/form-data）。",
            )
        await self._judge(size)

    async def receive(self) -> Message:
        """Hand on a piece of the body, counted."""
        if self._refusal is not None:
            raise self._refusal
        message = await self._receive()
        if message["type"] == "http.request":
            self._came += len(message.get("body", b""))
            try:
                await self._judge(self._came)
            except _RefusedError as refusal:
                # Whatever the application makes of it, this is the answer.
                self._refusal = refusal
                raise
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Hand the answer on, unless the body was refused meanwhile."""
        if self._refusal is not None and not self._started:
            return
        self._started = True
        await self._send(message)

    async def settle(self) -> None:
        """Answer with the refusal if the application made something else of it."""
        if self._refusal is not None:
            await self.refuse(self._refusal)

    async def refuse(self, refusal: _RefusedError) -> None:
        """Answer with the refusal, and close: the rest is not read."""
        if self._started:
            return
        self._started = True
        headers = {"Connection": "close"}
        if refusal.status == 503:  # noqa: PLR2004 - as HTTP names it
            headers["Retry-After"] = "10"
        answer = problem(refusal.status, refusal.code, refusal.detail, headers=headers)
        await answer(self._scope, self._receive, self._send)

    async def _judge(self, size: int) -> None:
        if size > self._most:
            raise _RefusedError(
                413,
                "too_large",
                f"内容太大：一次最多 {self._most // MEBI} MB（含附件）。"
                "请压缩图片或分成几件送审；确需更大的，请系统管理员调整设置 upload_megabytes。",
            )
        if size > _SMALL and not self.is_large:
            await self._admit(self._scope)
            self.is_large = True


def _media_type(scope: Scope) -> str:
    value = _header(scope, b"content-type") or ""
    return value.partition(";")[0].strip().lower()


def _header(scope: Scope, wanted: bytes) -> str | None:
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value.decode("latin-1"))
    return None
