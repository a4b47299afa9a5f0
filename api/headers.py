"""What every answer says to the browser: load nothing foreign, guess nothing, keep nothing."""

from collections.abc import MutableMapping
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

_POLICY: Final = (
    b"default-src 'self'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'; object-src 'none'"
)
_ALWAYS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# What an endpoint may say differently of its own answer.
_UNLESS_SAID: Final = ((b"cache-control", b"no-store"),)
_SECURE: Final = ((b"strict-transport-security", b"max-age=31536000"),)


class SafeHeaders:
    """Adds the headers to every answer, refusals and errors too."""

    def __init__(self, app: ASGIApp) -> None:
        """Take what answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        secure = scope.get("scheme") == "https"

        async def say(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                message = {**message, "headers": _with_ours(given, secure=secure)}
            await send(message)

        await self._app(scope, receive, say)


def _with_ours(
    given: list[tuple[bytes, bytes]], *, secure: bool
) -> list[tuple[bytes, bytes]]:
    ours = _ALWAYS + (_SECURE if secure else ())
    names = {name for name, _ in ours}
    kept = [one for one in given if one[0].lower() not in names]
    said = {name.lower() for name, _ in kept}
    return [*kept, *ours, *(one for one in _UNLESS_SAID if one[0] not in said)]
