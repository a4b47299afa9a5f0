"""What the gate keeps, in its tables."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Label,
    Row,
    Select,
    bindparam,
    case,
    delete,
    insert,
    not_,
    select,
    update,
)

from review.ports.gate import (
    Delivery,
    DeliveryState,
    Refusal,
    SiteItem,
    Standing,
)
from review.store import migrate
from review.store.rows import put, with_key
from review.store.tables import cases, clearances, entries, kept
from review.store.tables_gate import (
    believed,
    deliveries,
    gate_refusals,
    published_places,
    site_items,
    site_key_days,
    site_secrets,
)

_GATE: Final = "gate"
_CLEARED: Final = ("cleared", "published")


class SqlGate:
    """What `review.ports.gate.Gate` promises, on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work through a connection on which a transaction has begun."""
        self._connection = connection

    def end(self) -> tuple[int, str]:
        """Return index and digest of the ledger's last entry."""
        row = self._connection.execute(_END).one()
        migrate.forbid_other(row.version)
        return row.last_index, row.last_digest

    def standing_of_item(self, site: str, external_id: str) -> Standing:
        """Return where the site's item stands."""
        asked = {"site": site, "external_id": external_id}
        return self._standing(self._connection.execute(_BY_ITEM, asked).one_or_none())

    def standing_of_case(self, case: str) -> Standing:
        """Return where the case stands."""
        found = self._connection.execute(_BY_CASE, {"case": case}).one_or_none()
        return self._standing(found)

    def cases_at(self, place: str, *, limit: int) -> tuple[str, ...]:
        """Return the cases put on record as published at that place, the last first."""
        table = published_places.c
        asked = (
            select(table.case_number)
            .where(table.place == place)
            .order_by(table.at.desc(), table.case_number.desc())
        )
        return tuple(self._connection.scalars(asked.limit(limit)))

    def cases_with(self, digest: str, *, limit: int) -> tuple[str, ...]:
        """Return the cases that keep a file of that digest: cleared, then the newest.

        A stage that lies moves a case back at most: each is looked at by itself.
        """
        number, stage = kept.c.case_number, cases.c.stage
        last = case((stage.in_(_CLEARED), 0), else_=1)
        # Not by the number as text: the millionth of a year has a digit more.
        asked = (
            select(number)
            .join(cases, cases.c.number == number, isouter=True)
            .where(kept.c.digest == digest)
            .group_by(number, stage, cases.c.sequence)
            .order_by(last, cases.c.sequence.desc())
        )
        return tuple(self._connection.scalars(asked.limit(limit)))

    def item(self, site: str, external_id: str) -> SiteItem | None:
        """Return the site's item of that name."""
        table = site_items.c
        return self._item((table.site == site) & (table.external_id == external_id))

    def item_of(self, case: str) -> SiteItem | None:
        """Return the item that a site has handed in for the case."""
        return self._item(site_items.c.case_number == case)

    def secret(self, site: str) -> bytes | None:
        """Return the sealed secret that webhooks to the site are signed with."""
        asked = select(site_secrets.c.sealed).where(site_secrets.c.site == site)
        return self._connection.scalar(asked)

    def last_used(self, site: str) -> Mapping[str, date]:
        """Return the day on which each key of the site was last used."""
        table = site_key_days.c
        asked = select(table.key, table.last_used).where(table.site == site)
        return {row.key: row.last_used for row in self._connection.execute(asked)}

    def delivery(self, delivery: str) -> Delivery | None:
        """Return a delivery."""
        found = self._deliveries(select(deliveries).where(deliveries.c.id == delivery))
        return found[0] if found else None

    def deliveries(
        self, state: DeliveryState | None, *, after: str = "", limit: int = 100
    ) -> tuple[Delivery, ...]:
        """Return deliveries by id, from the one after `after`."""
        asked = select(deliveries).where(deliveries.c.id > after)
        if state is not None:
            asked = asked.where(deliveries.c.state == state)
        return self._deliveries(asked.order_by(deliveries.c.id).limit(limit))

    def due_deliveries(self, now: datetime, *, limit: int = 100) -> tuple[str, ...]:
        """Return what to deliver now, the longest due first, one of each case."""
        earlier = deliveries.alias()
        before = select(earlier.c.id).where(
            earlier.c.case_number == deliveries.c.case_number,
            earlier.c.state == "waiting",
            earlier.c.sequence < deliveries.c.sequence,
        )
        asked = (
            select(deliveries.c.id)
            .where(
                deliveries.c.state == "waiting",
                deliveries.c.due_at <= now,
                not_(before.exists()),
            )
            .order_by(deliveries.c.due_at, deliveries.c.id)
            .limit(limit)
        )
        return tuple(self._connection.scalars(asked))

    def is_next(self, delivery: Delivery) -> bool:
        """Tell whether nothing of its case waits to be delivered before it."""
        table = deliveries.c
        asked = select(table.id).where(
            table.case_number == delivery.case,
            table.state == "waiting",
            table.sequence < delivery.sequence,
        )
        return self._connection.scalar(asked.limit(1)) is None

    def believed(self) -> bytes | None:
        """Return what was last written down of sealed facts, itself sealed."""
        asked = select(believed.c.sealed).where(believed.c.name == _GATE)
        return self._connection.scalar(asked)

    def put_item(self, item: SiteItem) -> None:
        """Keep the item as it is now."""
        put(
            self._connection,
            site_items,
            {"site": item.site, "external_id": item.external_id},
            {"case_number": item.case, "callback_url": item.callback_url},
        )

    def put_places(self, case: str, places: Mapping[str, datetime]) -> None:
        """Keep where the case's item went out, and when that was put on record."""
        for place, at in places.items():
            which = {"place": place, "case_number": case}
            put(self._connection, published_places, which, {"at": at})

    def put_secret(self, site: str, sealed: bytes) -> None:
        """Keep the sealed secret of a site, in place of the one before."""
        put(self._connection, site_secrets, {"site": site}, {"sealed": sealed})

    def note_use(self, site: str, key: str, day: date) -> None:
        """Write down that the key was used that day."""
        which = {"site": site, "key": key}
        put(self._connection, site_key_days, which, {"last_used": day})

    def note_refusal(self, refusal: Refusal) -> bool:
        """Write down a refusal; tell whether it is the first such one."""
        same = with_key(gate_refusals, asdict(refusal))
        asked = select(gate_refusals.c.day).where(*same)
        if self._connection.scalar(asked) is not None:
            return False
        self._connection.execute(insert(gate_refusals), asdict(refusal))
        return True

    def drop_refusals_before(self, day: date) -> int:
        """Forget refusals from before then, which the ledger keeps; return how many."""
        old = delete(gate_refusals).where(gate_refusals.c.day < day)
        return self._connection.execute(old).rowcount

    def add_delivery(self, delivery: Delivery) -> None:
        """Keep something to tell."""
        self._connection.execute(insert(deliveries), _values(delivery))

    def save_delivery(self, delivery: Delivery) -> None:
        """Keep a delivery as it is now."""
        changed = update(deliveries).where(deliveries.c.id == delivery.id)
        self._connection.execute(changed.values(_values(delivery)))

    def drop_delivered_before(self, moment: datetime) -> int:
        """Forget what was delivered before then; return how many."""
        table = deliveries.c
        old = delete(deliveries).where(
            table.state == "delivered", table.ended_at < moment
        )
        return self._connection.execute(old).rowcount

    def put_believed(self, sealed: bytes) -> None:
        """Write down sealed facts, in place of those before."""
        put(self._connection, believed, {"name": _GATE}, {"sealed": sealed})

    def _standing(self, row: Row[Any] | None) -> Standing:
        if row is None:
            index, digest = self.end()
            return Standing(last_index=index, last_digest=digest)
        told = dict(row._mapping)  # noqa: SLF001 - the library's own name for it
        migrate.forbid_other(told.pop("version"))
        return Standing(**told)

    def _item(self, condition: Any) -> SiteItem | None:
        asked = select(site_items).where(condition)
        row = self._connection.execute(asked).one_or_none()
        if row is None:
            return None
        return SiteItem(
            site=row.site,
            external_id=row.external_id,
            case=row.case_number,
            callback_url=row.callback_url,
        )

    def _deliveries(self, asked: Select[Any]) -> tuple[Delivery, ...]:
        rows = self._connection.execute(asked).mappings().all()
        return tuple(
            Delivery(
                **{
                    "case" if name == "case_number" else name: value
                    for name, value in row.items()
                }
            )
            for row in rows
        )


def _values(delivery: Delivery) -> dict[str, Any]:
    values = asdict(delivery)
    values["case_number"] = values.pop("case")
    return values


# Written once: the gate asks them of every page that is to go out.
def _of_the_last(column: Column[Any], name: str) -> Label[Any]:
    last = select(column).order_by(entries.c.index.desc()).limit(1)
    return last.scalar_subquery().label(name)


_END: Final = select(
    _of_the_last(entries.c.index, "last_index"),
    _of_the_last(entries.c.digest, "last_digest"),
    # What a newer program may have sealed, an older one could pass over.
    migrate.VERSION.scalar_subquery().label("version"),
)
_STANDING: Final = _END.add_columns(
    cases.c.number.label("case"),
    cases.c.stage,
    cases.c.department,
    clearances.c.token,
)
_BY_CASE: Final = _STANDING.select_from(
    cases.outerjoin(clearances, clearances.c.id == cases.c.clearance)
).where(cases.c.number == bindparam("case"))
_BY_ITEM: Final = _STANDING.select_from(
    site_items.join(cases, cases.c.number == site_items.c.case_number).outerjoin(
        clearances, clearances.c.id == cases.c.clearance
    )
).where(
    site_items.c.site == bindparam("site"),
    site_items.c.external_id == bindparam("external_id"),
)
