"""Appointments are made by name, on a paper's ground, by another person, and kept apart."""

from datetime import date
from typing import Any, Final

import pytest

from review.case import appointing
from review.case import events as e
from review.case.people import ADMINISTRATORS, MACHINE
from review.errors import IncompleteError, NotPermittedError, RefusedError
from tests.unit.case import making as m
from tests.unit.case.making import Refused, replace

_SECURITY: Final = m.person("security_admin", name="s1")
_ASKED: Final = m.request(_SECURITY)
_WANTED: Final = m.appointment("reviewer", "new")


def _appoint(wanted: Any, *known: Any, request: Any = _ASKED) -> e.Appointed:
    return appointing.appoint(wanted, request, known=known)


def test_appoint() -> None:
    by = _SECURITY.appointments[0].as_doer()
    assert _appoint(_WANTED) == e.Appointed(at=m.AT, by=by, appointment=_WANTED)


@pytest.mark.parametrize(
    "post", ["reviewer", "head", "office", "leader", "auditor", "system_admin"]
)
def test_only_a_security_administrator_appoints(post: Any) -> None:
    request = m.request(m.person(post, name="s1"))
    with Refused(NotPermittedError, "须由安全管理员办理"):
        _appoint(_WANTED, request=request)
    with Refused(NotPermittedError, "须由安全管理员办理"):
        appointing.end_appointment(_WANTED, request, ended_on=m.TODAY, reason=m.REASON)


def test_only_while_he_is_appointed_himself() -> None:
    over = m.appointment("security_admin", "s1", until_day=m.TODAY - m.DAY)
    with Refused(NotPermittedError, "须由安全管理员办理"):
        _appoint(_WANTED, request=m.request(m.person(over, name="s1")))
    again = m.appointment("security_admin", "s1", id="again")
    by = _appoint(_WANTED, request=m.request(m.person(over, again, name="s1"))).by
    assert by.appointment == "again"


def test_nobody_appoints_or_dismisses_himself() -> None:
    own = m.appointment("security_admin", "s1")
    with Refused(NotPermittedError, "不能任免自己"):
        _appoint(own)
    with Refused(NotPermittedError, "不能任免自己"):
        appointing.end_appointment(own, _ASKED, ended_on=m.TODAY, reason=m.REASON)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"person": " "}, IncompleteError, "账号和姓名"),
        ({"name": ""}, IncompleteError, "账号和姓名"),
        ({"ground": " "}, IncompleteError, "任命的依据"),
        ({"until_day": m.TODAY - 101 * m.DAY}, RefusedError, "早于开始日期"),
        ({"department": None}, IncompleteError, "须写明部门"),
        ({"department": " "}, IncompleteError, "须写明部门"),
        ({"post": "system"}, RefusedError, "由系统保留"),
        ({"person": MACHINE.id}, RefusedError, "由系统保留"),
    ],
)
def test_an_appointment_rests_on_something(
    changes: dict[str, Any], kind: Any, words: str
) -> None:
    with Refused(kind, words):
        _appoint(replace(_WANTED, **changes))


@pytest.mark.parametrize("whom", ["nobody", "new", "", "machine"])
def test_a_deputy_stands_in_for_somebody_else_who_was_appointed(whom: str) -> None:
    known = (m.appointment("head", "p7"), m.appointment("reviewer", "new"))
    with Refused(RefusedError, "代理"):
        _appoint(replace(_WANTED, deputy_for=whom), *known)


def test_a_deputy_may_stand_in_for_somebody_whose_time_is_over() -> None:
    over = m.appointment("head", "p7", until_day=m.TODAY - m.DAY)
    wanted = replace(_WANTED, deputy_for="p7")
    assert _appoint(wanted, over).appointment == wanted


def test_one_day_is_enough_and_an_office_needs_no_department() -> None:
    one_day = m.appointment("office", "new", from_day=m.TODAY, until_day=m.TODAY)
    assert _appoint(one_day).appointment.department is None


@pytest.mark.parametrize("post", sorted(ADMINISTRATORS))
@pytest.mark.parametrize(
    "other", ["reviewer", "office", "leader", "site", *sorted(ADMINISTRATORS)]
)
def test_an_administrator_holds_no_second_post(post: Any, other: Any) -> None:
    one, two = m.appointment(post, "new"), m.appointment(other, "new")
    if post == other:
        assert _appoint(two, one).appointment == two
        return
    for wanted, held in ((one, two), (two, one)):
        with Refused(NotPermittedError, "须分别由不同的人担任"):
            _appoint(wanted, held)
    assert _appoint(one, replace(two, person="another")).appointment == one


def test_two_posts_of_the_review_may_meet() -> None:
    both = m.appointment("head", "new"), m.appointment("office", "new")
    assert _appoint(_WANTED, *both).appointment == _WANTED


def _days(first: int, last: int) -> dict[str, date]:
    return {"from_day": m.TODAY + first * m.DAY, "until_day": m.TODAY + last * m.DAY}


@pytest.mark.parametrize(
    ("held", "meets"),
    [
        (_days(0, 9), True),
        (_days(-9, -1), False),
        (_days(-9, 0), True),
        (_days(9, 20), True),
        (_days(10, 20), False),
        ({**_days(-9, 9), "ended_on": m.TODAY}, False),
        ({**_days(-9, 9), "ended_on": m.TODAY + m.DAY}, True),
        ({**_days(-9, -1), "ended_on": m.TODAY + 5 * m.DAY}, False),
    ],
)
def test_posts_meet_where_a_day_is_shared(held: dict[str, Any], *, meets: bool) -> None:
    before = m.appointment("office", "new", **held)
    wanted = m.appointment("auditor", "new", **_days(0, 9))
    if meets:
        with Refused(NotPermittedError, "须分别由不同的人担任"):
            _appoint(wanted, before)
    else:
        assert _appoint(wanted, before).appointment == wanted


def test_found() -> None:
    request = m.request(m.person())
    wanted = m.appointment("security_admin", "new")
    other = m.appointment("auditor", "other")
    event = appointing.found(wanted, request, known=(other,))
    assert event == e.Appointed(at=m.AT, by=MACHINE, appointment=wanted)
    with Refused(NotPermittedError, "已经任命过"):
        appointing.found(replace(wanted, person="x"), request, known=(wanted,))
    with Refused(NotPermittedError, "初始设置只任命三员"):
        appointing.found(_WANTED, request, known=())
    with Refused(IncompleteError, "任命的依据"):
        appointing.found(replace(wanted, ground=""), request, known=())
    with Refused(NotPermittedError, "须分别由不同的人担任"):
        appointing.found(wanted, request, known=(replace(other, person="new"),))


def test_end_appointment() -> None:
    by = _SECURITY.appointments[0].as_doer()
    event = appointing.end_appointment(
        _WANTED, _ASKED, ended_on=m.TODAY, reason=m.REASON
    )
    assert event == e.AppointmentEnded(
        at=m.AT, by=by, appointment=_WANTED.id, ended_on=m.TODAY, reason=m.REASON
    )


@pytest.mark.parametrize(
    ("held", "days", "reason", "kind", "words"),
    [
        (_WANTED, -1, m.REASON, RefusedError, "不能追溯终止"),
        (_WANTED, 0, " ", IncompleteError, "请填写免去任命的原因"),
        (_WANTED, 101, m.REASON, RefusedError, "不能再免"),
        (replace(_WANTED, ended_on=m.TODAY), 0, m.REASON, RefusedError, "不能再免"),
        (replace(_WANTED, ended_on=m.TODAY), 5, m.REASON, RefusedError, "不能再免"),
    ],
)
def test_an_ending_only_shortens_and_gives_a_reason(
    held: Any, days: int, reason: str, kind: Any, words: str
) -> None:
    with Refused(kind, words):
        appointing.end_appointment(
            held, _ASKED, ended_on=m.TODAY + days * m.DAY, reason=reason
        )


@pytest.mark.parametrize(
    ("held", "days"),
    [(_WANTED, 100), (replace(_WANTED, ended_on=m.TODAY + 5 * m.DAY), 4)],
)
def test_the_last_day_itself_may_be_taken_back(held: Any, days: int) -> None:
    day = m.TODAY + days * m.DAY
    event = appointing.end_appointment(held, _ASKED, ended_on=day, reason=m.REASON)
    assert event.ended_on == day


def test_the_day_is_the_one_in_china() -> None:
    late = m.request(_SECURITY, at=m.AT.replace(hour=16))
    with Refused(RefusedError, "不能追溯终止"):
        appointing.end_appointment(_WANTED, late, ended_on=m.TODAY, reason=m.REASON)


def test_appointments_stand_as_they_were_last_changed() -> None:
    one, two = _appoint(_WANTED), _appoint(m.appointment("office", "o1"))
    end = appointing.end_appointment(
        _WANTED, _ASKED, ended_on=m.TODAY + m.DAY, reason=m.REASON
    )
    ended = replace(_WANTED, ended_on=m.TODAY + m.DAY)
    assert appointing.appointments_after([]) == ()
    assert appointing.appointments_after([one, two]) == (_WANTED, two.appointment)
    assert appointing.appointments_after([one, two, end]) == (ended, two.appointment)
