"""The desk where people ask: what the random review plays against.

`Desk` is all that the play knows of an implementation. `DomainDesk` is the pure
domain with its events in a dictionary; an implementation over use cases and
databases keeps the same promises:

- a request is granted, or it raises a `RefusedError` and nothing at all changes;
- a decision that ends the review issues the clearance in the same step;
- a scan that finds a genuine marking opens the incident in the same step, and
  purges the contents where the policy says so;
- so does the office's word that the marking is genuine, whatever the policy.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, Protocol, TypeAlias

from review.case import (
    adding,
    appointing,
    authority,
    incidents,
    publishing,
    reviewing,
    signing,
    submitting,
)
from review.case.case import Case
from review.case.events import Appointed, AppointmentEnded, CaseEvent
from review.case.evolve import evolve
from review.case.people import Appointment, Person
from review.case.policy import Policy
from review.case.request import Addition, Decision, Judgment, Request
from review.case.values import (
    Channel,
    Conclusion,
    Ground,
    Item,
    RevocationCause,
    RoundReport,
)
from tests.property.review_draft import passage_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a desk opens with; the appointments were made before it did."""

    at: datetime
    appointments: tuple[Appointment, ...]
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who asks, when, and which version of the case stood on his page."""

    person: str
    at: datetime
    seen: int | None = None


class Desk(Protocol):
    """Everything that can be asked; each verb raises `RefusedError` or is done."""

    def appointments(self) -> tuple[Appointment, ...]: ...
    def numbers(self) -> tuple[str, ...]: ...
    def history(self, number: str) -> tuple[CaseEvent, ...]: ...
    def adopt(self, policy: Policy) -> None: ...

    def submit(self, ask: Ask, *, item: Item) -> None: ...
    def resubmit(self, number: str, ask: Ask, *, item: Item) -> None: ...
    def withdraw(self, number: str, ask: Ask, *, reason: str) -> None: ...
    def acknowledge(self, number: str, ask: Ask, *, gap: str, note: str) -> None: ...
    def dispose(self, number: str, ask: Ask, *, judgment: Judgment) -> None: ...
    def add_finding(self, number: str, ask: Ask, *, addition: Addition) -> None: ...
    def conclude(
        self,
        number: str,
        ask: Ask,
        *,
        conclusion: Conclusion,
        opinion: str,
        ground: Ground | None,
    ) -> None: ...
    def endorse(self, number: str, ask: Ask, *, agreed: bool, opinion: str) -> None: ...
    def finish_in_department(
        self, number: str, ask: Ask, *, opinion: str, channels: tuple[Channel, ...]
    ) -> None: ...
    def sign_off(self, number: str, ask: Ask, *, decision: Decision) -> None: ...
    def refer(
        self,
        number: str,
        ask: Ask,
        *,
        kind: Literal["refer_upward", "ask_source"],
        to: str,
        question: str,
    ) -> None: ...
    def answer(
        self, number: str, ask: Ask, *, text: str, document: str, answered_on: date
    ) -> None: ...
    def lead(self, number: str, ask: Ask, *, agreed: bool, opinion: str) -> None: ...
    def record_publication(
        self,
        number: str,
        ask: Ask,
        *,
        channel: Channel,
        address: str,
        published_at: datetime,
    ) -> None: ...
    def revoke(
        self, number: str, ask: Ask, *, cause: RevocationCause, reason: str
    ) -> None: ...
    def judge_incident(
        self, number: str, ask: Ask, *, genuine: bool, opinion: str
    ) -> None: ...
    def report_incident(
        self, number: str, ask: Ask, *, to: str, document: str
    ) -> None: ...
    def look(self, number: str, ask: Ask) -> None: ...
    def look_at_contents(self, number: str, ask: Ask) -> None: ...

    # The machine's steps: nobody asks, and nothing is decided by them. Where an
    # implementation has no such door, it refuses.
    def scan(
        self, number: str, *, at: datetime, report: RoundReport, contents: str
    ) -> None: ...
    def clear(self, number: str, *, at: datetime) -> None: ...
    def open_incident(self, number: str, *, at: datetime) -> None: ...
    def expire(self, number: str, *, at: datetime) -> None: ...
    def purge(
        self, number: str, *, at: datetime, because: Literal["retention", "incident"]
    ) -> None: ...

    def found(self, *, at: datetime, wanted: Appointment) -> None: ...
    def appoint(self, ask: Ask, *, wanted: Appointment) -> None: ...
    def end_appointment(
        self, ask: Ask, *, appointment: str, ended_on: date, reason: str
    ) -> None: ...


MakeDesk: TypeAlias = Callable[[Opening], Desk]


class DomainDesk:
    """The pure domain, its events kept in a dictionary."""

    def __init__(self, opening: Opening) -> None:
        self._policy = opening.policy
        self._appointments = {one.id: one for one in opening.appointments}
        self._histories: dict[str, tuple[CaseEvent, ...]] = {}
        self._cases: dict[str, Case] = {}

    def appointments(self) -> tuple[Appointment, ...]:
        return tuple(self._appointments.values())

    def numbers(self) -> tuple[str, ...]:
        return tuple(self._histories)

    def history(self, number: str) -> tuple[CaseEvent, ...]:
        return self._histories[number]

    def adopt(self, policy: Policy) -> None:
        self._policy = policy

    def submit(self, ask: Ask, *, item: Item) -> None:
        number = f"2026-{len(self._histories) + 1:06d}"
        event = submitting.submit(item, self._request(ask), number=number)
        self._histories[number] = (event,)
        self._cases[number] = evolve(None, event)

    def resubmit(self, number: str, ask: Ask, *, item: Item) -> None:
        case = self._cases[number]
        self._add(number, submitting.resubmit(case, self._request(ask), item))

    def withdraw(self, number: str, ask: Ask, *, reason: str) -> None:
        case = self._cases[number]
        request = self._request(ask)
        self._add(number, submitting.withdraw(case, request, reason=reason))

    def acknowledge(self, number: str, ask: Ask, *, gap: str, note: str) -> None:
        case = self._cases[number]
        request = self._request(ask)
        self._add(number, reviewing.acknowledge_gap(case, request, gap, note=note))

    def dispose(self, number: str, ask: Ask, *, judgment: Judgment) -> None:
        case = self._cases[number]
        self._add(number, reviewing.dispose(case, self._request(ask), judgment))

    def add_finding(self, number: str, ask: Ask, *, addition: Addition) -> None:
        case = self._cases[number]
        passage = passage_at(case, addition)
        request = self._request(ask)
        self._add(number, adding.add_finding(case, request, addition, passage))

    def conclude(
        self,
        number: str,
        ask: Ask,
        *,
        conclusion: Conclusion,
        opinion: str,
        ground: Ground | None,
    ) -> None:
        event = reviewing.conclude(
            self._cases[number],
            self._request(ask),
            conclusion=conclusion,
            opinion=opinion,
            ground=ground,
        )
        self._add(number, event)

    def endorse(self, number: str, ask: Ask, *, agreed: bool, opinion: str) -> None:
        event = reviewing.endorse(
            self._cases[number], self._request(ask), agreed=agreed, opinion=opinion
        )
        self._add(number, event)

    def finish_in_department(
        self, number: str, ask: Ask, *, opinion: str, channels: tuple[Channel, ...]
    ) -> None:
        event = signing.finish_in_department(
            self._cases[number], self._request(ask), opinion=opinion, channels=channels
        )
        self._add_decision(number, event)

    def sign_off(self, number: str, ask: Ask, *, decision: Decision) -> None:
        event = signing.sign_off(self._cases[number], self._request(ask), decision)
        self._add_decision(number, event)

    def refer(
        self,
        number: str,
        ask: Ask,
        *,
        kind: Literal["refer_upward", "ask_source"],
        to: str,
        question: str,
    ) -> None:
        event = signing.refer(
            self._cases[number],
            self._request(ask),
            kind=kind,
            to=to,
            question=question,
        )
        self._add(number, event)

    def answer(
        self, number: str, ask: Ask, *, text: str, document: str, answered_on: date
    ) -> None:
        event = signing.answer(
            self._cases[number],
            self._request(ask),
            text=text,
            document=document,
            answered_on=answered_on,
        )
        self._add(number, event)

    def lead(self, number: str, ask: Ask, *, agreed: bool, opinion: str) -> None:
        event = signing.lead(
            self._cases[number], self._request(ask), agreed=agreed, opinion=opinion
        )
        self._add_decision(number, event)

    def record_publication(
        self,
        number: str,
        ask: Ask,
        *,
        channel: Channel,
        address: str,
        published_at: datetime,
    ) -> None:
        event = publishing.record_publication(
            self._cases[number],
            self._request(ask),
            channel=channel,
            address=address,
            published_at=published_at,
        )
        self._add(number, event)

    def revoke(
        self, number: str, ask: Ask, *, cause: RevocationCause, reason: str
    ) -> None:
        event = publishing.revoke(
            self._cases[number], self._request(ask), cause=cause, reason=reason
        )
        self._add(number, event)

    def judge_incident(
        self, number: str, ask: Ask, *, genuine: bool, opinion: str
    ) -> None:
        event = incidents.judge_incident(
            self._cases[number], self._request(ask), genuine=genuine, opinion=opinion
        )
        confirmed = evolve(self._cases[number], event)
        if not genuine or confirmed.purged:
            self._add(number, event)
            return
        purged = publishing.purge(
            confirmed, at=ask.at, policy=self._policy, because="incident"
        )
        self._add(number, event, purged)

    def report_incident(self, number: str, ask: Ask, *, to: str, document: str) -> None:
        event = incidents.report_incident(
            self._cases[number], self._request(ask), to=to, document=document
        )
        self._add(number, event)

    def look(self, number: str, ask: Ask) -> None:
        authority.require("look", self._request(ask), self._cases[number])

    def look_at_contents(self, number: str, ask: Ask) -> None:
        authority.require("look_at_contents", self._request(ask), self._cases[number])

    def scan(
        self, number: str, *, at: datetime, report: RoundReport, contents: str
    ) -> None:
        case = self._cases[number]
        scanned = submitting.record_scan(case, report, contents=contents, at=at)
        happened: list[CaseEvent] = [scanned]
        if report.has_genuine_marking:
            case = evolve(case, scanned)
            opened = incidents.open_incident(case, at=at, policy=self._policy)
            happened.append(opened)
            if opened.purged:
                purged = publishing.purge(
                    evolve(case, opened),
                    at=at,
                    policy=self._policy,
                    because="incident",
                )
                happened.append(purged)
        self._add(number, *happened)

    def clear(self, number: str, *, at: datetime) -> None:
        self._add(number, self._clearance(self._cases[number], at))

    def open_incident(self, number: str, *, at: datetime) -> None:
        case = self._cases[number]
        self._add(number, incidents.open_incident(case, at=at, policy=self._policy))

    def expire(self, number: str, *, at: datetime) -> None:
        self._add(number, publishing.expire(self._cases[number], at=at))

    def purge(
        self, number: str, *, at: datetime, because: Literal["retention", "incident"]
    ) -> None:
        event = publishing.purge(
            self._cases[number], at=at, policy=self._policy, because=because
        )
        self._add(number, event)

    def found(self, *, at: datetime, wanted: Appointment) -> None:
        request = Request(
            person=Person(id="setup", name="初始设置"), at=at, policy=self._policy
        )
        event = appointing.found(wanted, request, known=self.appointments())
        self._appoint(event)

    def appoint(self, ask: Ask, *, wanted: Appointment) -> None:
        event = appointing.appoint(
            wanted, self._request(ask), known=self.appointments()
        )
        self._appoint(event)

    def end_appointment(
        self, ask: Ask, *, appointment: str, ended_on: date, reason: str
    ) -> None:
        event = appointing.end_appointment(
            self._appointments[appointment],
            self._request(ask),
            ended_on=ended_on,
            reason=reason,
        )
        self._appoint(event)

    def _appoint(self, event: Appointed | AppointmentEnded) -> None:
        if isinstance(event, Appointed):
            self._appointments[event.appointment.id] = event.appointment
            return
        before = self._appointments[event.appointment]
        self._appointments[before.id] = replace(before, ended_on=event.ended_on)

    def _request(self, ask: Ask) -> Request:
        held = tuple(
            one for one in self._appointments.values() if one.person == ask.person
        )
        name = held[0].name if held else ask.person
        person = Person(id=ask.person, name=name, appointments=held)
        return Request(person=person, at=ask.at, policy=self._policy, seen=ask.seen)

    def _add_decision(self, number: str, event: CaseEvent) -> None:
        decided = evolve(self._cases[number], event)
        if decided.stage == "clearing":
            self._add(number, event, self._clearance(decided, event.at))
        else:
            self._add(number, event)

    def _clearance(self, case: Case, at: datetime) -> CaseEvent:
        return publishing.clear(
            case,
            clearance=f"{case.number}-{len(case.grants) + 1}",
            token_digest="0" * 64,
            at=at,
            policy=self._policy,
        )

    def _add(self, number: str, *happened: CaseEvent) -> None:
        case = self._cases[number]
        for event in happened:
            case = evolve(case, event)
        self._histories[number] += happened
        self._cases[number] = case
