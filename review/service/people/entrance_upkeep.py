"""What keeps the entrance in order: sessions that ran out, refusals still uncounted, keys."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from review.access import second_factor
from review.access.accounts import Account
from review.access.events import SignInRefused
from review.case.people import MACHINE
from review.service.desk import Desk
from review.service.people import attempts
from review.service.people.accounts import every

_OLD: Final = timedelta(hours=1)


def tidy_entrance(desk: Desk) -> int:
    """Drop sessions that are over, and seal what was counted of refusals; return how many.

    To be done every hour or so; nothing is wrong when it was not done.
    """
    at, entrance = desk.now(), desk.entrance
    with desk.store.writing() as work:
        dropped = work.accounts.drop_sessions(
            seen_before=at - entrance.idle, begun_before=at - entrance.longest
        )
        for one in work.accounts.refusals_before(at - _OLD):
            if one.unsealed:
                event = SignInRefused(
                    at=at,
                    by=MACHINE,
                    account=one.account,
                    address=one.address,
                    code="repeated",
                    unsealed=one.unsealed,
                )
                attempts.seal(desk, work, event)
            work.accounts.drop_refusals(one)
    return dropped


def rewrap_secrets(desk: Desk) -> int:
    """Put the accounts' seeds under the vault's present key; return how many were not.

    Raises:
        XianshenError: One does not open; nothing was changed, and the old key must stay.
    """
    with desk.store.writing() as work:
        changed = 0
        for account in every(work):
            anew = _rewrapped(desk, account)
            if anew != account:
                work.accounts.save(anew)
                changed += 1
    return changed


def _rewrapped(desk: Desk, account: Account) -> Account:
    purpose = second_factor.purpose(account.id)
    factor, pending = account.second_factor, account.pending_seed
    if factor is not None:
        sealed = desk.secrets.rewrap(factor.sealed, purpose=purpose)
        factor = replace(factor, sealed=sealed) if sealed is not None else factor
    if pending is not None:
        pending = desk.secrets.rewrap(pending, purpose=purpose) or pending
    return replace(account, second_factor=factor, pending_seed=pending)
