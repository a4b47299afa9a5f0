"""The register, the monthly summary and the yearly figures, worked out from the record.

Everything counts by the day an item was first handed in (China's time), with
what has become of it since.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from review import clock
from review.case import publishing
from review.case.case import CLEARED_STAGES, FINAL_STAGES, Case, Stage
from review.case.words import CHANNELS, CONCLUSIONS, GROUNDS, OUTCOMES, SOURCES, STAGES
from review.errors import UsageError
from review.paper import interface as paper
from review.ports.records import Reading, RegisterQuery, RegisterRow
from review.ports.statistics import RoundJudged, StatisticsQuery
from review.service.desk import Desk
from review.service.papers import register
from review.service.papers.audits import AuditFigures, audit_figures
from review.service.papers.forms import form_number
from review.service.recording import load
from review.service.siteaudit.openings import last_told
from review.service.tally import rounds_of

# Half a minute to make; a college has that many in years.
MOST_ROWS: Final = 10_000
_PAGE: Final = 500
# Whatever stands there has a first pass.
_CONCLUDED: Final[frozenset[Stage]] = frozenset(
    {"endorsing", "signing", "referred", "leading", "clearing"}
)
_DONE: Final[frozenset[Stage]] = FINAL_STAGES | CLEARED_STAGES | {"expired", "revoked"}


@dataclass(frozen=True, slots=True)
class _Filed:
    """A case with its row in the register."""

    case: Case
    row: RegisterRow


@dataclass(frozen=True, slots=True)
class _Tallied:
    """A row of the register with what was concluded of its rounds; no case is read."""

    row: RegisterRow
    rounds: tuple[RoundJudged, ...]

    @property
    def cleared_at(self) -> datetime | None:
        """Return when it was cleared for the first time."""
        return min(
            (one.cleared_at for one in self.rounds if one.cleared_at), default=None
        )

    @property
    def in_first_round(self) -> bool:
        """Tell whether its first round was cleared."""
        return any(one.round == 1 and one.cleared_at for one in self.rounds)

    @property
    def is_partly(self) -> bool:
        """Tell whether the office ever let a part of it out only."""
        return any(one.outcome == "partial" for one in self.rounds)

    @property
    def was_uncertain(self) -> bool:
        """Tell whether the department ever left it to the office."""
        return any(one.conclusion == "uncertain" for one in self.rounds)

    @property
    def was_overturned(self) -> bool:
        """Tell whether the office ever decided otherwise than was proposed."""
        return any(
            one.conclusion == "agree" and one.outcome not in {None, "clear"}
            for one in self.rounds
        )


def register_sheet(
    desk: Desk, *, since: date, until: date, person: str
) -> paper.Register:
    """Return the register of the items handed in on those days, both included."""
    return register_found(desk, handed_in(since, until), person=person)


def register_found(
    desk: Desk, query: RegisterQuery, *, person: str, most: int = MOST_ROWS
) -> paper.Register:
    """Return the register of all items that a query finds, whatever its page.

    Raises:
        UsageError: They are more than `most`.
    """
    found = tuple(islice(_filed(desk, query, person), most + 1))
    if len(found) > most:
        raise UsageError(
            f"符合条件的审查件超过 {most} 件，请缩短日期或按部门分次导出。"
        )
    filed = sorted(found, key=lambda one: one.row.sequence)
    today = clock.china_date(desk.now())
    days = [clock.china_date(one.row.submitted_at) for one in filed]
    since, until = query.submitted_from, query.submitted_until
    with desk.store.reading() as records:
        told = last_told(records)
    return paper.Register(
        office=desk.office.name,
        since=clock.china_date(since) if since else min(days, default=today),
        until=_last_day(until) if until else max(days, default=today),
        rows=tuple(_line(desk, one, told) for one in filed),
        printed_at=desk.now(),
    )


def handed_in(since: date, until: date) -> RegisterQuery:
    """Return the query for the items handed in on those days, both included."""
    return RegisterQuery(
        submitted_from=clock.midnight(since),
        submitted_until=clock.midnight(until, days=1),
    )


def monthly_summary(
    desk: Desk, *, year: int, month: int, person: str
) -> paper.MonthlySummary:
    """Return the month by department (月度汇总表)."""
    since = date(year, month, 1)
    until = (since + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    tallied = _tallied(desk, handed_in(since, until), person)
    return paper.MonthlySummary(
        office=desk.office.name,
        year=year,
        month=month,
        rows=tuple(_counts(desk, name, of) for name, of in _by_department(tallied)),
        printed_at=desk.now(),
    )


def yearly_figures(desk: Desk, *, year: int, person: str) -> paper.YearlyFigures:
    """Return the year by department, for the assessment (001:54)."""
    query = handed_in(date(year, 1, 1), date(year, 12, 31))
    tallied = _tallied(desk, query, person)
    with desk.store.reading() as records:
        audits = audit_figures(
            records, since=date(year, 1, 1), until=date(year, 12, 31)
        )
    return paper.YearlyFigures(
        office=desk.office.name,
        year=year,
        rows=tuple(
            _of_the_year(desk, name, of, audits.get(name, AuditFigures()))
            for name, of in _by_department(tallied)
        ),
        printed_at=desk.now(),
    )


def _of_the_year(
    desk: Desk, name: str, of: tuple[_Tallied, ...], audits: AuditFigures
) -> paper.YearlyRow:
    return paper.YearlyRow(
        counts=_counts(desk, name, of),
        first_round=sum(one.in_first_round for one in of),
        overturned=sum(one.was_overturned for one in of),
        unreviewed=audits.unreviewed,
        audit_found=audits.found,
        audit_settled=audits.settled,
    )


def _filed(desk: Desk, query: RegisterQuery, person: str) -> Iterator[_Filed]:
    for rows in _pages(desk, query, person):
        with desk.store.reading() as records:
            yield from (_Filed(load(records, one.number), one) for one in rows)


def _tallied(desk: Desk, query: RegisterQuery, person: str) -> tuple[_Tallied, ...]:
    """Return the cases of some days without reading each: a page shows their sums."""
    since, until = query.submitted_from, query.submitted_until
    if since is None or until is None:
        raise UsageError("汇总须有起止日期。")
    found = [row for rows in _pages(desk, query, person) for row in rows]
    asked = StatisticsQuery(
        submitted_from=since,
        submitted_until=until,
        departments=tuple({one.department for one in found}),
        today=clock.china_date(desk.now()),
    )
    with desk.store.reading() as records:
        known = records.statistics.rounds(asked)
        return tuple(
            _Tallied(row, known.get(row.sequence) or _rounds(records, row))
            for row in found
        )


def _rounds(records: Reading, row: RegisterRow) -> tuple[RoundJudged, ...]:
    """Return the rounds of a case that has none counted.

    After an upgrade that may be one that was concluded long ago: it is counted by
    the next tidying, and until then looked up, since a report must be right.
    """
    if row.outcome is None and row.stage not in _CONCLUDED:
        return ()
    return rounds_of(load(records, row.number))


def _pages(
    desk: Desk, query: RegisterQuery, person: str
) -> Iterator[tuple[RegisterRow, ...]]:
    query = replace(query, before=None, limit=_PAGE)
    while True:
        rows = register.page(desk, query, person=person)
        yield rows
        if len(rows) < _PAGE:
            return
        query = replace(query, before=rows[-1].sequence)


def _last_day(until: datetime) -> date:
    """Return the last day before a moment."""
    return clock.china_date(until - timedelta(microseconds=1))


def _by_department(
    tallied: Iterable[_Tallied],
) -> tuple[tuple[str, tuple[_Tallied, ...]], ...]:
    groups: dict[str, list[_Tallied]] = {}
    for one in tallied:
        groups.setdefault(one.row.department, []).append(one)
    return tuple((name, tuple(groups[name])) for name in sorted(groups))


def _counts(
    desk: Desk, department: str, tallied: tuple[_Tallied, ...]
) -> paper.DepartmentCounts:
    later = [one for one in tallied if one.cleared_at and not one.in_first_round]
    days = [_days_taken(desk, one.row, one.cleared_at) for one in tallied]
    done = [one for one in days if one is not None]
    return paper.DepartmentCounts(
        department=department,
        submitted=len(tallied),
        rounds=sum(one.row.round for one in tallied),
        cleared=sum(one.in_first_round for one in tallied),
        cleared_after_changes=sum(not one.is_partly for one in later),
        partly=sum(one.is_partly for one in later),
        refused=sum(one.row.stage == "refused" for one in tallied),
        withdrawn=sum(one.row.stage == "withdrawn" for one in tallied),
        referred=sum(one.was_uncertain for one in tallied),
        concluded=len(done),
        working_days=sum(done),
        overdue=sum(
            one.row.late_steps > 0 or _late_now(desk, one.row) for one in tallied
        ),
        findings=sum(one.row.findings for one in tallied),
        incidents=sum(one.row.incidents for one in tallied),
    )


def _line(desk: Desk, filed: _Filed, told: Mapping[str, str]) -> paper.RegisterRow:
    case, row = filed.case, filed.row
    first, signed, grant = case.round.first_pass, case.round.sign_off, case.grant
    return paper.RegisterRow(
        number=form_number(row.number),
        title=row.title,
        department=row.department,
        submitted_by=row.submitted_by,
        submitted=clock.china_date(row.submitted_at),
        source=SOURCES[case.item.source.kind],
        channels=tuple(CHANNELS[one] for one in case.item.channels),
        rounds=row.round,
        findings=row.findings,
        state=STAGES[row.stage],
        first_reviewer=first.by.name if first else "",
        first_conclusion=CONCLUSIONS[first.conclusion] if first else "",
        outcome=OUTCOMES[signed.outcome] if signed else "",
        ground=GROUNDS[signed.ground] if signed and signed.ground else "",
        signer=signed.by.name if signed else "",
        signed=clock.china_date(signed.at) if signed else None,
        clearance=grant.id if grant else "",
        valid_until=clock.china_date(grant.valid_until) if grant else None,
        published="；".join(one.address for one in case.publications),
        working_days=_days_taken(
            desk, row, case.grants[0].valid_from if case.grants else None
        ),
        overdue=row.late_steps > 0 or _late_now(desk, row),
        remark="标题已封存" if case.sealed else _remark(desk, case, told),
    )


def _remark(desk: Desk, case: Case, told: Mapping[str, str]) -> str:
    missing = publishing.unrecorded(case, desk.policy)
    names = "、".join(CHANNELS[one] for one in missing)
    unrecorded = f"未登记发布：{names}" if names else ""
    return "；".join(filter(None, (unrecorded, told.get(case.number, ""))))


def _days_taken(
    desk: Desk, row: RegisterRow, cleared_at: datetime | None
) -> int | None:
    """Return the working days from handing in to the decision; None while open."""
    if row.stage not in _DONE:
        return None
    handed_in, ended = row.submitted_at, cleared_at or row.since
    return desk.days.between(clock.china_date(handed_in), clock.china_date(ended))


def _late_now(desk: Desk, row: RegisterRow) -> bool:
    return row.due_on is not None and row.due_on < clock.china_date(desk.now())
