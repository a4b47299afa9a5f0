"""Attempts to come in: what each failure costs, and what of it stands on record.

Everything here happens within the writer's transaction, so that of two attempts
at once neither is lost, and one code lets in once.
"""

from dataclasses import replace
from datetime import datetime

from review import clock
from review.access import second_factor, throttling
from review.access.accounts import Account, as_doer
from review.access.events import (
    AccessEvent,
    AccountChange,
    AccountChanged,
    AccountLocked,
    SignInRefused,
)
from review.access.sessions import LONGEST_ADDRESS
from review.access.throttling import Refusals
from review.case.people import MACHINE, By
from review.errors import AccountLockedError, WrongCodeError
from review.ledger.statement import Context
from review.ports.records import Reading, Writing
from review.service.acting import person_of
from review.service.desk import Desk


def seal(desk: Desk, work: Writing, event: AccessEvent) -> None:
    """Put on record what happened at the entrance."""
    work.seal(event, Context(via=desk.via, policy=desk.policy.digest))


def seal_change(
    desk: Desk, work: Writing, account: Account, change: AccountChange, *, by: By
) -> None:
    """Put on record that an account was changed."""
    event = AccountChanged(
        at=desk.now(),
        by=by,
        account=account.id,
        name=account.name,
        change=change,
        department=account.department or "",
    )
    seal(desk, work, event)


def holder(desk: Desk, records: Reading, account: Account) -> By:
    """Return the account's holder as the record names him now."""
    return as_doer(account, person_of(records, account.id), desk.now())


def refuse(
    desk: Desk, work: Writing, account: Account | None, *, address: str, code: str
) -> None:
    """Put a refusal on record; of many within a minute one is sealed, the rest counted."""
    at, name = desk.now(), account.id if account else None
    address = address[:LONGEST_ADDRESS]
    known = work.accounts.refusals(name, address)
    if known is None or known.may_seal(at):
        event = SignInRefused(
            at=at,
            by=MACHINE,
            account=name,
            address=address,
            code=code,
            unsealed=known.unsealed if known else 0,
        )
        seal(desk, work, event)
    first = Refusals(account=name, address=address, sealed_at=at)
    work.accounts.count_refusals(known.after(at) if known else first)


def fail(
    desk: Desk, work: Writing, account: Account, *, address: str, code: str
) -> None:
    """Count a failed attempt, and lock the account if it was one too many."""
    at, failures = desk.now(), account.failures + 1
    until = throttling.locked_until(failures, at)
    work.accounts.save(replace(account, failures=failures, locked_until=until))
    refuse(desk, work, account, address=address, code=code)
    if until is not None:
        event = AccountLocked(
            at=at, by=MACHINE, account=account.id, failures=failures, until=until
        )
        seal(desk, work, event)


def code_taken(desk: Desk, account: Account, code: str) -> Account | None:
    """Return the account with the code used up; None if the code is not good now."""
    factor = account.second_factor
    if factor is None:
        return None
    if second_factor.is_recovery_code(code):
        left = second_factor.spent(account.id, code, unused=factor.recovery)
        if left is None:
            return None
        return replace(account, second_factor=replace(factor, recovery=left))
    purpose = second_factor.purpose(account.id)
    seed = desk.secrets.open(factor.sealed, purpose=purpose)
    step = second_factor.step_of_code(seed, code, at=desk.now(), after=factor.last_step)
    if step is None:
        return None
    return replace(account, second_factor=replace(factor, last_step=step))


def try_code(
    desk: Desk, work: Writing, account: Account, code: str, *, address: str
) -> Account | WrongCodeError:
    """Return the account with the code used up; else what to say, the failure counted."""
    proven = code_taken(desk, account, code)
    if proven is None:
        fail(desk, work, account, address=address, code="wrong_code")
        return WrongCodeError("动态码不对或已经用过，请等下一个动态码再试。")
    return proven


def locked(account: Account, at: datetime) -> AccountLockedError | None:
    """Return what to tell somebody who is in and whose account is locked."""
    if account.locked_until is None or not account.is_locked(at):
        return None
    until = account.locked_until.astimezone(clock.CHINA)
    return AccountLockedError(
        f"连续输错次数太多，{until:%H:%M} 以前不能再试；请到时再试，或请系统管理员解锁。"
    )
