"""Signing in and out, and one's own account, as they go in and out."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field, SecretStr

from api.schemas.cases import In
from review.case.people import Appointment, Post
from review.case.words import POSTS
from review.service.people.own_account import Enrolment
from review.service.people.sign_in import Signed

Password = Annotated[SecretStr, Field(min_length=1, max_length=256)]
Code = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        description="手机上的 6 位动态码，或一个恢复码",
        examples=["123456"],
    ),
]


class SignInIn(In):
    """Who wants to come in, and by what."""

    login: Annotated[str, Field(min_length=1, max_length=100, examples=["zhang"])]
    password: Password
    code: Code | None = None


class PasswordIn(In):
    """The present password, and another one."""

    current: Password
    new: Password


class CodeIn(In):
    """A code of the second factor."""

    code: Code


class HeldOut(BaseModel):
    """An appointment that somebody holds today."""

    id: str
    post: Post
    post_word: str
    department: str | None
    until_day: date


class SessionOut(BaseModel):
    """Who is signed in; `csrf` goes back in `X-CSRF-Token` with every change."""

    person: str
    name: str
    department: str | None
    csrf: str
    appointments: tuple[HeldOut, ...]
    must_prove: bool = Field(description="先输入动态码，才能办别的")
    must_change: bool = Field(description="先修改密码，才能办别的")
    must_enrol: bool = Field(description="先绑定动态码，才能办别的")


class ProviderOut(BaseModel):
    """The office's own provider of sign-ins."""

    name: str
    address: str = Field(description="到这个地址去登录")


class WaysOut(BaseModel):
    """How one may sign in here."""

    office: str
    provider: ProviderOut | None


class EnrolmentOut(BaseModel):
    """A second factor to be confirmed, shown once."""

    uri: str
    typed: str = Field(description="不能扫码时，手工输入的密钥")
    qr_svg: str


class RecoveryOut(BaseModel):
    """Recovery codes, shown once."""

    recovery_codes: tuple[str, ...]


class EndedOut(BaseModel):
    """How many sessions were ended."""

    ended: int


def session_out(signed: Signed) -> SessionOut:
    """Return who is signed in, as his pages are told."""
    return SessionOut(
        person=signed.person,
        name=signed.name,
        department=signed.department,
        csrf=signed.csrf,
        appointments=tuple(_held(one) for one in signed.appointments),
        must_prove=signed.must_prove,
        must_change=signed.must_change,
        must_enrol=signed.must_enrol,
    )


def enrolment_out(made: Enrolment) -> EnrolmentOut:
    """Return a second factor to be confirmed."""
    return EnrolmentOut(uri=made.uri, typed=made.typed, qr_svg=made.qr_svg)


def _held(one: Appointment) -> HeldOut:
    return HeldOut(
        id=one.id,
        post=one.post,
        post_word=POSTS[one.post],
        department=one.department,
        until_day=one.until_day,
    )
