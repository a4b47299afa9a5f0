"""How often one may ask: each sender a number of requests a minute, sign-ins and the public fewer.

What protects this process from too much work is counted in this process. What keeps
somebody from guessing is counted in Redis, for all processes together; where Redis
is out of reach, each process counts by itself: fewer guesses are kept out, never more let in
than its own count allows.
"""

import hashlib
import time
from collections import Counter
from dataclasses import dataclass
from typing import Final

import redis
import structlog
from anyio import to_thread
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from api.deps import COOKIE
from api.network import PROBES
from api.problems import problem

_MINUTE: Final = 60
# Of one address: a whole office may stand behind it, a guesser too.
SIGN_INS: Final = 30
PUBLIC: Final = 60
# All that one address may send, whoever it says it is.
_SENDERS_AN_ADDRESS: Final = 10
_COOKIE: Final = f"{COOKIE}=".encode("ascii")
_BEARER: Final = b"bearer "
# Asked by anybody: the interface and the page that answer the same question.
_PUBLIC: Final = ("/api/v1/public/", "/verify/")
# After a failure nobody waits for Redis for so long.
_PAUSE: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """How many requests a minute a person and a publishing system may send."""

    person: int
    site: int


def this_minute() -> int:
    """Return the number of the present minute; only that it changes counts."""
    return int(time.monotonic()) // _MINUTE


class Window:
    """Counts of the present minute, in this process."""

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self._began = 0
        self._counts: Counter[str] = Counter()

    def hit(self, key: str, *, most: int) -> bool:
        """Count one more; tell whether it is still allowed."""
        began = this_minute()
        if began != self._began:
            self._began = began
            self._counts.clear()
        self._counts[key] += 1
        return self._counts[key] <= most


class SharedWindow:
    """Counts in Redis that every process of an installation adds to."""

    def __init__(self, url: str) -> None:
        """Take the server's address; nothing is opened before the first count."""
        pool = redis.ConnectionPool.from_url(
            url, socket_connect_timeout=1, socket_timeout=1
        )
        # It asks for an address of its own kind, and then uses the pool alone.
        storage = RedisStorage(
            "redis://",
            connection_pool=pool,
            wrap_exceptions=True,
            key_prefix="xianshen",
        )
        self._limiter = FixedWindowRateLimiter(storage)
        self._own = Window()
        self._not_before = 0.0

    def hit(self, key: str, *, most: int) -> bool:
        """Count one more; tell whether it is still allowed."""
        own = self._own.hit(key, most=most)
        if time.monotonic() < self._not_before:
            return own
        try:
            return self._limiter.hit(RateLimitItemPerMinute(most), key) and own
        except (StorageError, redis.RedisError):
            self._not_before = time.monotonic() + _PAUSE
            structlog.get_logger("api").warning("limits counted without redis")
            return own


class Throttle:
    """Refuses what comes too often."""

    def __init__(self, app: ASGIApp, *, rates: Rates, shared: SharedWindow) -> None:
        """Take how often, and where guesses are counted."""
        self._app = app
        self._rates = rates
        self._shared = shared
        self._window = Window()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        if self._is_allowed(scope) and await self._is_no_guessing(scope):
            await self._app(scope, receive, send)
            return
        refused = problem(
            429,
            "too_many_requests",
            "请求太频繁，请在一分钟后再试。",
            headers={"Retry-After": str(_MINUTE)},
        )
        await refused(scope, receive, send)

    def _is_allowed(self, scope: Scope) -> bool:
        address = _address_of(scope)
        sender, is_site = _sender_of(scope)
        most = self._rates.site if is_site else self._rates.person
        of_address = max(most, self._rates.person * _SENDERS_AN_ADDRESS)
        allowed = self._window.hit(f"a {address}", most=of_address)
        return self._window.hit(f"s {sender or address}", most=most) and allowed

    async def _is_no_guessing(self, scope: Scope) -> bool:
        path: str = scope["path"]
        if scope["method"] == "POST" and path.startswith("/api/v1/session"):
            what, most = "sign-in", SIGN_INS
        elif path.startswith(_PUBLIC):
            what, most = "public", PUBLIC
        else:
            return True
        key = f"{what} {_address_of(scope)}"
        return await to_thread.run_sync(lambda: self._shared.hit(key, most=most))


def _address_of(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else "unknown"


def _sender_of(scope: Scope) -> tuple[str | None, bool]:
    """Return a digest of what the sender shows of himself, and whether he is a site."""
    for name, value in scope["headers"]:
        if name == b"authorization" and value.lower().startswith(_BEARER):
            return hashlib.sha256(value).hexdigest()[:16], True
    for name, value in scope["headers"]:
        if name == b"cookie" and _COOKIE in value:
            token = value.partition(_COOKIE)[2].partition(b";")[0]
            return hashlib.sha256(token).hexdigest()[:16], False
    return None, False
