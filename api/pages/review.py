"""The review (审查) and the sign-off (终审): the draft beside what was found in it."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final, Literal, TypeAlias

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages import phrases
from api.pages.frame import Looking, Viewer, draw
from api.paths import Number
from review.case.values import Channel
from review.contents.compare import Comparison, strokes
from review.errors import NotPermittedError
from review.service.cases import look, review_sheet
from review.service.cases.draft_shapes import DraftFile
from review.service.cases.review_cards import Card
from review.service.cases.review_sheet import Sheet

router: Final = APIRouter()

Desk: TypeAlias = Literal["review", "sign-off"]
# Of these there is a picture of every page.
_IMAGES: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".webp"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the round changed against an earlier version, and against which."""

    key: str
    against: str
    found: Comparison

    @property
    def count(self) -> int:
        """Return in how many places it differs."""
        return len(self.found.changes) + len(self.found.attachments)


@router.get("/cases/{number}/review", response_class=HTMLResponse)
def review(request: Request, number: Number, by: Looking) -> HTMLResponse:
    """Show the draft and the findings to whoever may see them."""
    return _page(request, number, by, desk="review")


@router.get("/cases/{number}/review/findings", response_class=HTMLResponse)
def findings(request: Request, number: Number, by: Looking) -> HTMLResponse:
    """Show the findings alone, to be drawn anew after one was disposed of."""
    return _findings(request, number, by, desk="review")


@router.get("/cases/{number}/sign-off", response_class=HTMLResponse)
def sign_off(request: Request, number: Number, by: Looking) -> HTMLResponse:
    """Show the secrecy office what it decides on."""
    _forbid_outside_office(by)
    return _page(request, number, by, desk="sign-off")


@router.get("/cases/{number}/sign-off/findings", response_class=HTMLResponse)
def sign_off_findings(request: Request, number: Number, by: Looking) -> HTMLResponse:
    """Show the findings alone, as the secrecy office sees them."""
    _forbid_outside_office(by)
    return _findings(request, number, by, desk="sign-off")


def _forbid_outside_office(by: Viewer) -> None:
    if "office" not in by.posts:
        raise NotPermittedError("终审由保密办审查员办理；您可以在审查件的页面上查看。")


def _page(request: Request, number: str, by: Viewer, *, desk: Desk) -> HTMLResponse:
    sheet = review_sheet.sheet_of(by.desk, number, person=by.person)
    numbers = {one.note.id: one.number for one in sheet.cards}
    return draw(
        request,
        "review/page.html",
        by=by,
        **_of_side(sheet, by, desk),
        numbers=numbers,
        compared=_compared(sheet, by),
        strokes=strokes,
        pictured=pictured,
        marked=_marked(sheet),
    )


def _findings(request: Request, number: str, by: Viewer, *, desk: Desk) -> HTMLResponse:
    sheet = review_sheet.sheet_of(by.desk, number, person=by.person)
    return draw(request, "review/side.html", by=by, **_of_side(sheet, by, desk))


def _of_side(sheet: Sheet, by: Viewer, desk: Desk) -> dict[str, Any]:
    policy = by.desk.policy
    return {
        "sheet": sheet,
        "case": sheet.case,
        "desk": desk,
        "phrases": phrases,
        "fast_lane": policy.fast_lane.enabled,
        "lane_channels": _lane_channels(sheet, policy.fast_lane.channels),
        "clauses": _clauses(sheet.cards),
        "first_open": _first_open(sheet),
    }


def pictured(file: DraftFile) -> bool:
    """Tell whether the file's pages can be shown as pictures."""
    return file.format == "pdf" or PurePath(file.name).suffix.lower() in _IMAGES


def _lane_channels(sheet: Sheet, allowed: tuple[Channel, ...]) -> tuple[Channel, ...]:
    return tuple(one for one in sheet.case.item.channels if one in allowed)


def _clauses(cards: tuple[Card, ...]) -> tuple[str, ...]:
    """Return the clauses of what was not called harmless, each once."""
    named = (
        clause
        for one in cards
        if one.last is not None and one.last.opinion != "not_sensitive"
        for clause in (one.finding.clauses if one.finding else one.note.clauses)
    )
    return tuple(dict.fromkeys(named))


def _first_open(sheet: Sheet) -> str | None:
    """Return the card to begin with."""
    waiting = [one for one in sheet.cards if one.is_open]
    if not waiting and sheet.permits("sign_off"):
        waiting = list(sheet.standing)
    return waiting[0].note.id if waiting else None


def _marked(sheet: Sheet) -> dict[int, int]:
    """Return how many findings each file has, by the file's place in the round."""
    found: dict[int, int] = {}
    for one in sheet.cards:
        found[one.file] = found.get(one.file, 0) + 1
    return found


def _compared(sheet: Sheet, by: Viewer) -> tuple[Compared, ...]:
    """Return what changed since the last round, and since what was last cleared."""
    case = sheet.case
    if sheet.sealed or not sheet.files:
        return ()
    number, last = case.number, case.round.number
    cleared = case.grant.round if case.grant else 0
    word = "已公开" if case.publications else "获准公开"
    found = []
    since = look.changes_since(by.desk, number, person=by.person) if last > 1 else None
    if since is not None:
        name = (
            f"{word}的第 {last - 1} 轮" if cleared == last - 1 else f"第 {last - 1} 轮"
        )
        found.append(Compared(key="last", against=name, found=since))
    if 0 < cleared < last - 1:
        public = review_sheet.changes_since_cleared(by.desk, number, person=by.person)
        if public is not None:
            name = f"{word}的第 {cleared} 轮"
            found.append(Compared(key="public", against=name, found=public))
    return tuple(found)
