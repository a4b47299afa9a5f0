"""A session: what stands for a person between signing in and out.

Its token is random and known to the browser alone: what is stored is a digest,
so that a copy of the database lets nobody in.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from review import digests
from review.access.entrance import Entrance

How: TypeAlias = Literal["password", "provider"]

LONGEST_ADDRESS: Final = 64
_TOKEN_BYTES: Final = 32
# Seen is written down this often; else every request would write.
_SEEN_AGAIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One sign-in; `id` is the token's digest.

    `csrf` is what a page sends back to show that it is ours. `second_factor` says
    that the second factor was asked and given, here or at the provider, `proven_at`
    when that was last; sessions from before this was kept do not know.
    """

    id: str
    account: str
    csrf: str = field(repr=False)
    how: How
    created_at: datetime
    seen_at: datetime
    second_factor: bool
    address: str
    proven_at: datetime | None = None

    def is_proven_since(self, moment: datetime) -> bool:
        """Tell whether the second factor was given at that moment or after it."""
        return self.proven_at is not None and self.proven_at >= moment

    def is_over(self, entrance: Entrance, at: datetime) -> bool:
        """Tell whether it was unused too long, or began too long ago."""
        idle, age = at - self.seen_at, at - self.created_at
        return idle >= entrance.idle or age >= entrance.longest

    def wants_renewal(self, at: datetime) -> bool:
        """Tell whether its last use is to be written down anew."""
        return at - self.seen_at >= _SEEN_AGAIN


def begin(
    account: str, *, how: How, second_factor: bool, at: datetime, address: str
) -> tuple[str, Session]:
    """Return a new token, to be given away and forgotten, and its session."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session = Session(
        id=id_of(token),
        account=account,
        csrf=secrets.token_urlsafe(_TOKEN_BYTES),
        how=how,
        created_at=at,
        seen_at=at,
        second_factor=second_factor,
        address=address[:LONGEST_ADDRESS],
        proven_at=at if second_factor else None,
    )
    return token, session


def id_of(token: str) -> str:
    """Return the id of a token's session."""
    return digests.of_bytes(token.encode("utf-8", "surrogatepass"))
