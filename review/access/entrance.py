"""What an operator chooses about the entrance, within what is always asked."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The office's own provider of sign-ins (OpenID Connect), as far as rules go.

    `login_claim` names what it says of a person that equals his login name here;
    without one an account must be linked by hand. `its_second_factor_counts` lets a
    second factor that was asked there stand for the one here.
    """

    issuer: str
    login_claim: str | None = None
    its_second_factor_counts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """How long passwords and sessions hold; `password_days` 0 means without end.

    A session ends `idle` after its last use, and `longest` after its beginning. Who signs
    has given a code of his second factor within `signing`.
    """

    password_days: int = 0
    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=12)
    signing: timedelta = timedelta(minutes=10)
    provider: Provider | None = None
