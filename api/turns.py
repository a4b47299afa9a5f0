"""So many at once and no more: work that takes a processor waits for its turn.

Waiting takes no thread, so that everything else goes on meanwhile.
"""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from api.problems import ProblemError

_LOOK: Final = 0.02  # seconds between two looks whether it is one's turn


class Turns:
    """Turns of one kind of work in this process."""

    def __init__(self, most: int, *, patience: float = 5.0) -> None:
        """Take how many may work at once, and how many seconds others wait."""
        self._free = threading.BoundedSemaphore(most)
        self._patience = patience

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Wait for a turn and keep it until the end of the block.

        Raises:
            ProblemError: None came free in time.
        """
        end = time.monotonic() + self._patience
        while not self._free.acquire(blocking=False):
            if time.monotonic() >= end:
                raise ProblemError(
                    503,
                    "busy",
                    "正在显示的页面太多，请稍候再试。",
                    headers={"Retry-After": "2"},
                )
            await asyncio.sleep(_LOOK)
        try:
            yield
        finally:
            self._free.release()
