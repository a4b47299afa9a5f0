"""Which rules cry wolf: the findings of a period by clause, and how they were judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from review.ports.statistics import FindingCount

# Fewer judgments say nothing about a rule.
_ENOUGH: Final = 5
_MOSTLY: Final = 80  # per cent


class Judged(Protocol):
    """Findings that were counted with what people said of them."""

    @property
    def found(self) -> int:
        """Return how many were made."""
        ...

    @property
    def not_sensitive(self) -> int:
        """Return how many were dismissed."""
        ...

    @property
    def must_change(self) -> int:
        """Return how many were confirmed."""
        ...

    @property
    def uncertain(self) -> int:
        """Return how many were left to the office."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFigures:
    """The findings of one clause's rules; no clause for rules that no lexicon has."""

    clause: str
    rules: int
    found: int
    not_sensitive: int
    must_change: int
    uncertain: int


def cries_wolf(one: Judged) -> bool:
    """Tell whether most of what was judged was dismissed, and enough was judged."""
    judged = one.not_sensitive + one.must_change + one.uncertain
    return judged >= _ENOUGH and one.not_sensitive * 100 >= judged * _MOSTLY


def unjudged(one: Judged) -> int:
    """Return how many findings nobody has judged."""
    return one.found - one.not_sensitive - one.must_change - one.uncertain


def by_clause(
    rules: Sequence[FindingCount], clauses: Mapping[str, str]
) -> tuple[ClauseFigures, ...]:
    """Return the findings by clause, the most frequent first; `clauses` is by rule."""
    groups: dict[str, list[FindingCount]] = {}
    for one in rules:
        groups.setdefault(clauses.get(one.rule, ""), []).append(one)
    made = (
        ClauseFigures(
            clause=clause,
            rules=len({one.rule for one in of}),
            found=sum(one.found for one in of),
            not_sensitive=sum(one.not_sensitive for one in of),
            must_change=sum(one.must_change for one in of),
            uncertain=sum(one.uncertain for one in of),
        )
        for clause, of in groups.items()
    )
    return tuple(sorted(made, key=lambda one: (-one.found, one.clause)))
