"""Appointments: by name, for a department, from a day until a day, on a paper's ground.

Only the security administrator makes them, and never his own (三员分立).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from review import clock
from review.case.events import Appointed, AppointmentEnded
from review.case.people import (
    ADMINISTRATORS,
    DEPARTMENT_POSTS,
    MACHINE,
    Appointment,
    By,
    Person,
)
from review.case.request import Request
from review.errors import IncompleteError, NotPermittedError, RefusedError


def appoint(
    wanted: Appointment, request: Request, *, known: Sequence[Appointment]
) -> Appointed:
    """Appoint somebody; `known` are all appointments ever made."""
    by = security_administrator(request.person, request.at)
    forbid_own_appointment(by, wanted)
    _forbid_unsound(wanted, known)
    return Appointed(at=request.at, by=by, appointment=wanted)


def found(
    wanted: Appointment, request: Request, *, known: Sequence[Appointment]
) -> Appointed:
    """Make the very first appointments, of the administrators, when a site is set up.

    Raises:
        NotPermittedError: The site has a security administrator already.
    """
    forbid_second_founding(wanted, known)
    _forbid_unsound(wanted, known)
    return Appointed(at=request.at, by=MACHINE, appointment=wanted)


def end_appointment(
    appointment: Appointment, request: Request, *, ended_on: date, reason: str
) -> AppointmentEnded:
    """End an appointment early; `ended_on` is the first day without it."""
    by = security_administrator(request.person, request.at)
    forbid_own_appointment(by, appointment)
    forbid_rewriting_the_past(ended_on, clock.china_date(request.at))
    forbid_prolonging(appointment, ended_on)
    if not reason.strip():
        raise IncompleteError("请填写免去任命的原因或文号。")
    return AppointmentEnded(
        at=request.at,
        by=by,
        appointment=appointment.id,
        ended_on=ended_on,
        reason=reason,
    )


def security_administrator(person: Person, at: datetime) -> By:
    """Return as whom the person may appoint and dismiss (三员分立).

    Raises:
        NotPermittedError: He is no security administrator today.
    """
    for one in person.held_on(clock.china_date(at)):
        if one.post == "security_admin":
            return one.as_doer()
    raise NotPermittedError("任免审查员须由安全管理员办理。")


def appointments_after(
    happened: Iterable[Appointed | AppointmentEnded],
    *,
    known: Iterable[Appointment] = (),
) -> tuple[Appointment, ...]:
    """Return every appointment ever made, oldest first, as it stands now.

    `known` is what came of all that had happened before.
    """
    made = {one.id: one for one in known}
    for event in happened:
        if isinstance(event, Appointed):
            made[event.appointment.id] = event.appointment
        else:
            ended = replace(made[event.appointment], ended_on=event.ended_on)
            made[event.appointment] = ended
    return tuple(made.values())


def forbid_own_appointment(by: By, wanted: Appointment) -> None:
    """Keep the security administrator from appointing or dismissing himself (rule 5)."""
    if by.id == wanted.person:
        raise NotPermittedError("不能任免自己，请由另一位安全管理员办理。")


def forbid_second_founding(wanted: Appointment, known: Sequence[Appointment]) -> None:
    """Let the set-up appoint administrators only, and only before there is one (rule 5)."""
    if wanted.post not in ADMINISTRATORS:
        raise NotPermittedError("初始设置只任命三员；其他任命请由安全管理员办理。")
    if any(one.post == wanted.post for one in known):
        raise NotPermittedError("已经任命过，之后的任命请由安全管理员办理。")


def forbid_baseless_appointment(wanted: Appointment) -> None:
    """Ask for the person, the paper it rests on, the days, and the department (rule 5; 001:50)."""
    if not wanted.person.strip() or not wanted.name.strip():
        raise IncompleteError("请填写被任命人的账号和姓名。")
    if not wanted.ground.strip():
        raise IncompleteError("请填写任命的依据（文号）。")
    if wanted.until_day < wanted.from_day:
        raise RefusedError("任命的截止日期早于开始日期，请核对。")
    if wanted.post in DEPARTMENT_POSTS and not (wanted.department or "").strip():
        raise IncompleteError("部门的岗位须写明部门。")


def forbid_mixing_administrators(
    wanted: Appointment, known: Sequence[Appointment]
) -> None:
    """Keep each administrator's post apart from every other post (rule 5, 三员分立)."""
    held = {
        one.post
        for one in known
        if one.person == wanted.person and _overlap(one, wanted)
    } | {wanted.post}
    if len(held) > 1 and held & ADMINISTRATORS:
        raise NotPermittedError(
            "系统管理员、安全管理员、审计员须分别由不同的人担任，也不能兼任审查岗位。"
        )


def forbid_deputy_for_nobody(wanted: Appointment, known: Sequence[Appointment]) -> None:
    """Let a deputy stand in for somebody else who was appointed himself (rule 5)."""
    if wanted.deputy_for is None:
        return
    if wanted.deputy_for == wanted.person:
        raise RefusedError("代理人不能代理自己，请核对代理谁的账号。")
    if all(one.person != wanted.deputy_for for one in known):
        raise RefusedError(
            "要代理的人没有任命，无从代理；请核对代理谁的账号，不是代理就不填。"
        )


def forbid_reserved_name(wanted: Appointment) -> None:
    """Keep people from posing as the machine (rule 6)."""
    if wanted.post == "system" or wanted.person == MACHINE.id:
        raise RefusedError("这个账号名由系统保留，请换一个。")


def _forbid_unsound(wanted: Appointment, known: Sequence[Appointment]) -> None:
    forbid_reserved_name(wanted)
    forbid_baseless_appointment(wanted)
    forbid_mixing_administrators(wanted, known)
    forbid_deputy_for_nobody(wanted, known)


def forbid_rewriting_the_past(day: date, today: date) -> None:
    """Let an appointment end today or later: what was decided under it stands (rule 6)."""
    if day < today:
        raise RefusedError("任命不能追溯终止，请填写今天或以后的日期。")


def forbid_prolonging(appointment: Appointment, day: date) -> None:
    """Let an ending only shorten an appointment; a longer one is made anew (rule 5)."""
    if day > appointment.until_day or (
        appointment.ended_on is not None and day >= appointment.ended_on
    ):
        raise RefusedError("这项任命到那天已经终止，不能再免；需要延长的请重新任命。")


def _overlap(one: Appointment, other: Appointment) -> bool:
    last = one.until_day
    if one.ended_on is not None:
        last = min(last, one.ended_on - timedelta(days=1))
    return max(one.from_day, other.from_day) <= min(last, other.until_day)
