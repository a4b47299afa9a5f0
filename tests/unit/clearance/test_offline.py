"""What was not checked is refused, and the refusal says what to do."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import pytest

from review.clearance import offline, revocations, token
from review.clearance.interface import Clearance, Revocation, Revocations
from review.clearance.keys import SigningKey, SigningKeys, jwks, rotate
from review.clearance.offline import OfflineVerdict
from review.errors import ClearanceError, ClearanceExpiredError, UsageError

Ask: TypeAlias = Callable[..., OfflineVerdict]


@pytest.fixture
def current(now: datetime, clearance: Clearance) -> Revocations:
    return Revocations(
        issuer=clearance.issuer,
        issued_at=now,
        next_update=now + timedelta(days=1),
        entries=(Revocation(id="2026-000001-r1-c1", revoked_at=now, reason="error"),),
    )


@pytest.fixture
def given(
    now: datetime, clearance: Clearance, current: Revocations, key: SigningKey
) -> dict[str, Any]:
    """Return what a yes needs."""
    return {
        "token": token.sign(clearance, key),
        "jwks": jwks(SigningKeys(key)),
        "now": now,
        "revocations": revocations.sign(current, key),
        "contents": clearance.contents,
        "channel": "website",
        "hidden": clearance.hidden,
    }


@pytest.fixture
def ask(given: dict[str, Any]) -> Ask:
    """Check what is given, with changes."""

    def check(**changes: Any) -> OfflineVerdict:
        asked = {**given, **changes}
        return offline.check(asked.pop("token"), **asked)

    return check


def test_exactly_what_was_reviewed_may_go_out(ask: Ask, clearance: Clearance) -> None:
    assert ask() == OfflineVerdict(
        allowed=True,
        code=None,
        message_zh="内容与经审查的一致，可以在该渠道公开。",
        clearance=clearance,
    )
    assert ask(channel="wechat").allowed
    assert ask(attachments=clearance.attachments).allowed
    assert ask(attachments=list(reversed(clearance.attachments))).allowed
    assert ask(attachments=clearance.attachments * 2).allowed, "a file under two names"
    assert ask(hidden=()).allowed, "losing hidden text is no harm"


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"revocations": None}, "stale", "未核对撤销名单"),
        ({"revocations": ""}, "invalid", "签名文件"),
        ({"revocations": "[]"}, "invalid", "签名文件"),
        ({"channel": None}, "channel", "未说明公开渠道"),
        ({"channel": "press"}, "channel", "不包括这一渠道"),
        ({"channel": ""}, "channel", "不包括这一渠道"),
        ({"channel": "Website"}, "channel", "不包括这一渠道"),
        ({"contents": None}, "not_reviewed", "未提供"),
        ({"contents": ""}, "changed", "内容与经审查的不一致"),
        ({"contents": "ac" + "ab" * 31}, "changed", "内容与经审查的不一致"),
        ({"contents": "AB" * 32}, "changed", "内容与经审查的不一致"),
        ({"hidden": None}, "not_reviewed", "隐藏文字"),
        ({"hidden": ("f1" * 32,)}, "changed", "隐藏文字"),
        ({"hidden": ("f0" * 32, "f1" * 32)}, "changed", "隐藏文字"),
        ({"attachments": ()}, "attachment", "附件"),
        ({"attachments": ("01" * 32,)}, "attachment", "附件"),
        ({"attachments": ("01" * 32, "03" * 32)}, "attachment", "附件"),
        ({"attachments": ("01" * 32, "01" * 32)}, "attachment", "附件"),
        ({"token": ""}, "invalid", "签名文件"),
        ({"jwks": {}}, "invalid", "公钥集"),
        ({"jwks": {"keys": []}}, "invalid", "公钥集"),
    ],
)
def test_one_thing_amiss_is_a_no(
    change: dict[str, Any], code: str, says: str, ask: Ask
) -> None:
    verdict = ask(**change)

    assert (verdict.allowed, verdict.code) == (False, code)
    assert says in verdict.message_zh


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"revocations": None},
            "未核对撤销名单，不能据此公开。请从保密审查系统下载最新的撤销名单后再核对。",
        ),
        (
            {"channel": None},
            "未说明公开渠道，不能据此公开。请注明渠道后再核对。",
        ),
        (
            {"channel": "press"},
            "公开许可不包括这一渠道。要在此公开，请就这一渠道另行申请审查。",
        ),
        (
            {"contents": None},
            "未提供待公开的内容，无从认定它经过审查。请提供正文和附件后再核对。",
        ),
        (
            {"attachments": ()},
            "附件与经审查的不一致。请恢复原附件，或就改动后的内容重新送审。",
        ),
        (
            {"contents": "0" * 64},
            "内容与经审查的不一致。请恢复原内容，或就改动后的内容重新送审。",
        ),
        (
            {"hidden": None},
            "未核对页面中的隐藏文字，不能据此公开。请一并提供后再核对。",
        ),
        (
            {"hidden": ("f1" * 32,)},
            "页面中有未经审查的隐藏文字。请删去，或就改动后的内容重新送审。",
        ),
    ],
)
def test_a_no_says_what_to_do_next_and_which_clearance_it_was(
    change: dict[str, Any], says: str, ask: Ask, clearance: Clearance
) -> None:
    verdict = ask(**change)

    assert (verdict.message_zh, verdict.clearance) == (says, clearance)


def test_a_changed_attachment_is_named_before_the_digest_over_all(ask: Ask) -> None:
    verdict = ask(contents="ac" * 32, attachments=("03" * 32,))

    assert verdict.code == "attachment"


def test_validity_decides(ask: Ask, clearance: Clearance) -> None:
    early = ask(now=clearance.valid_from - timedelta(seconds=1))
    late = ask(now=clearance.valid_until)

    assert (early.allowed, early.code, early.clearance) == (False, "pending", None)
    assert (late.allowed, late.code, late.clearance) == (False, "expired", None)


def test_an_old_list_is_a_no_even_if_it_names_nothing(
    ask: Ask, current: Revocations
) -> None:
    verdict = ask(now=current.next_update)

    assert (verdict.allowed, verdict.code) == (False, "stale")
    assert verdict.clearance is not None, "the clearance itself is genuine"


def test_a_revoked_clearance_is_a_no(
    ask: Ask, current: Revocations, clearance: Clearance, key: SigningKey
) -> None:
    entry = replace(current.entries[0], id=clearance.id)
    text = revocations.sign(replace(current, entries=(*current.entries, entry)), key)

    verdict = ask(revocations=text)

    assert (verdict.allowed, verdict.code) == (False, "revoked")
    assert "撤下" in verdict.message_zh


def test_another_issuers_list_is_a_no(
    ask: Ask, current: Revocations, key: SigningKey
) -> None:
    text = revocations.sign(replace(current, issuer="河谷技师学院保密办"), key)

    assert (ask(revocations=text).allowed, ask(revocations=text).code) == (
        False,
        "invalid",
    )


def test_a_strange_key_is_a_no(ask: Ask, other_key: SigningKey) -> None:
    verdict = ask(jwks=jwks(SigningKeys(other_key)))

    assert (verdict.allowed, verdict.code, verdict.clearance) == (
        False,
        "invalid",
        None,
    )


def test_a_retired_key_still_counts(
    ask: Ask, key: SigningKey, other_key: SigningKey, current: Revocations
) -> None:
    rotated = jwks(rotate(SigningKeys(key), new=other_key))

    assert ask(jwks=rotated).allowed
    assert ask(jwks=rotated, revocations=revocations.sign(current, other_key)).allowed


def test_an_archive_needs_the_keys_alone(
    given: dict[str, Any], clearance: Clearance
) -> None:
    signed, keys = given["token"], given["jwks"]
    end = clearance.valid_until
    second = timedelta(seconds=1)

    assert offline.verify(signed, jwks=keys, now=end - second) == clearance
    assert offline.verify(signed, jwks=keys, now=end, leeway=1) == clearance
    with pytest.raises(ClearanceExpiredError):
        offline.verify(signed, jwks=keys, now=end)


def test_a_time_without_zone_is_the_callers_mistake(ask: Ask, now: datetime) -> None:
    with pytest.raises(UsageError):
        ask(now=now.replace(tzinfo=None))


def test_every_error_has_a_code_of_the_gate() -> None:
    codes = {kind.code for kind in ClearanceError.__subclasses__()}

    assert codes <= set(offline.VERDICT_CODES)


def test_an_error_without_such_a_code_reads_as_invalid() -> None:
    class _UnheardOfError(ClearanceError):
        code = "unheard_of"

    verdict = offline._refusal(_UnheardOfError("出错。"), None)

    assert (verdict.allowed, verdict.code) == (False, "invalid")
