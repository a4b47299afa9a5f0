"""Accounts of the college's people, and short words for how they come in."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from review.access import passwords, second_factor
from review.access.accounts import Account
from review.ledger import statement
from review.service.people import own_account, sign_in
from review.service.people.sign_in import Entered, Signed
from tests.service.site import Site

PASSWORD = "Yunshan+2026x"  # noqa: S105 - invented
OTHER = "Another+2026y"
HERE = "10.0.0.1"

Event = TypeVar("Event")


@pytest.fixture(autouse=True)
def light_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let each password take little memory and time; it is the same function."""
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "_PASSES", 1)
    forget_hasher()
    yield
    monkeypatch.undo()
    forget_hasher()


def forget_hasher() -> None:
    passwords._hasher.cache_clear()
    passwords._nobody.cache_clear()


def give(site: Site, login: str, password: str = PASSWORD, **fields: object) -> Account:
    """Give somebody an account whose password is his own already."""
    at = site.desk.now()
    account = Account(id=login, name=f"{login}某", created_at=at)
    account = account.with_password(passwords.hash_password(password), at)
    account = replace(account, **fields)  # type: ignore[arg-type]  # - a test names fields
    with site.desk.store.writing() as work:
        work.accounts.add(account)
    return account


def account_of(site: Site, login: str) -> Account:
    with site.desk.store.reading() as records:
        found = records.accounts.find(login)
    assert found is not None
    return found


def enter(
    site: Site, login: str, password: str = PASSWORD, code: str | None = None
) -> Entered:
    return sign_in.sign_in(site.desk, login, password, code=code, address=HERE)


def signed(site: Site, entered: Entered) -> Signed:
    return sign_in.who(site.desk, entered.token, address=HERE)


def come_in(site: Site, login: str, password: str = PASSWORD) -> Signed:
    return signed(site, enter(site, login, password))


def enrol(site: Site, asker: Signed) -> tuple[bytes, tuple[str, ...]]:
    """Set a second factor up; return its seed and the recovery codes."""
    made = own_account.begin_second_factor(site.desk, asker)
    seed = base64.b32decode(made.typed)
    codes = own_account.confirm_second_factor(site.desk, asker, code_now(site, seed))
    return seed, codes


def code_now(site: Site, seed: bytes, *, steps: int = 0) -> str:
    """Return what the device shows now, or some steps before or after."""
    now = second_factor.step_of(site.desk.now())
    return second_factor.code_at(seed, now + steps)


def on_record(site: Site, kind: type[Event]) -> tuple[Event, ...]:
    """Return what is on record of that kind, oldest first."""
    with site.desk.store.reading() as records:
        every = [statement.read(one.statement) for one in records.entries(after=0)]
    return tuple(one.event for one in every if isinstance(one.event, kind))
