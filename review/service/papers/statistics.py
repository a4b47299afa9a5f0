"""Figures of a period: what became of cases, how long steps took, which rules cry wolf.

Everything counts by the day an item was first handed in (China's time), with what
has become of it since. A department sees its own figures only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Final

from review import clock
from review.case.case import Stage
from review.case.values import Channel
from review.errors import NotPermittedError, UsageError
from review.ports.statistics import (
    CaseGroup,
    FindingCount,
    JudgedGroup,
    StatisticsQuery,
    StepGroup,
)
from review.service.acting import looking
from review.service.desk import Desk
from review.service.papers.register import GROUPS, visible_departments
from review.service.projection import count, sequence_of
from review.service.recording import load

_LONGEST_DAYS: Final = 3_700  # ten years
_FIRST_YEAR: Final = 2000
_AT_ONCE: Final = 50
_HALF: Final = 50  # per cent
_NINE_TENTHS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What became of cases.

    `cleared` ever got a clearance, `returned` were ever sent back for changes,
    `overdue` had a step that took too long, or are late now; `open` wait for
    somebody. A case may stand in several.
    """

    submitted: int = 0
    rounds: int = 0
    cleared: int = 0
    returned: int = 0
    refused: int = 0
    withdrawn: int = 0
    open: int = 0
    overdue: int = 0
    incidents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentFigures:
    """One department's cases."""

    department: str
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFigures:
    """The cases that asked for one channel; a case may ask for several."""

    channel: Channel
    counts: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """How long cases stood at a stage, of those that left it, in working days.

    In `median` days half of them had left it, in `ninety` nine of ten.
    """

    stage: Stage
    stays: int
    median: int
    ninety: int
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFigures:
    """How often findings of a category were made, and how they were judged."""

    category: str
    found: int
    not_sensitive: int
    must_change: int
    uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFigures:
    """How often the office followed what a department proposed, in rounds.

    Of the `proposed` (拟同意, and the office has decided), it cleared `followed`;
    `uncertain` were left to it, which is as it should be and no disagreement.
    """

    department: str
    proposed: int
    followed: int
    returned: int
    partly: int
    refused: int
    uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a period, both days included.

    `departments` are those that the asker may see, None for all of them.
    """

    since: date
    until: date
    departments: tuple[str, ...] | None
    total: Counts
    by_department: tuple[DepartmentFigures, ...]
    by_channel: tuple[ChannelFigures, ...]
    steps: tuple[StepFigures, ...]
    categories: tuple[CategoryFigures, ...]
    rules: tuple[FindingCount, ...]
    agreement: tuple[AgreementFigures, ...]


def figures(
    desk: Desk,
    *,
    since: date,
    until: date,
    person: str,
    departments: tuple[str, ...] | None = None,
) -> Figures:
    """Return the figures of a period, as far as the person may see them.

    Raises:
        NotPermittedError: He holds no post that sees figures today.
        UsageError: The period ends before it begins, or is too long.
    """
    _forbid_odd_period(since, until)
    with looking(desk, "see_statistics", person) as records:
        visible = visible_departments(desk, records, person)
        wanted = _both(visible, departments)
        query = StatisticsQuery(
            submitted_from=clock.midnight(since),
            submitted_until=clock.midnight(until, days=1),
            departments=wanted,
            today=clock.china_date(desk.now()),
        )
        cases = records.statistics.cases(query)
        steps = records.statistics.steps(query)
        findings = records.statistics.findings(query)
        judged = records.statistics.judged(query)
    return Figures(
        since=since,
        until=until,
        departments=wanted,
        total=_counts(cases),
        by_department=_by_department(cases),
        by_channel=_by_channel(cases),
        steps=_steps(steps),
        categories=_categories(findings),
        rules=findings,
        agreement=_agreement(judged),
    )


def count_uncounted(desk: Desk) -> int:
    """Count the cases of earlier versions, which kept no statistics; return how many."""
    done, after = 0, 0
    while True:
        with desk.store.writing() as work:
            numbers = work.statistics.uncounted(after=after, limit=_AT_ONCE)
            for number in numbers:
                count(desk, work, load(work, number))
        if not numbers:
            return done
        done, after = done + len(numbers), sequence_of(numbers[-1])


def _forbid_odd_period(since: date, until: date) -> None:
    if until < since:
        raise UsageError("统计的截止日期早于起始日期，请改正。")
    if since.year < _FIRST_YEAR or (until - since).days > _LONGEST_DAYS:
        raise UsageError("统计的时间太长或太早，请分段统计，一次不超过十年。")


def _both(
    visible: tuple[str, ...] | None, asked: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    """Return the departments that were asked for and may be seen.

    Raises:
        NotPermittedError: None of those asked for may be seen.
    """
    if visible is None or asked is None:
        return asked if visible is None else visible
    both = tuple(one for one in asked if one in visible)
    if asked and not both:
        raise NotPermittedError("您只能查看本部门的统计。")
    return both


def _counts(groups: Iterable[CaseGroup]) -> Counts:
    total = dict.fromkeys((one.name for one in fields(Counts)), 0)
    for one in groups:
        total["submitted"] += one.cases
        for name in ("rounds", "cleared", "returned", "overdue", "incidents"):
            total[name] += getattr(one, name)
        total["refused"] += one.cases if one.stage == "refused" else 0
        total["withdrawn"] += one.cases if one.stage == "withdrawn" else 0
        total["open"] += one.cases if one.stage in GROUPS["under_way"] else 0
    return Counts(**total)


def _by_department(groups: Sequence[CaseGroup]) -> tuple[DepartmentFigures, ...]:
    names = sorted({one.department for one in groups})
    return tuple(
        DepartmentFigures(
            department=name,
            counts=_counts(one for one in groups if one.department == name),
        )
        for name in names
    )


def _by_channel(groups: Sequence[CaseGroup]) -> tuple[ChannelFigures, ...]:
    channels = sorted({channel for one in groups for channel in one.channels})
    return tuple(
        ChannelFigures(
            channel=channel,
            counts=_counts(one for one in groups if channel in one.channels),
        )
        for channel in channels
    )


def _steps(groups: Sequence[StepGroup]) -> tuple[StepFigures, ...]:
    stages = sorted({one.stage for one in groups})
    return tuple(
        _step(stage, [one for one in groups if one.stage == stage]) for stage in stages
    )


def _step(stage: Stage, groups: Sequence[StepGroup]) -> StepFigures:
    ranked = sorted((one.working_days, one.stays) for one in groups)
    return StepFigures(
        stage=stage,
        stays=sum(stays for _, stays in ranked),
        median=within(ranked, _HALF),
        ninety=within(ranked, _NINE_TENTHS),
        longest=ranked[-1][0],
    )


def within(ranked: Sequence[tuple[int, int]], share: int) -> int:
    """Return the smallest value that `share` per cent of all do not exceed.

    `ranked` has each value, in order, with how often it occurs.
    """
    wanted = sum(often for _, often in ranked) * share
    seen = 0
    for value, often in ranked:
        seen += often
        if seen * 100 >= wanted:
            return value
    return 0


def _agreement(groups: Sequence[JudgedGroup]) -> tuple[AgreementFigures, ...]:
    names = sorted({one.department for one in groups})
    return tuple(
        _agreement_of(name, [one for one in groups if one.department == name])
        for name in names
    )


def _agreement_of(name: str, groups: Sequence[JudgedGroup]) -> AgreementFigures:
    said = Counter[str]()
    for one in groups:
        if one.conclusion == "agree" and one.outcome is not None:
            said[one.outcome] += one.rounds
    return AgreementFigures(
        department=name,
        proposed=said.total(),
        followed=said["clear"],
        returned=said["return"],
        partly=said["partial"],
        refused=said["refuse"],
        uncertain=sum(one.rounds for one in groups if one.conclusion == "uncertain"),
    )


def _categories(findings: Sequence[FindingCount]) -> tuple[CategoryFigures, ...]:
    names = sorted({one.category for one in findings})
    made = [
        _category(name, [one for one in findings if one.category == name])
        for name in names
    ]
    return tuple(sorted(made, key=lambda one: (-one.found, one.category)))


def _category(name: str, findings: Sequence[FindingCount]) -> CategoryFigures:
    def summed(of: Callable[[FindingCount], int]) -> int:
        return sum(map(of, findings))

    return CategoryFigures(
        category=name,
        found=summed(lambda one: one.found),
        not_sensitive=summed(lambda one: one.not_sensitive),
        must_change=summed(lambda one: one.must_change),
        uncertain=summed(lambda one: one.uncertain),
    )
