"""What people ask at the desk: what comes next, that with one thing wrong, or anything.

`natural` asks what a sensible person asks at the stage where a case stands, and
`wild` whatever comes to mind. What may be asked is for the desk to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from review.case.case import Case, Stage
from review.case.people import Post
from tests.property import review_world as world
from tests.property.review_arguments import (
    ARGUMENTS,
    Arguments,
    Scene,
    Wish,
    unsettled,
)
from tests.property.review_desk import Ask
from tests.property.review_history import held_by
from tests.property.review_world import china_day

# The posts from which each verb is asked; the machine's steps have none.
ASKED_BY: Final[dict[str, tuple[Post, ...]]] = {
    "submit": ("reviewer", "head", "site"),
    "resubmit": ("reviewer", "head", "site"),
    "withdraw": ("reviewer", "head", "site"),
    "acknowledge": ("reviewer", "office"),
    "dispose": ("reviewer", "office"),
    "add_finding": ("reviewer", "office"),
    "conclude": ("reviewer",),
    "endorse": ("head",),
    "finish_in_department": ("head",),
    "sign_off": ("office",),
    "refer": ("office",),
    "answer": ("office",),
    "lead": ("leader",),
    "record_publication": ("reviewer", "head", "site", "office"),
    "revoke": ("office", "leader", "reviewer", "head"),
    "judge_incident": ("office",),
    "report_incident": ("office",),
    "look": ("office", "auditor", "leader", "reviewer", "head", "site"),
    "look_at_contents": ("office", "auditor", "leader", "reviewer", "head"),
}
BY_THE_MACHINE: Final = ("scan", "clear", "open_incident", "expire", "purge")
OF_PEOPLE: Final = ("found", "appoint", "end_appointment")
VERBS: Final = (*ASKED_BY, *BY_THE_MACHINE, *OF_PEOPLE)

# What may sensibly come next; repeated where it should come more often.
_NEXT: Final[dict[Stage, tuple[str, ...]]] = {
    "scanning": (*["scan"] * 9, "resubmit", "withdraw"),
    "first_pass": ("conclude",),
    "endorsing": ("endorse", "endorse", "finish_in_department"),
    "signing": (*["sign_off"] * 5, "refer"),
    "referred": ("answer",),
    "leading": ("lead",),
    "clearing": ("clear",),
    "rework": (*["resubmit"] * 5, "withdraw"),
    "cleared": (*["record_publication"] * 3, "revoke", "expire", "expire"),
    "published": ("record_publication", "revoke", "expire", "purge"),
    "expired": (*["resubmit"] * 3, "purge"),
    # Once more, by somebody who wants to be sure.
    "revoked": (*["resubmit"] * 3, "purge", "revoke"),
    "refused": ("purge",),
    "withdrawn": ("purge",),
    "incident": ("judge_incident",),
    "incident_confirmed": ("report_incident",),
    "incident_closed": ("purge",),
}
_AT_AN_END: Final = frozenset({"refused", "withdrawn", "incident_closed", "published"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it goes to the desk."""

    verb: str
    number: str | None = None
    ask: Ask | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


def natural(dice: Random, scene: Scene) -> Call:
    """Ask what comes next in some case, as somebody whose step it is."""
    chance = dice.random()
    alive = [one for one in scene.cases.values() if one.stage not in _AT_AN_END]
    room = len(scene.cases) < scene.most_cases
    if not scene.cases or (room and (not alive or chance < 0.04)):
        return _asked(dice, scene, "submit", None, wild=False)
    if chance > 0.94:
        verb = dice.choice(("appoint", "end_appointment", "found"))
        return _asked(dice, scene, verb, None, wild=False)
    case = dice.choice(alive or list(scene.cases.values()))
    if chance > 0.9:
        looked = dice.choice(("look", "look_at_contents"))
        sealed = [one for one in scene.cases.values() if one.sealed]
        return _asked(dice, scene, looked, dice.choice(sealed or [case]), wild=False)
    return _asked(dice, scene, _next(dice, case), case, wild=False)


def spoiled(dice: Random, scene: Scene) -> Call:
    """Ask what comes next, but with one thing about it wrong."""
    call = natural(dice, scene)
    case = scene.cases.get(call.number or "")
    what = dice.choice(("person", "seen", "words", "words", "words"))
    if what == "person" and call.ask is not None:
        stranger = dice.choice(tuple(world.NAMES))
        return replace(call, ask=replace(call.ask, person=stranger))
    if what == "seen" and call.ask is not None:
        return replace(call, ask=replace(call.ask, seen=_stale(dice, case)))
    return replace(call, arguments=_drawn(call.verb, dice, scene, case, wild=True))


def wild(dice: Random, scene: Scene, verb: str | None = None) -> Call:
    """Ask anything of anybody's case, as anybody."""
    case = dice.choice(list(scene.cases.values())) if scene.cases else None
    verbs = VERBS if case else ("submit", *OF_PEOPLE)
    chosen = verb if verb in verbs else dice.choice(verbs)
    return _asked(dice, scene, chosen, case, wild=True)


def _next(dice: Random, case: Case) -> str:
    here = case.round
    if case.stage in {"first_pass", "signing"} and dice.random() < 0.08:
        return "add_finding"
    if case.stage == "first_pass" and here.open_gaps and dice.random() < 0.9:
        return "acknowledge"
    likely = 0.91 if here.open_findings else 0.1
    if case.stage == "first_pass" and dice.random() < likely:
        return "dispose"
    if case.stage == "signing" and unsettled(case) and dice.random() < 0.75:
        return "dispose"
    return dice.choice(_NEXT[case.stage])


def _asked(
    dice: Random, scene: Scene, verb: str, case: Case | None, *, wild: bool
) -> Call:
    case = None if verb in {"submit", *OF_PEOPLE} else case
    arguments = _drawn(verb, dice, scene, case, wild=wild)
    number = case.number if case else None
    if verb in BY_THE_MACHINE or verb == "found":
        return Call(verb=verb, number=number, arguments=arguments)
    seen = case.version if case else None
    if wild and dice.random() < 0.2:
        seen = _stale(dice, case)
    department = arguments["item"].department if verb == "submit" else None
    department = case.item.department if case else department
    person = _somebody(dice, scene, verb, department, wild=wild, case=case)
    ask = Ask(person=person, at=scene.at, seen=seen)
    return Call(verb=verb, number=number, ask=ask, arguments=arguments)


def _somebody(  # noqa: PLR0913 - keyword-only, all of them plain facts
    dice: Random,
    scene: Scene,
    verb: str,
    department: str | None,
    *,
    wild: bool,
    case: Case | None,
) -> str:
    if wild and dice.random() < 0.6:
        return dice.choice(tuple(world.NAMES))
    posts: tuple[str, ...] = ASKED_BY.get(verb, ("security_admin",))
    if case and verb in {"dispose", "acknowledge", "add_finding"}:
        posts = ("office",) if case.stage == "signing" else ("reviewer",)
    day = china_day(scene.at)
    fitting = [
        one.person
        for one in scene.appointments
        if one.post in posts
        and one.department in {None, department}
        and held_by(one.person, (one,), day)
    ]
    return dice.choice(fitting or tuple(world.NAMES))


def _stale(dice: Random, case: Case | None) -> int | None:
    version = case.version if case else 0
    return dice.choice((None, version - 1, version + 1, 0))


def _drawn(
    verb: str, dice: Random, scene: Scene, case: Case | None, *, wild: bool
) -> Arguments:
    return ARGUMENTS[verb](Wish(dice=dice, scene=scene, case=case, wild=wild))
