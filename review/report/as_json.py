"""The scan report as the contract has it: one JSON object a file."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from review.detect.interface import Finding
from review.extract.interface import Block, Document, Gap
from review.normalize.interface import NormalizedText
from review.pipeline import ScanReport
from review.spans import Location


def report_as_json(report: ScanReport) -> dict[str, Any]:
    """Return the report of one file, ready for `json.dumps`."""
    examination = report.examination
    kind = examination.kind if examination else None
    return {
        "file": report.file,
        "sha256": report.sha256,
        "format": report.format,
        "bytes": report.size,
        "verdict": report.verdict,
        "document_kind": {"kind": kind.kind, "score": round(kind.score, 4)}
        if kind
        else None,
        "error": {"code": report.error.code, "message": report.error.message}
        if report.error
        else None,
        "passages": len(report.text.passages) if report.text else 0,
        "coverage": {
            "complete": report.error is None and not report.gaps,
            "gaps": [gap_as_json(gap) for gap in report.gaps],
        },
        "findings": findings_as_json(examination.findings if examination else ()),
        "exempted": [
            {**finding_as_json(f"x{number}", one.finding), "because": one.because}
            for number, one in enumerate(
                examination.exemptions if examination else (), start=1
            )
        ],
        "versions": dataclasses.asdict(report.versions),
    }


def findings_as_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the findings with ids f1, f2 … in reading order."""
    return [
        finding_as_json(f"f{number}", one)
        for number, one in enumerate(findings, start=1)
    ]


def finding_as_json(name: str, finding: Finding) -> dict[str, Any]:
    """Return one finding; `start` and `end` count in the passage's own text."""
    return {
        "id": name,
        "detector": finding.detector,
        "rule": finding.rule,
        "category": finding.category,
        "tier": finding.tier,
        "level": finding.level,
        "clauses": list(finding.clauses),
        "severity": finding.severity,
        "score": round(finding.score, 4),
        "text": finding.text,
        "where": location_as_json(finding.where),
        "passage": finding.passage,
        "start": finding.span.start,
        "end": finding.span.end,
        "hidden": finding.hidden,
        "reason": finding.reason,
        "weighed": list(finding.weighed),
        "releasable_when": finding.releasable_when,
        "suggestion": finding.suggestion,
    }


def location_as_json(where: Location) -> dict[str, Any]:
    """Return a place, with the table's row and cell where there is one."""
    always = {
        "part": where.part,
        "page": where.page,
        "paragraph": where.paragraph,
        "sheet": where.sheet,
        "path": where.path,
    }
    in_table = {"table": where.table, "row": where.row, "cell": where.cell}
    return always | {
        name: value for name, value in in_table.items() if value is not None
    }


def location_from_json(value: Mapping[str, Any]) -> Location:
    """Return the place that `location_as_json` wrote down."""
    return Location(**value)


def layout_as_json(text: NormalizedText) -> list[dict[str, Any]]:
    """Return the draft's blocks in reading order, by reference to its passages.

    No text is repeated: `pieces` names passages by their numbers, with blank text
    between them as it is; `cells` gives the lengths of a row's cells, which tabs
    part. What is left out is the usual: seen, no detail, no table.
    """
    return [
        {
            "role": cut.block.role,
            "where": {
                name: value
                for name, value in location_as_json(cut.block.where).items()
                if value is not None
            },
            "pieces": list(cut.pieces),
            **({"hidden": True} if cut.block.hidden else {}),
            **({"detail": cut.block.detail} if cut.block.detail else {}),
            **({"cells": _cell_lengths(cut.block)} if cut.block.cells else {}),
        }
        for cut in text.layout
    ]


def _cell_lengths(block: Block) -> list[int]:
    whole = "\t".join(block.cells) == block.text
    return [len(one) for one in (block.cells if whole else block.text.split("\t"))]


def gap_as_json(gap: Gap) -> dict[str, Any]:
    """Return a part that was not examined."""
    return {
        "where": location_as_json(gap.where),
        "code": gap.code,
        "message": gap.message,
    }


def document_as_json(name: str, document: Document) -> dict[str, Any]:
    """Return what the machine reads of a file (`xianshen extract`)."""
    return {
        "file": name,
        "format": document.format,
        "blocks": [
            {
                "text": block.text,
                "where": location_as_json(block.where),
                "hidden": block.hidden,
                "role": block.role,
                "detail": block.detail,
            }
            for block in document.blocks
        ],
        "coverage": {
            "complete": not document.gaps,
            "gaps": [gap_as_json(gap) for gap in document.gaps],
        },
        "error": None,
    }
