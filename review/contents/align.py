"""Find the longest stretches that two sequences share, fast on long ones.

Lines that occur once on each side are anchors (patience); between anchors a
plain comparison does the rest, and where that would be slow the stretch
counts as replaced whole.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_MOST_WORK: Final = 250_000


class Step(NamedTuple):
    """`before[i1:i2]` became `after[j1:j2]`; both half-open, never both empty."""

    i1: int
    i2: int
    j1: int
    j2: int


def differences(
    before: Sequence[Hashable], after: Sequence[Hashable]
) -> tuple[Step, ...]:
    """Return what has to be replaced, in order, to get from one to the other."""
    steps: list[Step] = []
    for found in _ranges(before, after, Step(0, len(before), 0, len(after))):
        last = steps[-1] if steps else None
        if last is not None and (last.i2, last.j2) == (found.i1, found.j1):
            steps[-1] = Step(last.i1, found.i2, last.j1, found.j2)
        else:
            steps.append(found)
    return tuple(steps)


def _ranges(
    before: Sequence[Hashable], after: Sequence[Hashable], whole: Step
) -> Iterator[Step]:
    stack = [whole]
    while stack:
        at = _trimmed(before, after, stack.pop())
        if at.i1 == at.i2 or at.j1 == at.j2:
            if at.i1 != at.i2 or at.j1 != at.j2:
                yield at
            continue
        anchors = _anchors(before, after, at)
        if anchors:
            stack.extend(reversed(list(_between(anchors, at))))
        else:
            yield from _plainly(before, after, at)


def _trimmed(before: Sequence[Hashable], after: Sequence[Hashable], at: Step) -> Step:
    i1, i2, j1, j2 = at
    while i1 < i2 and j1 < j2 and before[i1] == after[j1]:
        i1, j1 = i1 + 1, j1 + 1
    while i1 < i2 and j1 < j2 and before[i2 - 1] == after[j2 - 1]:
        i2, j2 = i2 - 1, j2 - 1
    return Step(i1, i2, j1, j2)


def _anchors(
    before: Sequence[Hashable], after: Sequence[Hashable], at: Step
) -> list[tuple[int, int]]:
    """Return places of what occurs once on each side, rising on both."""
    left = Counter(before[i] for i in range(at.i1, at.i2))
    right = Counter(after[j] for j in range(at.j1, at.j2))
    places = {after[j]: j for j in range(at.j1, at.j2) if right[after[j]] == 1}
    pairs = [
        (i, places[before[i]])
        for i in range(at.i1, at.i2)
        if left[before[i]] == 1 and before[i] in places
    ]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of the pairs that rises on the second side too."""
    tails: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, (_, j) in enumerate(pairs):
        at = bisect_left(tails, j)
        previous.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [j]
        ends[at : at + 1] = [number]
    found: list[tuple[int, int]] = []
    number = ends[-1] if ends else -1
    while number >= 0:
        found.append(pairs[number])
        number = previous[number]
    return found[::-1]


def _between(anchors: list[tuple[int, int]], at: Step) -> Iterator[Step]:
    i, j = at.i1, at.j1
    for anchor_i, anchor_j in anchors:
        yield Step(i, anchor_i, j, anchor_j)
        i, j = anchor_i + 1, anchor_j + 1
    yield Step(i, at.i2, j, at.j2)


def _plainly(
    before: Sequence[Hashable], after: Sequence[Hashable], at: Step
) -> Iterator[Step]:
    if (at.i2 - at.i1) * (at.j2 - at.j1) > _MOST_WORK:
        yield at
        return
    left, right = before[at.i1 : at.i2], after[at.j1 : at.j2]
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            yield Step(at.i1 + i1, at.i1 + i2, at.j1 + j1, at.j1 + j2)
