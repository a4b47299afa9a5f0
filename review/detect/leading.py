"""Which category a passage's findings go by, where lists speak of several or of another.

Held out, the words and the meaning of a passage tell its category far better than the
clauses whose words it happens to use (docs/classifier.md): the classifier's leads.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from review.detect.category_names import CATEGORY_NAMES
from review.detect.merge import gravity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.detect.interface import Category, Finding

# What the others of a passage stand below the one that leads.
_DISAGREEMENT: Final = 0.0005


def led(findings: Sequence[Finding], about: Mapping[int, Category]) -> list[Finding]:
    """Return the lists' findings with one in front in each passage that `about` names.

    It is one of the passage's category; where there is none, the gravest goes by that
    category, keeps its rule and clauses, and its reason says so.
    """
    by_passage: dict[int | None, list[Finding]] = {}
    for one in findings:
        by_passage.setdefault(one.passage, []).append(one)
    return [
        one
        for at, each in by_passage.items()
        for one in _in_front(each, None if at is None else about.get(at))
    ]


def _in_front(findings: Sequence[Finding], category: Category | None) -> list[Finding]:
    if category is None:
        return list(findings)
    if any(one.category == category for one in findings):
        return [one if one.category == category else _behind(one) for one in findings]
    gravest = min(findings, key=gravity)
    named = dataclasses.replace(
        gravest,
        category=category,
        reason=f"{gravest.reason}；整段内容更像{CATEGORY_NAMES[category]}方面的事项",
    )
    return [named if one is gravest else _behind(one) for one in findings]


def _behind(finding: Finding) -> Finding:
    return dataclasses.replace(
        finding, score=round(max(0.0, finding.score - _DISAGREEMENT), 4)
    )
