"""A block's text, cut into runs at the borders of every finding in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from review.detect.interface import Severity
from review.service.cases.draft_shapes import Cell, Run

_GRAVEST: Final[tuple[Severity, ...]] = ("notice", "review", "block")


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding's half-open range of characters in a block's text."""

    id: str
    severity: Severity
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Part:
    """The half-open range of characters that a passage takes in a block's text."""

    passage: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A block's whole text with the marks in it, and the passages that it is made of."""

    text: str
    marks: tuple[Mark, ...] = ()
    parts: tuple[Part, ...] = ()


def joined(
    pieces: Iterable[int | str],
    texts: Mapping[int, str],
    findings: Mapping[int, Sequence[Mapping[str, Any]]],
) -> Text:
    """Return the text that the pieces make, with the findings in their passages.

    `texts` and `findings` go by the passages' numbers; a finding is as the report
    has it, and its `start` and `end` count in its passage.
    """
    text, marks, parts = "", [], []
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        at = len(text)
        marks += [
            Mark(one["id"], one["severity"], at + one["start"], at + one["end"])
            for one in findings.get(piece, ())
        ]
        text += texts[piece]
        parts.append(Part(piece, at, len(text)))
    return Text(text, tuple(marks), tuple(parts))


def runs_of(whole: Text, start: int = 0, end: int | None = None) -> tuple[Run, ...]:
    """Return the runs from `start` to `end`; joined, their texts are what stands there."""
    end = len(whole.text) if end is None else end
    marks = [one for one in whole.marks if one.start < end and one.end > start]
    ends = [at for one in marks for at in (one.start, one.end)]
    ends += [at for one in whole.parts for at in (one.start, one.end)]
    borders = {at for at in ends if start < at < end}
    return tuple(
        _run(whole, (left, right), start, marks)
        for left, right in pairwise(sorted({start, end, *borders}))
    )


def cells_of(whole: Text, lengths: Sequence[int]) -> tuple[Cell, ...]:
    """Return a row's cells; between two of them stands one character, a tab."""
    cells, start, named = [], 0, set[str]()
    for length in lengths:
        runs = tuple(_once(one, named) for one in runs_of(whole, start, start + length))
        cells.append(Cell(runs))
        start += length + 1
    return tuple(cells)


def _run(whole: Text, span: tuple[int, int], start: int, marks: Sequence[Mark]) -> Run:
    at, end = span
    part = next((one for one in whole.parts if one.start <= at < one.end), None)
    passage = part.passage if part else None
    within = at - part.start if part else None
    covering = [one for one in marks if one.start <= at < one.end]
    if not covering:
        return Run(whole.text[at:end], passage=passage, start=within)
    return Run(
        text=whole.text[at:end],
        passage=passage,
        start=within,
        findings=tuple(one.id for one in covering),
        severity=max((one.severity for one in covering), key=_GRAVEST.index),
        begins=tuple(one.id for one in covering if at == max(one.start, start)),
    )


def _once(run: Run, named: set[str]) -> Run:
    """Let a finding that runs over several cells begin in the first of them."""
    begins = tuple(one for one in run.begins if one not in named)
    named.update(begins)
    return replace(run, begins=begins)
