# ruff: noqa: INP001 - copied beside somebody's own code, in no package
"""Ask 先审 before publishing: a client for content management systems.

One file, the standard library alone, Python 3.8 or later: copy it beside your own
code. What it can't get an answer to, it calls not allowed: publish only where
`check` returned an answer whose `allowed` is True, and nowhere else.

    gate = Gate("https://review.example.edu.cn", key=os.environ["XIANSHEN_SITE_KEY"])
    answer = gate.check("news-1", channel="website", title=title, html=html)
    if answer.allowed:
        publish()
        gate.published("news-1", channel="website", address=url)
    else:
        show(answer.message, answer.changes)

Clearances (`answer.clearance`) can be checked offline with any JOSE library: a compact
JWS, alg EdDSA, keys at /.well-known/jwks.json.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

__all__ = [
    "Answer",
    "Findings",
    "Gate",
    "GateError",
    "Submission",
    "WebhookError",
    "verify_webhook",
]

TOLERANCE = 300  # seconds that a webhook's moment may lie from now
_LOCAL = ("127.0.0.1", "::1", "localhost")
_MOST = 4 * 1024 * 1024  # bytes of an answer that are read


class GateError(Exception):
    """Nothing was done; `code` and `status` say why, `str()` says it in Chinese."""

    def __init__(self, message: str, *, code: str = "error", status: int = 0) -> None:
        """Keep what is to be shown, and what a program can go by."""
        super().__init__(message)
        self.code = code
        self.status = status


class WebhookError(Exception):
    """What came is no webhook of 先审, or one that was taken already: answer 400."""


class Answer(NamedTuple):
    """Whether to publish. Without a whole answer, `allowed` is False."""

    allowed: bool
    code: str | None
    message: str
    changes: tuple[str, ...] = ()
    clearance: str | None = None
    case: str | None = None


class Findings(NamedTuple):
    """What was found, in numbers, and the gravest a line each; never the draft's words."""

    block: int
    review: int
    notice: int
    open: int
    gaps: int
    lines: tuple[str, ...] = ()


class Submission(NamedTuple):
    """Where an item stands; `stage` is cleared, published, refused, signing or another.

    `findings` is None before the machine has looked, and of what was refused.
    """

    case: str
    stage: str
    stage_word: str
    round: int
    findings: Findings | None = None


class Gate:
    """The gate of one installation, asked with the key of one site."""

    def __init__(
        self,
        url: str,
        *,
        key: str,
        timeout: float = 30.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Take the address and the key; nothing is asked yet.

        Raises:
            ValueError: The address would send the key in the clear.
        """
        parts = urllib.parse.urlsplit(url)
        local = parts.scheme == "http" and parts.hostname in _LOCAL
        if not (parts.scheme == "https" or local) or not parts.hostname:
            raise ValueError("网址要用 https（只有本机可以用 http）")
        if not re.fullmatch(r"xs_[0-9a-f]{12}_[0-9a-f]{64}", key):
            raise ValueError("站点密钥的写法不对，应以 xs_ 开头")
        self._url = url.rstrip("/")
        self._key = key
        self._timeout = timeout
        # No redirects: they would carry the key elsewhere.
        self._opener = urllib.request.build_opener(
            _NoRedirects(), urllib.request.HTTPSHandler(context=tls)
        )

    def check(  # noqa: PLR0913 - each is a field of the question
        self,
        external_id: str | None = None,
        *,
        channel: str,
        title: str,
        html: str | None = None,
        file: tuple[str, bytes] | None = None,
        attachments: Sequence[tuple[str, bytes]] = (),
        case: str | None = None,
    ) -> Answer:
        """Ask whether exactly this may be published there now; never raises.

        Attachments go as digests; their bytes stay where they are.
        """
        body = _page(title, html, file)
        body["channel"] = channel
        body["attachments"] = [
            {"name": name, "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in attachments
        ]
        body.update(_item(external_id, case))
        try:
            said = self._ask("POST", "gate/check", body)
            return _answer(said)
        except GateError as error:
            return Answer(
                allowed=False,
                code=error.code,
                message=f"没有问到闸口，不能发布：{error}",
            )

    def submit(  # noqa: PLR0913 - each is a field of the form
        self,
        external_id: str,
        *,
        title: str,
        department: str,
        channels: Sequence[str],
        html: str | None = None,
        file: tuple[str, bytes] | None = None,
        attachments: Sequence[tuple[str, bytes]] = (),
        drafted_by: str | None = None,
        callback_url: str | None = None,
        request_id: str | None = None,
    ) -> Submission:
        """Hand an item in for review; the same contents again change nothing.

        After a broken connection send it again with the same `request_id`.

        Raises:
            GateError: It was not taken; the message says why.
        """
        body = _page(title, html, file)
        body.update(
            external_id=external_id,
            department=department,
            channels=list(channels),
            attachments=[_file(one) for one in attachments],
        )
        if drafted_by:
            body["drafted_by"] = drafted_by
        if callback_url:
            body["callback_url"] = callback_url
        headers = {"Idempotency-Key": request_id} if request_id else {}
        return _submission(self._ask("POST", "gate/submissions", body, headers))

    def submission(self, external_id: str) -> Submission:
        """Return where an item of this site stands.

        Raises:
            GateError: It is unknown, or the gate did not answer.
        """
        name = urllib.parse.quote(external_id, safe="")
        return _submission(self._ask("GET", f"gate/submissions/{name}"))

    def published(
        self,
        external_id: str | None = None,
        *,
        channel: str,
        address: str,
        at: datetime | None = None,
        case: str | None = None,
    ) -> Submission:
        """Say that it went out: where and when go into the register.

        Raises:
            GateError: It was not taken; the message says why.
        """
        moment = at or datetime.now(timezone.utc)  # noqa: TID251, UP017 - not within 先审; Python 3.8
        body = dict(_item(external_id, case), channel=channel, address=address)
        body["published_at"] = moment.isoformat()
        return _submission(self._ask("POST", "gate/publications", body))

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the address was judged above
            f"{self._url}/api/v1/{path}",
            data=data,
            method=method,
            headers={
                "Authorization": f"Bearer {self._key}",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                return _object(answer.read(_MOST))
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error) from None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise GateError(
                f"闸口没有应答（{type(error).__name__}），请稍后重试。",
                code="unanswered",
            ) from None


def verify_webhook(
    body: bytes,
    signature: str | None,
    *,
    secret: str,
    seen: set[str] | None = None,
    now: float | None = None,
) -> dict[str, Any]:
    """Return what a webhook says, if it is genuine, of now, and not seen before.

    `body` are the very bytes that came, `signature` is the header
    X-Xianshen-Signature, `secret` that of this site. `seen` holds the ids taken so far
    and gets this one; keep yours in a database, since a restart forgets a set. Answer
    200 once you have it, and to one that was seen, too.

    Raises:
        WebhookError: It is forged, older than five minutes, or was seen before.
    """
    match = re.fullmatch(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", signature or "")
    if match is None:
        raise WebhookError("签名缺失或写法不对")
    message = match.group(1).encode() + b"." + body
    wanted = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted, match.group(2)):
        raise WebhookError("签名不符")
    moment = time.time() if now is None else now  # noqa: TID251 - not within 先审
    if abs(moment - int(match.group(1))) > TOLERANCE:
        raise WebhookError("时间相差太久，可能是重放；也请核对本机时钟")
    try:
        said = _object(body)
        name = str(said["id"])
    except (ValueError, KeyError):
        raise WebhookError("内容看不懂") from None
    if seen is not None:
        if name in seen:
            raise WebhookError("这条通知已经收过")
        seen.add(name)
    return said


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Take a redirect for what it is here: no answer."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing."""


def _page(
    title: str, html: str | None, file: tuple[str, bytes] | None
) -> dict[str, Any]:
    if (html is None) == (file is None):
        raise ValueError("正文请给出 html 或 file，二者选一")
    if file is not None:
        return {"title": title, "file": _file(file)}
    return {"title": title, "html": html}


def _file(file: tuple[str, bytes]) -> dict[str, str]:
    return {"name": file[0], "data": base64.b64encode(file[1]).decode()}


def _item(external_id: str | None, case: str | None) -> dict[str, str]:
    if (external_id is None) == (case is None):
        raise ValueError("请给出 external_id 或 case，二者选一")
    return {"external_id": external_id} if external_id else {"case": str(case)}


def _answer(said: dict[str, Any]) -> Answer:
    message = str(said.get("message", ""))
    clearance = said.get("clearance")
    if said.get("allowed") is True and isinstance(clearance, str) and clearance:
        return Answer(
            allowed=True,
            code=None,
            message=message,
            clearance=clearance,
            case=said.get("case"),
        )
    changes: list[Any] = list(said.get("changes") or ())
    return Answer(
        allowed=False,
        code=str(said.get("code") or "error"),
        message=message or "闸口没有说可以，不能发布。",
        changes=tuple(map(str, changes)),
        case=said.get("case"),
    )


def _submission(said: dict[str, Any]) -> Submission:
    try:
        return Submission(
            str(said["case"]),
            str(said["stage"]),
            str(said["stage_word"]),
            int(said["round"]),
            _findings(said.get("findings")),
        )
    except (KeyError, TypeError, ValueError):
        raise GateError("闸口的回答看不懂", code="unanswered") from None


def _findings(said: dict[str, Any] | None) -> Findings | None:
    if said is None:
        return None
    counts = [int(said[name]) for name in Findings._fields[:-1]]
    lines = tuple(str(one["line"]) for one in said["lines"])
    return Findings(*counts, lines)


def _refusal(error: urllib.error.HTTPError) -> GateError:
    try:
        said = _object(error.read(_MOST))
    except (OSError, ValueError, http.client.HTTPException):
        said = {}
    detail = said.get("detail") or f"闸口回答 {error.code}"
    code = said.get("code") or "unanswered"
    return GateError(str(detail), code=str(code), status=error.code)


def _object(data: bytes) -> dict[str, Any]:
    said = json.loads(data)
    if not isinstance(said, dict):
        raise ValueError("not an object")  # noqa: TRY004 - as broken JSON is
    return said
