"""How long the machine takes for a round, counted in Redis by all workers together.

Only for whoever watches: where Redis is out of reach or forgets, nothing but these
numbers is lost.
"""

import logging
from dataclasses import dataclass
from typing import Final, cast

import redis

from review.queue.connection import connect, unreachable

EDGES: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0)
_KEY: Final = "xianshen:scan-seconds"
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timings:
    """How many took at most so many seconds, how many there were, and all seconds together."""

    below: tuple[tuple[float, int], ...]
    count: int
    seconds: float


class ScanTimings:
    """The timings of one installation."""

    def __init__(self, url: str) -> None:
        """Take the server's address; nothing is opened before the first word."""
        self._connection = connect(url)

    def add(self, seconds: float) -> None:
        """Count one more; a server out of reach is no reason to stop."""
        fit = next((f"{edge:g}" for edge in EDGES if seconds <= edge), "more")
        try:
            with self._connection.pipeline(transaction=False) as pipeline:
                pipeline.hincrby(_KEY, fit, 1)
                pipeline.hincrbyfloat(_KEY, "seconds", seconds)
                pipeline.execute()
        except redis.RedisError as error:
            _log.info("time of a scan not counted: %s", type(error).__name__)

    def read(self) -> Timings:
        """Return all that were counted.

        Raises:
            QueueError: The server is out of reach.
        """
        try:
            found = cast("dict[bytes, bytes]", self._connection.hgetall(_KEY))
        except redis.RedisError as error:
            raise unreachable(error) from None
        said = {name.decode(): float(value) for name, value in found.items()}
        below: list[tuple[float, int]] = []
        count = 0
        for edge in EDGES:
            count += int(said.get(f"{edge:g}", 0))
            below.append((edge, count))
        count += int(said.get("more", 0))
        return Timings(tuple(below), count, said.get("seconds", 0.0))

    def close(self) -> None:
        """Close the connections: before a fork, at the end."""
        self._connection.close()
