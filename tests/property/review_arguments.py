"""What people write when they ask: sensible as a rule, and anything when they are wild."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, TypeAlias, get_args

from review.case.case import Case
from review.case.people import Appointment, Post
from review.case.request import Addition, Decision, Judgment
from review.case.values import (
    Conclusion,
    FindingNote,
    Opinion,
    Outcome,
    Published,
    RevocationCause,
)
from tests.property import review_world as world
from tests.property.review_draft import FOUND
from tests.property.review_world import EMPTY, REASON, china_day

Arguments: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What whoever asks can know: the day, the people, the cases."""

    at: datetime
    appointments: tuple[Appointment, ...]
    cases: Mapping[str, Case]
    most_cases: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What words are drawn for: the case, if there is one, and whether sensibly."""

    dice: Random
    scene: Scene
    case: Case | None
    wild: bool


Draw: TypeAlias = Callable[[Wish], Arguments]


def unsettled(case: Case) -> list[str]:
    """Findings that the office has not said “not sensitive” of, and might have to."""
    found = case.round.findings
    said = {one.id: case.round.disposition_of(one.id) for one in found}
    return [
        one.id
        for one in found
        if one.needs_disposition
        and not ((last := said[one.id]) and last.opinion == "not_sensitive")
    ]


def _text(w: Wish) -> str:
    return w.dice.choice(EMPTY) if w.wild and w.dice.random() < 0.4 else REASON


def _submit(w: Wish) -> Arguments:
    department = world.DEPARTMENTS[w.dice.random() < 0.25]
    return {"item": world.item(w.dice, department=department, wild=w.wild)}


def _resubmit(w: Wish) -> Arguments:
    department = w.case.item.department if w.case else ""
    if w.wild and w.dice.random() < 0.5:
        others = [one for one in world.DEPARTMENTS if one != department]
        return {"item": world.item(w.dice, department=w.dice.choice(others))}
    return {"item": world.item(w.dice, department=department, wild=w.wild)}


def _withdraw(w: Wish) -> Arguments:
    return {"reason": _text(w)}


def _acknowledge(w: Wish) -> Arguments:
    gaps = w.case.round.open_gaps if w.case else ()
    gap = w.dice.choice(gaps or ("g0",))
    if w.wild and w.dice.random() < 0.4:
        gap = "g9"
    return {"gap": gap, "note": _text(w)}


def _dispose(w: Wish) -> Arguments:
    found = {one.id: one for one in w.case.round.findings} if w.case else {}
    names = list(found)
    if w.case and not w.wild and names:
        names = [*(w.case.round.open_findings or unsettled(w.case) or names)]
    name = w.dice.choice(names or ["f0"])
    if w.wild and w.dice.random() < 0.3:
        name = "f9"
    finding = found.get(name)
    published = None
    if finding is not None and w.dice.random() < (0.3 if finding.releasable else 0.05):
        value = (
            "https://www.example.edu.cn/1"
            if not w.wild
            else w.dice.choice(("", " ", "1"))
        )
        published = Published(kind="address", value=value)
    judgment = Judgment(
        finding=name,
        opinion=_opinion(w, finding),
        reason=_text(w),
        published=published,
    )
    return {"judgment": judgment}


def _add_finding(w: Wish) -> Arguments:
    file = w.dice.randrange(len(w.case.item.files) if w.case else 1)
    passage = w.dice.choice((0, 2))
    start = w.dice.randrange(5)
    addition = Addition(
        file=file,
        passage=passage,
        start=start,
        end=start + w.dice.randrange(1, 5),
        category=w.dice.choice(("exam", "privacy", "visit", "plans")),
        reason=_text(w),
        tier=w.dice.choice((None, None, "state", "work")),
    )
    return {"addition": _elsewhere(w, addition) if w.wild else addition}


def _elsewhere(w: Wish, addition: Addition) -> Addition:
    """Mark what is no place, what is blank, what is marked already, or a marking."""
    passage, start, end, category = FOUND[0]
    twice = replace(addition, passage=passage, start=start, end=end, category=category)
    known = [
        replace(
            addition, file=one.file, passage=one.passage, start=one.start, end=one.end
        )
        for one in (w.case.round.added if w.case else ())
    ]
    return w.dice.choice(
        (
            addition,
            twice,
            *known,
            replace(addition, category="marking"),
            replace(addition, file=9),
            replace(addition, passage=9),
            replace(addition, passage=1, start=0, end=3),
            replace(addition, start=addition.end),
            replace(addition, end=99),
            replace(addition, start=-1),
        )
    )


def _opinion(w: Wish, finding: FindingNote | None) -> Opinion:
    if w.wild or finding is None:
        return w.dice.choice(get_args(Opinion))
    office = w.case is not None and w.case.stage == "signing"
    if finding.is_state_marking and not office:
        return w.dice.choice(("uncertain", "uncertain", "must_change", "not_sensitive"))
    return w.dice.choice((*["not_sensitive"] * 8, "must_change", "uncertain"))


def _conclude(w: Wish) -> Arguments:
    said = w.case.round.dispositions if w.case else ()
    last = {one.finding: one.opinion for one in said}
    fitting: tuple[Conclusion, ...] = (*["agree"] * 12, "uncertain", "refuse")
    if "uncertain" in last.values():
        fitting = (*["uncertain"] * 12, "must_change", "agree")
    elif "must_change" in last.values() or _unreadable(w.case):
        fitting = (*["must_change"] * 5, "uncertain", "agree")
    conclusion = w.dice.choice(get_args(Conclusion) if w.wild else fitting)
    ground = w.dice.choice(world.GROUNDS) if conclusion == "refuse" else None
    if w.wild and w.dice.random() < 0.5:
        ground = None
    opinion = _text(w)
    return {"conclusion": conclusion, "opinion": opinion, "ground": ground}


def _unreadable(case: Case | None) -> bool:
    report = case.round.report if case else None
    return report is not None and any(one.unreadable for one in report.gaps)


def _word(w: Wish) -> Arguments:
    return {"agreed": w.dice.random() < 0.8, "opinion": _text(w)}


def _channels(w: Wish) -> tuple[Any, ...]:
    asked = w.case.item.channels if w.case else world.CHANNELS
    if w.wild:
        return tuple(w.dice.sample(world.CHANNELS, w.dice.randrange(3)))
    return tuple(w.dice.sample(asked, w.dice.randrange(1, len(asked) + 1)))


def _finish(w: Wish) -> Arguments:
    return {"opinion": _text(w), "channels": _channels(w)}


def _sign_off(w: Wish) -> Arguments:
    usual = (*["clear"] * 9, "return", "partial", "refuse")
    outcome = w.dice.choice(
        ("clear", "return", "partial", "refuse") if w.wild else usual
    )
    blamed = outcome in {"partial", "refuse"} and not (w.wild and w.dice.random() < 0.5)
    decision = Decision(
        outcome=outcome,  # type: ignore[arg-type]  # a word out of the tuple above
        opinion=_text(w),
        ground=w.dice.choice(world.GROUNDS) if blamed else None,
        channels=_channels(w),
    )
    return {"decision": decision}


def _refer(w: Wish) -> Arguments:
    kinds: tuple[Outcome, ...] = ("refer_upward", "ask_source")
    words = {"to": _text(w), "question": _text(w)}
    return {"kind": w.dice.choice(kinds), **words}


def _answer(w: Wish) -> Arguments:
    days = w.dice.choice((-1, 0, 1, 1)) if w.wild else -w.dice.randrange(3)
    day = china_day(w.scene.at) + timedelta(days=days)
    words = {"text": _text(w), "document": _text(w)}
    return {**words, "answered_on": day}


def _publish(w: Wish) -> Arguments:
    grant = w.case.grant if w.case else None
    channel = w.dice.choice(grant.channels if grant else world.CHANNELS)
    moments = [w.scene.at]
    if grant is not None:
        instant = timedelta(milliseconds=1)
        moments += [grant.valid_from, min(w.scene.at, grant.valid_until - instant)]
        if w.wild:
            moments += [grant.valid_from - instant, grant.valid_until]
    if w.wild:
        channel = w.dice.choice((channel, w.dice.choice(world.CHANNELS)))
        moments += [w.scene.at + timedelta(minutes=1)] * 2
    return {
        "channel": channel,
        "address": _text(w),
        "published_at": w.dice.choice(moments),
    }


def _revoke(w: Wish) -> Arguments:
    return {
        "cause": w.dice.choice(get_args(RevocationCause)),
        "reason": _text(w),
    }


def _judge(w: Wish) -> Arguments:
    return {"genuine": w.dice.random() < 0.35, "opinion": _text(w)}


def _report(w: Wish) -> Arguments:
    return {"to": _text(w), "document": _text(w)}


def _nothing(_: Wish) -> Arguments:
    return {}


def _scan(w: Wish) -> Arguments:
    contents = w.case.item.contents if w.case else ""
    if w.wild and w.dice.random() < 0.4:
        contents = w.case.rounds[0].item.contents if w.case else "0" * 64
    return {"at": w.scene.at, "report": world.report(w.dice), "contents": contents}


def _at(w: Wish) -> Arguments:
    return {"at": w.scene.at}


def _purge(w: Wish) -> Arguments:
    because = "incident" if w.wild and w.dice.random() < 0.5 else "retention"
    return {"at": w.scene.at, "because": because}


def _wanted(w: Wish, *, founding: bool = False) -> Appointment:
    dice, scene = w.dice, w.scene
    person = dice.choice(tuple(world.NAMES))
    post: Post = dice.choice(("reviewer", "head", "office", "leader", "site"))
    if dice.random() < 0.3:
        post = dice.choice(("system_admin", "security_admin", "auditor"))
    if founding:
        # More often a post that nobody ever held.
        held = {one.post for one in scene.appointments}
        free = world.ADMINISTRATORS - held
        post = dice.choice(sorted(free or world.ADMINISTRATORS))
    plain = world.appointment(
        dice,
        scene.at,
        name=f"a{len(scene.appointments)}",
        person=person,
        post=post,
        department=dice.choice(world.DEPARTMENTS) if post in world.LOCAL else None,
    )
    if not w.wild:
        return plain
    day = timedelta(days=1)
    return dice.choice(
        (
            plain,
            replace(plain, post="system"),
            replace(plain, person="machine"),
            replace(plain, person=" "),
            replace(plain, name=""),
            replace(plain, ground=" "),
            replace(plain, department=None),
            replace(plain, deputy_for=dice.choice((person, "nobody"))),
            replace(plain, until_day=plain.from_day - day),
        )
    )


def _found(w: Wish) -> Arguments:
    return {"at": w.scene.at, "wanted": _wanted(w, founding=w.dice.random() < 0.7)}


def _appoint(w: Wish) -> Arguments:
    return {"wanted": _wanted(w)}


def _end(w: Wish) -> Arguments:
    one = w.dice.choice(w.scene.appointments)
    ended = [each for each in w.scene.appointments if each.ended_on is not None]
    if ended and w.dice.random() < 0.3:
        one = w.dice.choice(ended)
    days = w.dice.choice((-2, -1, 0, 1, 40)) if w.wild else w.dice.choice((0, 1, 1, 5))
    day = china_day(w.scene.at) + timedelta(days=days)
    return {"appointment": one.id, "ended_on": day, "reason": _text(w)}


ARGUMENTS: Final[dict[str, Draw]] = {
    "submit": _submit,
    "resubmit": _resubmit,
    "withdraw": _withdraw,
    "acknowledge": _acknowledge,
    "dispose": _dispose,
    "add_finding": _add_finding,
    "conclude": _conclude,
    "endorse": _word,
    "finish_in_department": _finish,
    "sign_off": _sign_off,
    "refer": _refer,
    "answer": _answer,
    "lead": _word,
    "record_publication": _publish,
    "revoke": _revoke,
    "judge_incident": _judge,
    "report_incident": _report,
    "look": _nothing,
    "look_at_contents": _nothing,
    "scan": _scan,
    "clear": _at,
    "open_incident": _at,
    "expire": _at,
    "purge": _purge,
    "found": _found,
    "appoint": _appoint,
    "end_appointment": _end,
}
