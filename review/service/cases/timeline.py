"""A case's whole story in words: who did what, when, and what he said.

Every line comes from the record and from nowhere else. What one person says of many
findings in a row is one line, whose parts can be unfolded.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import singledispatch
from itertools import groupby
from typing import Final, Literal, TypeAlias

from review import clock
from review.case import events
from review.case.events import CaseEvent, Event
from review.case.people import By
from review.case.values import Channel, FindingNote, Item
from review.case.words import (
    CHANNELS,
    CONCLUSIONS,
    GROUNDS,
    OPINIONS,
    OUTCOMES,
    REVOCATION_CAUSES,
    SOURCES,
)
from review.report.words import SEVERITIES, TIERS, VERDICTS
from review.service.record.records import Recorded, word_of

Tone: TypeAlias = Literal["plain", "good", "bad", "back"]

_AGREED: Final = {True: "同意", False: "退回"}
_BECAUSE: Final = {"retention": "保存期满", "incident": "涉密事件"}
_OUTCOME_TONES: Final[dict[str, Tone]] = {
    "clear": "good",
    "return": "back",
    "partial": "back",
    "refuse": "bad",
}
_CONCLUSION_TONES: Final[dict[str, Tone]] = {"must_change": "back", "refuse": "bad"}
# Steps of which several in a row are one line, and how they are counted.
_FOLDED: Final = {"case.finding_disposed": "个疑点", "case.gap_acknowledged": "项"}
# Facts that may be part of the secret of a sealed draft.
_TITLE: Final = "标题"
_FILES: Final = "文件"
_SEALED: Final = frozenset({_TITLE, _FILES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that stands beside a line, with its name."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One step of the story.

    `what` is the step's name, `came_to` what it came to, `words` what its doer wrote.
    `until` is the last moment where several entries are one line; `parts` are they.
    """

    at: datetime
    by: By
    round: int
    kind: str
    what: str
    came_to: str = ""
    words: str = ""
    facts: tuple[Fact, ...] = ()
    tone: Tone = "plain"
    until: datetime | None = None
    parts: tuple["Line", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    came_to: str = ""
    words: str = ""
    facts: tuple[Fact, ...] = ()
    tone: Tone = "plain"


def timeline(history: Sequence[Recorded], *, sealed: bool = False) -> tuple[Line, ...]:
    """Return the lines, oldest first; of a sealed draft without titles and file names."""
    lines = _lines(history, sealed=sealed)
    folded = groupby(lines, lambda one: (one.kind, one.by, one.round))
    return tuple(line for _, group in folded for line in _fold(tuple(group)))


def _lines(history: Iterable[Recorded], *, sealed: bool) -> Iterator[Line]:
    noted: list[FindingNote] = []
    for one in history:
        event = one.statement.event
        if not isinstance(event, CaseEvent):
            raise TypeError("an entry of a case holds what happened to a case")
        if isinstance(event, events.Scanned):
            noted = list(event.report.findings)
        if isinstance(event, events.FindingAdded):
            noted.append(event.finding)
        said = _said(event)
        said = _hushed(said) if sealed else said
        if isinstance(event, events.FindingDisposed):
            said = _at(said, _place(noted, event.finding))
        if isinstance(event, events.FindingAdded):
            said = _at(said, _place(noted, event.finding.id))
        yield Line(
            at=event.at,
            by=event.by,
            round=event.round,
            kind=one.statement.kind,
            what=word_of(one.statement.kind),
            came_to=said.came_to,
            words=said.words,
            facts=said.facts,
            tone=said.tone,
        )


def _fold(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Make one line of what somebody said of several findings or gaps in a row."""
    if len(lines) == 1 or lines[0].kind not in _FOLDED:
        yield from lines
        return
    counts = Counter(one.came_to for one in lines if one.came_to)
    summed = "、".join(f"{word} {count}" for word, count in counts.items())
    count = f"{len(lines)} {_FOLDED[lines[0].kind]}"
    yield replace(
        lines[0],
        came_to=f"{count}（{summed}）" if summed else count,
        words="",
        facts=(),
        until=lines[-1].at,
        parts=lines,
    )


def _place(noted: Sequence[FindingNote], finding: str) -> str:
    """Return how people call a finding: by its place in the printed form, and its tier.

    An entry that is told without those before it has no place: then it is empty.
    """
    tiers = {str(code): word for code, word in TIERS.items()}
    found = (
        f"第 {place} 个（{tiers.get(one.tier, '其他')}）"
        for place, one in enumerate(noted, start=1)
        if one.id == finding
    )
    return next(found, "")


def _at(said: _Said, place: str) -> _Said:
    named = (Fact(name="疑点", value=place),) if place else ()
    return replace(said, facts=(*named, *said.facts))


def _hushed(said: _Said) -> _Said:
    """Leave out what may be part of the secret."""
    kept = tuple(one for one in said.facts if one.name not in _SEALED)
    return replace(said, facts=kept)


@singledispatch
def _said(_event: Event) -> _Said:
    return _Said()


@_said.register
def _(event: events.Submitted) -> _Said:
    return _Said(facts=_item(event.item))


@_said.register
def _(event: events.Resubmitted) -> _Said:
    return _Said(came_to=f"第 {event.round} 轮", facts=_item(event.item))


@_said.register
def _(event: events.Scanned) -> _Said:
    report = event.report
    counts = Counter(one.severity for one in report.findings)
    found = [
        f"{word} {counts[code]}" for code, word in SEVERITIES.items() if counts[code]
    ]
    known = {str(code): word for code, word in VERDICTS.items()}
    facts = [Fact(name="疑点", value="、".join(found) or "没有")]
    if report.gaps:
        facts.append(Fact(name="未能检查", value=f"{len(report.gaps)} 项"))
    if report.repeats:
        facts.append(Fact(name="与不予公开的稿件重复", value="、".join(report.repeats)))
    return _Said(came_to=known.get(report.verdict, ""), facts=tuple(facts))


@_said.register
def _(event: events.GapAcknowledged) -> _Said:
    return _Said(words=event.note)


@_said.register
def _(event: events.FindingDisposed) -> _Said:
    shown = event.published
    facts = (Fact(name="公开依据", value=shown.value),) if shown else ()
    return _Said(came_to=OPINIONS[event.opinion], words=event.reason, facts=facts)


@_said.register
def _(event: events.FindingAdded) -> _Said:
    return _Said(words=event.reason)


@_said.register
def _(event: events.FirstPassConcluded) -> _Said:
    facts = [Fact(name="依据", value=GROUNDS[event.ground])] if event.ground else []
    if event.to_head:
        facts.append(Fact(name="下一步", value="部门负责人审签"))
    return _Said(
        came_to=CONCLUSIONS[event.conclusion],
        words=event.opinion,
        facts=tuple(facts),
        tone=_CONCLUSION_TONES.get(event.conclusion, "plain"),
    )


@_said.register
def _(event: events.Endorsed) -> _Said:
    return _Said(
        came_to=_AGREED[event.agreed] + ("" if event.agreed else "初审"),
        words=event.opinion,
        tone="plain" if event.agreed else "back",
    )


@_said.register
def _(event: events.SignedOff) -> _Said:
    facts = []
    if event.ground:
        facts.append(Fact(name="依据", value=GROUNDS[event.ground]))
    if event.clauses:
        facts.append(Fact(name="条款", value="、".join(event.clauses)))
    if event.channels:
        facts.append(Fact(name="公开方式", value=_channels(event.channels)))
    if event.fast_lane:
        facts.append(Fact(name="办理", value="一般事项，部门办结"))
    if event.needs_leader:
        facts.append(Fact(name="下一步", value="分管领导审批"))
    return _Said(
        came_to=OUTCOMES[event.outcome],
        words=event.opinion,
        facts=tuple(facts),
        tone=_OUTCOME_TONES.get(event.outcome, "plain"),
    )


@_said.register
def _(event: events.Referred) -> _Said:
    return _Said(
        came_to=OUTCOMES[event.kind],
        words=event.question,
        facts=(Fact(name="送往", value=event.to),),
    )


@_said.register
def _(event: events.Answered) -> _Said:
    return _Said(
        words=event.answer,
        facts=(
            Fact(name="文号", value=event.document),
            Fact(name="答复日期", value=event.answered_on.isoformat()),
        ),
    )


@_said.register
def _(event: events.LeaderDecided) -> _Said:
    return _Said(
        came_to=_AGREED[event.agreed] + ("" if event.agreed else "保密办"),
        words=event.opinion,
        tone="good" if event.agreed else "back",
    )


@_said.register
def _(event: events.Withdrawn) -> _Said:
    return _Said(words=event.reason)


@_said.register
def _(event: events.Cleared) -> _Said:
    return _Said(
        facts=(
            Fact(name="公开方式", value=_channels(event.channels)),
            Fact(name="有效至", value=_moment(event.valid_until)),
        ),
        tone="good",
    )


@_said.register
def _(event: events.Revoked) -> _Said:
    cause = REVOCATION_CAUSES[event.cause]
    return _Said(came_to=cause, words=event.reason, tone="bad")


@_said.register
def _(event: events.PublicationRecorded) -> _Said:
    return _Said(
        came_to=CHANNELS[event.channel],
        facts=(
            Fact(name="网址或版面", value=event.address),
            Fact(name="发布时间", value=_moment(event.published_at)),
        ),
        tone="good",
    )


@_said.register
def _(event: events.IncidentOpened) -> _Said:
    return _Said(
        came_to="稿件已清除" if event.purged else "稿件已封存",
        facts=(
            Fact(name="标志", value=f"{len(event.findings)} 处"),
            Fact(name="报告期限", value=_moment(event.report_due)),
        ),
        tone="bad",
    )


@_said.register
def _(event: events.IncidentJudged) -> _Said:
    return _Said(
        came_to="标志属实" if event.genuine else "不是真的密级标志，继续审查",
        words=event.opinion,
        tone="bad" if event.genuine else "plain",
    )


@_said.register
def _(event: events.IncidentReported) -> _Said:
    return _Said(
        facts=(
            Fact(name="报告给", value=event.to),
            Fact(name="文号", value=event.document),
        )
    )


@_said.register
def _(event: events.ContentsPurged) -> _Said:
    return _Said(came_to=_BECAUSE[event.because])


def _item(item: Item) -> tuple[Fact, ...]:
    files = [one.name for one in item.files if one.role != "title"]
    origin = f"（{item.source.origin}）" if item.source.origin else ""
    return (
        Fact(name=_TITLE, value=item.title),
        Fact(name=_FILES, value="、".join(files)),
        Fact(name="公开方式", value=_channels(item.channels)),
        Fact(name="来源", value=SOURCES[item.source.kind] + origin),
    )


def _channels(channels: Iterable[Channel]) -> str:
    return "、".join(CHANNELS[one] for one in channels)


def _moment(at: datetime) -> str:
    return f"{clock.china_time(at):%Y-%m-%d %H:%M}"
