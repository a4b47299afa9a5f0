"""Contents as bare characters: what is left of them when they are pasted somewhere.

Links, pictures, the grid of a table, superscript are lost on the way and do not count
here; `unseen` says what of that there is. Every character still counts.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import regex

from review.contents.flow import Flow
from review.contents.interface import Contents, Kind, Piece

_PARTING: Final[frozenset[Kind]] = frozenset({"table", "row", "cell", "end"})
_PICTURES: Final[frozenset[Kind]] = frozenset({"image", "media", "object"})
# What can write by itself, so that its own wording counts.
_WRITING: Final[frozenset[Kind]] = frozenset({"active", "style"})
_SHOWN: Final[frozenset[Kind]] = _PICTURES | _WRITING | {"math", "form"}
# What a browser writes for the points of a list, which say nothing.
_POINTS: Final = regex.compile(r"(?m)^[ \t]*[•●○■▪◦*·][ \t\xa0]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """How much of some contents a pasted text can't show."""

    pictures: int = 0
    links: int = 0
    formulas: int = 0
    attachments: int = 0


def is_text(contents: Contents) -> bool:
    """Tell whether the characters are known: no part is bound by a file's bytes alone."""
    return all(one.kind != "bytes" for one in contents.body)


def bare(contents: Contents, *, title: str = "") -> Contents:
    """Return the characters alone, with a title before them where one is given."""
    flow = Flow()
    flow.text(title)
    flow.gap()
    for piece in contents.body:
        if piece.kind == "text":
            flow.text(piece.value)
        elif piece.kind in _PARTING:
            flow.gap()
    return Contents(flow.finish())


def pasted(text: str, *, points: bool = True) -> Contents:
    """Return what was pasted, without the points of lists if `points` is false."""
    flow = Flow()
    flow.text(text if points else _POINTS.sub("", text))
    return Contents(flow.finish())


def unseen(contents: Contents) -> Unseen:
    """Return what stands in contents beside their characters."""
    kinds = Counter(one.kind for one in contents.body)
    return Unseen(
        pictures=sum(kinds[one] for one in _PICTURES),
        links=len(targets(contents)),
        formulas=kinds["math"],
        attachments=len(contents.attachments),
    )


def targets(contents: Contents) -> frozenset[str]:
    """Return where the links of some contents lead."""
    return frozenset(one.link or one.value for one in contents.body if _leads(one))


def shows_more(before: Contents, after: Contents) -> bool:
    """Tell whether `after` shows or runs what `before` did not, beside characters.

    Pictures and formulas are counted, for another program packs them anew.
    """
    had, has = (Counter(map(_shown, one.body)) for one in (before, after))
    return any(kind in _SHOWN for kind, _ in has - had)


def _shown(piece: Piece) -> tuple[Kind, str]:
    return piece.kind, piece.value if piece.kind in _WRITING else ""


def _leads(piece: Piece) -> bool:
    return bool(piece.link) or piece.kind == "link"
