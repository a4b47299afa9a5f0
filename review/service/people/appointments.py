"""Appointments: made, ended, listed (rule 5)."""

from dataclasses import replace
from datetime import date

from review.case import appointing
from review.case.events import Appointed
from review.case.people import Appointment
from review.case.request import Request
from review.errors import NotFoundError
from review.ledger.statement import Context
from review.ports.records import Reading, Writing
from review.service.acting import looking, noting_refusals, person_of
from review.service.appointed import appointments_of
from review.service.desk import Desk


def appoint(desk: Desk, wanted: Appointment, *, person: str) -> Appointment:
    """Appoint somebody on the security administrator's request."""
    with noting_refusals(desk, person, "appoint"), desk.store.writing() as work:
        return appoint_within(desk, work, wanted, person=person)


def appoint_within(
    desk: Desk, work: Writing, wanted: Appointment, *, person: str
) -> Appointment:
    """Appoint somebody as part of a transaction that somebody else began."""
    request = Request(person=person_of(work, person), at=desk.now(), policy=desk.policy)
    numbered = _numbered(work, wanted)
    event = appointing.appoint(numbered, request, known=appointments_of(work))
    return _record(desk, work, event)


def found(desk: Desk, wanted: Appointment) -> Appointment:
    """Make one of the first appointments, of an administrator, at the set-up."""
    with desk.store.writing() as work:
        nobody = person_of(work, "machine")
        request = Request(person=nobody, at=desk.now(), policy=desk.policy)
        numbered = _numbered(work, wanted)
        event = appointing.found(numbered, request, known=appointments_of(work))
        return _record(desk, work, event)


def end_appointment(
    desk: Desk, appointment: str, *, ended_on: date, reason: str, person: str
) -> Appointment:
    """End an appointment before its last day."""
    with noting_refusals(desk, person, "end_appointment"), desk.store.writing() as work:
        # Asked first: who may not end one is not told which there are.
        forbid_others(desk, work, person)
        known = {one.id: one for one in appointments_of(work)}
        if appointment not in known:
            raise NotFoundError("没有这一任命，请核对编号。")
        request = Request(
            person=person_of(work, person), at=desk.now(), policy=desk.policy
        )
        event = appointing.end_appointment(
            known[appointment], request, ended_on=ended_on, reason=reason
        )
        work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
        return replace(known[appointment], ended_on=ended_on)


def appointments(desk: Desk, person: str | None = None) -> tuple[Appointment, ...]:
    """Return one person's appointments, or everybody's, oldest first."""
    with desk.store.reading() as records:
        return appointments_of(records, person)


def see_appointments(desk: Desk, *, person: str) -> tuple[Appointment, ...]:
    """Return everybody's appointments, oldest first, to whoever may see them.

    Raises:
        NotPermittedError: The person may not.
    """
    with looking(desk, "see_appointments", person) as records:
        return appointments_of(records)


def forbid_others(desk: Desk, records: Reading, person: str) -> None:
    """Let only the security administrator appoint and dismiss (三员分立).

    Raises:
        NotPermittedError: The person is none today.
    """
    appointing.security_administrator(person_of(records, person), desk.now())


def _numbered(work: Writing, wanted: Appointment) -> Appointment:
    return replace(wanted, id=f"任{len(appointments_of(work)) + 1:04d}")


def _record(desk: Desk, work: Writing, event: Appointed) -> Appointment:
    work.seal(event, Context(via=desk.via, policy=desk.policy.digest))
    return event.appointment
