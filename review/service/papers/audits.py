"""How many findings of audits became cases in a year, by department (001:54)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from review import clock
from review.ports.records import Reading
from review.service.desk import Desk
from review.service.papers.register import GROUPS
from review.service.papers.statistics import Figures
from review.service.siteaudit.openings import key_of, openings
from review.siteaudit.interface import AuditKind

# What nobody had finished reviewing when it went out (001:53).
_UNREVIEWED: Final[frozenset[AuditKind]] = frozenset({"not_reviewed", "pending"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFigures:
    """A department's findings of a year that became cases; `settled` are decided."""

    found: int = 0
    settled: int = 0
    unreviewed: int = 0


def seen(desk: Desk, figures: Figures) -> Mapping[str, AuditFigures]:
    """Return the audits' figures of the same days and departments as other figures."""
    with desk.store.reading() as records:
        found = audit_figures(records, since=figures.since, until=figures.until)
    visible = figures.departments
    return {
        name: one for name, one in found.items() if visible is None or name in visible
    }


def audit_figures(
    records: Reading, *, since: date, until: date
) -> Mapping[str, AuditFigures]:
    """Return the figures by department of some days (China's time), both included."""
    found, settled, unreviewed = Counter[str](), Counter[str](), Counter[str]()
    # Opened again after it was withdrawn, a finding is still one.
    last = {
        key_of(one.found): one
        for one in openings(records)
        if since <= clock.china_date(one.at) <= until
    }
    for one in last.values():
        row = records.register_row(one.case)
        found[one.department] += 1
        unreviewed[one.department] += one.found.kind in _UNREVIEWED
        if row is not None and row.stage not in GROUPS["under_way"]:
            settled[one.department] += 1
    return {
        name: AuditFigures(
            found=found[name], settled=settled[name], unreviewed=unreviewed[name]
        )
        for name in sorted(found)
    }
