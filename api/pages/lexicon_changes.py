"""Changes of the office's own lexicon: proposed, previewed, put into force by another person."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.pages.frame import Looking, Viewer
from api.pages.lexicons import abouts_of, draw_lexicons
from review.detect.lexicon_columns import BY_FIELD
from review.errors import NotFoundError
from review.ports.tasks import OPEN_STATES
from review.service.lexicons import book as lexicon_book
from review.service.lexicons import browse, versions
from review.service.lexicons import preview as lexicon_preview
from review.service.lexicons.difference import difference
from review.service.lexicons.preview import Kept
from review.upkeep.lexicons import LexiconVersion, in_force

router: Final = APIRouter(prefix="/lexicons")

_Change = Annotated[str, Path(max_length=32)]
_Text = Annotated[str, Query(max_length=200)]


@router.get("/changes", response_class=HTMLResponse)
def page(request: Request, by: Looking) -> HTMLResponse:
    """List what waits for a decision, and every version that there was."""
    known = versions.versions(by.desk, person=by.person)
    return draw_lexicons(
        request,
        "changes.html",
        by=by,
        waiting=[one for one in known if one.state == "proposed"],
        decided=[one for one in known if one.state != "proposed"],
        active=in_force(known),
    )


@router.get("/propose", response_class=HTMLResponse)
def propose(
    request: Request, by: Looking, clause: _Text = "", rule: _Text = ""
) -> HTMLResponse:
    """Let the office write a rule, change the one that is named, or bring a spreadsheet.

    Raises:
        NotPermittedError: He does not belong to the office.
        NotFoundError: There is no such rule.
    """
    versions.may_propose(by.desk, person=by.person)
    book = lexicon_book.read(by.desk, person=by.person)
    return draw_lexicons(
        request,
        "propose.html",
        by=by,
        clause=clause,
        rule=lexicon_book.named(book, rule) if rule else None,
        columns=BY_FIELD,
        clauses=[leaf for branch in browse.tree(book) for leaf in branch.leaves],
        lists=book.lists,
        abouts=abouts_of(book),
    )


@router.get("/changes/{change}", response_class=HTMLResponse)
def one(request: Request, by: Looking, change: _Change) -> HTMLResponse:
    """Show what a change does, what its preview says, and what can be done with it."""
    known = versions.versions(by.desk, person=by.person)
    version = versions.version(by.desk, change, person=by.person)
    kept = _preview(by, change)
    book = lexicon_book.read(by.desk, person=by.person)
    return draw_lexicons(
        request,
        "change.html",
        by=by,
        version=version,
        active=in_force(known),
        diff=difference(by.desk, change, person=by.person),
        kept=kept,
        labels={one.id: one.file.label for one in book.rules},
        abouts=abouts_of(book),
        ordered=_ordered(by, version),
        obstacle=_obstacle(by, version, in_force(known), kept),
        is_own=version.proposed_by.id == by.person,
        open_states=OPEN_STATES,
    )


def _preview(by: Viewer, change: str) -> Kept | None:
    try:
        return lexicon_preview.last_preview(by.desk, change, person=by.person)
    except NotFoundError:
        return None


def _ordered(by: Viewer, version: LexiconVersion) -> str | None:
    """Return how the preview that he ordered is doing, while it matters."""
    if version.state != "proposed" or not by.may("propose_lexicon"):
        return None
    return lexicon_preview.under_way(by.desk, version.change, person=by.person)


def _obstacle(
    by: Viewer,
    version: LexiconVersion,
    active: LexiconVersion | None,
    kept: Kept | None,
) -> str | None:
    """Return what stands in the way of putting it into force, as the rules would say.

    It only spares a press that would be refused: the use case asks every rule again.
    """
    if version.base != (active.change if active else None):
        return "提出之后，已启用了另一版本；请在现行版本上重新提出，并退回这一次。"
    if version.proposed_by.id == by.person:
        return "这次改动是您提出的，请由保密办另一位审查员启用。您可以收回。"
    if kept is None:
        return "还没有预演。请先预演，看过结果再启用。"
    if not kept.preview.sound:
        return "预演没有通过，不能启用；请退回，由提出人改正后重新提出。"
    return None
