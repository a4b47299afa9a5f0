"""The register, the monthly summary and the yearly figures, worked out from the record.

Everything counts by the day an item was first handed in (China's time), with
what has become of it since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

from review import clock
from review.case import publishing
from review.case.case import FINAL_STAGES, Case, Stage
from review.case.words import CHANNELS, CONCLUSIONS, GROUNDS, OUTCOMES, SOURCES, STAGES
from review.errors import UsageError
from review.paper import interface as paper
from review.ports.records import RegisterQuery, RegisterRow
from review.service.desk import Desk
from review.service.papers import register
from review.service.papers.forms import form_number
from review.service.recording import load

# Half a minute to make; a college has that many in years.
MOST_ROWS: Final = 10_000
_PAGE: Final = 500
_DONE: Final[frozenset[Stage]] = FINAL_STAGES | {
    "cleared",
    "published",
    "expired",
    "revoked",
}


@dataclass(frozen=True, slots=True)
class _Filed:
    """A case with its row in the register."""

    case: Case
    row: RegisterRow


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
    return paper.Register(
        office=desk.office.name,
        since=clock.china_date(since) if since else min(days, default=today),
        until=_last_day(until) if until else max(days, default=today),
        rows=tuple(_line(desk, one) for one in filed),
        printed_at=desk.now(),
    )


def handed_in(since: date, until: date) -> RegisterQuery:
    """Return the query for the items handed in on those days, both included."""
    return RegisterQuery(
        submitted_from=_midnight(since),
        submitted_until=_midnight(until + timedelta(days=1)),
    )


def monthly_summary(
    desk: Desk, *, year: int, month: int, person: str
) -> paper.MonthlySummary:
    """Return the month by department (月度汇总表)."""
    since = date(year, month, 1)
    until = (since + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    filed = tuple(_filed(desk, handed_in(since, until), person))
    return paper.MonthlySummary(
        office=desk.office.name,
        year=year,
        month=month,
        rows=tuple(_counts(desk, name, of) for name, of in _by_department(filed)),
        printed_at=desk.now(),
    )


def yearly_figures(desk: Desk, *, year: int, person: str) -> paper.YearlyFigures:
    """Return the year by department, for the assessment (001:54)."""
    query = handed_in(date(year, 1, 1), date(year, 12, 31))
    filed = tuple(_filed(desk, query, person))
    return paper.YearlyFigures(
        office=desk.office.name,
        year=year,
        rows=tuple(
            paper.YearlyRow(
                counts=_counts(desk, name, of),
                first_round=sum(_in_first_round(one.case) for one in of),
                overturned=sum(_overturned(one.case) for one in of),
            )
            for name, of in _by_department(filed)
        ),
        printed_at=desk.now(),
    )


def _filed(desk: Desk, query: RegisterQuery, person: str) -> Iterator[_Filed]:
    query = replace(query, before=None, limit=_PAGE)
    while True:
        rows = register.page(desk, query, person=person)
        with desk.store.reading() as records:
            yield from (_Filed(load(records, one.number), one) for one in rows)
        if len(rows) < _PAGE:
            return
        query = replace(query, before=rows[-1].sequence)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.CHINA)


def _last_day(until: datetime) -> date:
    """Return the last day before a moment."""
    return clock.china_date(until - timedelta(microseconds=1))


def _by_department(
    filed: Iterable[_Filed],
) -> tuple[tuple[str, tuple[_Filed, ...]], ...]:
    groups: dict[str, list[_Filed]] = {}
    for one in filed:
        groups.setdefault(one.row.department, []).append(one)
    return tuple((name, tuple(groups[name])) for name in sorted(groups))


def _counts(
    desk: Desk, department: str, filed: tuple[_Filed, ...]
) -> paper.DepartmentCounts:
    cleared = [one.case for one in filed if one.case.grants]
    days = [_working_days(desk, one.case) for one in filed]
    done = [one for one in days if one is not None]
    return paper.DepartmentCounts(
        department=department,
        submitted=len(filed),
        rounds=sum(len(one.case.rounds) for one in filed),
        cleared=sum(_in_first_round(one) for one in cleared),
        cleared_after_changes=sum(
            not _in_first_round(one) and not _partly(one) for one in cleared
        ),
        partly=sum(not _in_first_round(one) and _partly(one) for one in cleared),
        refused=sum(one.case.stage == "refused" for one in filed),
        withdrawn=sum(one.case.stage == "withdrawn" for one in filed),
        referred=sum(_uncertain(one.case) for one in filed),
        concluded=len(done),
        working_days=sum(done),
        overdue=sum(
            one.row.late_steps > 0 or _late_now(desk, one.row) for one in filed
        ),
        findings=sum(one.row.findings for one in filed),
        incidents=sum(one.row.incidents for one in filed),
    )


def _line(desk: Desk, filed: _Filed) -> paper.RegisterRow:
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
        working_days=_working_days(desk, case),
        overdue=row.late_steps > 0 or _late_now(desk, row),
        remark="标题已封存" if case.sealed else _remark(desk, case),
    )


def _remark(desk: Desk, case: Case) -> str:
    missing = publishing.unrecorded(case, desk.policy)
    names = "、".join(CHANNELS[one] for one in missing)
    return f"未登记发布：{names}" if names else ""


def _working_days(desk: Desk, case: Case) -> int | None:
    """Return the working days from handing in to the decision; None while open."""
    if case.stage not in _DONE:
        return None
    ended = case.grants[0].valid_from if case.grants else case.since
    return desk.days.between(
        clock.china_date(case.submitted_at), clock.china_date(ended)
    )


def _late_now(desk: Desk, row: RegisterRow) -> bool:
    return row.due_on is not None and row.due_on < clock.china_date(desk.now())


def _in_first_round(case: Case) -> bool:
    return bool(case.grants) and case.grants[0].round == 1


def _partly(case: Case) -> bool:
    signed = (one.sign_off for one in case.rounds)
    return any(one is not None and one.outcome == "partial" for one in signed)


def _uncertain(case: Case) -> bool:
    said = (one.first_pass for one in case.rounds)
    return any(one is not None and one.conclusion == "uncertain" for one in said)


def _overturned(case: Case) -> bool:
    """Tell whether the office decided otherwise than the department proposed."""
    return any(
        one.first_pass is not None
        and one.first_pass.conclusion == "agree"
        and one.sign_off is not None
        and one.sign_off.outcome != "clear"
        for one in case.rounds
    )
