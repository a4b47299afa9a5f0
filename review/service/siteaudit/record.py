"""What the record knows, as an audit holds published things against it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from review.case.case import CLEARED_STAGES, Case, Round
from review.contents.interface import Contents, from_json
from review.errors import MissingContentsError
from review.ports.records import RegisterQuery, RegisterRow
from review.service.desk import Desk
from review.service.gate.question import CODES
from review.service.recording import load
from review.service.siteaudit.openings import openings
from review.siteaudit.interface import Reviewed, Standing
from review.siteaudit.library import Library

_PAGE: Final = 500
_MARK: Final = "sha256:"
_ALL: Final = RegisterQuery()


def library_of(desk: Desk, *, home: str) -> Library:
    """Return every item that was ever handed in, in the state of today.

    Each is read from its sealed entries: a row of the register clears nothing.
    """
    items: list[Reviewed] = []
    with desk.store.reading() as records:
        opened = {one.case for one in openings(records)}
    for row in rows_of(desk):
        with desk.store.reading() as records:
            case = load(records, row.number)
        # What an audit opened is under review because it is public, not the reverse.
        ours = row.number in opened and standing_of(case, desk.now()) != "live"
        if not case.sealed and not ours:
            items.append(_reviewed(desk, case))
    # By number, so that the last one handed in is the last.
    return Library(tuple(sorted(items, key=lambda one: one.case)), home)


def rows_of(desk: Desk, query: RegisterQuery = _ALL) -> Iterator[RegisterRow]:
    """Yield the register's rows, newest first, a page in a look."""
    query = replace(query, limit=_PAGE)
    while True:
        with desk.store.reading() as records:
            rows = records.register(query)
        yield from rows
        if len(rows) < _PAGE:
            return
        query = replace(query, before=rows[-1].sequence)


def standing_of(case: Case, now: datetime) -> Standing:
    """Return whether the case lets its contents be on the website, or why not."""
    grant = case.grant
    if case.stage not in CLEARED_STAGES or grant is None:
        code = CODES.get(case.stage, "pending")
        return code if code in {"refused", "expired", "revoked"} else _left(code)
    if now >= grant.valid_until:
        return "expired"
    return "live" if "website" in grant.channels else "channel"


def round_of(case: Case) -> Round:
    """Return the round that was cleared last, or else the last one."""
    return case.rounds[case.grant.round - 1] if case.grant else case.round


def full_report(desk: Desk, one: Round) -> dict[str, Any] | None:
    """Return the machine's report on a round; None where there is none any more."""
    if one.report is None:
        return None
    try:
        found: dict[str, Any] = json.loads(desk.contents.get(one.report.digest))
    except MissingContentsError:
        return None
    return found


def _left(code: str) -> Standing:
    return "not_reviewed" if code == "not_reviewed" else "pending"


def _reviewed(desk: Desk, case: Case) -> Reviewed:
    one = round_of(case)
    contents = _contents(desk, one)
    files = {each.digest for each in one.item.files if each.role != "title"}
    shown = contents.body if contents else ()
    files |= {
        each.value.removeprefix(_MARK)
        for each in shown
        if each.kind in {"image", "media"} and each.value.startswith(_MARK)
    }
    return Reviewed(
        case=case.number,
        title=one.item.title,
        department=case.item.department,
        standing=standing_of(case, desk.now()),
        contents=contents,
        files=frozenset(files),
        attachments=frozenset(one.report.attachments if one.report else ()),
        hidden=frozenset(one.report.hidden if one.report else ()),
        addresses=tuple(
            dict.fromkeys(
                each.address for each in case.publications if each.channel == "website"
            )
        ),
        words=(case.item.drafted_by, case.item.department, desk.office.name),
    )


def _contents(desk: Desk, one: Round) -> Contents | None:
    full = full_report(desk, one)
    text = full.get("contents") if full else None
    return from_json(text) if isinstance(text, str) else None
