"""How far the machine has come with a case: numbers and a stage's word, no more.

Kept in Redis for an hour and told to whoever listens. Nothing depends on it.
"""

import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, TypeAlias, cast

import redis
import redis.asyncio

from review.queue.connection import connect

Stage: TypeAlias = Literal["waiting", "reading", "examining", "comparing", "done"]

_log: Final = logging.getLogger(__name__)
_KEPT: Final = 3600  # seconds
_PULSE: Final = 15.0  # seconds between two signs of life to a listener


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the machine is: which file of how many, which page of how many."""

    stage: Stage
    file: int = 0
    files: int = 0
    page: int = 0
    pages: int = 0


class ProgressBoard:
    """Says and shows how far each case is."""

    def __init__(self, url: str) -> None:
        """Take the server's address; nothing is opened before the first word."""
        self._url = url
        self._connection = connect(url)

    def say(self, case: str, progress: Progress) -> None:
        """Say how far a case is; a server out of reach is no reason to stop."""
        values: Mapping[Any, Any] = asdict(progress)
        key = _key(case)
        try:
            with self._connection.pipeline(transaction=False) as pipeline:
                pipeline.hset(key, mapping=values)
                pipeline.expire(key, _KEPT)
                pipeline.publish(key, json.dumps(values))
                pipeline.execute()
        except redis.RedisError as error:
            _log.debug("progress of %s not said: %s", case, type(error).__name__)

    def last(self, case: str) -> Progress | None:
        """Return what was said last; None if nothing is known."""
        try:
            found = cast("dict[bytes, bytes]", self._connection.hgetall(_key(case)))
        except redis.RedisError:
            return None
        return _known(found)

    async def listen(self, case: str) -> AsyncIterator[Progress | None]:
        """Yield what is known and then what is said, None as a sign of life.

        Ends after `done`; ends at once where the server is out of reach.
        """
        connection = redis.asyncio.Redis.from_url(self._url)
        try:
            async with connection.pubsub() as listening:
                await listening.subscribe(_key(case))
                await listening.get_message(timeout=_PULSE)  # that it is heard now
                found = await connection.hgetall(_key(case))
                known = _known(cast("dict[bytes, bytes]", found))
                if known is not None:
                    yield known
                while known is None or known.stage != "done":
                    message = await listening.get_message(
                        ignore_subscribe_messages=True, timeout=_PULSE
                    )
                    known = _read(json.loads(message["data"])) if message else None
                    yield known
        except redis.RedisError:
            return
        finally:
            await connection.aclose()

    def close(self) -> None:
        """Close the connections: before a fork, at the end."""
        self._connection.close()


def _key(case: str) -> str:
    return f"xianshen:progress:{case}"


def _known(found: dict[bytes, bytes]) -> Progress | None:
    return _read({key.decode(): one.decode() for key, one in found.items()})


def _read(values: dict[str, str | int]) -> Progress | None:
    if "stage" not in values:
        return None
    numbers = {
        name: int(values.get(name, 0)) for name in ("file", "files", "page", "pages")
    }
    return Progress(stage=cast("Stage", values["stage"]), **numbers)
