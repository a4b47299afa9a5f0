"""What a case adds to the statistics, worked out from its events and never decided."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from review import clock
from review.case.case import Case, Round
from review.case.events import CaseEvent
from review.case.evolve import evolve
from review.case.values import FindingNote
from review.case.working_days import WorkingDays
from review.ports.statistics import FindingCount, RoundJudged, StepSpan

_FOUND: Final = "found"


def steps_of(
    happened: Sequence[CaseEvent], *, days: WorkingDays
) -> tuple[StepSpan, ...]:
    """Return the case's stays at stages, oldest first; the last has no end."""
    stays: list[Case] = []
    case: Case | None = None
    for event in happened:
        case = evolve(case, event)
        if not stays or stays[-1].stage != case.stage:
            stays.append(case)
    ended = [_ended(one, after, days) for one, after in pairwise(stays)]
    return (*ended, *(_begun(one) for one in stays[-1:]))


def findings_of(case: Case) -> tuple[FindingCount, ...]:
    """Return how often each rule spoke in any round, and how it was judged."""
    counted: dict[tuple[str, str, str], Counter[str]] = {}
    for one in case.rounds:
        for note in _wanted(one):
            key = (note.rule, note.detector, note.category)
            counts = counted.setdefault(key, Counter())
            counts[_FOUND] += 1
            said = one.disposition_of(note.id)
            if said is not None:
                counts[said.opinion] += 1
    return tuple(
        FindingCount(
            rule=rule,
            detector=detector,
            category=category,
            found=counts[_FOUND],
            not_sensitive=counts["not_sensitive"],
            must_change=counts["must_change"],
            uncertain=counts["uncertain"],
        )
        for (rule, detector, category), counts in sorted(counted.items())
    )


def rounds_of(case: Case) -> tuple[RoundJudged, ...]:
    """Return what was concluded of each round, by the department and the office."""
    # The first clearance of a round counts: later ones leave it as it is.
    cleared = {one.round: one.valid_from for one in reversed(case.grants)}
    return tuple(
        RoundJudged(
            round=one.number,
            conclusion=one.first_pass.conclusion,
            outcome=one.sign_off.outcome
            if one.sign_off is not None and one.sign_off.by.post == "office"
            else None,
            cleared_at=cleared.get(one.number),
        )
        for one in case.rounds
        if one.first_pass is not None
    )


def _wanted(one: Round) -> Sequence[FindingNote]:
    return [each for each in one.findings if each.needs_disposition]


def _begun(case: Case) -> StepSpan:
    return StepSpan(stage=case.stage, entered_at=case.since)


def _ended(case: Case, after: Case, days: WorkingDays) -> StepSpan:
    came, left = clock.china_date(case.since), clock.china_date(after.since)
    return StepSpan(
        stage=case.stage,
        entered_at=case.since,
        left_at=after.since,
        working_days=days.between(came, left),
    )
