"""An installation's parts, joined: what every use case is given.

`bootstrap` makes one; the use cases see only these values and the ports.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from review.case.policy import Policy
from review.case.values import File, RoundReport
from review.case.working_days import WorkingDays
from review.clearance.keys import SigningKeys
from review.ports import Contents, Store


@dataclass(frozen=True, slots=True)
class Examined:
    """What the machine made of a round.

    `note` is what the record keeps, still without the full report's digest;
    `report` the full report as JSON bytes, to be encrypted beside the draft;
    `fingerprints` are kept if the item is refused.
    """

    note: RoundReport
    report: bytes
    fingerprints: tuple[int, ...]


class Machine(Protocol):
    """What examines a round: every file of it, and its repeats of refused items."""

    def examine(
        self,
        files: Sequence[tuple[File, bytes]],
        *,
        refused_with: Callable[[Sequence[int]], Mapping[int, tuple[str, ...]]],
    ) -> Examined:
        """Scan every file; what can't be read becomes an unreadable gap."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and which version of the case his page showed (rule 7)."""

    person: str
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whose installation it is: `id` stands in clearances, `name` on forms."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that a use case works with.

    `via` names the door that the request came through, for the record.
    """

    office: Office
    store: Store
    contents: Contents
    machine: Machine
    policy: Policy
    days: WorkingDays
    clearance_keys: SigningKeys
    now: Callable[[], datetime]
    via: str
