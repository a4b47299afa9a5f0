"""What stands on many pages of a site: its template, as far as it can be told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import regex

from review.contents import address
from review.contents.interface import Kind, Piece
from review.siteaudit.bodies import parts_of, squeeze
from review.siteaudit.interface import SeenPage

# On fewer pages than these nothing is a template's.
_FEWEST: Final = 3
_OF_SITE: Final = 5  # one in so many pages of the whole site
_OF_FOLDER: Final = 2  # or of one of its folders
_LONGEST_NAME: Final = 20
_OBJECTS: Final[frozenset[Kind]] = frozenset(
    {"image", "media", "object", "alt", "link", "math", "form", "style", "active"}
)
_DIGITS: Final = regex.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Common:
    """The texts, objects and hidden texts that pages share.

    `names` may be the site's own beside the title of a page, where there are too few
    pages to tell.
    """

    texts: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def common_of(pages: Iterable[SeenPage]) -> Common:
    """Return what stands on three pages and more: one in five, or half of a folder's."""
    every = tuple(pages)
    folders = Counter(_folder(one.address) for one in every)
    texts, objects, hidden = _Tally(), _Tally(), _Tally()
    for one in every:
        folder = _folder(one.address)
        # Of a page's title the site's name is the template's.
        named = set(parts_of(one.survey.title))
        texts.add(folder, named | {squeeze(each.text) for each in one.survey.shown})
        objects.add(folder, set(object_keys(one)))
        hidden.add(folder, set(one.survey.contents.hidden))
    return Common(
        texts.common(folders),
        objects.common(folders),
        hidden.common(folders),
        _names(every) if 0 < len(every) < _FEWEST else frozenset(),
    )


def _names(every: Sequence[SeenPage]) -> frozenset[str]:
    """Return the short parts that all titles have."""
    parts = (frozenset(parts_of(one.survey.title)) for one in every)
    shared = frozenset.intersection(*parts)
    return frozenset(one for one in shared if len(one) <= _LONGEST_NAME)


def object_keys(page: SeenPage) -> Iterator[str]:
    """Yield what stands for each object of a page in comparisons with other pages."""
    base = base_of(page)
    for piece in page.survey.contents.body:
        if piece.kind in _OBJECTS:
            yield object_key(piece, base)


def object_key(piece: Piece, base: str) -> str:
    """Return what stands for an object: its kind, and its address in full or value.

    Numbers in a program that stands in the page itself are no difference: they count
    visitors, or name the page.
    """
    value = piece.value
    if piece.kind in {"image", "media", "link"} and not value.startswith("sha256:"):
        value = address.canonical(value, base)
    if piece.kind == "active" and " src=" not in value:
        value = _DIGITS.sub("0", value)
    return f"{piece.kind} {value}"


def base_of(page: SeenPage) -> str:
    """Return what the page's own addresses are relative to."""
    own = page.survey.base
    return address.canonical(own, page.address) if own else page.address


class _Tally:
    """Counts on how many pages, and on how many of each folder, something stands."""

    def __init__(self) -> None:
        self._all: Counter[str] = Counter()
        self._within: Counter[tuple[str, str]] = Counter()

    def add(self, folder: str, found: set[str]) -> None:
        """Count one page."""
        self._all.update(found)
        self._within.update((folder, one) for one in found)

    def common(self, folders: Counter[str]) -> frozenset[str]:
        """Return what stands on enough of them."""
        total = folders.total()
        often = {
            one for one, count in self._all.items() if _enough(count, total, _OF_SITE)
        }
        often |= {
            one
            for (folder, one), count in self._within.items()
            if _enough(count, folders[folder], _OF_FOLDER)
        }
        return frozenset(often)


def _enough(count: int, of: int, share: int) -> bool:
    return count >= _FEWEST and count * share >= of


def _folder(spelling: str) -> str:
    return urlsplit(spelling).path.rpartition("/")[0]
