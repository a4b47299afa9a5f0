"""Asking the office's sites: whoever does not answer is passed over, the request is the same.

A request that changes something carries a key of its own and is sent again with it until
somebody answers: that is all that a client has to do.
"""

import base64
import random
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from deploy.hosts.office import PORT
from review.access import second_factor
from review.clock import now

# A site waits half a minute for its turn to write; the one who asks waits no longer.
PATIENCE: Final = httpx2.Timeout(20.0, connect=2.0)
_PAUSE: Final = 0.5
# Worth asking again, with the same key: nobody said what became of it.
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_GIVE_UP: Final = 240.0  # seconds


def moment() -> float:
    """Return the present moment as the records know it, in seconds."""
    return now().timestamp()


class GaveUpError(Exception):
    """Nobody answered for too long."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, with when the first try was sent and how many there were."""

    status: int
    said: Any
    headers: Mapping[str, str]
    sent: float
    received: float
    tries: int


@dataclass
class Log:
    """All answers to requests that changed something, and how long they took."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    written: list[tuple[float, float, str, int]] = field(default_factory=list)

    def add(self, what: str, answer: Answered) -> None:
        """Keep when something was asked and when it was answered."""
        with self.lock:
            self.written.append((answer.sent, answer.received, what, answer.tries))


class Balancer:
    """Who is asked next: those that said they are ready, else anybody."""

    def __init__(self, addresses: tuple[str, ...]) -> None:
        """Take the sites' addresses."""
        self.addresses = addresses
        self._ready = dict.fromkeys(addresses, True)
        self._told = threading.Event()
        self._watchers = [
            threading.Thread(target=self._watch, args=(one,), daemon=True)
            for one in addresses
        ]

    def start(self) -> None:
        """Begin to ask for readiness."""
        for one in self._watchers:
            one.start()

    def stop(self) -> None:
        """Ask no more."""
        self._told.set()

    def any(self) -> str:
        """Return a site to ask."""
        ready = [one for one in self.addresses if self._ready[one]]
        return random.choice(ready or self.addresses)  # noqa: S311 - no secret

    def is_ready(self, address: str) -> bool:
        """Tell whether a site said a moment ago that it is ready."""
        return self._ready[address]

    def _watch(self, address: str) -> None:
        while not self._told.wait(1.0):
            try:
                answer = httpx2.get(f"http://{address}:{PORT}/readyz", timeout=3.0)
                self._ready[address] = answer.status_code == 200  # noqa: PLR2004
            except httpx2.HTTPError:
                self._ready[address] = False


@dataclass
class Caller:
    """Somebody who asks: a person with a session, or the site with its key."""

    balancer: Balancer
    log: Log
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        *,
        what: str | None = None,
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> Answered:
        """Send a request until somebody answers it; `what` names one that changes something.

        Raises:
            GaveUpError: Nobody did.
        """
        key = {"Idempotency-Key": secrets.token_hex(16)} if what else {}
        more = {**self.headers, **key, **(headers or {})}
        sent, tries = moment(), 0
        while moment() - sent < _GIVE_UP:
            tries += 1
            answer = self.ask_once(
                self.balancer.any(), method, path, headers=more, **body
            )
            if answer is not None and answer.status_code not in _AGAIN:
                found = Answered(
                    answer.status_code,
                    _said(answer),
                    answer.headers,
                    sent,
                    moment(),
                    tries,
                )
                if what is not None:
                    self.log.add(what, found)
                return found
            time.sleep(_PAUSE)
        raise GaveUpError(f"{method} {path}")

    def ask_once(
        self, address: str, method: str, path: str, **more: Any
    ) -> httpx2.Response | None:
        """Send a request to one site, once; None where no answer came."""
        try:
            return httpx2.request(
                method,
                f"http://{address}:{PORT}/api/v1{path}",
                cookies=self.cookies,
                timeout=PATIENCE,
                **more,
            )
        except httpx2.HTTPError:
            return None


def sign_in(caller: Caller, login: str, password: str) -> Caller:
    """Come in for the first time: another password, a second factor; return who asks then."""
    _enter(caller, {"login": login, "password": password})
    chosen = f"Xian-{secrets.token_hex(6)}-9"
    _must(
        caller.ask(
            "POST", "/session/password", json={"current": password, "new": chosen}
        )
    )
    _enter(caller, {"login": login, "password": chosen})
    made = caller.ask("POST", "/session/second-factor")
    if made.status == 201:  # noqa: PLR2004
        seed = _seed(str(made.said["typed"]))
        code = second_factor.code_at(seed, second_factor.step_of(now()))
        _must(
            caller.ask(
                "POST", "/session/second-factor/confirmation", json={"code": code}
            )
        )
    return caller


def _enter(caller: Caller, said: Mapping[str, str]) -> None:
    entered = caller.ask("POST", "/session", json=said)
    _must(entered)
    name, _, rest = str(entered.headers["set-cookie"]).partition("=")
    caller.cookies = {name: rest.partition(";")[0]}
    caller.headers["X-CSRF-Token"] = str(entered.said["csrf"])


def _must(answer: Answered) -> None:
    if answer.status >= 400:  # noqa: PLR2004
        raise RuntimeError(f"{answer.status}: {answer.said}")


def _seed(typed: str) -> bytes:
    return base64.b32decode("".join(typed.split()))


def _said(answer: httpx2.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None
