"""The office's accounts: made, closed, unlocked, their passwords reset.

The system administrator keeps them; a second factor only the security
administrator takes away, so that neither alone can come in as somebody else.
Nothing here appoints anybody, and no record ends with an account.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from review.access import passwords
from review.access.accounts import (
    Account,
    forbid_unfit_department,
    forbid_unfit_login,
    forbid_unfit_name,
    login_of,
)
from review.access.events import AccountChange
from review.access.permissions import OfficeVerb
from review.case.people import MACHINE, By
from review.errors import (
    NotFoundError,
    NotPermittedError,
    RefusedError,
    UsageError,
)
from review.ports.records import Reading, Writing
from review.service.acting import looking, noting_refusals, permit, permitted
from review.service.desk import Desk
from review.service.people import attempts
from review.service.people.sign_in_provider import subject_of

_MANAGE: OfficeVerb = "manage_accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Who is to have an account."""

    login: str
    name: str
    department: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An account with the password that was given to it, to be shown once."""

    account: Account
    password: str = field(repr=False)


def create(desk: Desk, wanted: NewAccount, *, person: str) -> Given:
    """Make an account; its password is to be changed at the first sign-in.

    Raises:
        NotPermittedError: The person is no system administrator.
        RefusedError: The login name cannot be one, or is taken.
    """
    with noting_refusals(desk, person, _MANAGE):
        return _made(desk, (wanted,), "created", person=person)[0]


def create_many(
    desk: Desk, wanted: Sequence[NewAccount], *, person: str
) -> tuple[Given, ...]:
    """Make all the accounts of an imported list, or none.

    Raises:
        NotPermittedError: The person is no system administrator.
        RefusedError: A login name cannot be one, or is taken.
    """
    with noting_refusals(desk, person, _MANAGE):
        return _made(desk, wanted, "imported", person=person)


def found_demo(desk: Desk, wanted: Sequence[NewAccount]) -> tuple[Given, ...]:
    """Make the accounts of an installation for trying out, at its set-up.

    They need no second factor, and keep the password that is shown; therefore the
    program serves an installation that has one to its own machine only.

    Raises:
        NotPermittedError: There is an account that is none for trying out.
    """
    given = tuple(_given(desk, one, demo=True) for one in wanted)
    with desk.store.writing() as work:
        if any(not one.demo for one in every(work)):
            raise NotPermittedError("系统里已有正式账号，不能再建演示账号。")
        for one in given:
            work.accounts.add(one.account)
            attempts.seal_change(desk, work, one.account, "created", by=MACHINE)
    return given


def demo_accounts(desk: Desk) -> tuple[str, ...]:
    """Return the login names of accounts for trying out; nobody is asked."""
    with desk.store.reading() as records:
        return tuple(one.id for one in every(records) if one.demo)


def page(
    desk: Desk, *, person: str, after: str = "", limit: int = 100
) -> tuple[Account, ...]:
    """Return accounts by login name, from the one after `after`.

    Raises:
        NotPermittedError: The person may not see accounts.
    """
    with looking(desk, "see_accounts", person) as records:
        return records.accounts.page(after=after, limit=limit)


def see(desk: Desk, account: str, *, person: str) -> Account:
    """Return one account.

    Raises:
        NotPermittedError: The person may not see accounts.
        NotFoundError: There is no such account.
    """
    with looking(desk, "see_accounts", person) as records:
        return find_account(records, account)


def reset_password(desk: Desk, account: str, *, person: str) -> Given:
    """Give an account another password, for one sign-in; all its sessions end.

    Raises:
        NotPermittedError: The person is no system administrator.
        NotFoundError: There is no such account.
    """
    # Asked before any password is made, which takes its time.
    permitted(desk, _MANAGE, person)
    password = passwords.first_password()
    kept, at = passwords.hash_password(password), desk.now()
    changed = _change(
        desk,
        account,
        "password_reset",
        person=person,
        to=lambda one: one.with_password(kept, at, must_change=True),
    )
    return Given(account=changed, password=password)


def disable(desk: Desk, account: str, *, person: str) -> Account:
    """Close an account; all its sessions end, and nothing on record does.

    Raises:
        NotPermittedError: The person is no system administrator, or means himself.
        NotFoundError: There is no such account.
    """
    return _change(
        desk,
        account,
        "disabled",
        person=person,
        to=lambda one: _closed(one, by=person),
    )


def enable(desk: Desk, account: str, *, person: str) -> Account:
    """Open a closed account again."""
    return _change(
        desk,
        account,
        "enabled",
        person=person,
        to=lambda one: replace(one, disabled=False),
    )


def unlock(desk: Desk, account: str, *, person: str) -> Account:
    """Let somebody try again at once whose attempts failed too often."""
    return _change(
        desk,
        account,
        "unlocked",
        person=person,
        to=lambda one: replace(one, failures=0, locked_until=None),
    )


def rename(
    desk: Desk,
    account: str,
    *,
    name: str | None = None,
    department: str | None = None,
    person: str,
) -> Account:
    """Correct the holder's name or department; None leaves it, "" is no department.

    Nobody decides anything by either: for whom he acts, his appointments say, and
    they keep the name under which he was appointed.

    Raises:
        NotPermittedError: The person is no system administrator.
        NotFoundError: There is no such account.
        UsageError: Neither is given.
        RefusedError: The name or department is none that can be printed.
    """
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by = permit(desk, work, _MANAGE, person)
        known = find_account(work, account)
        if name is None and department is None:
            raise UsageError("没有写要改什么，请写姓名或部门。")
        named, moved = _corrected(known, name, department)
        work.accounts.save(moved)
        if named != known:
            attempts.seal_change(desk, work, named, "renamed", by=by)
        if moved != named:
            attempts.seal_change(desk, work, moved, "department_changed", by=by)
    return moved


def link_identity(desk: Desk, account: str, subject: str, *, person: str) -> Account:
    """Link an account to somebody at the office's provider of sign-ins.

    Raises:
        RefusedError: There is no provider, or somebody else is linked to that.
    """
    with noting_refusals(desk, person, _MANAGE), desk.store.writing() as work:
        by = permit(desk, work, _MANAGE, person)
        provider, found = desk.entrance.provider, find_account(work, account)
        if provider is None:
            raise RefusedError("还没有设置统一身份认证（oidc_issuer），不能关联。")
        name = subject_of(provider.issuer, subject.strip())
        linked = work.accounts.linked_to(name)
        if linked is not None and linked.id != found.id:
            raise RefusedError("这个身份已经关联了另一个账号，请先解除那一个。")
        changed = replace(found, subject=name)
        work.accounts.save(changed)
        attempts.seal_change(desk, work, changed, "identity_linked", by=by)
    return changed


def unlink_identity(desk: Desk, account: str, *, person: str) -> Account:
    """Take an account's link to the provider away; all its sessions end."""
    return _change(
        desk,
        account,
        "identity_unlinked",
        person=person,
        to=lambda one: replace(one, subject=None),
    )


def remove_second_factor(desk: Desk, account: str, *, person: str) -> Account:
    """Take a lost second factor away; all sessions end, and who signs sets up another.

    Raises:
        NotPermittedError: The person is no security administrator.
        RefusedError: There is none to take away.
    """
    return _change(
        desk,
        account,
        "second_factor_removed",
        person=person,
        verb="remove_second_factor",
        to=_without_second_factor,
    )


def find_account(records: Reading, account: str) -> Account:
    """Return the account of that login name, however it was typed.

    Raises:
        NotFoundError: There is none.
    """
    found = records.accounts.find(login_of(account))
    if found is None:
        raise NotFoundError("没有这个账号，请核对登录名。")
    return found


def every(records: Reading) -> tuple[Account, ...]:
    """Return all accounts, page by page."""
    found: list[Account] = []
    while some := records.accounts.page(after=found[-1].id if found else ""):
        found += some
    return tuple(found)


# What leaves an account with less than its open sessions were opened by.
_ENDING: frozenset[AccountChange] = frozenset(
    {"password_reset", "disabled", "identity_unlinked", "second_factor_removed"}
)


def _change(  # noqa: PLR0913 - one step of many use cases
    desk: Desk,
    account: str,
    change: AccountChange,
    *,
    person: str,
    to: Callable[[Account], Account],
    verb: OfficeVerb = _MANAGE,
) -> Account:
    """Change an account, if the person may; what is forbidden to him goes on record."""
    with noting_refusals(desk, person, verb), desk.store.writing() as work:
        by = permit(desk, work, verb, person)
        changed = to(find_account(work, account))
        work.accounts.save(changed)
        if change in _ENDING:
            work.accounts.end_sessions(changed.id)
        attempts.seal_change(desk, work, changed, change, by=by)
    return changed


def _closed(account: Account, *, by: str) -> Account:
    if account.id == by:
        raise NotPermittedError("不能停用自己的账号，请由另一位系统管理员办理。")
    return replace(account, disabled=True)


def _without_second_factor(account: Account) -> Account:
    if account.second_factor is None:
        raise RefusedError("这个账号没有绑定动态码，不用解除。")
    return replace(account, second_factor=None, pending_seed=None)


def _corrected(
    known: Account, name: str | None, department: str | None
) -> tuple[Account, Account]:
    """Return the account under its name, and then in its department too."""
    named = known
    if name is not None:
        forbid_unfit_name(name)
        named = replace(known, name=name.strip())
    if department is None:
        return named, named
    forbid_unfit_department(department)
    return named, replace(named, department=department.strip() or None)


def _made(
    desk: Desk, wanted: Sequence[NewAccount], change: AccountChange, *, person: str
) -> tuple[Given, ...]:
    # Asked before any password is made, which takes its time.
    with desk.store.reading() as records:
        permit(desk, records, _MANAGE, person)
    given = tuple(_given(desk, one) for one in wanted)
    with desk.store.writing() as work:
        by = permit(desk, work, _MANAGE, person)
        for one in given:
            _add(desk, work, one.account, change, by=by)
    return given


def _add(
    desk: Desk, work: Writing, account: Account, change: AccountChange, *, by: By
) -> None:
    work.accounts.add(account)
    attempts.seal_change(desk, work, account, change, by=by)


def _given(desk: Desk, wanted: NewAccount, *, demo: bool = False) -> Given:
    login = login_of(wanted.login)
    forbid_unfit_login(login)
    forbid_unfit_name(wanted.name)
    forbid_unfit_department(wanted.department or "")
    password, at = passwords.first_password(), desk.now()
    account = Account(
        id=login,
        name=wanted.name.strip(),
        created_at=at,
        department=(wanted.department or "").strip() or None,
        demo=demo,
    )
    kept = passwords.hash_password(password)
    account = account.with_password(kept, at, must_change=not demo)
    return Given(account=account, password=password)
