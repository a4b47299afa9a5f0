"""The register (审查台账): who may see which rows, a page at a time."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from review import clock
from review.case.case import Stage
from review.case.people import DEPARTMENT_POSTS, Post
from review.errors import NotPermittedError
from review.ports.records import Reading, RegisterQuery, RegisterRow
from review.service.acting import noting_refusals, person_of
from review.service.desk import Desk

StageGroup: TypeAlias = Literal["under_way", "released", "ended"]

_SEE_ALL: frozenset[Post] = frozenset({"office", "leader", "auditor"})
# Every stage in one of three: somebody must still act, may go out, is over.
GROUPS: Final[Mapping[StageGroup, tuple[Stage, ...]]] = {
    "under_way": (
        "scanning",
        "first_pass",
        "endorsing",
        "signing",
        "referred",
        "leading",
        "clearing",
        "rework",
        "incident",
        "incident_confirmed",
    ),
    "released": ("cleared", "published"),
    "ended": ("refused", "withdrawn", "expired", "revoked", "incident_closed"),
}


def page(desk: Desk, query: RegisterQuery, *, person: str) -> tuple[RegisterRow, ...]:
    """Return a page of the register as far as the person may see it.

    Raises:
        NotPermittedError: He holds no post that sees the register today.
    """
    with noting_refusals(desk, person, "register"), desk.store.reading() as records:
        visible = visible_departments(desk, records, person)
        if visible is not None:
            asked = query.departments
            visible = visible if asked is None else tuple(set(visible) & set(asked))
            query = replace(query, departments=visible)
        return records.register(query)


def counts(
    desk: Desk, *, person: str, department: str | None = None
) -> Mapping[Stage, int]:
    """Return how many cases stand at each stage, as far as the person may see.

    Of one department, where it is named.
    """
    with noting_refusals(desk, person, "register"), desk.store.reading() as records:
        visible = visible_departments(desk, records, person)
        if department is not None:
            seen = visible is None or department in visible
            visible = (department,) if seen else ()
        return records.counts(visible)


def departments(desk: Desk, *, person: str) -> tuple[str, ...]:
    """Return the departments with cases that the person may see, in order."""
    with noting_refusals(desk, person, "register"), desk.store.reading() as records:
        visible = visible_departments(desk, records, person)
        known = records.departments()
    return tuple(one for one in known if visible is None or one in visible)


def name_of(desk: Desk, *, person: str) -> str:
    """Return the name under which the register shows what somebody hands in."""
    with desk.store.reading() as records:
        return person_of(records, person).name


def visible_departments(
    desk: Desk, records: Reading, person: str
) -> tuple[str, ...] | None:
    """Return the departments whose cases the person may see; None for all."""
    day = clock.china_date(desk.now())
    held = person_of(records, person).held_on(day)
    if any(one.post in _SEE_ALL for one in held):
        return None
    own = tuple(one.department or "" for one in held if one.post in DEPARTMENT_POSTS)
    if not own:
        raise NotPermittedError("您今天没有可以查看台账的任命。")
    return own
