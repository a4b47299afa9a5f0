"""What is counted of cases: kept true by each writer, added up by the database."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)

from review.ports.statistics import (
    CaseGroup,
    FindingCount,
    JudgedGroup,
    RoundJudged,
    StatisticsQuery,
    StepGroup,
    StepSpan,
)
from review.store.tables import cases
from review.store.tables_statistics import case_findings, case_rounds, case_steps

_JUDGED: Final = ("found", "not_sensitive", "must_change", "uncertain")
_REWORK: Final = "rework"
_KEYS: Final = ("department", "channels", "stage")


class SqlStatistics:
    """What `review.ports.statistics.Statistics` promises, on one connection."""

    def __init__(self, connection: Connection) -> None:
        """Work through a connection on which a transaction has begun."""
        self._connection = connection

    def cases(self, query: StatisticsQuery) -> tuple[CaseGroup, ...]:
        """Return the cases by department, channels and stage."""
        sent_back = select(case_steps.c.sequence).where(case_steps.c.stage == _REWORK)
        late = or_(cases.c.late_steps > 0, cases.c.due_on < query.today)
        keys = cases.c.department, cases.c.channels, cases.c.stage
        asked = select(
            *keys,
            func.count().label("cases"),
            func.sum(cases.c.round).label("rounds"),
            func.count(cases.c.clearance).label("cleared"),
            _how_many(cases.c.sequence.in_(sent_back)).label("returned"),
            _how_many(late).label("overdue"),
            func.sum(cases.c.incidents).label("incidents"),
        )
        grouped = asked.where(*_handed_in(query)).group_by(*keys).order_by(*keys)
        rows = self._connection.execute(grouped).mappings()
        return tuple(_group(one) for one in rows)

    def steps(self, query: StatisticsQuery) -> tuple[StepGroup, ...]:
        """Return the finished stays by stage and length."""
        keys = case_steps.c.stage, case_steps.c.working_days
        asked = (
            select(*keys, func.count())
            .join(cases, cases.c.sequence == case_steps.c.sequence)
            .where(case_steps.c.working_days.is_not(None), *_handed_in(query))
        )
        grouped = asked.group_by(*keys).order_by(*keys)
        return tuple(
            StepGroup(stage=stage, working_days=days, stays=stays)
            for stage, days, stays in self._connection.execute(grouped)
        )

    def findings(self, query: StatisticsQuery) -> tuple[FindingCount, ...]:
        """Return the findings by rule and category, the most frequent first."""
        keys = case_findings.c.rule, case_findings.c.detector, case_findings.c.category
        summed = [func.sum(case_findings.c[name]).label(name) for name in _JUDGED]
        asked = (
            select(*keys, *summed)
            .join(cases, cases.c.sequence == case_findings.c.sequence)
            .where(*_handed_in(query))
        )
        most_first = func.sum(case_findings.c.found).desc()
        grouped = asked.group_by(*keys).order_by(most_first, *keys)
        rows = self._connection.execute(grouped).mappings()
        return tuple(_count(one) for one in rows)

    def judged(self, query: StatisticsQuery) -> tuple[JudgedGroup, ...]:
        """Return the rounds with a first pass by department, conclusion and outcome."""
        keys = cases.c.department, case_rounds.c.conclusion, case_rounds.c.outcome
        asked = (
            select(*keys, func.count())
            .join(case_rounds, cases.c.sequence == case_rounds.c.sequence)
            .where(*_handed_in(query))
        )
        found = self._connection.execute(asked.group_by(*keys).order_by(*keys[:2]))
        return tuple(
            JudgedGroup(
                department=department,
                conclusion=conclusion,
                outcome=outcome,
                rounds=rounds,
            )
            for department, conclusion, outcome, rounds in found
        )

    def rounds(self, query: StatisticsQuery) -> Mapping[int, tuple[RoundJudged, ...]]:
        """Return each case's rounds with a first pass, oldest first, by its sequence."""
        asked = (
            select(case_rounds)
            .join(cases, cases.c.sequence == case_rounds.c.sequence)
            .where(*_handed_in(query))
            .order_by(case_rounds.c.sequence, case_rounds.c.round)
        )
        found: dict[int, list[RoundJudged]] = {}
        for one in self._connection.execute(asked).mappings():
            values = dict(one)
            found.setdefault(values.pop("sequence"), []).append(RoundJudged(**values))
        return {sequence: tuple(rounds) for sequence, rounds in found.items()}

    def uncounted(self, *, after: int, limit: int) -> tuple[str, ...]:
        """Return cases that were never counted, beyond a sequence, oldest first."""
        stood = exists().where(case_steps.c.sequence == cases.c.sequence)
        # Whatever has an outcome had a first pass; earlier versions kept no such rows.
        judged = exists().where(case_rounds.c.sequence == cases.c.sequence)
        counted = and_(stood, or_(cases.c.outcome.is_(None), judged))
        asked = select(cases.c.number).where(cases.c.sequence > after, ~counted)
        ordered = asked.order_by(cases.c.sequence).limit(limit)
        return tuple(self._connection.scalars(ordered))

    def show(
        self,
        sequence: int,
        *,
        steps: Sequence[StepSpan],
        findings: Sequence[FindingCount],
        rounds: Sequence[RoundJudged],
    ) -> None:
        """Bring one case's counts up to date; what has not changed is not written."""
        stays = [
            {"sequence": sequence, "position": place, **asdict(one)}
            for place, one in enumerate(steps)
        ]
        judged = [{"sequence": sequence, **asdict(one)} for one in findings]
        self._replace(case_steps, sequence, stays)
        self._replace(case_findings, sequence, judged)
        concluded = [{"sequence": sequence, **asdict(one)} for one in rounds]
        self._replace(case_rounds, sequence, concluded)

    def _replace(
        self, table: Table, sequence: int, wanted: list[dict[str, Any]]
    ) -> None:
        """Let the case have just those rows; most steps change one of them."""
        mine = table.c.sequence == sequence
        there = [
            dict(one)
            for one in self._connection.execute(select(table).where(mine)).mappings()
        ]
        keys = [one.name for one in table.primary_key]
        for row in (one for one in there if one not in wanted):
            here = [table.c[name] == row[name] for name in keys]
            self._connection.execute(delete(table).where(*here))
        new = [one for one in wanted if one not in there]
        if new:
            self._connection.execute(insert(table), new)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _handed_in(query: StatisticsQuery) -> tuple[ColumnElement[bool], ...]:
    wanted: list[ColumnElement[bool]] = [
        cases.c.submitted_at >= query.submitted_from,
        cases.c.submitted_at < query.submitted_until,
    ]
    if query.departments is not None:
        wanted.append(cases.c.department.in_(query.departments))
    return tuple(wanted)


def _group(row: RowMapping) -> CaseGroup:
    values = {one.name: row[one.name] for one in fields(CaseGroup)}
    numbers = {name: int(value) for name, value in values.items() if name not in _KEYS}
    channels = tuple(one for one in row["channels"].split(",") if one)
    return CaseGroup(
        department=row["department"],
        channels=channels,
        stage=row["stage"],
        **numbers,
    )


def _count(row: RowMapping) -> FindingCount:
    judged = {name: int(row[name]) for name in _JUDGED}
    return FindingCount(
        rule=row["rule"], detector=row["detector"], category=row["category"], **judged
    )
