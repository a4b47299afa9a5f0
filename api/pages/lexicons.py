"""The lexicons in force, looked through by clause, by rule, by shared list or by a word."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from api.pages import lexicon_words
from api.pages.frame import Looking, Viewer, draw
from api.pages.navigation import Entry
from review.access.permissions import OFFICE_VERBS
from review.detect.rule_file import ContextFile
from review.errors import NotFoundError
from review.service.lexicons import book as lexicon_book
from review.service.lexicons import browse
from review.service.lexicons.book import Book, Rule
from review.service.lexicons.browse import Branch, Leaf

router: Final = APIRouter()

MOST_HITS: Final = 60
# In the order of the tabs.
SECTIONS: Final[tuple[Entry, ...]] = (
    Entry("/lexicons", "规则", frozenset(OFFICE_VERBS["read_lexicons"])),
    Entry("/lexicons/changes", "改动", frozenset(OFFICE_VERBS["see_lexicon_changes"])),
    Entry("/lexicons/propose", "提出改动", frozenset(OFFICE_VERBS["propose_lexicon"])),
)


class Asked(BaseModel):
    """What somebody wants to see: a clause, a rule, a shared list, or who knows a word."""

    clause: str = Field(default="", max_length=50)
    rule: str = Field(default="", max_length=200)
    words: str = Field(default="", max_length=200)
    q: str = Field(default="", max_length=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stands beside the tree: a clause, one rule of it, or a shared list."""

    branch: Branch | None = None
    leaf: Leaf | None = None
    items: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


@router.get("/lexicons", response_class=HTMLResponse)
def page(
    request: Request, by: Looking, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """Show the tree of clauses, and beside it what was asked for."""
    book = lexicon_book.read(by.desk, person=by.person)
    hits = browse.rules_with(book, asked.q)
    return draw_lexicons(
        request,
        "browse.html",
        by=by,
        book=book,
        tree=browse.tree(book),
        shown=_shown(book, asked),
        chosen=asked.rule,
        named_list=_list(book, asked.words) if asked.words else None,
        users=browse.users_of(book, asked.words),
        q=asked.q.strip(),
        hits=hits[:MOST_HITS],
        found=len(hits),
        list_hits=browse.lists_with(book, asked.q),
        origins=_origins(book),
        abouts=abouts_of(book),
    )


def draw_lexicons(
    request: Request, template: str, *, by: Viewer, **values: Any
) -> HTMLResponse:
    """Return a page on the lexicons, under the tabs of whoever looks."""
    return draw(
        request,
        f"lexicons/{template}",
        by=by,
        sections=by.own(SECTIONS),
        proposes=by.may("propose_lexicon"),
        sees_changes=by.may("see_lexicon_changes"),
        named=lexicon_words,
        **values,
    )


def abouts_of(book: Book) -> dict[str, str]:
    """Return what each shared list is about, by its name."""
    return {one.name: one.about for one in book.lists}


def _shown(book: Book, asked: Asked) -> Shown | None:
    """Return the clause that was asked for, or the one of a rule that was.

    Raises:
        NotFoundError: There is no such clause or rule.
    """
    clause = asked.clause
    if asked.rule:
        clause = lexicon_book.named(book, asked.rule).file.clause
    if not clause:
        return None
    for branch in browse.tree(book):
        for leaf in branch.leaves:
            if leaf.clause == clause:
                return Shown(
                    branch=branch,
                    leaf=leaf,
                    items=browse.items_of(book, clause),
                    rules=browse.of_clause(book, clause),
                )
    raise NotFoundError("词库里没有这个条款，请核对写法，例如 001:12(15)。")


def _list(book: Book, name: str) -> ContextFile:
    for one in book.lists:
        if one.name == name:
            return one
    raise NotFoundError("没有这个共用词表，请核对名称。")


def _origins(book: Book) -> dict[str, int]:
    counted = dict.fromkeys(lexicon_words.ORIGINS, 0)
    for one in book.rules:
        counted[one.origin] += 1
    return {str(one): count for one, count in counted.items()}
