"""What becomes of cases, counted: how long steps take, what findings are judged.

Worked out anew from a case's events whenever it changes; nothing is decided on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from review.case.case import Stage
from review.case.values import Channel, Conclusion, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSpan:
    """One stay of a case at a stage; `left_at` is None while it stands there.

    `working_days` counts from the day after it came to the day on which it left.
    """

    stage: Stage
    entered_at: datetime
    left_at: datetime | None = None
    working_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCount:
    """How often a rule spoke, and how often it was judged how, last word first.

    Findings of every round, notices aside; what is in none of the three is open.
    """

    rule: str
    detector: str
    category: str
    found: int
    not_sensitive: int
    must_change: int
    uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundJudged:
    """What the department said of a round, then the office, and when it was cleared.

    `outcome` is the office's alone: None while it has not decided, and where the
    department finished the round itself.
    """

    round: int
    conclusion: Conclusion
    outcome: Outcome | None = None
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedGroup:
    """How many rounds of a department ended in one conclusion and one outcome."""

    department: str
    conclusion: Conclusion
    outcome: Outcome | None
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsQuery:
    """Cases handed in from a moment until before another; None means all departments."""

    submitted_from: datetime
    submitted_until: datetime
    departments: tuple[str, ...] | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseGroup:
    """How many cases of one department and set of channels stand at one stage.

    `cleared` ever got a clearance, `returned` were ever sent back for changes,
    `overdue` had a step that took too long, or are late now.
    """

    department: str
    channels: tuple[Channel, ...]
    stage: Stage
    cases: int
    rounds: int
    cleared: int
    returned: int
    overdue: int
    incidents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepGroup:
    """How many finished stays at a stage took so many working days."""

    stage: Stage
    working_days: int
    stays: int


class StatisticsReading(Protocol):
    """A look at the counts."""

    def cases(self, query: StatisticsQuery) -> tuple[CaseGroup, ...]:
        """Return the cases by department, channels and stage."""
        ...

    def steps(self, query: StatisticsQuery) -> tuple[StepGroup, ...]:
        """Return the finished stays by stage and length."""
        ...

    def findings(self, query: StatisticsQuery) -> tuple[FindingCount, ...]:
        """Return the findings by rule and category, the most frequent first."""
        ...

    def judged(self, query: StatisticsQuery) -> tuple[JudgedGroup, ...]:
        """Return the rounds with a first pass by department, conclusion and outcome."""
        ...

    def rounds(self, query: StatisticsQuery) -> Mapping[int, tuple[RoundJudged, ...]]:
        """Return each case's rounds with a first pass, oldest first, by its sequence."""
        ...

    def uncounted(self, *, after: int, limit: int) -> tuple[str, ...]:
        """Return cases that were never counted, beyond a sequence, oldest first."""
        ...


class Statistics(StatisticsReading, Protocol):
    """The same within a transaction."""

    def show(
        self,
        sequence: int,
        *,
        steps: Sequence[StepSpan],
        findings: Sequence[FindingCount],
        rounds: Sequence[RoundJudged],
    ) -> None:
        """Bring one case's counts up to date; `sequence` is its row's in the register."""
        ...
