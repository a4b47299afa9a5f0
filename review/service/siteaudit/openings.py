"""Findings that became cases of their own, as the sealed entries tell."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import TypeAlias

from review import clock
from review.ledger import statement
from review.ports.records import Reading
from review.service.recording import load
from review.siteaudit.events import Found, SiteAudited, SiteFindingOpened
from review.siteaudit.interface import KIND_WORDS, Deviation

Key: TypeAlias = tuple[str, str, str]


def openings(records: Reading) -> tuple[SiteFindingOpened, ...]:
    """Return every finding that became a case, oldest first."""
    said = (
        statement.read(one.statement).event
        for one in records.entries_of_kind("site.finding_opened")
    )
    return tuple(one for one in said if isinstance(one, SiteFindingOpened))


def last_told(records: Reading) -> Mapping[str, str]:
    """Return, for each case that the last audits told of, what and when, in words.

    The last walk through the site counts, and the last look at what was cleared, with
    all its portions: what is no longer found there is settled. While a look is under
    way, the one before counts too.
    """
    every = audited(records)
    walks = [one for one in every if one.mode != "published"]
    looks = runs(every)
    ended = [at for at, one in enumerate(looks) if one[-1].ends]
    last = looks[max(ended, default=0) :]
    return {
        each.case: f"巡查 {clock.china_date(event.at)}：{KIND_WORDS[each.kind]}"
        for event in (*walks[-1:], *chain.from_iterable(last))
        for each in event.found
        if each.case is not None
    }


def audited(records: Reading) -> tuple[SiteAudited, ...]:
    """Return every audit on record, oldest first."""
    said = (
        statement.read(one.statement).event
        for one in records.entries_of_kind("site.audited")
    )
    return tuple(one for one in said if isinstance(one, SiteAudited))


def runs(every: Iterable[SiteAudited]) -> list[list[SiteAudited]]:
    """Return the looks at what was cleared, each in its portions, by their first."""
    found: dict[str, list[SiteAudited]] = {}
    for one in every:
        if one.mode == "published":
            found.setdefault(one.run or one.audit, []).append(one)
    return list(found.values())


def by_finding(
    records: Reading, about: Collection[Key] | None = None
) -> Mapping[Key, str]:
    """Return the case that each finding became; of those `about` alone, where given.

    A case that was withdrawn was decided by nobody: its finding is open again.
    """
    return {
        key_of(one.found): one.case
        for one in openings(records)
        if (about is None or key_of(one.found) in about)
        and load(records, one.case).stage != "withdrawn"
    }


def key_of(one: Found | Deviation) -> Key:
    """Return what a finding is known by: its kind, address and digest."""
    return one.kind, one.address, one.digest


def by_case(opened: tuple[SiteFindingOpened, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the cases that were opened about each cleared case."""
    found: dict[str, tuple[str, ...]] = {}
    for one in opened:
        if one.about is not None:
            found[one.about] = (*found.get(one.about, ()), one.case)
    return found
