"""Which lane has how many workers: every lane has one, so that none waits for another."""

from collections.abc import Sequence
from typing import Final

from review.ports.tasks import Lane

_QUICK: Final[Lane] = "quick"
_BULK: Final[Lane] = "bulk"
_OUT: Final[Lane] = "out"


def lanes_for(count: int) -> Sequence[Lane]:
    """Return a lane for each worker process.

    `count` work on what must be quick, half as many on what takes long, and one on
    what waits for others: a large file never stands before a news item, and a
    site that does not answer stands before neither.
    """
    return (*[_QUICK] * count, *[_BULK] * max(1, count // 2), _OUT)
