"""The audit: whether the record is whole, what it says, and every refusal in it."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api.pages import admin_words, audit_words
from api.pages.frame import Looking, Viewer, draw
from api.pages.navigation import Entry
from api.periods import NONE_IF_EMPTY
from review.access.permissions import OFFICE_VERBS
from review.ports.tasks import OPEN_STATES, TaskState
from review.service.gate import deliveries
from review.service.record import ledger, verifications
from review.service.record.ledger import Wanted

router: Final = APIRouter(prefix="/audit")

_PAGE: Final = 50
_HEADS: Final = 5
_FAILED: Final = 10

# In the order of the tabs.
SECTIONS: Final[tuple[Entry, ...]] = (
    Entry("/audit", "核验", frozenset(OFFICE_VERBS["verify_ledger"])),
    Entry("/audit/entries", "审查记录", frozenset(OFFICE_VERBS["read_ledger"])),
)
_STATES: Final[Mapping[TaskState, str]] = {
    "waiting": "排队等着核验，不必守着。",
    "running": "正在逐条核对签名和次序，不必守着。",
}


class Asked(BaseModel):
    """Which entries somebody wants to see."""

    view: str = Field(default="", max_length=20)
    kind: str = Field(default="", max_length=60)
    who: str = Field(default="", max_length=60)
    case: str = Field(default="", max_length=20)
    day: Annotated[date | None, NONE_IF_EMPTY] = None
    before: int | None = Field(default=None, ge=0, le=2**53)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of entries that are meant; none means all."""
        if self.kind in audit_words.KIND_WORDS:
            return (self.kind,)
        return audit_words.VIEWS.get(self.view, audit_words.VIEWS[""])[1]

    def wanted(self) -> Wanted:
        """Return it as the record is asked."""
        return Wanted(
            kinds=self.kinds,
            who=self.who.strip(),
            case=self.case.strip(),
            day=self.day,
            before=self.before,
        )


@router.get("", response_class=HTMLResponse)
def page(request: Request, by: Looking) -> HTMLResponse:
    """Show how the record stands, and the last verification of it."""
    last = verifications.last(by.desk, person=by.person)
    reads = by.may("read_ledger")
    return _draw(
        request,
        "record.html",
        by=by,
        last=last,
        is_open=last is not None and last.state in OPEN_STATES,
        state_words=_STATES,
        record=ledger.page(by.desk, person=by.person, limit=1) if reads else None,
        heads=ledger.heads(by.desk, person=by.person, limit=_HEADS) if reads else (),
        failed=deliveries.listed(
            by.desk, person=by.person, state="failed", limit=_FAILED
        )
        if by.may("see_operations")
        else None,
        told=admin_words.TOLD,
    )


@router.get("/entries", response_class=HTMLResponse)
def entries(
    request: Request, by: Looking, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """List the entries that were asked for, newest first, in words."""
    found = ledger.find(by.desk, asked.wanted(), person=by.person, limit=_PAGE)
    return _draw(
        request,
        "entries.html",
        by=by,
        asked=asked,
        rows=[audit_words.row(one) for one in found.entries],
        total=found.total,
        following=found.before,
        is_cut=found.is_cut,
        filters=_filters(asked),
    )


def _filters(asked: Asked) -> dict[str, str]:
    """Return what is filled in, as an address says it."""
    said = asked.model_dump(mode="json", exclude={"before"}, exclude_none=True)
    return {name: str(value) for name, value in said.items() if value}


def _draw(
    request: Request, template: str, *, by: Viewer, **values: Any
) -> HTMLResponse:
    return draw(
        request,
        f"audit/{template}",
        by=by,
        sections=by.own(SECTIONS),
        named=audit_words,
        reads=by.may("read_ledger"),
        **values,
    )
