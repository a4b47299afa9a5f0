"""Sums over departments, for the last row of a summary."""

from collections.abc import Iterable
from typing import Final

from review.paper.interface import DepartmentCounts, YearlyRow

TOTAL: Final = "合计"


def total(rows: Iterable[DepartmentCounts]) -> DepartmentCounts:
    """Return the sums of all counts, under the name 合计."""
    rows = tuple(rows)
    return DepartmentCounts(
        department=TOTAL,
        submitted=sum(one.submitted for one in rows),
        rounds=sum(one.rounds for one in rows),
        cleared=sum(one.cleared for one in rows),
        cleared_after_changes=sum(one.cleared_after_changes for one in rows),
        partly=sum(one.partly for one in rows),
        refused=sum(one.refused for one in rows),
        withdrawn=sum(one.withdrawn for one in rows),
        referred=sum(one.referred for one in rows),
        concluded=sum(one.concluded for one in rows),
        working_days=sum(one.working_days for one in rows),
        overdue=sum(one.overdue for one in rows),
        findings=sum(one.findings for one in rows),
        incidents=sum(one.incidents for one in rows),
    )


def mean_days(one: DepartmentCounts) -> float | None:
    """Return the working days an item took on average; None where none ended."""
    return round(one.working_days / one.concluded, 1) if one.concluded else None


def share(part: int, whole: int) -> float | None:
    """Return `part` of `whole` as 0 to 1; None where there is nothing to divide."""
    return round(part / whole, 4) if whole else None


def year_total(rows: Iterable[YearlyRow]) -> YearlyRow:
    """Return the sum of all departments' years."""
    every = tuple(rows)
    return YearlyRow(
        counts=total(one.counts for one in every),
        first_round=sum(one.first_round for one in every),
        overturned=sum(one.overturned for one in every),
        unreviewed=sum(one.unreviewed for one in every),
        audit_found=sum(one.audit_found for one in every),
        audit_settled=sum(one.audit_settled for one in every),
    )
