"""Figures for each listed clause: its disclosures, its look-alikes."""

from collections.abc import Sequence
from typing import Any, Final

import regex

from review.evaluation.judge import Judgement
from review.evaluation.shares import share_of

_PART: Final = regex.compile(r"\d+|\D+")


def by_clause(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """Return the figures of every clause that a label or a finding names.

    A disclosure counts under each clause of its label. `named` tells how many
    of the disclosures found had this clause among their findings. A public
    passage whose label names a clause is a look-alike of it; `false_flags` counts
    the public passages flagged for the clause, whatever their label.
    """
    names = {name for one in judgements for name in one.passage.clauses}
    names |= {
        name
        for one in judgements
        for name in one.clauses
        if one.flagged and not one.passage.sensitive
    }
    return {
        name: _figures(name, judgements) for name in sorted(names, key=in_reading_order)
    }


def in_reading_order(clause: str) -> list[tuple[int, str]]:
    """Return a key that sorts 001:12(2) before 001:12(15)."""
    return [
        (int(part), "") if part.isdecimal() else (0, part)
        for part in _PART.findall(clause)
    ]


def _figures(clause: str, judgements: Sequence[Judgement]) -> dict[str, Any]:
    labelled = [one for one in judgements if clause in one.passage.clauses]
    leaks = [one for one in labelled if one.passage.sensitive]
    alike = [one for one in labelled if not one.passage.sensitive]
    found = [one for one in leaks if one.flagged]
    covert = [one for one in leaks if not one.passage.overt]
    return {
        "disclosures": len(leaks),
        "found": len(found),
        "missed": len(leaks) - len(found),
        "recall": share_of(len(found), len(leaks)),
        "covert_recall": share_of(sum(one.flagged for one in covert), len(covert)),
        "named": share_of(sum(clause in one.clauses for one in found), len(found)),
        "look_alikes": share_of(sum(one.flagged for one in alike), len(alike)),
        "false_flags": sum(
            clause in one.clauses and one.flagged and not one.passage.sensitive
            for one in judgements
        ),
    }
