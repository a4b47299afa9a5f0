"""Who is appointed today, whose time runs out, and who is missing (rule 5; 001:50).

Departments are those that somebody was ever appointed for: there is no other list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from review import clock
from review.case.people import DEPARTMENT_POSTS, Appointment, Post
from review.service.desk import Desk
from review.service.people import appointments as people

Term: TypeAlias = Literal["holds", "expiring", "coming", "over", "ended"]

SOON: Final = timedelta(days=30)
# As long as an office usually appoints for; it may write another day.
YEAR: Final = timedelta(days=365)
# Without one of each nothing can be signed off, kept up, appointed or audited.
_NEEDED: Final[tuple[Post, ...]] = (
    "office",
    "system_admin",
    "security_admin",
    "auditor",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An appointment and how it stands today.

    `expiring` holds for thirty days more at most, and nobody has prolonged it.
    """

    appointment: Appointment
    term: Term

    @property
    def holds(self) -> bool:
        """Tell whether it is in force today."""
        return self.term in {"holds", "expiring"}

    @property
    def next_day(self) -> date:
        """Return the day on which another term would begin."""
        return _last_day(self.appointment) + timedelta(days=1)

    @property
    def next_year(self) -> date:
        """Return the last day of another term of a year."""
        return self.next_day + YEAR - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentStaff:
    """A department with whoever is appointed for it today or from a later day."""

    name: str
    reviewers: tuple[Standing, ...]
    heads: tuple[Standing, ...]
    sites: tuple[Standing, ...]

    @property
    def has_reviewer(self) -> bool:
        """Tell whether somebody can review for it today."""
        return any(one.holds for one in self.reviewers)

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody at all is appointed: it may be no department any more."""
        return not (self.reviewers or self.heads or self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """Everybody's appointments, oldest first, and what follows for today.

    `vacant` are posts of the whole office that nobody holds. `lone_security` says
    that a single security administrator is left, who cannot appoint himself again.
    """

    today: date
    rows: tuple[Standing, ...]
    departments: tuple[DepartmentStaff, ...]
    vacant: tuple[Post, ...]
    lone_security: bool

    @property
    def expiring(self) -> tuple[Standing, ...]:
        """Return what ends within thirty days, soonest first."""
        soon = [one for one in self.rows if one.term == "expiring"]
        return tuple(sorted(soon, key=lambda one: one.appointment.until_day))

    @property
    def without_reviewer(self) -> tuple[DepartmentStaff, ...]:
        """Return departments that have people but nobody who can review today."""
        return tuple(
            one for one in self.departments if not (one.has_reviewer or one.is_empty)
        )


def staffing(desk: Desk, *, person: str) -> Staffing:
    """Return who is appointed, to whoever may see appointments.

    Raises:
        NotPermittedError: The person may not.
    """
    known = people.see_appointments(desk, person=person)
    today = clock.china_date(desk.now())
    rows = tuple(
        Standing(appointment=one, term=_term(one, known, today)) for one in known
    )
    held = [one.appointment.post for one in rows if one.holds]
    return Staffing(
        today=today,
        rows=rows,
        departments=_departments(rows),
        vacant=tuple(one for one in _NEEDED if one not in held),
        lone_security=held.count("security_admin") == 1,
    )


def _term(one: Appointment, known: Sequence[Appointment], today: date) -> Term:
    if one.ended_on is not None and one.ended_on <= today:
        return "ended"
    if one.until_day < today:
        return "over"
    if one.from_day > today:
        return "coming"
    last = _last_day(one)
    if last - today > SOON or _is_prolonged(one, known, after=last):
        return "holds"
    return "expiring"


def _last_day(one: Appointment) -> date:
    if one.ended_on is None:
        return one.until_day
    return min(one.until_day, one.ended_on - timedelta(days=1))


def _is_prolonged(
    one: Appointment, known: Sequence[Appointment], *, after: date
) -> bool:
    """Tell whether the same person has the same post on the day after."""
    following = after + timedelta(days=1)
    return any(
        (other.person, other.post, other.department)
        == (one.person, one.post, one.department)
        and other.holds_on(following)
        for other in known
    )


def _departments(rows: Sequence[Standing]) -> tuple[DepartmentStaff, ...]:
    names = sorted(
        {
            one.appointment.department
            for one in rows
            if one.appointment.post in DEPARTMENT_POSTS and one.appointment.department
        }
    )
    return tuple(_department(name, rows) for name in names)


def _department(name: str, rows: Sequence[Standing]) -> DepartmentStaff:
    def of(post: Post) -> tuple[Standing, ...]:
        return tuple(
            one
            for one in rows
            if one.appointment.department == name
            and one.appointment.post == post
            and one.term not in {"over", "ended"}
        )

    return DepartmentStaff(
        name=name, reviewers=of("reviewer"), heads=of("head"), sites=of("site")
    )
