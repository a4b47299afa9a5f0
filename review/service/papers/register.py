"""The register (审查台账): who may see which rows, a page at a time."""

from collections.abc import Mapping
from dataclasses import replace

from review import clock
from review.case.case import Stage
from review.case.people import DEPARTMENT_POSTS, Post
from review.errors import NotPermittedError
from review.ports.records import Reading, RegisterQuery, RegisterRow
from review.service.acting import noting_refusals, person_of
from review.service.desk import Desk

_SEE_ALL: frozenset[Post] = frozenset({"office", "leader", "auditor"})


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


def counts(desk: Desk, *, person: str) -> Mapping[Stage, int]:
    """Return how many cases stand at each stage, as far as the person may see."""
    with noting_refusals(desk, person, "register"), desk.store.reading() as records:
        return records.counts(visible_departments(desk, records, person))


def visible_departments(
    desk: Desk, records: Reading, person: str
) -> tuple[str, ...] | None:
    """Return the departments whose cases the person may see; None for all."""
    day = clock.china_date(desk.now())
    held = [one for one in person_of(records, person).appointments if one.holds_on(day)]
    if any(one.post in _SEE_ALL for one in held):
        return None
    own = tuple(one.department or "" for one in held if one.post in DEPARTMENT_POSTS)
    if not own:
        raise NotPermittedError("您今天没有可以查看台账的任命。")
    return own
