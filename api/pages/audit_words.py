"""What the auditor reads of an entry: every kind of statement in words, and no code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Any, Final

from api.pages import words
from api.pages.audit_codes import (
    ACCOUNT_CHANGES,
    DOORS,
    GATE,
    HOW,
    NOT_LET_IN,
    SITE_CHANGES,
)
from review import clock
from review.access import events as access
from review.access.permissions import OfficeVerb
from review.case import events
from review.case.events import CaseEvent
from review.case.words import CHANNELS, POSTS
from review.ledger import statement
from review.service.cases.timeline import Fact, timeline
from review.service.gate.sites import WEBHOOK_KEY
from review.service.record.ledger import Read
from review.service.record.records import KIND_WORDS, Recorded, word_of
from review.siteaudit import events as siteaudit
from review.siteaudit.interface import KIND_WORDS as KIND_WORDS_OF_AUDITS
from review.upkeep import events as upkeep

__all__ = ["KIND_WORDS", "word_of"]

# Entries that the ledger writes of itself; no event stands behind them.
_OF_THE_LEDGER: Final = ("ledger.opened", "ledger.key_changed")
_DIGITS: Final = 12
_OTHER: Final = "其他"

# What entries are looked at together, by the address of the view.
VIEWS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "": ("全部", ()),
    "refusals": (
        "每次拒绝",
        (
            "office.request_refused",
            "account.sign_in_refused",
            "account.locked",
            "gate.refused",
        ),
    ),
    "entrance": (
        "登录",
        ("account.signed_in", "account.sign_in_refused", "account.locked"),
    ),
    "people": (
        "账号、任命和站点",
        (
            "account.changed",
            "people.appointed",
            "people.appointment_ended",
            "site.changed",
        ),
    ),
    "rules": (
        "政策、词库和模型",
        (
            "office.policy_adopted",
            "lexicon.proposed",
            "lexicon.activated",
            "lexicon.rejected",
            "model.activated",
        ),
    ),
    "decisions": (
        "终审和许可",
        (
            "case.signed_off",
            "case.leader_decided",
            "case.cleared",
            "case.revoked",
            "case.expired",
        ),
    ),
    "drafts": (
        "导出和清除",
        (
            "draft.downloaded",
            "ledger.exported",
            "passages.exported",
            "case.contents_purged",
        ),
    ),
    "audits": ("网站巡查", ("site.audited", "site.finding_opened")),
}
OFFICE_STEPS: Final[Mapping[OfficeVerb, str]] = {
    "manage_accounts": "管理账号",
    "remove_second_factor": "解除动态码",
    "see_accounts": "查看账号",
    "see_appointments": "查看任命",
    "manage_sites": "管理站点",
    "see_sites": "查看站点",
    "read_ledger": "查看审查记录",
    "verify_ledger": "核验审查记录",
    "export_ledger": "导出审查记录",
    "read_policy": "查看审查政策",
    "read_lexicons": "查看词库",
    "see_lexicon_changes": "查看词库改动",
    "propose_lexicon": "提出词库改动",
    "activate_lexicon": "启用或退回词库改动",
    "export_passages": "导出标注样本",
    "activate_model": "启用分类模型",
    "see_statistics": "查看统计",
    "see_operations": "查看系统状况",
    "run_operations": "运行维护",
    "audit_site": "巡查网站",
    "see_audits": "查看网站巡查",
}
# What is asked about people and lists, beside cases and the installation.
_OTHER_STEPS: Final[Mapping[str, str]] = {
    "appoint": "任命",
    "end_appointment": "免去任命",
    "register": "查看台账",
    "add_finding": "补充疑点",
}
STEPS: Final[Mapping[str, str]] = {
    **{str(one): word for one, word in words.STEPS.items()},
    **{str(one): word for one, word in OFFICE_STEPS.items()},
    **_OTHER_STEPS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an entry says beyond its kind: what it came to, somebody's words, facts."""

    came_to: str = ""
    words: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An entry as the auditor's list shows it."""

    read: Read
    at: datetime
    what: str
    told: Told
    door: str
    case: str | None


def row(read: Read) -> Row:
    """Return an entry in words; titles and file names stay with the case's own page."""
    said = read.said
    return Row(
        read=read,
        at=clock.parse_stamp(said["at"]),
        what=word_of(said["kind"]),
        told=_told_by(read),
        door=DOORS.get(said["via"].split(":", 1)[0], _OTHER),
        case=said["case"] or said["data"].get("case"),
    )


def post(code: str) -> str:
    """Return the word for the post as which somebody acted."""
    posts: Mapping[Any, str] = POSTS
    return posts.get(code, _OTHER)


def _told_by(read: Read) -> Told:
    if read.said["kind"] in _OF_THE_LEDGER:
        key = str(read.said["data"].get("key", ""))
        return Told(facts=(Fact(name="公钥", value=key[:_DIGITS]),))
    known = statement.read(read.entry.statement)
    if isinstance(known.event, CaseEvent):
        (line,) = timeline((Recorded(read.entry, known),), sealed=True)
        return Told(came_to=line.came_to, words=line.words, facts=line.facts)
    return _told(known.event)


@singledispatch
def _told(_event: object) -> Told:
    return Told()


@_told.register
def _(event: events.Appointed) -> Told:
    one = event.appointment
    place = f"{one.department} " if one.department else ""
    return Told(
        came_to=f"{one.name}：{place}{POSTS[one.post]}",
        facts=(
            Fact(name="任期", value=f"{one.from_day} 至 {one.until_day}"),
            Fact(name="依据", value=one.ground),
        ),
    )


@_told.register
def _(event: events.AppointmentEnded) -> Told:
    return Told(
        words=event.reason,
        facts=(Fact(name="自", value=f"{event.ended_on} 起"),),
    )


@_told.register
def _(event: events.PolicyAdopted) -> Told:
    return Told(facts=(Fact(name="政策", value=event.digest[:_DIGITS]),))


@_told.register
def _(event: events.RequestRefused) -> Told:
    return Told(came_to=f"想办：{STEPS.get(event.verb, '其他操作')}")


@_told.register
def _(event: access.AccountChanged) -> Told:
    change = ACCOUNT_CHANGES[event.change]
    return Told(came_to=f"{change}：{event.name}（{event.account}）")


@_told.register
def _(event: access.SignedIn) -> Told:
    return Told(
        came_to=HOW[event.how],
        facts=(Fact(name="地址", value=event.address),),
    )


@_told.register
def _(event: access.SignInRefused) -> Told:
    facts = [
        Fact(name="账号", value=event.account or "没有这个账号"),
        Fact(name="地址", value=event.address),
    ]
    if event.unsealed:
        facts.append(Fact(name="其间另有", value=f"{event.unsealed} 次"))
    return Told(came_to=NOT_LET_IN.get(event.code, _OTHER), facts=tuple(facts))


@_told.register
def _(event: access.AccountLocked) -> Told:
    until = f"{clock.china_time(event.until):%Y-%m-%d %H:%M}"
    return Told(
        came_to=f"{event.account} 连续失败 {event.failures} 次",
        facts=(Fact(name="锁定到", value=until),),
    )


@_told.register
def _(event: access.SiteChanged) -> Told:
    key = "通知签名密钥" if event.key == WEBHOOK_KEY else event.key
    facts = [Fact(name="密钥", value=key)] if key else []
    return Told(
        came_to=f"{SITE_CHANGES[event.change]}：{event.name}（{event.site}）",
        facts=(
            *facts,
            Fact(
                name="公开方式",
                value="、".join(CHANNELS[one] for one in event.channels),
            ),
        )
        if event.channels
        else tuple(facts),
    )


@_told.register
def _(event: access.GateRefused) -> Told:
    return Told(
        came_to=GATE[event.code],
        facts=(
            Fact(name="站点", value=event.site),
            Fact(name="站点里的编号", value=event.external_id),
        ),
    )


@_told.register
def _(event: access.DraftDownloaded) -> Told:
    # The file's name may be part of what must not be told: its digest proves which.
    return Told(
        came_to=f"第 {event.round} 轮",
        facts=(Fact(name="文件摘要", value=event.digest[:_DIGITS]),),
    )


@_told.register
def _(event: upkeep.LexiconProposed) -> Told:
    return Told(came_to=event.change, words=event.reason)


@_told.register
def _(event: upkeep.LexiconActivated) -> Told:
    return Told(
        came_to=event.change,
        facts=(Fact(name="看过的预演", value=event.preview[:_DIGITS]),),
    )


@_told.register
def _(event: upkeep.LexiconRejected) -> Told:
    return Told(came_to=event.change, words=event.reason)


@_told.register
def _(event: siteaudit.SiteAudited) -> Told:
    return Told(
        came_to=f"发现 {event.total} 处，未能检查 {event.unexamined} 处",
        facts=(
            Fact(name="巡查", value=event.audit),
            Fact(name="范围", value=event.place),
            Fact(name="网页", value=str(event.pages)),
            Fact(name="文件", value=str(event.files)),
            Fact(name="报告摘要", value=event.report[:_DIGITS]),
        ),
    )


@_told.register
def _(event: siteaudit.SiteFindingOpened) -> Told:
    return Told(
        came_to=f"{KIND_WORDS_OF_AUDITS[event.found.kind]}：立为 {event.case}",
        facts=(
            Fact(name="巡查", value=event.audit),
            Fact(name="网址", value=event.found.address),
        ),
    )


@_told.register
def _(event: upkeep.BackedUp) -> Told:
    return Told(facts=(Fact(name="清单摘要", value=event.digest[:_DIGITS]),))


@_told.register
def _(event: upkeep.LedgerExported) -> Told:
    return Told(facts=(Fact(name="文件摘要", value=event.digest[:_DIGITS]),))


@_told.register
def _(event: upkeep.PassagesExported) -> Told:
    return Told(
        came_to=f"{event.passages} 段，出自 {event.cases} 件",
        facts=(Fact(name="文件摘要", value=event.digest[:_DIGITS]),),
    )


@_told.register
def _(event: upkeep.ModelActivated) -> Told:
    return Told(
        came_to="改回随附模型" if event.shipped else "本单位模型",
        facts=(
            Fact(name="模型摘要", value=event.model[:_DIGITS]),
            Fact(name="之前的模型", value=event.before[:_DIGITS]),
        ),
    )
