"""Findings that people add, because the machine missed them (补充疑点).

An added finding is one like any other: it wants a disposition of its own, holds for
its round alone, and stands in the way of a clearance until it is settled. What the
machine reported stays as the machine reported it.
"""

from typing import Final

from review.case import authority, rules
from review.case.case import Case
from review.case.events import FindingAdded
from review.case.request import Addition, Passage, Request
from review.case.values import FindingNote
from review.detect.interface import Category, Severity, Tier

# Stands as detector and as rule in the record: no machine spoke.
PERSON: Final = "person"
_SEVERITY: Final[Severity] = "review"
_USUAL: Final[Tier] = "work"
# Whose interest a matter usually touches, where it is not the college's own work.
_USUAL_TIERS: Final[dict[Category, Tier]] = {
    "business": "business",
    "foreign": "state",
    "privacy": "privacy",
    "student": "privacy",
    "upstream": "internal",
    "visit": "state",
}


def add_finding(
    case: Case, request: Request, addition: Addition, passage: Passage | None
) -> FindingAdded:
    """Mark words of the draft as a finding that the machine missed.

    `passage` is what the round's full report has in that place; None if it has none.
    """
    by = authority.require("add_finding", request, case)
    rules.forbid_unscanned(case)
    rules.forbid_unknown_place(passage, "片段")
    rules.forbid_adding_marking(addition)
    rules.forbid_blank(addition.reason, "补充疑点的理由")
    # The rule before has refused a passage that is not there.
    passage = passage or Passage(text="")
    rules.forbid_marking_nothing(addition, passage)
    rules.forbid_marking_twice(case, addition, passage)
    return FindingAdded(
        at=request.at,
        by=by,
        round=case.round.number,
        finding=_note(case, addition, passage),
        file=addition.file,
        passage=addition.passage,
        start=addition.start,
        end=addition.end,
        reason=addition.reason,
    )


def usual_tier(category: Category) -> Tier:
    """Return whose interest a matter of that category usually touches."""
    return _USUAL_TIERS.get(category, _USUAL)


def _note(case: Case, addition: Addition, passage: Passage) -> FindingNote:
    before = sum(one.file == addition.file for one in case.round.added)
    return FindingNote(
        id=f"{addition.file}.p{before + 1}",
        file=case.item.files[addition.file].name,
        detector=PERSON,
        rule=PERSON,
        category=addition.category,
        tier=addition.tier or usual_tier(addition.category),
        severity=_SEVERITY,
        clauses=addition.clauses,
        part=passage.where.part,
        page=passage.where.page,
        paragraph=passage.where.paragraph,
        hidden=passage.hidden,
    )
