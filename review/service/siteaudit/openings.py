"""Findings that became cases of their own, as the sealed entries tell."""

from collections.abc import Mapping

from review.ledger import statement
from review.ports.records import Reading
from review.siteaudit.events import SiteFindingOpened


def openings(records: Reading) -> tuple[SiteFindingOpened, ...]:
    """Return every finding that became a case, oldest first."""
    said = (
        statement.read(one.statement).event
        for one in records.entries_of_kind("site.finding_opened")
    )
    return tuple(one for one in said if isinstance(one, SiteFindingOpened))


def by_finding(
    opened: tuple[SiteFindingOpened, ...],
) -> Mapping[tuple[str, str, str], str]:
    """Return the case that each finding became, by kind, address and digest."""
    return {
        (one.found.kind, one.found.address, one.found.digest): one.case
        for one in opened
    }


def by_case(opened: tuple[SiteFindingOpened, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return the cases that were opened about each cleared case."""
    found: dict[str, tuple[str, ...]] = {}
    for one in opened:
        if one.about is not None:
            found[one.about] = (*found.get(one.about, ()), one.case)
    return found
