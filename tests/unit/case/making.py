"""Small parts for the tests of the review: people, items, reports, and a case at any stage."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

import pytest
import regex

from review.case import events as e
from review.case.case import Case, Stage
from review.case.events import CaseEvent
from review.case.evolve import replay
from review.case.people import MACHINE, Appointment, By, Person, Post
from review.case.policy import FastLane, LeaderSigns, Policy
from review.case.policy_file import load_policy
from review.case.request import Addition, Request
from review.case.values import File, FindingNote, GapNote, Item, RoundReport
from review.errors import RefusedError

AT: Final = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10:00 in China
TODAY: Final = date(2026, 11, 20)
DAY: Final = timedelta(days=1)
INSTANT: Final = timedelta(milliseconds=1)
OWN: Final = "教务处"
OTHER: Final = "学生处"
LOCAL: Final = frozenset({"reviewer", "head", "site"})
REASON: Final = "已核对原件。"


def appointment(post: Post, person: str = "p1", **facts: Any) -> Appointment:
    """An appointment that holds today, in the own department where one is needed."""
    plain = Appointment(
        id=f"{person}-{post}",
        person=person,
        name="张示例",
        post=post,
        from_day=TODAY - 100 * DAY,
        until_day=TODAY + 100 * DAY,
        ground="任字〔2026〕1号",
        department=OWN if post in LOCAL else None,
    )
    return replace(plain, **facts)


def person(*posts: Post | Appointment, name: str = "p1") -> Person:
    """Somebody with those posts."""
    held = (
        one if isinstance(one, Appointment) else appointment(one, name) for one in posts
    )
    return Person(id=name, name="张示例", appointments=tuple(held))


def by(post: Post, name: str) -> By:
    return appointment(post, name).as_doer()


REVIEWER: Final = by("reviewer", "reviewer")
HEAD: Final = by("head", "head")
OFFICE: Final = by("office", "office")
LEADER: Final = by("leader", "leader")
SITE: Final = by("site", "site")


@cache
def _shipped() -> Policy:
    return load_policy()


def policy(**changes: Any) -> Policy:
    return replace(_shipped(), **changes)


def fast_lane(**changes: Any) -> FastLane:
    return replace(_shipped().fast_lane, **{"enabled": True, **changes})


def leader_signs(**changes: Any) -> LeaderSigns:
    none = LeaderSigns(channels=(), tiers=(), after_answer=False)
    return replace(none, **changes)


def request(who: Person, case: Case | None = None, **facts: Any) -> Request:
    """A request made now, by who has seen the case as it stands."""
    plain = Request(
        person=who, at=AT, policy=policy(), seen=case.version if case else None
    )
    return replace(plain, **facts)


def file(name: str = "正文.docx", role: Any = "body", digest: str = "b" * 64) -> File:
    return File(name, role, 10, digest)


def item(**changes: Any) -> Item:
    plain = Item(
        title="关于举办示例活动的通知",
        department=OWN,
        channels=("website", "wechat"),
        drafted_by="何拟稿",
        files=(file(),),
    )
    return replace(plain, **changes)


def finding(name: str = "f1", **changes: Any) -> FindingNote:
    plain = FindingNote(
        id=name,
        file="b" * 64,
        detector="lexicon",
        rule="r",
        category="exam",
        tier="work",
        severity="review",
    )
    return replace(plain, **changes)


def marking(name: str = "f1", **changes: Any) -> FindingNote:
    """A state secret's marking that the draft itself bears."""
    genuine = {"detector": "marking", "tier": "state", "severity": "block"}
    return finding(name, **{**genuine, **changes})


def gap(name: str = "g1", *, unreadable: bool = False) -> GapNote:
    return GapNote(id=name, file="b" * 64, code="encrypted", unreadable=unreadable)


def report(*findings: FindingNote, **changes: Any) -> RoundReport:
    plain = RoundReport(
        digest="d" * 64,
        verdict="needs_review",
        xianshen="0.1.0",
        lexicons="l",
        model="m",
        canonical="c" * 64,
        findings=findings,
    )
    return replace(plain, **changes)


def submitted(**changes: Any) -> e.Submitted:
    plain = e.Submitted(
        at=AT - 9 * DAY, by=SITE, round=1, number="2026-000001", item=item()
    )
    return replace(plain, **changes)


def scanned(*findings: FindingNote, **changes: Any) -> e.Scanned:
    found = report(*findings, **changes)
    return e.Scanned(at=AT - 8 * DAY, by=MACHINE, round=1, report=found)


def disposed(name: str = "f1", **changes: Any) -> e.FindingDisposed:
    plain = e.FindingDisposed(
        at=AT - 7 * DAY,
        by=REVIEWER,
        round=1,
        finding=name,
        opinion="not_sensitive",
        reason=REASON,
    )
    return replace(plain, **changes)


def addition(**changes: Any) -> Addition:
    """What a person marks: three characters of a passage."""
    plain = Addition(
        file=0, passage=4, start=2, end=5, category="meeting", reason=REASON
    )
    return replace(plain, **changes)


def added(name: str = "0.p1", **changes: Any) -> e.FindingAdded:
    note = finding(name, detector="person", rule="person", category="meeting")
    plain = e.FindingAdded(
        at=AT - 7 * DAY,
        by=REVIEWER,
        round=1,
        finding=note,
        file=0,
        passage=4,
        start=2,
        end=5,
        reason=REASON,
    )
    return replace(plain, **changes)


def acknowledged(name: str = "g1") -> e.GapAcknowledged:
    return e.GapAcknowledged(
        at=AT - 7 * DAY, by=REVIEWER, round=1, gap=name, note=REASON
    )


def concluded(conclusion: Any = "agree", **changes: Any) -> e.FirstPassConcluded:
    plain = e.FirstPassConcluded(
        at=AT - 6 * DAY, by=REVIEWER, round=1, conclusion=conclusion, opinion=REASON
    )
    return replace(plain, **changes)


def endorsed(*, agreed: bool = True, **changes: Any) -> e.Endorsed:
    plain = e.Endorsed(at=AT - 5 * DAY, by=HEAD, round=1, agreed=agreed, opinion=REASON)
    return replace(plain, **changes)


def signed(outcome: Any = "clear", **changes: Any) -> e.SignedOff:
    channels = ("website",) if outcome == "clear" else ()
    plain = e.SignedOff(
        at=AT - 4 * DAY,
        by=OFFICE,
        round=1,
        outcome=outcome,
        opinion=REASON,
        channels=channels,
    )
    return replace(plain, **changes)


def led(*, agreed: bool = True) -> e.LeaderDecided:
    return e.LeaderDecided(
        at=AT - 3 * DAY, by=LEADER, round=1, agreed=agreed, opinion=REASON
    )


def cleared(**changes: Any) -> e.Cleared:
    plain = e.Cleared(
        at=AT - 2 * DAY,
        by=MACHINE,
        round=1,
        clearance="c1",
        channels=("website",),
        canonical="c" * 64,
        attachments=(),
        valid_from=AT - 2 * DAY,
        valid_until=AT + 10 * DAY,
        token_digest="t" * 64,
    )
    return replace(plain, **changes)


def published(**changes: Any) -> e.PublicationRecorded:
    plain = e.PublicationRecorded(
        at=AT - DAY,
        by=SITE,
        round=1,
        channel="website",
        address="https://www.example.edu.cn/1",
        published_at=AT - DAY,
    )
    return replace(plain, **changes)


def expired() -> e.Expired:
    return e.Expired(at=AT - INSTANT, by=MACHINE, round=1, clearance="c1")


def revoked() -> e.Revoked:
    return e.Revoked(
        at=AT - INSTANT,
        by=OFFICE,
        round=1,
        clearance="c1",
        cause="other",
        reason=REASON,
    )


def referred() -> e.Referred:
    return e.Referred(
        at=AT - 5 * DAY,
        by=OFFICE,
        round=1,
        kind="ask_source",
        to="云山局",
        question=REASON,
    )


def answered() -> e.Answered:
    return e.Answered(
        at=AT - 4 * DAY,
        by=OFFICE,
        round=1,
        answer=REASON,
        document="云函〔2026〕3号",
        answered_on=TODAY,
    )


def opened(*, purged: bool = False) -> e.IncidentOpened:
    return e.IncidentOpened(
        at=AT - 8 * DAY,
        by=MACHINE,
        round=1,
        findings=("f1",),
        report_due=AT - 7 * DAY,
        purged=purged,
    )


def judged(*, genuine: bool = True) -> e.IncidentJudged:
    return e.IncidentJudged(
        at=AT - 7 * DAY, by=OFFICE, round=1, genuine=genuine, opinion=REASON
    )


def reported() -> e.IncidentReported:
    return e.IncidentReported(
        at=AT - 6 * DAY, by=OFFICE, round=1, to="云山保密局", document="1号"
    )


def withdrawn() -> e.Withdrawn:
    return e.Withdrawn(at=AT - 6 * DAY, by=SITE, round=1, reason=REASON)


def resubmitted(**changes: Any) -> e.Resubmitted:
    plain = e.Resubmitted(at=AT - DAY, by=SITE, round=2, item=item())
    return replace(plain, **changes)


def purged(because: Any = "retention") -> e.ContentsPurged:
    return e.ContentsPurged(at=AT, by=MACHINE, round=1, because=because)


_TO_SIGN: Final = (submitted(), scanned(), concluded())
_CLEARED: Final = (*_TO_SIGN, signed(), cleared())
_SEALED: Final = (submitted(), scanned(marking()), opened())
# One short way to each stage.
STORIES: Final[Mapping[Stage, tuple[CaseEvent, ...]]] = {
    "scanning": (submitted(),),
    "first_pass": (submitted(), scanned()),
    "endorsing": (submitted(), scanned(), concluded(to_head=True)),
    "signing": _TO_SIGN,
    "referred": (*_TO_SIGN, referred()),
    "leading": (*_TO_SIGN, signed(needs_leader=True)),
    "clearing": (*_TO_SIGN, signed()),
    "rework": (submitted(), scanned(), concluded("must_change")),
    "cleared": _CLEARED,
    "published": (*_CLEARED, published()),
    "expired": (*_CLEARED, expired()),
    "revoked": (*_CLEARED, revoked()),
    "refused": (*_TO_SIGN, signed("refuse", ground="other")),
    "withdrawn": (submitted(), withdrawn()),
    "incident": _SEALED,
    "incident_confirmed": (*_SEALED, judged()),
    "incident_closed": (*_SEALED, judged(), reported()),
}


def at(stage: Stage) -> Case:
    """A case at that stage."""
    return replay(STORIES[stage])


def after(*happened: CaseEvent) -> Case:
    """A case submitted, scanned where the events say so, and so on."""
    return replay((submitted(), *happened))


class Refused:
    """Expects a refusal, in whole Chinese sentences, that says so."""

    def __init__(self, kind: type[RefusedError], words: str) -> None:
        self._raises = pytest.raises(RefusedError)
        self._kind = kind
        self._words = words

    def __enter__(self) -> None:
        self._caught = self._raises.__enter__()

    def __exit__(self, *error: object) -> bool:
        done = self._raises.__exit__(*error)  # type: ignore[arg-type]  # handed through
        assert type(self._caught.value) is self._kind
        check_sentence(self._caught.value.message, self._words)
        return bool(done)


def check_sentence(message: str, words: str) -> None:
    """Chinese from end to end: no Latin letter but those of a finding's id."""
    assert words in message
    assert message.endswith("。")
    assert not regex.search(r"[A-Za-z]{2}", message)
