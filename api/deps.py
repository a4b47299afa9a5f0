"""Who asks, on which version, under which key of his own: one place for every endpoint.

A person comes with the session cookie; an unsafe method also needs the session's
CSRF token in a header, which no other site can read or set.
"""

import hmac
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request, Response
from fastapi.security import APIKeyCookie
from starlette.requests import HTTPConnection

from api.problems import ProblemError
from api.state import WithDesk
from review import digests
from review.case.case import Case
from review.service.desk import Asker, Once
from review.service.people import own_account, sign_in
from review.service.people.sign_in import Signed

COOKIE: Final = "xianshen_session"
_cookie: Final = APIKeyCookie(
    name=COOKIE, auto_error=False, description="登录后的会话；改动还须带 X-CSRF-Token"
)
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_KEY: Final = 200


def address_of(asked: HTTPConnection) -> str:
    """Return the address that a request came from."""
    return asked.client.host if asked.client else "unknown"


def session_of(
    request: Request,
    desk: WithDesk,
    token: Annotated[str | None, Depends(_cookie)],
) -> Signed:
    """Return who is signed in, even if he must first change his password.

    Raises:
        NotSignedInError: Nobody is, or the session ran out.
        ProblemError: The CSRF token is missing or wrong.
    """
    signed = sign_in.who(desk, token or "", address=address_of(request))
    if request.method not in _SAFE:
        given = request.headers.get("X-CSRF-Token", "")
        if not hmac.compare_digest(given.encode(), signed.csrf.encode()):
            detail = "页面已经过期，请刷新后再提交。"
            raise ProblemError(403, "csrf", detail)
    return signed


def signed_in(signed: Annotated[Signed, Depends(session_of)]) -> Signed:
    """Return who is signed in and may work.

    Raises:
        XianshenError: He must first change his password or set up the second factor.
    """
    sign_in.require_ready(signed)
    return signed


def seen_version(
    if_match: Annotated[
        str | None,
        Header(
            description='您看到的版本，即上次回答里的 ETag，例如 "7"',
            pattern=r'^"[0-9]{1,9}"$',
            examples=['"7"'],
        ),
    ] = None,
) -> int:
    """Return the version that the asker saw (rule 7).

    Raises:
        ProblemError: None is given.
    """
    if if_match is None:
        raise ProblemError(
            428,
            "version_needed",
            "请带上您看到的版本（If-Match），先查看这一件再办理。",
        )
    return int(if_match.strip('"'))


def own_key(
    idempotency_key: Annotated[
        str | None,
        Header(
            description="这次请求的唯一标识；网络中断后用同一个标识重发，不会办两次",
            examples=["4f1c6f0e-2b7a-4a57-9a52-1f6a34c2c1de"],
        ),
    ] = None,
) -> str | None:
    """Return the asker's own key for the request."""
    if idempotency_key is None:
        return None
    key = idempotency_key.strip()
    if not 1 <= len(key) <= _LONGEST_KEY or not key.isprintable():
        detail = f"Idempotency-Key 应是 1 到 {_LONGEST_KEY} 个可见字符。"
        raise ProblemError(400, "bad_key", detail)
    return key


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Somebody asks for something that changes a case."""

    request: Request
    person: str
    key: str | None
    seen: int | None = None

    def once(self, said: Any) -> Once | None:
        """Return his key with a digest of all that he asks; `said` is plain JSON."""
        if self.key is None:
            return None
        what = [self.request.method, self.request.url.path, self.seen, said]
        return Once(key=self.key, fingerprint=digests.of_json(what))

    def asker(self, said: Any) -> Asker:
        """Return who asks, for a use case on a case that he saw."""
        if self.seen is None:
            raise ProblemError(
                428, "version_needed", "请带上您看到的版本（If-Match）。"
            )
        return Asker(person=self.person, seen=self.seen, once=self.once(said))


def asking(
    request: Request,
    signed: Annotated[Signed, Depends(signed_in)],
    key: Annotated[str | None, Depends(own_key)],
) -> Asking:
    """Return who asks for something new."""
    return Asking(request=request, person=signed.person, key=key)


def stepping(
    first: Annotated[Asking, Depends(asking)],
    seen: Annotated[int, Depends(seen_version)],
) -> Asking:
    """Return who asks for a step of a case, and which version he saw."""
    return Asking(request=first.request, person=first.person, key=first.key, seen=seen)


def signing(
    signed: Annotated[Signed, Depends(signed_in)],
    asked: Annotated[Asking, Depends(stepping)],
    desk: WithDesk,
) -> Asking:
    """Return who asks for a decision that clears: he proved lately that it is him.

    Raises:
        FreshCodeNeededError: His last code is too long ago.
    """
    own_account.require_fresh_code(desk, signed)
    return asked


def tag(response: Response, case: Case) -> None:
    """Say which version of the case this answer shows."""
    response.headers["ETag"] = f'"{case.version}"'


SignedIn = Annotated[Signed, Depends(signed_in)]
AnySession = Annotated[Signed, Depends(session_of)]
New = Annotated[Asking, Depends(asking)]
Step = Annotated[Asking, Depends(stepping)]
Signature = Annotated[Asking, Depends(signing)]
