"""Each request seen once: a number of its own, a line in the log, a count.

The line names the route and not the address that was asked for: a search is made of
words, and a file's name may be a draft's title.
"""

import secrets
import time
from collections.abc import MutableMapping
from typing import Any, Final

import regex
import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from api.metrics import Meters
from api.network import PROBES, TRUSTED_PROXY

_ID: Final = b"x-request-id"
_SERVER_ERROR: Final = 500
_UNKNOWN_ROUTE: Final = "(none)"


class Watched:
    """Numbers, logs and counts every request."""

    def __init__(self, app: ASGIApp, *, meters: Meters) -> None:
        """Take where to count."""
        self._app = app
        self._meters = meters
        # Made ready at the first line, as the process was told to log by then.
        self._log: Any = structlog.get_logger("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note what became of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _number_of(scope)
        seen = _Seen(send, request_id)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, seen.send)
            finally:
                self._note(scope, seen, time.perf_counter() - began)

    def _note(self, scope: Scope, seen: "_Seen", seconds: float) -> None:
        route = route_of(scope)
        status = seen.status or _SERVER_ERROR
        self._meters.count_request(scope["method"], route, status, seconds)
        if scope["path"] in PROBES and status < _SERVER_ERROR:
            return
        self._log.info(
            "request",
            method=scope["method"],
            route=route,
            status=status,
            ms=round(seconds * 1000, 1),
            bytes=seen.bytes,
            address=scope["client"][0] if scope.get("client") else None,
        )


def _number_of(scope: Scope) -> str:
    """Return the number that a proxy of ours gave the request, or a new one."""
    if scope.get(TRUSTED_PROXY):
        for name, value in scope["headers"]:
            if name == _ID and regex.fullmatch(rb"[A-Za-z0-9-]{8,64}", value):
                return str(value.decode("ascii"))
    return secrets.token_hex(8)


class _Seen:
    """One answer as it goes out."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._id = request_id.encode("ascii")
        self.status = 0
        self.bytes = 0

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Hand the answer on, with the request's number."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message.get("headers", []), (_ID, self._id)]
            message = {**message, "headers": headers}
        else:
            self.bytes += len(message.get("body", b""))
        await self._send(message)


def route_of(scope: Scope) -> str:
    """Return the route's template, such as `/api/v1/cases/{number}`; never what was asked."""
    # A route of an included router knows its own part only; the framework says all.
    whole = scope.get("fastapi", {}).get("effective_route_context")
    return str(getattr(whole or scope.get("route"), "path", _UNKNOWN_ROUTE))
