"""Everything that the record knows, by what a page or file can be recognised by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from review.contents.hidden import digest_of
from review.siteaudit import addresses
from review.siteaudit.bodies import squeeze, squeezed
from review.siteaudit.interface import Reviewed

_PART: Final = "\x00"
_SHORTEST_TITLE: Final = 6
_HEAD: Final = 12


@dataclass(frozen=True)
class Library:
    """The reviewed items; `home` is what addresses without a host are relative to."""

    items: tuple[Reviewed, ...]
    home: str

    @cached_property
    def by_address(self) -> Mapping[str, tuple[Reviewed, ...]]:
        """Return the items by the addresses at which they were published, last first."""
        found: dict[str, list[Reviewed]] = defaultdict(list)
        for one in reversed(self.items):
            for each in one.addresses:
                spelling = addresses.spelled(each, self.home)
                if spelling is not None:
                    found[addresses.key(spelling)].append(one)
        return _frozen(found)

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Reviewed, ...]]:
        """Return the items by their titles."""
        found: dict[str, list[Reviewed]] = defaultdict(list)
        for one in reversed(self.items):
            found[squeeze(one.title)].append(one)
        return _frozen(found)

    @cached_property
    def by_file(self) -> Mapping[str, tuple[Reviewed, ...]]:
        """Return the items by the SHA-256 of each of their files and pictures."""
        found: dict[str, list[Reviewed]] = defaultdict(list)
        for one in reversed(self.items):
            for digest in one.files:
                found[digest].append(one)
        return _frozen(found)

    @cached_property
    def live(self) -> tuple[Reviewed, ...]:
        """Return the items that may be public today."""
        return tuple(one for one in self.items if one.standing == "live")

    @cached_property
    def live_titles(self) -> frozenset[str]:
        """Return the titles that may be shown anywhere."""
        return frozenset(squeeze(one.title) for one in self.live)

    @cached_property
    def titles_by_length(self) -> tuple[str, ...]:
        """Return those titles that are long enough to be one wherever they stand."""
        long = (one for one in self.live_titles if len(one) >= _SHORTEST_TITLE)
        return tuple(sorted(long, key=lambda one: (-len(one), one)))

    @cached_property
    def departments(self) -> frozenset[str]:
        """Return the names of departments, which any page may give as its source."""
        return frozenset(squeeze(one.department) for one in self.live)

    @cached_property
    def title_digests(self) -> frozenset[str]:
        """Return what hidden copies of those titles are known by: tooltips of links."""
        return frozenset(digest_of(one.title) for one in self.live)

    @cached_property
    def live_text(self) -> str:
        """Return all words that may be public today, the items apart."""
        return _PART.join(self.text_of[one.case] for one in self.live)

    @cached_property
    def text_of(self) -> Mapping[str, str]:
        """Return each item's visible words without white space, by its case."""
        return {
            one.case: squeezed(one.contents) if one.contents else ""
            for one in self.items
        }

    @cached_property
    def heads(self) -> Mapping[str, tuple[Reviewed, ...]]:
        """Return the items by the first words of their bodies."""
        found: dict[str, list[Reviewed]] = defaultdict(list)
        for one in reversed(self.items):
            if text := self.text_of[one.case]:
                found[text[:_HEAD]].append(one)
        return _frozen(found)


def shown_on(library: Library, text: str) -> Iterable[Reviewed]:
    """Yield the items whose visible words stand in `text` in one stretch."""
    for head, items in library.heads.items():
        if head in text:
            yield from (one for one in items if library.text_of[one.case] in text)


def _frozen(found: Mapping[str, list[Reviewed]]) -> Mapping[str, tuple[Reviewed, ...]]:
    return {name: tuple(items) for name, items in found.items()}
