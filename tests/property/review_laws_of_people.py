"""The laws of appointments, of looking, and of what a refused person is told.

Each yields the names of the laws that were broken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from review.case.people import Appointment
from tests.property import review_history as h
from tests.property.review_history import Past
from tests.property.review_requests import ASKED_BY, Call
from tests.property.review_world import china_day

_TURNS: Final = {"first_pass": "reviewer", "signing": "office"}
_WORDS: Final = {"reviewer": "部门初审员", "office": "保密办审查员"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A request by a person, with the history and the appointments that he met."""

    call: Call
    history: Past
    appointments: tuple[Appointment, ...]

    @property
    def seen(self) -> int | None:
        return self.call.ask.seen if self.call.ask else None

    @property
    def held(self) -> tuple[Appointment, ...]:
        if self.call.ask is None:
            return ()
        day = china_day(self.call.ask.at)
        return h.held_by(self.call.ask.person, self.appointments, day)

    @property
    def fitting(self) -> tuple[Appointment, ...]:
        posts = ASKED_BY[self.call.verb]
        return tuple(one for one in self.held if one.post in posts)

    @property
    def own(self) -> frozenset[str]:
        """The fitting posts that he holds for this very item."""
        item = h.item_of(self.history) if self.history else self.call.arguments["item"]
        return frozenset(
            one.post
            for one in self.fitting
            if one.post not in h.DEPARTMENTAL or one.department == item.department
        )


def broken_by_looking(met: Situation) -> Iterator[str]:
    """Rule 8: what is sealed is for the office's eyes alone."""
    if not met.own:
        yield "only_the_appointed_look"
    if met.seen != len(met.history):
        yield "only_what_was_seen_is_decided"
    sealed = h.standing(met.history) in h.SEALED
    if met.call.verb == "look_at_contents" and sealed and "office" not in met.own:
        yield "sealed_means_sealed"


def broken_by_refusing(met: Situation, code: str, message: str) -> Iterator[str]:
    """What is told must be so: first about the person, and only then about the case."""
    stale = bool(met.history) and met.seen != len(met.history)
    if stale != (code == "stale"):
        yield "refusals_tell_the_truth"
    if stale:
        return
    administrator = any(one.post in h.ADMINISTRATORS for one in met.held)
    if administrator and "auditor" not in ASKED_BY[met.call.verb]:
        law, words = "administrators_are_told", "不参与审查件的办理"
    elif not met.fitting:
        law, words = "the_unappointed_are_told", "没有有效的任命"
    elif not met.own:
        law, words = "strangers_are_told_nothing_else", "其他部门"
    else:
        yield from _broken_by_telling_of_the_case(met, message)
        return
    if words not in message:
        yield law


def _broken_by_telling_of_the_case(met: Situation, message: str) -> Iterator[str]:
    if not met.history:
        return
    place, verb = h.standing(met.history), met.call.verb
    by_turns = {"dispose", "acknowledge", "add_finding"}
    turn = _TURNS.get(place) if verb in by_turns else None
    # Only who holds the post for another department may be told no more than that.
    elsewhere = "没有适用于" in message
    if elsewhere and turn not in {one.post for one in met.fitting}:
        yield "refusals_tell_the_truth"
    told = elsewhere or turn is None or f"轮到{_WORDS[turn]}" in message
    if turn not in met.own and not told:
        yield "the_others_are_told_whose_turn_it_is"
    sealed = place in h.SEALED and verb == "look_at_contents"
    if sealed and "office" not in met.own and "封存" not in message:
        yield "the_others_are_told_it_is_sealed"


def broken_by_appointing(met: Situation, known: Sequence[Appointment]) -> Iterator[str]:
    """Rule 5: by a security administrator, never his own, three posts kept apart."""
    before = {one.id: one for one in met.appointments}
    changed = [one for one in known if before.get(one.id) != one]
    if len(changed) != 1 or not before.keys() <= {one.id for one in known}:
        yield "one_appointment_a_call"
        return
    ask = met.call.ask
    if ask is not None:
        made_by = any(one.post == "security_admin" for one in met.held)
        if not made_by or ask.person == changed[0].person:
            yield "nobody_appoints_himself"
    if ask is not None and met.call.verb == "end_appointment":
        yield from _broken_by_ending(met, before, changed[0], china_day(ask.at))
        return
    if changed[0].id in before:
        yield "one_appointment_a_call"
    yield from _broken_by_making(met, changed[0])


def _broken_by_ending(
    met: Situation, before: Mapping[str, Appointment], new: Appointment, today: date
) -> Iterator[str]:
    old = before.get(new.id)
    if (
        old is None
        or new.ended_on is None
        or replace(old, ended_on=new.ended_on) != new
    ):
        yield "one_appointment_a_call"
        return
    if not met.call.arguments["reason"].strip():
        yield "endings_give_a_reason"
    if new.ended_on < today:
        yield "the_past_stands"
    shorter = old.ended_on is None or new.ended_on < old.ended_on
    if not shorter or new.ended_on > old.until_day:
        yield "an_ending_only_shortens"


def _broken_by_making(met: Situation, new: Appointment) -> Iterator[str]:
    named = new.person.strip() and new.name.strip() and new.ground.strip()
    placed = new.post not in h.DEPARTMENTAL or new.department
    if not (named and placed and new.from_day <= new.until_day):
        yield "appointments_rest_on_something"
    others_known = {one.person for one in met.appointments} - {new.person}
    if new.deputy_for is not None and new.deputy_for not in others_known:
        yield "a_deputy_stands_in_for_somebody"
    if new.post == "system" or new.person == "machine":
        yield "nobody_poses_as_the_machine"
    if met.call.verb == "found":
        posts = {one.post for one in met.appointments}
        if new.post in posts or new.post not in h.ADMINISTRATORS:
            yield "founded_once"
    for day in _days_of(new):
        others = {one.post for one in h.held_by(new.person, met.appointments, day)} - {
            new.post
        }
        if others and not h.ADMINISTRATORS.isdisjoint(others | {new.post}):
            yield "three_administrators_are_three_people"


def _days_of(one: Appointment) -> Iterator[date]:
    """Yield days on which it holds: its first week, then one a week, and its last."""
    length = (one.until_day - one.from_day).days
    steps = {*range(min(length, 7)), *range(0, length, 7), max(length, 0)}
    for step in sorted(steps):
        day = one.from_day + timedelta(days=step)
        if h.held_by(one.person, (one,), day):
            yield day
