"""What the gate keeps beside the ledger: whose item is which case, what is to be told.

Nothing here lets anything out: what a site may do, and what was cleared or taken
back, is read from sealed entries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol, TypeAlias

from review.case.case import Stage

DeliveryState: TypeAlias = Literal["waiting", "delivered", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteItem:
    """A site's own name for an item, the case that reviews it, where to tell of it."""

    site: str
    external_id: str
    case: str | None = None
    callback_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands by its rows, which nobody has sealed, and the ledger's end.

    `token` is the last clearance's; without a case all but the ledger's end is None.
    """

    last_index: int
    last_digest: str
    case: str | None = None
    stage: Stage | None = None
    department: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to tell a site; `sequence` orders those of a case.

    `due_at` is when to try next; while one is being tried it lies ahead, so that
    nobody tries it as well and a crash only delays it.
    """

    id: str
    site: str
    case: str
    sequence: int
    event: str
    url: str
    body: str
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    state: DeliveryState = "waiting"
    error: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a site was refused; put on record once a day."""

    site: str
    external_id: str
    code: str
    contents: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What is sent to a site: the body, and the secret to sign it with."""

    id: str
    url: str
    body: bytes
    secret: bytes = field(repr=False)


class Sender(Protocol):
    """Sends things to sites, and only where it may."""

    def send(self, outgoing: Outgoing, *, at: datetime) -> None:
        """Send it, signed; return once the site has said that it has it.

        Raises:
            DeliveryError: It has not, or may not be told there.
        """
        ...


class GateReading(Protocol):
    """A look at what the gate keeps."""

    def end(self) -> tuple[int, str]:
        """Return index and digest of the ledger's last entry."""
        ...

    def standing_of_item(self, site: str, external_id: str) -> Standing:
        """Return where the site's item stands."""
        ...

    def standing_of_case(self, case: str) -> Standing:
        """Return where the case stands."""
        ...

    def cases_at(self, place: str, *, limit: int) -> tuple[str, ...]:
        """Return the cases put on record as published at that place, the last first."""
        ...

    def cases_with(self, digest: str, *, limit: int) -> tuple[str, ...]:
        """Return the cases that keep a file of that digest: cleared, then the newest."""
        ...

    def item(self, site: str, external_id: str) -> SiteItem | None:
        """Return the site's item of that name."""
        ...

    def item_of(self, case: str) -> SiteItem | None:
        """Return the item that a site has handed in for the case."""
        ...

    def secret(self, site: str) -> bytes | None:
        """Return the sealed secret that webhooks to the site are signed with."""
        ...

    def last_used(self, site: str) -> Mapping[str, date]:
        """Return the day on which each key of the site was last used."""
        ...

    def delivery(self, delivery: str) -> Delivery | None:
        """Return a delivery."""
        ...

    def deliveries(
        self, state: DeliveryState | None, *, after: str = "", limit: int = 100
    ) -> tuple[Delivery, ...]:
        """Return deliveries by id, from the one after `after`."""
        ...

    def due_deliveries(self, now: datetime, *, limit: int = 100) -> tuple[str, ...]:
        """Return what to deliver now, the longest due first.

        Of each case only the first that waits, so that their order is kept.
        """
        ...

    def is_next(self, delivery: Delivery) -> bool:
        """Tell whether nothing of its case waits to be delivered before it."""
        ...

    def believed(self) -> bytes | None:
        """Return what was last written down of sealed facts, itself sealed."""
        ...


class Gate(GateReading, Protocol):
    """The same within a transaction."""

    def put_item(self, item: SiteItem) -> None:
        """Keep the item as it is now."""
        ...

    def put_places(self, case: str, places: Mapping[str, datetime]) -> None:
        """Keep where the case's item went out, and when that was put on record."""
        ...

    def put_secret(self, site: str, sealed: bytes) -> None:
        """Keep the sealed secret of a site, in place of the one before."""
        ...

    def note_use(self, site: str, key: str, day: date) -> None:
        """Write down that the key was used that day."""
        ...

    def note_refusal(self, refusal: Refusal) -> bool:
        """Write down a refusal; tell whether it is the first such one."""
        ...

    def drop_refusals_before(self, day: date) -> int:
        """Forget refusals from before then, which the ledger keeps; return how many."""
        ...

    def add_delivery(self, delivery: Delivery) -> None:
        """Keep something to tell."""
        ...

    def save_delivery(self, delivery: Delivery) -> None:
        """Keep a delivery as it is now."""
        ...

    def drop_delivered_before(self, moment: datetime) -> int:
        """Forget what was delivered before then; return how many."""
        ...

    def put_believed(self, sealed: bytes) -> None:
        """Write down sealed facts, in place of those before."""
        ...
