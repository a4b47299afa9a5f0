"""Findings that mean the same become one, with several reasons.

Within a passage: numbers of one kind, and what rules say of the same words. In a
table: the numbers that a roster has already counted.
"""

from __future__ import annotations

import dataclasses
from itertools import groupby
from typing import TYPE_CHECKING, Final

from review.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from review.detect.interface import Finding, Severity

_RANK: Final[dict[Severity, int]] = {"block": 2, "review": 1, "notice": 0}
_MOST_CLAUSES: Final = 6
_MOST_REASONS: Final = 3
_LEVEL_RANK: Final = {"top_secret": 3, "secret": 2, "confidential": 1, None: 0}
# What a roster calls the numbers that it counts.
_IN_ROSTERS: Final = {
    "pattern/id_card": "证件号",
    "pattern/mobile": "手机号",
    "pattern/bank_card": "银行卡号",
    "pattern/address": "住址",
}


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Merge and put in reading order; findings on the whole draft come first."""
    kept = _without_roster_cells(tuple(findings))
    scopes = [one for one in kept if _is_scope(one)]
    grouped: dict[tuple[object, ...], list[Finding]] = {}
    for finding in kept:
        if not _is_scope(finding):
            grouped.setdefault(_meaning(finding), []).append(finding)
    merged = [_one(group) for group in grouped.values()]
    for _, same in groupby(sorted(scopes, key=_reading_order), key=_passage):
        merged += [_one(group) for group in _overlapping(list(same))]
    return tuple(sorted(merged, key=_reading_order))


def _is_scope(finding: Finding) -> bool:
    """Tell whether a finding says which listed scope a passage discloses."""
    return finding.detector in {"lexicon", "classifier"} and (
        finding.category != "marking"
    )


def _passage(finding: Finding) -> int | None:
    return finding.passage


def _overlapping(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Group what is said of the same words, or in the same category.

    All `findings` are of one passage.
    """
    groups: list[list[Finding]] = []
    for finding in findings:
        same = [
            group
            for group in groups
            if any(_says_the_same(finding, one) for one in group)
        ]
        groups = [group for group in groups if group not in same]
        groups.append([one for group in same for one in group] + [finding])
    return groups


def _says_the_same(one: Finding, other: Finding) -> bool:
    overlap = one.span.start < other.span.end and other.span.start < one.span.end
    return overlap or one.category == other.category


def _meaning(finding: Finding) -> tuple[object, ...]:
    if finding.category == "marking" and finding.detector in {"marking", "lexicon"}:
        return ("marking", finding.passage, finding.hidden)
    return (finding.rule, finding.passage)


def _without_roster_cells(findings: Sequence[Finding]) -> list[Finding]:
    """Drop the numbers that a roster of the same table or passage counted."""
    rosters = [one for one in findings if one.detector == "roster"]
    return [
        one for one in findings if not any(_counts(roster, one) for roster in rosters)
    ]


def _counts(roster: Finding, finding: Finding) -> bool:
    if _IN_ROSTERS.get(finding.rule) not in roster.weighed:
        return False
    in_table = roster.where.table is not None and _table(finding) == _table(roster)
    return in_table or finding.passage == roster.passage


def _table(finding: Finding) -> tuple[object, ...]:
    where = finding.where
    return (where.path, where.sheet, where.page, where.table)


def _one(group: Sequence[Finding]) -> Finding:
    """Return the gravest of a group with the others' clauses and reasons."""
    ranked = sorted(group, key=gravity)
    best = ranked[0]
    if len(ranked) == 1:
        return best
    # Rules of the same category first: they say what kind of matter it is.
    ranked.sort(key=lambda one: one.category != best.category)
    alike = sum(one.rule == best.rule for one in ranked)
    reasons = list(dict.fromkeys(one.reason for one in ranked))
    if best.detector == "pattern" and alike > 1:
        reasons = [f"{best.reason}（共 {alike} 处）"]
    clauses = dict.fromkeys(name for one in ranked for name in one.clauses)
    return dataclasses.replace(
        best if best.detector == "pattern" else _stretched(best, ranked),
        clauses=tuple(clauses)[:_MOST_CLAUSES],
        reason="；".join(reasons[:_MOST_REASONS]),
        weighed=tuple(dict.fromkeys(word for one in ranked for word in one.weighed)),
        score=max(one.score for one in ranked),
    )


def _stretched(best: Finding, group: Sequence[Finding]) -> Finding:
    """Return `best` over the whole stretch that the findings on it cover."""
    for one in sorted(group, key=_reading_order):
        start, end = best.span
        if one.span.start >= end or one.span.end <= start:
            continue
        before = one.text[: max(0, start - one.span.start)]
        after = one.text[len(one.text) - max(0, one.span.end - end) :]
        best = dataclasses.replace(
            best,
            span=Span(min(start, one.span.start), max(end, one.span.end)),
            text=f"{before}{best.text}{after}",
        )
    return best


def gravity(finding: Finding) -> tuple[int, int, float]:
    """Order by severity, by level, by score; the gravest first."""
    return (
        -_RANK[finding.severity],
        -_LEVEL_RANK[finding.level],
        -finding.score,
    )


def _reading_order(finding: Finding) -> tuple[int, Span, str]:
    passage = -1 if finding.passage is None else finding.passage
    return (passage, finding.span, finding.rule)
