"""Accounts as the administrators look through them: who can come in, and as what.

Only read here; what is done to an account stands in `accounts`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from review import clock
from review.access.accounts import Account
from review.access.permissions import OfficeVerb
from review.case.people import Appointment
from review.ports.records import Reading
from review.service.acting import looking
from review.service.appointed import appointments_of
from review.service.desk import Desk
from review.service.people.accounts import every, find_account

AccountState: TypeAlias = Literal[
    "open", "disabled", "locked", "first_password", "without_factor", "no_post"
]
STATES: Final[tuple[AccountState, ...]] = get_args(AccountState)
_VERB: Final[OfficeVerb] = "see_accounts"
MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSeen:
    """An account with all its holder's appointments, and how it stands today.

    Of `states`, `open` and `disabled` exclude each other. `first_password` was given
    and never changed; `without_factor` must set a second factor up; `no_post` can come
    in and holds no appointment.
    """

    account: Account
    appointments: tuple[Appointment, ...]
    held: tuple[Appointment, ...]
    states: frozenset[AccountState]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Accounts by login name, cut at two hundred; the figures are of all.

    `departments` are those that accounts or present appointments name.
    """

    rows: tuple[AccountSeen, ...]
    found: int
    counts: Mapping[AccountState, int]
    total: int
    departments: tuple[str, ...]


def look_through(
    desk: Desk, *, person: str, words: str = "", state: AccountState | None = None
) -> Directory:
    """Return the accounts in whose login name, name or department all words stand.

    Raises:
        NotPermittedError: The person may not see accounts.
    """
    with looking(desk, _VERB, person) as records:
        seen = _all_seen(records, desk.now())
    wanted = [one.casefold() for one in words.split()]
    found = [
        one
        for one in seen
        if _has(one.account, wanted) and (state is None or state in one.states)
    ]
    return Directory(
        rows=tuple(found[:MOST]),
        found=len(found),
        counts={one: sum(one in each.states for each in seen) for one in STATES},
        total=len(seen),
        departments=_departments(seen),
    )


def profile(desk: Desk, account: str, *, person: str) -> AccountSeen:
    """Return one account with its holder's appointments.

    Raises:
        NotPermittedError: The person may not see accounts.
        NotFoundError: There is no such account.
    """
    with looking(desk, _VERB, person) as records:
        found = find_account(records, account)
        return _seen(found, appointments_of(records, found.id), desk.now())


def _departments(seen: Iterable[AccountSeen]) -> tuple[str, ...]:
    own = {one.account.department for one in seen}
    held = {each.department for one in seen for each in one.held}
    return tuple(sorted(one for one in own | held if one))


def _all_seen(records: Reading, at: datetime) -> tuple[AccountSeen, ...]:
    given: dict[str, list[Appointment]] = {}
    for one in appointments_of(records):
        given.setdefault(one.person, []).append(one)
    return tuple(_seen(one, given.get(one.id, ()), at) for one in every(records))


def _seen(
    account: Account, appointments: Iterable[Appointment], at: datetime
) -> AccountSeen:
    known, today = tuple(appointments), clock.china_date(at)
    held = tuple(one for one in known if one.holds_on(today))
    return AccountSeen(
        account=account,
        appointments=known,
        held=held,
        states=_states(account, held, at),
    )


def _states(
    account: Account, held: tuple[Appointment, ...], at: datetime
) -> frozenset[AccountState]:
    if account.disabled:
        return frozenset({"disabled"})
    needs = account.needs_second_factor({one.post for one in held})
    asked: tuple[tuple[AccountState, bool], ...] = (
        ("open", True),
        ("locked", account.is_locked(at)),
        ("first_password", account.must_change),
        ("without_factor", needs and account.second_factor is None),
        ("no_post", not held),
    )
    return frozenset(state for state, is_so in asked if is_so)


def _has(account: Account, words: Iterable[str]) -> bool:
    text = f"{account.id} {account.name} {account.department or ''}".casefold()
    return all(one in text for one in words)
