"""One's own published site, as an audit visits it: an address at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What an address answered.

    `address` is where it answered after redirects; `data` None: nothing is published
    there (404, 410), or `problem` says in Chinese why it could not be had.
    """

    address: str
    data: bytes | None = field(default=None, repr=False)
    problem: str | None = None


class Website(Protocol):
    """A site over HTTP, or a folder with what is published."""

    @property
    def home(self) -> str:
        """Return the first address, in one spelling; all others are on its host."""
        ...

    def listed(self) -> Iterator[str | Fetched]:
        """Yield addresses that the site itself lists: its map, or a folder's files.

        And, with its problem, each list that could not be read.
        """
        ...

    def may_visit(self, spelling: str) -> bool:
        """Tell whether the site lets machines go there; it may ask them to stay away."""
        ...

    def fetch(self, spelling: str) -> Fetched:
        """Return what is published at an address of the site."""
        ...
