"""Accounts, sessions and refusals, in their tables."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    delete,
    insert,
    or_,
    select,
    update,
)

from review.access.accounts import Account, SecondFactor
from review.access.sessions import Session
from review.access.throttling import Refusals
from review.errors import NotFoundError, RefusedError
from review.store.tables_accounts import accounts, sessions, sign_in_refusals

_NOBODY = ""


class SqlAccounts:
    """What `review.ports.accounts.Accounts` promises, on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work through a connection on which a transaction has begun."""
        self._connection = connection

    def find(self, account: str) -> Account | None:
        """Return the account of that login name."""
        found = self._all(select(accounts).where(accounts.c.id == account))
        return _account(found[0]) if found else None

    def linked_to(self, subject: str) -> Account | None:
        """Return the account that is linked to that identity at the provider."""
        found = self._all(select(accounts).where(accounts.c.subject == subject))
        return _account(found[0]) if found else None

    def page(self, *, after: str = "", limit: int = 500) -> tuple[Account, ...]:
        """Return accounts by login name, from the one after `after`."""
        asked = select(accounts).where(accounts.c.id > after).order_by(accounts.c.id)
        return tuple(_account(one) for one in self._all(asked.limit(limit)))

    def session(self, session: str) -> Session | None:
        """Return the session of that id."""
        found = self._all(select(sessions).where(sessions.c.id == session))
        return Session(**found[0]) if found else None

    def sessions_of(self, account: str) -> tuple[Session, ...]:
        """Return the account's sessions, oldest first."""
        asked = select(sessions).where(sessions.c.account == account)
        ordered = asked.order_by(sessions.c.created_at, sessions.c.id)
        return tuple(Session(**one) for one in self._all(ordered))

    def refusals(self, account: str | None, address: str) -> Refusals | None:
        """Return what is counted of refusals to the account from the address."""
        asked = select(sign_in_refusals).where(*_from(account, address))
        found = self._all(asked)
        return _refusals(found[0]) if found else None

    def refusals_before(
        self, moment: datetime, *, limit: int = 500
    ) -> tuple[Refusals, ...]:
        """Return the counts whose last entry was sealed before then, oldest first."""
        table = sign_in_refusals
        asked = select(table).where(table.c.sealed_at < moment)
        ordered = asked.order_by(table.c.sealed_at, table.c.account, table.c.address)
        return tuple(_refusals(one) for one in self._all(ordered.limit(limit)))

    def add(self, account: Account) -> None:
        """Keep a new account.

        Raises:
            RefusedError: There is one of that login name.
        """
        if self.find(account.id) is not None:
            raise RefusedError(f"登录名 {account.id} 已经有账号，请换一个。")
        self._connection.execute(insert(accounts), _columns(account))

    def save(self, account: Account) -> None:
        """Keep an account as it is now.

        Raises:
            NotFoundError: There is none of that login name.
        """
        changed = update(accounts).where(accounts.c.id == account.id)
        done = self._connection.execute(changed.values(_columns(account)))
        if done.rowcount == 0:
            raise NotFoundError("没有这个账号，请核对登录名。")

    def open_session(self, session: Session) -> None:
        """Keep a new session."""
        self._connection.execute(insert(sessions), asdict(session))

    def renew_session(self, session: str, *, at: datetime, address: str) -> None:
        """Write down that the session was used, and from where; one that ended stays so."""
        used = update(sessions).where(sessions.c.id == session)
        self._connection.execute(used.values(seen_at=at, address=address))

    def strengthen_session(self, session: str, *, at: datetime) -> None:
        """Write down that the second factor was given in the session, and when."""
        proven = update(sessions).where(sessions.c.id == session)
        self._connection.execute(proven.values(second_factor=True, proven_at=at))

    def end_session(self, session: str) -> bool:
        """End a session; tell whether it was there."""
        ended = delete(sessions).where(sessions.c.id == session)
        return self._connection.execute(ended).rowcount > 0

    def end_sessions(self, account: str, *, but: str | None = None) -> int:
        """End all the account's sessions but one; return how many."""
        ended = delete(sessions).where(sessions.c.account == account)
        if but is not None:
            ended = ended.where(sessions.c.id != but)
        return self._connection.execute(ended).rowcount

    def drop_sessions(self, *, seen_before: datetime, begun_before: datetime) -> int:
        """Drop sessions unused since, or begun before; return how many."""
        unused = sessions.c.seen_at < seen_before
        old = sessions.c.created_at < begun_before
        dropped = delete(sessions).where(or_(unused, old))
        return self._connection.execute(dropped).rowcount

    def count_refusals(self, refusals: Refusals) -> None:
        """Keep a count of refusals, in place of the last."""
        self.drop_refusals(refusals)
        values = {**asdict(refusals), "account": refusals.account or _NOBODY}
        self._connection.execute(insert(sign_in_refusals), values)

    def drop_refusals(self, refusals: Refusals) -> None:
        """Drop a count of refusals."""
        which = _from(refusals.account, refusals.address)
        self._connection.execute(delete(sign_in_refusals).where(*which))

    def _all(self, asked: Select[Any]) -> Sequence[RowMapping]:
        return self._connection.execute(asked).mappings().all()


def _from(account: str | None, address: str) -> list[Any]:
    table = sign_in_refusals
    return [table.c.account == (account or _NOBODY), table.c.address == address]


def _refusals(row: RowMapping) -> Refusals:
    return Refusals(**{**row, "account": row["account"] or None})


def _columns(account: Account) -> dict[str, Any]:
    factor = account.second_factor
    values = asdict(account)
    del values["second_factor"]
    return {
        **values,
        "recent_hashes": json.dumps(account.recent_hashes),
        "totp_sealed": factor.sealed if factor else None,
        "totp_step": factor.last_step if factor else None,
        "recovery": json.dumps(factor.recovery if factor else ()),
    }


def _account(row: RowMapping) -> Account:
    values = dict(row)
    factor = _second_factor(values)
    values["recent_hashes"] = tuple(json.loads(values["recent_hashes"]))
    return Account(**values, second_factor=factor)


def _second_factor(values: dict[str, Any]) -> SecondFactor | None:
    """Take the second factor's columns out and return what they say."""
    sealed, step = values.pop("totp_sealed"), values.pop("totp_step")
    recovery = json.loads(values.pop("recovery"))
    if sealed is None:
        return None
    return SecondFactor(sealed=sealed, last_step=step, recovery=tuple(recovery))
