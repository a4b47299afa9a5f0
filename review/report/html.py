"""A self-contained, offline HTML report: the draft with its findings beside it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from review.report import words
from review.report.regulations import clause_name
from review.report.templates import template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from review.detect.interface import Finding
    from review.normalize.interface import Passage
    from review.pipeline import ScanReport


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A finding with the number by which draft and list name it."""

    number: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class _Piece:
    """A passage, or the rows of one table, with its marked text."""

    kind: str
    place: str
    cells: tuple[tuple[Markup, ...], ...] = ()
    html: Markup = Markup()
    detail: str = ""


def html_report(report: ScanReport, about: Mapping[str, str]) -> str:
    """Return the page; it asks for nothing outside itself.

    `about` says of each clause what it lists.
    """
    findings = report.examination.findings if report.examination else ()
    numbered = [_Numbered(at, one) for at, one in enumerate(findings, start=1)]
    passages = report.text.passages if report.text else ()
    page: str = template("report.html.jinja").render(
        report=report,
        words=words,
        verdict=words.VERDICTS[report.verdict],
        findings=numbered,
        visible=_pieces([one for one in passages if not one.hidden], numbered),
        hidden=_pieces([one for one in passages if one.hidden], numbered),
        exemptions=report.examination.exemptions if report.examination else (),
        place=words.place,
        clause=functools.partial(clause_name, about=about),
        kind=report.examination.kind if report.examination else None,
    )
    return page


def _pieces(passages: Sequence[Passage], numbered: Sequence[_Numbered]) -> list[_Piece]:
    marks: dict[int, list[_Numbered]] = {}
    for one in numbered:
        if one.finding.passage is not None:
            marks.setdefault(one.finding.passage, []).append(one)
    pieces: list[_Piece] = []
    for table, group in groupby(passages, key=_table):
        members = list(group)
        if table is not None:
            pieces.append(_table_piece(members, marks))
        else:
            pieces += [_text_piece(one, marks.get(one.index, [])) for one in members]
    return pieces


def _table(passage: Passage) -> tuple[object, ...] | None:
    if not passage.cells:
        return None
    where = passage.where
    return (where.path, where.sheet, where.page, where.table, where.part)


def _text_piece(passage: Passage, marks: Sequence[_Numbered]) -> _Piece:
    return _Piece(
        kind=passage.role,
        place=words.place(passage.where),
        html=_marked(passage.source, marks),
        detail=passage.detail or "",
    )


def _table_piece(rows: Sequence[Passage], marks: dict[int, list[_Numbered]]) -> _Piece:
    return _Piece(
        kind="table",
        place=words.place(rows[0].where),
        cells=tuple(_row(row, marks.get(row.index, [])) for row in rows),
    )


def _row(row: Passage, marks: Sequence[_Numbered]) -> tuple[Markup, ...]:
    """Mark the cells that a finding touches; offsets run over the whole row."""
    cells: list[Markup] = []
    named: set[int] = set()
    at = 0
    for cell in row.source.split("\t"):
        touching = [
            one
            for one in marks
            if one.finding.span.start < at + len(cell) and one.finding.span.end > at
        ]
        new = [one for one in touching if one.number not in named]
        text = escape(cell)
        cells.append(_wrap(text, touching, new) if cell.strip() else text)
        named |= {one.number for one in new if cell.strip()}
        at += len(cell) + 1
    return tuple(cells)


def _marked(text: str, marks: Sequence[_Numbered]) -> Markup:
    """Return `text` with every finding's span marked.

    Where spans overlap, the gravest gives the colour; each finding is named
    where its span ends.
    """
    cuts = {0, len(text), *(at for one in marks for at in one.finding.span)}
    html = Markup()
    for start, end in pairwise(sorted(cuts)):
        covering = [
            one
            for one in marks
            if one.finding.span.start <= start and end <= one.finding.span.end
        ]
        ending = [one for one in covering if one.finding.span.end == end]
        html += _wrap(escape(text[start:end]), covering, ending)
    return html


def _wrap(
    text: Markup, covering: Sequence[_Numbered], named: Sequence[_Numbered]
) -> Markup:
    """Mark `text`; the list of findings leads to where one is named."""
    if not covering:
        return text
    gravest = min(covering, key=lambda one: words.GRAVEST_FIRST[one.finding.severity])
    links = Markup().join(
        Markup('<a id="m{0}" href="#f{0}">f{0}</a>').format(one.number) for one in named
    )
    return Markup('<mark class="{}" title="{}">{}{}</mark>').format(
        gravest.finding.severity,
        gravest.finding.reason,
        text,
        links,
    )
