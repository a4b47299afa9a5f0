"""What waits for somebody, what is late, what came back, and the month so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from review import clock
from review.case.case import Stage
from review.case.people import DEPARTMENT_POSTS, Appointment, Post
from review.ports.records import Reading, RegisterQuery, RegisterRow
from review.service.acting import person_of
from review.service.desk import Desk
from review.service.papers.register import visible_departments
from review.service.papers.statistics import Counts, figures

# What each post is waited for.
WAITS_FOR: Final[Mapping[Post, tuple[Stage, ...]]] = {
    "reviewer": ("first_pass",),
    "head": ("endorsing",),
    "office": ("incident", "incident_confirmed", "signing", "referred"),
    "leader": ("leading",),
}
_MOST: Final = 50
_LAST: Final = 10
_DECIDED: Final[tuple[Stage, ...]] = ("cleared", "published", "refused")
_OPEN: Final[tuple[Stage, ...]] = (
    "scanning",
    "first_pass",
    "endorsing",
    "signing",
    "referred",
    "leading",
    "clearing",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What one person's day looks like; lists are cut at fifty, oldest deadline first.

    `waiting` wait for a step of his own, `came_back` for another version from his
    department, `under_way` for somebody else; `decided` are the last ten, newest
    first. `counts` has every stage that he sees,
    `month` what was handed in since the first of the month.
    """

    today: date
    waiting: tuple[RegisterRow, ...] = ()
    came_back: tuple[RegisterRow, ...] = ()
    under_way: tuple[RegisterRow, ...] = ()
    decided: tuple[RegisterRow, ...] = ()
    counts: Mapping[Stage, int] | None = None
    month: Counts = field(default_factory=Counts)

    @property
    def overdue(self) -> tuple[RegisterRow, ...]:
        """Return what is late of all that is shown."""
        shown = {one.number: one for one in (*self.waiting, *self.under_way)}
        return tuple(one for one in shown.values() if self.is_late(one))

    def is_late(self, row: RegisterRow) -> bool:
        """Tell whether the step that a case is at should be done by now."""
        return row.due_on is not None and row.due_on < self.today


def bench_of(desk: Desk, *, person: str) -> Bench:
    """Return somebody's workbench; an administrator's has no cases."""
    today = clock.china_date(desk.now())
    bench = _cases_of(desk, today, person=person)
    if bench.counts is None:
        return bench
    month = figures(desk, since=today.replace(day=1), until=today, person=person)
    return replace(bench, month=month.total)


def _cases_of(desk: Desk, today: date, *, person: str) -> Bench:
    with desk.store.reading() as records:
        held = person_of(records, person).held_on(today)
        if not any(one.post in {*WAITS_FOR, "auditor"} for one in held):
            return Bench(today=today)
        own = _departments(held, DEPARTMENT_POSTS)
        waiting = _waiting(records, held)
        known = {one.number for one in waiting}
        seen = visible_departments(desk, records, person)
        under_way = _rows(records, _OPEN, seen)
        return Bench(
            today=today,
            waiting=waiting,
            came_back=_rows(records, ("rework",), own) if own else (),
            under_way=tuple(one for one in under_way if one.number not in known),
            decided=records.register(
                RegisterQuery(departments=seen, stages=_DECIDED, limit=_LAST)
            ),
            counts=records.counts(seen),
        )


def _waiting(records: Reading, held: Sequence[Appointment]) -> tuple[RegisterRow, ...]:
    found: dict[str, RegisterRow] = {}
    for post, stages in WAITS_FOR.items():
        own = [one for one in held if one.post == post]
        if own:
            departments = (
                _departments(own, DEPARTMENT_POSTS)
                if post in DEPARTMENT_POSTS
                else None
            )
            found |= {one.number: one for one in _rows(records, stages, departments)}
    return tuple(sorted(found.values(), key=_urgency))


def _rows(
    records: Reading, stages: tuple[Stage, ...], departments: tuple[str, ...] | None
) -> tuple[RegisterRow, ...]:
    query = RegisterQuery(departments=departments, stages=stages, limit=_MOST)
    return tuple(sorted(records.register(query), key=_urgency))


def _departments(
    held: Sequence[Appointment], posts: frozenset[Post]
) -> tuple[str, ...]:
    named = (one.department for one in held if one.post in posts and one.department)
    return tuple(dict.fromkeys(named))


def _urgency(row: RegisterRow) -> tuple[date, int]:
    return (row.due_on or date.max, row.sequence)
