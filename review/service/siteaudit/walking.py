"""Walks a site from its first page, address by address, within bounds."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TypeAlias

from review import digests
from review.contents.survey import MOST_ADDRESSES, Surveyor
from review.errors import UnreadableError
from review.ports.websites import Fetched, Website
from review.siteaudit import addresses
from review.siteaudit.interface import SeenFile, SeenPage, Unexamined

# Of one path with ever other queries no more are visited.
_MOST_VARIANTS: Final = 200
_MEGABYTE: Final = 1024 * 1024

# Told how many addresses were visited, and how many are known to wait.
Told: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkBounds:
    """How far a walk goes: addresses, megabytes and minutes, all together."""

    addresses: int = 20_000
    megabytes: int = 4_096
    minutes: int = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """What was seen on the way; `gone` are addresses at which nothing is published.

    `moved` leads from an address to the one under which the same was seen.
    """

    pages: tuple[SeenPage, ...]
    files: tuple[SeenFile, ...]
    unexamined: tuple[Unexamined, ...]
    gone: frozenset[str]
    moved: Mapping[str, str]
    assets: int


@dataclass(slots=True)
class _Walk:
    """A walk under way."""

    site: Website
    surveyor: Surveyor
    bounds: WalkBounds
    told: Told | None
    waiting: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    variants: Counter[str] = field(default_factory=Counter)
    pages: dict[str, SeenPage] = field(default_factory=dict)
    files: dict[str, SeenFile] = field(default_factory=dict)
    missed: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    same: dict[tuple[str, str], str] = field(default_factory=dict)
    assets: int = 0
    visited: int = 0
    size: int = 0

    def meet(self, found: Iterable[str]) -> None:
        """Put addresses of the site that are new on the list."""
        for one in found:
            if one in self.known or not addresses.is_at_home(one, self.site.home):
                continue
            self.known.add(one)
            if addresses.is_asset(one):
                self.assets += 1
            elif addresses.is_trap(one):
                self.missed[one] = "网址过长或层层重复，像是没有尽头的链接，没有访问。"
            elif not self.site.may_visit(one):
                self.missed[one] = "robots.txt 不让访问。"
            else:
                self._queue(one)

    def listed(self) -> Iterator[str]:
        """Yield what the site lists, and put down which of its lists can't be read."""
        for one in self.site.listed():
            if isinstance(one, str):
                yield one
            elif one.problem is not None:
                self.missed[one.address] = one.problem

    def _queue(self, one: str) -> None:
        bare = addresses.bare(one)
        self.variants[bare] += bare != one
        if self.variants[bare] > _MOST_VARIANTS:
            self.missed[bare] = (
                f"同一网址带的参数超过 {_MOST_VARIANTS} 种，其余没有访问。"
            )
        else:
            self.waiting.append(one)

    def visit(self, one: str) -> None:
        """Fetch one address, and take in what it answers."""
        fetched = self.site.fetch(one)
        self.visited += 1
        at = fetched.address
        self.known.add(at)
        if at != one:
            self.moved[one] = at
        if fetched.problem is not None:
            self.missed[at] = fetched.problem
        elif fetched.data is None:
            self.gone.add(at)
        elif at not in self.pages and at not in self.files:
            self.size += len(fetched.data)
            self._take_in(at, fetched.data)

    def _take_in(self, at: str, data: bytes) -> None:
        digest = digests.of_bytes(data)
        # With index.html or without, with this query or that: one page, told once.
        name = addresses.key(addresses.bare(at)), digest
        first = self.same.setdefault(name, at)
        if first != at:
            self.moved[at] = first
            return
        try:
            survey = self.surveyor(data, addresses.file_name(at))
        except UnreadableError as error:
            self.missed[at] = error.message
            survey = None
        if survey is None:
            self.files[at] = SeenFile(address=at, digest=digest, size=len(data))
            return
        base = (addresses.spelled(survey.base, at) or at) if survey.base else at
        if MOST_ADDRESSES in {len(survey.links), len(survey.pictures)}:
            self.missed[at] = f"链接或图片超过 {MOST_ADDRESSES} 个，其余没有访问。"
        for one in (*survey.links, *survey.pictures):
            if addresses.is_odd(one, base):
                self.missed[one.strip()] = "网址的端口写得不对，没有访问。"
        links = tuple(_spelled(survey.links, base, self.site.home))
        pictures = tuple(_spelled(survey.pictures, base, self.site.home))
        self.pages[at] = SeenPage(
            address=at, digest=digest, survey=survey, links=links, pictures=pictures
        )
        self.meet((*links, *pictures))

    def is_over(self) -> str | None:
        """Return why the walk ends before all was visited, None while it goes on."""
        if self.visited >= self.bounds.addresses:
            return f"已访问 {self.visited} 个网址，到了上限 audit_addresses"
        if self.size > self.bounds.megabytes * _MEGABYTE:
            return f"已读 {self.size // _MEGABYTE} MB，到了上限 audit_megabytes"
        return None


def walk(
    site: Website,
    seeds: Iterable[str],
    *,
    surveyor: Surveyor,
    bounds: WalkBounds,
    told: Told | None = None,
) -> Walked:
    """Visit all of a site that can be reached from its first page, its lists and `seeds`."""
    at = _Walk(site, surveyor, bounds, told)
    at.meet((site.home,))
    at.meet(_spelled(seeds, site.home, site.home))
    at.meet(_spelled(at.listed(), site.home, site.home))
    end = time.monotonic() + bounds.minutes * 60
    why = None
    while at.waiting and why is None:
        at.visit(at.waiting.popleft())
        if told is not None:
            told(at.visited, len(at.waiting))
        why = at.is_over()
        if why is None and time.monotonic() > end:
            why = f"已用 {bounds.minutes} 分钟，到了上限 audit_minutes"
    if at.waiting:
        at.missed[site.home] = f"{why}，还有 {len(at.waiting)} 个网址没有检查。"
    return Walked(
        pages=tuple(_with_moved(at.pages[one], at.moved) for one in sorted(at.pages)),
        files=tuple(_with_pages(at)),
        unexamined=tuple(
            Unexamined(address=one, reason=at.missed[one]) for one in sorted(at.missed)
        ),
        gone=frozenset(at.gone),
        moved=at.moved,
        assets=at.assets,
    )


def again(site: Website, address: str, digest: str) -> bytes | None:
    """Return the bytes that were seen at an address; None if they are others now."""
    fetched: Fetched = site.fetch(address)
    same = fetched.data is not None and digests.of_bytes(fetched.data) == digest
    return fetched.data if same else None


def _with_moved(page: SeenPage, moved: Mapping[str, str]) -> SeenPage:
    """Return a page that names everything under the address at which it was seen."""
    return replace(
        page,
        links=tuple(moved.get(one, one) for one in page.links),
        pictures=tuple(moved.get(one, one) for one in page.pictures),
    )


def _with_pages(at: _Walk) -> Iterator[SeenFile]:
    named: dict[str, list[str]] = {}
    for page in at.pages.values():
        for one in dict.fromkeys((*page.links, *page.pictures)):
            named.setdefault(at.moved.get(one, one), []).append(page.address)
    for address in sorted(at.files):
        pages = tuple(sorted(named.get(address, ())))
        yield replace(at.files[address], pages=pages)


def _spelled(found: Iterable[str], base: str, home: str) -> Iterator[str]:
    for one in found:
        spelling = addresses.spelled(one, base)
        if spelling is not None:
            yield addresses.at_home(spelling, home)
