"""How far a long reading has come, for whoever watches.

Only numbers go out; nobody needs to watch, and watching changes nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, TypeAlias

# Told the page that is being read, from 1, and how many there are.
PageWatch: TypeAlias = Callable[[int, int], None]

_watch: Final[ContextVar[PageWatch | None]] = ContextVar("page_watch", default=None)


@contextmanager
def watching(watch: PageWatch) -> Iterator[None]:
    """Let `watch` hear of every page that is read inside."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def at_page(number: int, total: int) -> None:
    """Say which page is being read."""
    watch = _watch.get()
    if watch is not None:
        watch(number, total)
