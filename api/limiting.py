"""How often an address may ask what needs no sign-in, counted in this process."""

import math
import time
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class AddressLimit:
    """So many requests a minute from one address."""

    def __init__(self, times: int) -> None:
        """Begin counting."""
        self._item = RateLimitItemPerMinute(times)
        self._limiter: Final = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, address: str) -> int:
        """Count a request; return 0 to let it through, else the seconds to wait."""
        if self._limiter.hit(self._item, address):
            return 0
        reset = self._limiter.get_window_stats(self._item, address).reset_time
        now = time.time()  # noqa: TID251 - the library counts in it, nothing is recorded
        return max(1, math.ceil(reset - now))
