"""Hand in an item, a new version of it, or take it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from review import clock, digests
from review.case import submitting
from review.case.case import Case
from review.case.events import Resubmitted, Submitted
from review.case.request import Request
from review.case.values import Channel, File, FileRole, Item, Source
from review.ports.records import Reading, Writing
from review.service.acting import act, noting_refusals, person_of
from review.service.desk import Asker, Desk, Once
from review.service.once import carried_out, remember
from review.service.projection import show
from review.service.recording import load, seal

TITLE_FILE = "标题"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file as it was handed in."""

    name: str
    data: bytes
    role: FileRole = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An item as it was handed in: what the form says, and the files."""

    title: str
    department: str
    channels: tuple[Channel, ...]
    drafted_by: str
    uploads: tuple[Upload, ...]
    source: Source = Source()  # noqa: RUF009 - a frozen value
    planned_on: date | None = None
    external_id: str | None = None


def submit(desk: Desk, draft: Draft, *, person: str, once: Once | None = None) -> Case:
    """Begin a review; the files are kept, encrypted, before the record says so.

    Whether he may is asked before anything is kept, and again with the record.

    Raises:
        RefusedError: The person may not, or the item is incomplete.
    """
    item = item_of(draft)
    with noting_refusals(desk, person, "submit"):
        with desk.store.reading() as records:
            if before := carried_out(records, person, once):
                return load(records, before)
            request = _request(desk, records, person)
            submitting.submit(item, request, number="")
        _keep(desk, draft)
        with desk.store.writing() as work:
            if before := carried_out(work, person, once):
                return load(work, before)
            request = _request(desk, work, person)
            number = work.next_number(clock.china_date(request.at).year)
            event = submitting.submit(item, request, number=number)
            _keep(desk, draft)
            remember(work, person, once, case=number, at=request.at)
            return _begin_round(desk, work, None, event)


def resubmit(desk: Desk, number: str, draft: Draft, *, asker: Asker) -> Case:
    """Hand in a new version: a new round with its own review (rule 2)."""
    item = item_of(draft)
    with noting_refusals(desk, asker.person, "resubmit", number):
        with desk.store.reading() as records:
            if done := carried_out(records, asker.person, asker.once):
                return load(records, done)
            request = _request(desk, records, asker.person, asker.seen)
            submitting.resubmit(load(records, number), request, item)
        _keep(desk, draft)
        with desk.store.writing() as work:
            if done := carried_out(work, asker.person, asker.once):
                return load(work, done)
            before = load(work, number)
            request = _request(desk, work, asker.person, asker.seen)
            event = submitting.resubmit(before, request, item)
            _keep(desk, draft)
            remember(work, asker.person, asker.once, case=number, at=request.at)
            return _begin_round(desk, work, before, event)


def withdraw(desk: Desk, number: str, *, reason: str, asker: Asker) -> Case:
    """Take the item back before it is decided."""
    return act(
        desk,
        number,
        "withdraw",
        asker=asker,
        decide=lambda case, request: submitting.withdraw(case, request, reason=reason),
    )


def item_of(draft: Draft) -> Item:
    """Return the item as the record keeps it of these files."""
    files = [_file(one) for one in _with_title(draft)]
    return Item(
        title=draft.title,
        department=draft.department,
        channels=draft.channels,
        drafted_by=draft.drafted_by,
        files=tuple(files),
        source=draft.source,
        planned_on=draft.planned_on,
        external_id=draft.external_id,
    )


def _request(
    desk: Desk, records: Reading, person: str, seen: int | None = None
) -> Request:
    return Request(
        person=person_of(records, person),
        at=desk.now(),
        policy=desk.policy,
        seen=seen,
    )


def _begin_round(
    desk: Desk, work: Writing, before: Case | None, event: Submitted | Resubmitted
) -> Case:
    case = seal(desk, work, before, event)
    kept = [one.digest for one in event.item.files]
    work.keep(case.number, case.round.number, kept)
    show(desk, work, case)
    return case


def _file(upload: Upload) -> File:
    digest = digests.of_bytes(upload.data)
    return File(upload.name, upload.role, len(upload.data), digest)


def _with_title(draft: Draft) -> Sequence[Upload]:
    """Return every file; the title is published, so it is examined like the rest."""
    title = Upload(name=TITLE_FILE, data=draft.title.encode(), role="title")
    return (title, *draft.uploads)


def _keep(desk: Desk, draft: Draft) -> None:
    """Keep the files; done again while writers wait, lest a purge came between."""
    for one in _with_title(draft):
        desk.contents.put(one.data)
