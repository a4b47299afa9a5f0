"""Accounts, their sessions, and how often somebody was refused."""

from datetime import datetime
from typing import Protocol

from review.access.accounts import Account
from review.access.sessions import Session
from review.access.throttling import Refusals


class AccountsReading(Protocol):
    """A look at accounts and sessions."""

    def find(self, account: str) -> Account | None:
        """Return the account of that login name."""
        ...

    def linked_to(self, subject: str) -> Account | None:
        """Return the account that is linked to that identity at the provider."""
        ...

    def page(self, *, after: str = "", limit: int = 500) -> tuple[Account, ...]:
        """Return accounts by login name, from the one after `after`."""
        ...

    def session(self, session: str) -> Session | None:
        """Return the session of that id."""
        ...

    def sessions_of(self, account: str) -> tuple[Session, ...]:
        """Return the account's sessions, oldest first."""
        ...

    def refusals(self, account: str | None, address: str) -> Refusals | None:
        """Return what is counted of refusals to the account from the address."""
        ...

    def refusals_before(
        self, moment: datetime, *, limit: int = 500
    ) -> tuple[Refusals, ...]:
        """Return the counts whose last entry was sealed before then, oldest first."""
        ...


class Accounts(AccountsReading, Protocol):
    """The same within a transaction."""

    def add(self, account: Account) -> None:
        """Keep a new account.

        Raises:
            RefusedError: There is one of that login name.
        """
        ...

    def save(self, account: Account) -> None:
        """Keep an account as it is now.

        Raises:
            NotFoundError: There is none of that login name.
        """
        ...

    def open_session(self, session: Session) -> None:
        """Keep a new session."""
        ...

    def renew_session(self, session: str, *, at: datetime, address: str) -> None:
        """Write down that the session was used, and from where; one that ended stays so."""
        ...

    def strengthen_session(self, session: str, *, at: datetime) -> None:
        """Write down that the second factor was given in the session, and when."""
        ...

    def end_session(self, session: str) -> bool:
        """End a session; tell whether it was there."""
        ...

    def end_sessions(self, account: str, *, but: str | None = None) -> int:
        """End all the account's sessions but one; return how many."""
        ...

    def drop_sessions(self, *, seen_before: datetime, begun_before: datetime) -> int:
        """Drop sessions unused since, or begun before; return how many."""
        ...

    def count_refusals(self, refusals: Refusals) -> None:
        """Keep a count of refusals, in place of the last."""
        ...

    def drop_refusals(self, refusals: Refusals) -> None:
        """Drop a count of refusals."""
        ...
