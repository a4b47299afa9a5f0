"""What the site that handed an item in is told, noted with the event itself.

Numbers and codes only: no title, no text. Whatever is noted here is sent later,
as often as it takes (`review.service.gate.deliveries`).
"""

import json
from typing import Final

from review import clock
from review.case import events
from review.case.case import FINAL_STAGES, Case
from review.case.events import CaseEvent
from review.errors import StaleError
from review.ports.gate import Delivery, SiteItem
from review.ports.records import Writing

TOLD: Final = (
    "case.cleared",
    "case.returned",
    "case.refused",
    "case.referred",
    "clearance.revoked",
)


def tell(work: Writing, before: Case | None, after: Case, event: CaseEvent) -> None:
    """Remember whose item the case is, and what its site is to be told.

    Raises:
        StaleError: The site handed the same item in at the same time.
    """
    if isinstance(event, events.Submitted):
        _remember(work, after)
        return
    said = _said(before, after, event)
    if said is None:
        return
    item = work.gate.item_of(after.number)
    if item is None or item.callback_url is None:
        return
    name, code = said
    delivery = _delivery(item, item.callback_url, after, event, name=name, code=code)
    work.gate.add_delivery(delivery)
    work.tasks.add("deliver", delivery.id, queue="out", at=event.at)


def _remember(work: Writing, case: Case) -> None:
    by, external_id = case.round.by, case.item.external_id
    if by.post != "site" or external_id is None:
        return
    known = work.gate.item(by.id, external_id)
    if known is not None and known.case is not None and _is_open(work, known.case):
        raise StaleError("这一事项刚刚已经送审，请查询它的状态后再办。")
    url = known.callback_url if known else None
    work.gate.put_item(
        SiteItem(
            site=by.id, external_id=external_id, case=case.number, callback_url=url
        )
    )


def _is_open(work: Writing, case: str) -> bool:
    row = work.register_row(case)
    return row is not None and row.stage not in FINAL_STAGES


def _said(
    before: Case | None, after: Case, event: CaseEvent
) -> tuple[str, str | None] | None:
    """Return what the site is told of an event, and the code that goes with it."""
    match event:
        case events.Cleared():
            return "case.cleared", None
        case events.Revoked():
            return "clearance.revoked", event.cause
        case events.Referred():
            return "case.referred", event.kind
        case _:
            pass
    moved = before is None or before.stage != after.stage
    ends = {"rework": "case.returned", "refused": "case.refused"}
    if not moved or after.stage not in ends:
        return None
    why = _why_returned(event) if after.stage == "rework" else _ground(event)
    return ends[after.stage], why


def _why_returned(event: CaseEvent) -> str | None:
    if isinstance(event, events.SignedOff):
        return event.outcome
    if isinstance(event, events.FirstPassConcluded):
        return event.conclusion
    return None


def _ground(event: CaseEvent) -> str | None:
    if isinstance(event, events.SignedOff | events.FirstPassConcluded):
        return event.ground
    return None


def _delivery(  # noqa: PLR0913 - each is a part of what is told
    item: SiteItem,
    url: str,
    case: Case,
    event: CaseEvent,
    *,
    name: str,
    code: str | None,
) -> Delivery:
    # The event's place in its case: no two deliveries share it, and it orders them.
    number = f"{case.number}-v{case.version}"
    body = {
        "id": number,
        "event": name,
        "case": case.number,
        "external_id": item.external_id,
        "sequence": case.version,
        "at": clock.stamp(event.at),
        "code": code,
    }
    return Delivery(
        id=number,
        site=item.site,
        case=case.number,
        sequence=case.version,
        event=name,
        url=url,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        created_at=event.at,
        due_at=event.at,
    )
