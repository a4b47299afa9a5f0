"""An account: by what a person is let in. What he may do, his appointments say.

Ending an account ends no record; an appointed person without an account
cannot sign in, and whoever is not appointed today can do nothing once inside.
"""

import string
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from review import clock
from review.access.entrance import Entrance
from review.access.passwords import KEPT
from review.access.sites import ID_PREFIX
from review.case.people import MACHINE, By, Person, Post
from review.errors import IncompleteError, RefusedError

# A password alone lets none of these in: they sign, or decide who signs.
SIGNING_POSTS: Final[frozenset[Post]] = frozenset(
    {"office", "leader", "head", "security_admin", "system_admin"}
)
_FIRST: Final = frozenset(string.ascii_lowercase + string.digits)
_OTHERS: Final = _FIRST | frozenset("._-")
_SHORTEST: Final = 2
_LONGEST: Final = 64
_LONGEST_NAME: Final = 40
_LONGEST_DEPARTMENT: Final = 50
_RESERVED: Final = frozenset({MACHINE.id, "nobody", "site"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """A confirmed second factor: its seed, sealed, and what of it was used.

    `last_step` is the time step of the last code that was taken: neither it nor an
    earlier one is taken again. `recovery` are the digests of the codes for the day
    when the device is lost, as many as are unused.
    """

    sealed: bytes = field(repr=False)
    last_step: int
    recovery: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """By what a person is let in; `id` is his login name and names him in every record.

    `recent_hashes` are of his last passwords, the present one included, newest
    first. `failures` counts attempts since he last came in, at `signed_in_at`.
    `subject` names him at the office's own provider of sign-ins. `pending_seed` is a
    second factor, sealed, that he has not confirmed yet. A `demo` account is one of
    an invented person on an installation for trying out, which only its own machine
    reaches.
    """

    id: str
    name: str
    created_at: datetime
    department: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    recent_hashes: tuple[str, ...] = field(default=(), repr=False)
    password_set_at: datetime | None = None
    must_change: bool = False
    failures: int = 0
    locked_until: datetime | None = None
    disabled: bool = False
    demo: bool = False
    subject: str | None = None
    second_factor: SecondFactor | None = None
    pending_seed: bytes | None = field(default=None, repr=False)
    signed_in_at: datetime | None = None

    def is_locked(self, at: datetime) -> bool:
        """Tell whether nobody comes in by this account at that moment."""
        return self.locked_until is not None and at < self.locked_until

    def must_change_password(self, entrance: Entrance, at: datetime) -> bool:
        """Tell whether the password was given to him, or is older than is allowed."""
        if self.password_hash is None:
            return False
        if self.must_change or self.password_set_at is None:
            return True
        days = entrance.password_days
        return days > 0 and at - self.password_set_at >= timedelta(days=days)

    def with_password(
        self, kept: str, at: datetime, *, must_change: bool = False
    ) -> "Account":
        """Return the account with another password, of which `kept` is what is kept."""
        return replace(
            self,
            password_hash=kept,
            recent_hashes=(kept, *self.recent_hashes)[:KEPT],
            password_set_at=at,
            must_change=must_change,
            failures=0,
            locked_until=None,
        )

    def needs_second_factor(self, posts: AbstractSet[Post]) -> bool:
        """Tell whether a password alone is too little for the posts that he holds."""
        return not self.demo and not SIGNING_POSTS.isdisjoint(posts)


def login_of(typed: str) -> str:
    """Return what was typed as a login name, as accounts are found by it."""
    return typed.strip().lower()


def is_login(login: str) -> bool:
    """Tell whether an account could be of that login name."""
    return (
        _SHORTEST <= len(login) <= _LONGEST
        and login[0] in _FIRST
        and _OTHERS.issuperset(login)
    )


def forbid_unfit_login(login: str) -> None:
    """Keep login names to letters, digits and a few signs: they stand in records and paths.

    Raises:
        RefusedError: It has another sign, is too short or long, or is the program's own.
    """
    if not is_login(login):
        raise RefusedError(
            f"登录名应为 {_SHORTEST} 到 {_LONGEST} 个小写字母、数字、点、横线或下划线，"
            "以字母或数字开头，请改正。"
        )
    # A site is a person to the record, too: no account may bear a site's name.
    if login in _RESERVED or login.startswith(ID_PREFIX):
        raise RefusedError("这个登录名由系统保留，请换一个。")


def forbid_unfit_name(name: str) -> None:
    """Ask for the holder's name: records and forms show it.

    Raises:
        IncompleteError: There is none.
        RefusedError: It is too long, or no text that can be printed.
    """
    if not name.strip():
        raise IncompleteError("请填写姓名。")
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise RefusedError(f"姓名应在 {_LONGEST_NAME} 个字以内，不含特殊字符，请改正。")


def forbid_unfit_department(department: str) -> None:
    """Keep a department's name to what stands in a line.

    Raises:
        RefusedError: It is too long, or no text that can be printed.
    """
    if len(department) > _LONGEST_DEPARTMENT or not department.isprintable():
        raise RefusedError(
            f"部门名称应在 {_LONGEST_DEPARTMENT} 个字以内，不含特殊字符，请改正。"
        )


def as_doer(account: Account, person: Person, at: datetime) -> By:
    """Return the holder by the first appointment that he holds today, if any."""
    holder = replace(person, id=account.id, name=account.name)
    return holder.doer_on(clock.china_date(at))
