"""Requests that were carried out under a key of the asker's (Idempotency-Key)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOut:
    """A request that was carried out: what it asked, as a digest, and for which case."""

    person: str
    key: str
    fingerprint: str
    case: str
    at: datetime


class RequestsReading(Protocol):
    """A look at the requests that were carried out."""

    def find(self, person: str, key: str) -> CarriedOut | None:
        """Return the person's request of that key."""
        ...


class Requests(RequestsReading, Protocol):
    """The same within a transaction."""

    def add(self, request: CarriedOut) -> None:
        """Remember a request that this transaction carries out."""
        ...

    def drop_before(self, moment: datetime) -> int:
        """Forget requests from before then; return how many."""
        ...
