"""How attempts are slowed down, and how refusals go on record without flooding it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

# Mistyping now and then costs nothing.
_FREE: Final = 4
# Minutes after the fifth failure, the sixth …; the last for all that follow. An hour
# is the most: else anybody could shut anybody out for good.
_MINUTES: Final = (1, 2, 5, 15, 30, 60)
_ONE_ENTRY: Final = timedelta(minutes=1)


def locked_until(failures: int, at: datetime) -> datetime | None:
    """Return until when nobody comes in after that many failures in a row."""
    if failures <= _FREE:
        return None
    step = min(failures - _FREE - 1, len(_MINUTES) - 1)
    return at + timedelta(minutes=_MINUTES[step])


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Refusals to one account from one address: when one was sealed, how many since.

    `account` is None for names that are nobody's.
    """

    account: str | None
    address: str
    sealed_at: datetime
    unsealed: int = 0

    def may_seal(self, at: datetime) -> bool:
        """Tell whether another entry may be sealed by now."""
        return at - self.sealed_at >= _ONE_ENTRY

    def after(self, at: datetime) -> "Refusals":
        """Return the count after one more refusal, sealed if one may be by now."""
        if self.may_seal(at):
            return replace(self, sealed_at=at, unsealed=0)
        return replace(self, unsealed=self.unsealed + 1)
