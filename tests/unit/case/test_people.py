"""Appointments hold from their first day to their last, and no day longer."""

import pytest

from review.case.people import (
    ADMINISTRATORS,
    DEPARTMENT_POSTS,
    MACHINE,
    REVIEW_POSTS,
    Person,
)
from tests.unit.case import making as m

_ONE = m.appointment("office", from_day=m.TODAY, until_day=m.TODAY + 3 * m.DAY)


@pytest.mark.parametrize(
    ("days", "holds"), [(-1, False), (0, True), (3, True), (4, False)]
)
def test_first_and_last_day_are_included(days: int, *, holds: bool) -> None:
    assert _ONE.holds_on(m.TODAY + days * m.DAY) is holds


@pytest.mark.parametrize(("days", "holds"), [(0, True), (1, False), (2, False)])
def test_the_day_of_an_early_end_is_the_first_without_it(
    days: int, *, holds: bool
) -> None:
    ended = m.replace(_ONE, ended_on=m.TODAY + m.DAY)
    assert ended.holds_on(m.TODAY + days * m.DAY) is holds


def test_a_late_end_prolongs_nothing() -> None:
    ended = m.replace(_ONE, ended_on=m.TODAY + 30 * m.DAY)
    assert not ended.holds_on(m.TODAY + 4 * m.DAY)


def test_posts_of_a_day() -> None:
    past = m.appointment("reviewer", until_day=m.TODAY - m.DAY)
    both = m.person(past, m.appointment("office"), m.appointment("leader"))
    assert both.posts_on(m.TODAY) == {"office", "leader"}
    assert both.posts_on(m.TODAY - m.DAY) == {"office", "leader", "reviewer"}
    assert Person(id="x", name="李样本").posts_on(m.TODAY) == frozenset()


def test_the_doer_is_named_with_his_appointment() -> None:
    by = m.appointment("head", "p7", id="a7").as_doer()
    assert (by.id, by.name, by.post) == ("p7", "张示例", "head")
    assert (by.department, by.appointment) == (m.OWN, "a7")


def test_the_machine_has_no_appointment() -> None:
    assert (MACHINE.id, MACHINE.post, MACHINE.appointment) == (
        "machine",
        "system",
        None,
    )
    assert MACHINE.name == "先审系统"


def test_the_posts_are_kept_apart() -> None:
    assert {"reviewer", "head", "site"} == DEPARTMENT_POSTS
    assert {"system_admin", "security_admin", "auditor"} == ADMINISTRATORS
    assert DEPARTMENT_POSTS | {"office", "leader"} == REVIEW_POSTS
    assert not REVIEW_POSTS & ADMINISTRATORS
