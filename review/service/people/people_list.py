"""Accounts and appointments from one spreadsheet, all of it or nothing.

Two administrators read it one after the other: neither can do the other's part.
"""

from collections.abc import Callable, Sequence
from typing import Final

from review.access.accounts import (
    forbid_unfit_department,
    forbid_unfit_login,
    forbid_unfit_name,
)
from review.access.permissions import OfficeVerb, require
from review.case.people import (
    ADMINISTRATORS,
    REVIEW_POSTS,
    Appointment,
    Post,
)
from review.case.words import POSTS
from review.errors import IncompleteError, NotPermittedError, RefusedError
from review.paper.accounts_xlsx import PersonRow, read_people, refuse_with
from review.ports.records import Reading
from review.service.acting import noting_refusals, person_of
from review.service.desk import Desk
from review.service.people import accounts
from review.service.people import appointments as people
from review.service.people.accounts import Given, NewAccount

# Whom a list may name; a site is registered and no person.
_POSTS: Final[dict[str, Post]] = {
    POSTS[one]: one
    for one in POSTS
    if one in REVIEW_POSTS | ADMINISTRATORS and one != "site"
}


def import_accounts(desk: Desk, data: bytes, *, person: str) -> tuple[Given, ...]:
    """Make an account for each row; return them with their first passwords.

    Raises:
        NotPermittedError: The person is no system administrator.
        UsageError: It is no list of people, or a row is wrong; all of them are named.
    """
    verb: OfficeVerb = "manage_accounts"
    with noting_refusals(desk, person, verb), desk.store.reading() as records:
        require(verb, person_of(records, person), at=desk.now())
        rows = read_people(data)
        refuse_with(_problems(rows, lambda row: _forbid_account(records, row)))
    wanted = tuple(
        NewAccount(login=row.login, name=row.name, department=row.department)
        for row in rows
    )
    return accounts.create_many(desk, wanted, person=person)


def import_appointments(
    desk: Desk, data: bytes, *, person: str
) -> tuple[Appointment, ...]:
    """Appoint whoever has a post in the list, each on its own paper's ground.

    Raises:
        NotPermittedError: The person is no security administrator, or means himself.
        UsageError: It is no list of people, or a row is wrong; all of them are named.
    """
    with noting_refusals(desk, person, "appoint"):
        with desk.store.reading() as records:
            people.forbid_others(desk, records, person)
        rows = tuple(one for one in read_people(data) if one.post)
        if not rows:
            refuse_with(["“岗位”一列都是空的，没有可任命的人"])
        with desk.store.writing() as work:
            people.forbid_others(desk, work, person)
            made: list[Appointment] = []
            refuse_with(
                _problems(
                    rows,
                    lambda row: made.append(
                        people.appoint_within(
                            desk, work, _appointment(row), person=person
                        )
                    ),
                )
            )
    return tuple(made)


def _problems(
    rows: Sequence[PersonRow], check: Callable[[PersonRow], None]
) -> list[str]:
    """Return what a check refuses, row by row; what is forbidden to the asker is raised."""
    problems: list[str] = []
    for row in rows:
        try:
            check(row)
        except NotPermittedError:
            raise
        except RefusedError as error:
            problems.append(f"第 {row.number} 行：{error.message}")
    return problems


def _forbid_account(records: Reading, row: PersonRow) -> None:
    forbid_unfit_login(row.login)
    forbid_unfit_name(row.name)
    forbid_unfit_department(row.department)
    if records.accounts.find(row.login) is not None:
        raise RefusedError(f"登录名 {row.login} 已经有账号，请换一个或删去这一行")


def _appointment(row: PersonRow) -> Appointment:
    post = _POSTS.get(row.post)
    if post is None:
        raise RefusedError(f"岗位不认识，可以填：{'、'.join(_POSTS)}")
    if row.from_day is None or row.until_day is None:
        raise IncompleteError("填了岗位的，请填写任职起和任职止")
    return Appointment(
        id="",
        person=row.login,
        name=row.name,
        post=post,
        from_day=row.from_day,
        until_day=row.until_day,
        ground=row.ground,
        department=row.department or None,
    )
