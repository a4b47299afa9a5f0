"""The draft as people know it: a page's worth of text and tables, every finding in place.

It is drawn from the machine's full report, which lies encrypted beside the draft,
so that nothing strange is opened to look at it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from review.report.as_json import location_from_json
from review.report.words import place
from review.service.cases import look
from review.service.cases.draft_layout import Laid, is_laid_out, laid
from review.service.cases.draft_marks import cells_of, runs_of
from review.service.cases.draft_shapes import (
    DraftBlock,
    DraftFile,
    DraftFinding,
    DraftGap,
    DraftView,
    Row,
)
from review.service.desk import Desk


def draft_view(
    desk: Desk, number: str, *, person: str, round_number: int | None = None
) -> DraftView:
    """Return a round's draft with its findings in place, the last round by default.

    Raises:
        NotFoundError: There is no such round, no report yet, or it was purged.
        NotPermittedError: The person may not see the draft itself.
    """
    case = look.permit_contents(desk, number, person=person)
    full = look.marked_report_of(desk, number, person=person, round_number=round_number)
    return DraftView(
        number=number,
        round=case.round.number if round_number is None else round_number,
        files=tuple(file_view(one) for one in full["files"]),
    )


def file_view(full: Mapping[str, Any]) -> DraftFile:
    """Return what a page draws of one file's full report."""
    blocks = tuple(laid(full))
    findings = tuple(_finding(one) for one in full["findings"])
    error = full["error"]
    return DraftFile(
        name=full["file"],
        role=full["role"],
        format=full["format"],
        verdict=full["verdict"],
        error=error["message"] if error else None,
        passages=full["passages"],
        findings=findings,
        about_whole=tuple(one for one in findings if one.passage is None),
        gaps=tuple(_gap(one) for one in full["coverage"]["gaps"]),
        visible=tuple(_blocks([one for one in blocks if not one.hidden])),
        hidden=tuple(_blocks([one for one in blocks if one.hidden])),
        laid_out=is_laid_out(full) or "text" not in full,
    )


def _blocks(blocks: Sequence[Laid]) -> Iterator[DraftBlock]:
    for table, group in groupby(blocks, key=lambda one: one.table):
        if table is not None:
            yield _table(list(group))
        else:
            yield from (_paragraph(one) for one in group)


def _paragraph(one: Laid) -> DraftBlock:
    return DraftBlock(
        kind=one.role,
        place=place(one.where),
        in_body=one.where.part == "body" and one.where.path is None,
        detail=one.detail,
        runs=runs_of(one.text),
    )


def _table(rows: Sequence[Laid]) -> DraftBlock:
    columns = max(len(one.cells) for one in rows)
    return DraftBlock(
        kind="table",
        place=place(replace(rows[0].where, row=None, cell=None, paragraph=None)),
        in_body=rows[0].where.part == "table" and rows[0].where.path is None,
        rows=tuple(_row(one, columns) for one in rows),
        columns=columns,
    )


def _row(one: Laid, columns: int) -> Row:
    """Return a row; a single cell, such as a table's own title, spans all columns."""
    cells = cells_of(one.text, one.cells)
    if len(cells) == 1:
        cells = (replace(cells[0], columns=columns),)
    return Row(cells, place(one.where), one.detail)


def _finding(one: Mapping[str, Any]) -> DraftFinding:
    where = location_from_json(one["where"])
    return DraftFinding(
        id=one["id"],
        severity=one["severity"],
        tier=one["tier"],
        level=one["level"],
        category=one["category"],
        detector=one["detector"],
        rule=one["rule"],
        score=one["score"],
        text=one["text"],
        place=place(where) if one["passage"] is not None else "全文",
        page=where.page,
        passage=one["passage"],
        hidden=one["hidden"],
        reason=one["reason"],
        suggestion=one["suggestion"],
        releasable_when=one["releasable_when"],
        clauses=tuple(one.get("clause_names", one["clauses"])),
        marked_by=one.get("marked_by"),
    )


def _gap(one: Mapping[str, Any]) -> DraftGap:
    return DraftGap(
        id=one.get("id"),
        code=one["code"],
        message=one["message"],
        place=place(location_from_json(one["where"])),
    )
