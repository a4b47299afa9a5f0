"""Check a clearance without asking the gate: with the public keys alone.

`verify` is for an archive: was this a genuine clearance, valid at that
moment? `check` is for whoever is about to publish, and fails closed: what it
was not given, it has not checked, and what it has not checked it refuses.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias, get_args

from review.clearance import revocations as revocation_lists
from review.clearance import token as tokens
from review.clearance.interface import Clearance
from review.clearance.keys import KeySet, key_set
from review.errors import ClearanceError

VerdictCode: TypeAlias = Literal[
    "not_reviewed",
    "pending",
    "changed",
    "refused",
    "expired",
    "revoked",
    "channel",
    "attachment",
    "invalid",
    "stale",
]
VERDICT_CODES: tuple[VerdictCode, ...] = get_args(VerdictCode)


@dataclass(frozen=True, slots=True)
class OfflineVerdict:
    """Whether to publish; if not, the code and what to do next, in Chinese.

    `code` is None exactly if `allowed`. `clearance` is set once the token has
    been found genuine and valid, whatever else stands in the way.
    """

    allowed: bool
    code: VerdictCode | None
    message_zh: str
    clearance: Clearance | None = None


def verify(
    token: str, *, jwks: Mapping[str, object], now: datetime, leeway: int = 0
) -> Clearance:
    """Return the clearance of a token that is genuine and valid at `now`.

    An archive gives the moment of publication as `now`. Neither revocation
    nor what was published is looked at.

    Raises:
        ClearanceInvalidError: The token or the key set is not genuine.
        ClearanceNotYetValidError: The first moment of validity is to come.
        ClearanceExpiredError: The last moment of validity has passed.
        UsageError: `now` lacks its time zone, or `leeway` is not 0 to 300.
    """
    return tokens.verify(token, key_set(jwks), now=now, leeway=leeway)


def check(  # noqa: PLR0913 - each is a thing that the verdict hangs on
    token: str,
    *,
    jwks: Mapping[str, object],
    now: datetime,
    revocations: str | None,
    contents: str | None,
    channel: str | None,
    hidden: Collection[str] | None,
    attachments: Collection[str] | None = None,
) -> OfflineVerdict:
    """Tell whether exactly these contents may be published there, now.

    1. The token is genuine, and valid at `now`.
    2. The revocation list is genuine and current, and does not name it.
    3. `channel` is one of its channels.
    4. The digest of `contents` (body and attachments) is the reviewed one.
    5. Every text of `hidden` (digests) was reviewed; losing some is no harm.

    None means "not given", and each of them but `attachments` is needed for
    a yes. `attachments` (digests), if given, must be the reviewed ones, and
    let the verdict say that it is they which differ.

    Raises:
        UsageError: `now` lacks its time zone.
    """
    try:
        keys = key_set(jwks)
        clearance = tokens.verify(token, keys, now=now)
    except ClearanceError as error:
        return _refusal(error, None)
    try:
        refusal = (
            _unrevoked(clearance, revocations, keys=keys, now=now)
            or _channel_differs(clearance, channel)
            or _contents_differ(clearance, contents, attachments)
            or _hidden_differs(clearance, hidden)
        )
    except ClearanceError as error:
        return _refusal(error, clearance)
    return refusal or OfflineVerdict(
        allowed=True,
        code=None,
        message_zh="内容与经审查的一致，可以在该渠道公开。",
        clearance=clearance,
    )


def _unrevoked(
    clearance: Clearance, text: str | None, *, keys: KeySet, now: datetime
) -> OfflineVerdict | None:
    if text is None:
        return _no(
            clearance,
            "stale",
            "未核对撤销名单，不能据此公开。请从保密审查系统下载最新的撤销名单后再核对。",
        )
    current = revocation_lists.verify(text, keys, now=now)
    revocation_lists.forbid_revoked(clearance, current)
    return None


def _channel_differs(
    clearance: Clearance, channel: str | None
) -> OfflineVerdict | None:
    if channel is None:
        return _no(
            clearance, "channel", "未说明公开渠道，不能据此公开。请注明渠道后再核对。"
        )
    if channel not in clearance.channels:
        return _no(
            clearance,
            "channel",
            "公开许可不包括这一渠道。要在此公开，请就这一渠道另行申请审查。",
        )
    return None


def _contents_differ(
    clearance: Clearance, contents: str | None, attachments: Collection[str] | None
) -> OfflineVerdict | None:
    if contents is None:
        return _no(
            clearance,
            "not_reviewed",
            "未提供待公开的内容，无从认定它经过审查。请提供正文和附件后再核对。",
        )
    # as sets: how often one file is attached is the contents digest's matter
    if attachments is not None and set(attachments) != set(clearance.attachments):
        return _no(
            clearance,
            "attachment",
            "附件与经审查的不一致。请恢复原附件，或就改动后的内容重新送审。",
        )
    if contents != clearance.contents:
        return _no(
            clearance,
            "changed",
            "内容与经审查的不一致。请恢复原内容，或就改动后的内容重新送审。",
        )
    return None


def _hidden_differs(
    clearance: Clearance, hidden: Collection[str] | None
) -> OfflineVerdict | None:
    if hidden is None:
        return _no(
            clearance,
            "not_reviewed",
            "未核对页面中的隐藏文字，不能据此公开。请一并提供后再核对。",
        )
    if not set(hidden) <= set(clearance.hidden):
        return _no(
            clearance,
            "changed",
            "页面中有未经审查的隐藏文字。请删去，或就改动后的内容重新送审。",
        )
    return None


def _no(clearance: Clearance, code: VerdictCode, message: str) -> OfflineVerdict:
    return OfflineVerdict(
        allowed=False, code=code, message_zh=message, clearance=clearance
    )


def _refusal(error: ClearanceError, clearance: Clearance | None) -> OfflineVerdict:
    # an error that has no code of its own among the gate's reads as invalid
    code: VerdictCode = "invalid"
    for one in VERDICT_CODES:
        if one == error.code:
            code = one
    return OfflineVerdict(
        allowed=False, code=code, message_zh=error.message, clearance=clearance
    )
