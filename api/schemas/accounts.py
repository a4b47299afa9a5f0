"""Accounts and appointments as they go in and out."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from api.schemas.cases import In, Line
from review.access.accounts import Account
from review.case.people import Appointment, Post
from review.case.words import POSTS
from review.service.people.accounts import Given, NewAccount

LoginName = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$",
        description="小写字母、数字、点、横线、下划线",
        examples=["zhang"],
    ),
]
PersonName = Annotated[str, Field(min_length=1, max_length=40, examples=["张示例"])]


class AccountIn(In):
    """Who is to have an account."""

    login: LoginName
    name: PersonName
    department: Annotated[str | None, Field(max_length=50)] = None

    @property
    def wanted(self) -> NewAccount:
        """Return what the use case takes."""
        return NewAccount(login=self.login, name=self.name, department=self.department)


class AccountChangeIn(In):
    """What is to be corrected of an account; what is not said stays as it is."""

    name: PersonName | None = None
    department: Annotated[
        str | None, Field(max_length=50, description="空文字：不属于任何部门")
    ] = None


class SubjectIn(In):
    """Somebody at the office's provider of sign-ins."""

    subject: Annotated[str, Field(min_length=1, max_length=255)]


class AccountOut(BaseModel):
    """An account, without anything by which one comes in."""

    login: str
    name: str
    department: str | None
    created_at: datetime
    password_set_at: datetime | None
    must_change: bool
    failures: int
    locked_until: datetime | None
    disabled: bool
    demo: bool
    second_factor: bool
    subject: str | None


class GivenOut(BaseModel):
    """An account and the password that was given to it, shown once."""

    account: AccountOut
    password: str = Field(description="只显示这一次")


class AccountPage(BaseModel):
    """Accounts by login name; `next` is where the list goes on."""

    items: tuple[AccountOut, ...]
    next: str | None


class AppointmentIn(In):
    """Who is to be appointed to what, on which ground, from when until when."""

    person: LoginName
    name: PersonName
    post: Post
    from_day: date
    until_day: date
    ground: Line
    department: Annotated[str | None, Field(max_length=50)] = None
    deputy_for: LoginName | None = None

    @property
    def wanted(self) -> Appointment:
        """Return what the use case takes; the number is given there."""
        return Appointment(id="", **self.model_dump())


class EndIn(In):
    """From which day an appointment no longer holds, and why."""

    ended_on: date
    reason: Line


class AppointmentOut(BaseModel):
    """An appointment as it stands now."""

    id: str
    person: str
    name: str
    post: Post
    post_word: str
    department: str | None
    from_day: date
    until_day: date
    ground: str
    deputy_for: str | None
    ended_on: date | None
    holds_today: bool


def account_out(one: Account) -> AccountOut:
    """Return an account as administrators see it."""
    return AccountOut(
        login=one.id,
        name=one.name,
        department=one.department,
        created_at=one.created_at,
        password_set_at=one.password_set_at,
        must_change=one.must_change,
        failures=one.failures,
        locked_until=one.locked_until,
        disabled=one.disabled,
        demo=one.demo,
        second_factor=one.second_factor is not None,
        subject=one.subject,
    )


def given_out(one: Given) -> GivenOut:
    """Return an account with its password."""
    return GivenOut(account=account_out(one.account), password=one.password)


def appointment_out(one: Appointment, *, today: date) -> AppointmentOut:
    """Return an appointment as administrators see it."""
    return AppointmentOut(
        id=one.id,
        person=one.person,
        name=one.name,
        post=one.post,
        post_word=POSTS[one.post],
        department=one.department,
        from_day=one.from_day,
        until_day=one.until_day,
        ground=one.ground,
        deputy_for=one.deputy_for,
        ended_on=one.ended_on,
        holds_today=one.holds_on(today),
    )
