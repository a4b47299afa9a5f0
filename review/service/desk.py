"""An installation's parts, joined: what every use case is given.

`bootstrap` makes one; the use cases see only these values and the ports.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from review.access.entrance import Entrance
from review.case.policy import Policy
from review.case.values import File, RoundReport
from review.case.working_days import WorkingDays
from review.clearance.keys import SigningKeys
from review.contents.canonical import ContentsReader, contents_here
from review.pipeline import Reader, read_here
from review.ports.messengers import Messengers
from review.ports.pictures import Painter
from review.ports.records import Contents, Store
from review.ports.secrets import Secrets


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
class Once:
    """The asker's own key for a request, and a digest of all that it asks."""

    key: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and which version of the case his page showed (rule 7).

    A request with `once` that was carried out before is not carried out again.
    """

    person: str
    seen: int
    once: Once | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whose installation it is: `id` stands in clearances, `name` on forms."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything that a use case works with.

    `via` names the door that the request came through, for the record. Where
    `reader` opens drafts, `contents_reader` tells what would be seen of them. Where
    `messengers` is None, nobody is told anything outside the program; where `painter`
    is, nobody is shown a page.
    `lexicons_dir` is a folder of the operator's, laid over the shipped lexicons;
    `models_dir` where classifiers of the office's own are kept, None where none can be.
    """

    office: Office
    store: Store
    contents: Contents
    secrets: Secrets
    machine: Machine
    policy: Policy
    days: WorkingDays
    clearance_keys: SigningKeys
    now: Callable[[], datetime]
    via: str
    messengers: Messengers | None = None
    entrance: Entrance = field(default_factory=Entrance)
    lexicons_dir: Path | None = None
    models_dir: Path | None = None
    painter: Painter | None = None
    reader: Reader = read_here
    contents_reader: ContentsReader = contents_here
