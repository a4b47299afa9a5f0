"""An audit as JSON: one object for the whole, or a line a finding."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from review import clock
from review.siteaudit.interface import KIND_WORDS, AuditReport, Deviation


def as_json(report: AuditReport) -> dict[str, Any]:
    """Return the whole report, ready for `json.dumps`; times as records write them."""
    return {
        **_summary(report),
        "findings": [asdict(one) for one in report.found],
        "unexamined": [asdict(one) for one in report.unexamined],
        "notes": list(report.notes),
    }


def lines(report: AuditReport) -> Iterator[str]:
    """Yield JSON lines: findings, what was not examined, notes, and last the summary."""
    for one in report.found:
        yield _line({"type": "finding", **finding_as_json(one)})
    for each in report.unexamined:
        yield _line({"type": "unexamined", **asdict(each)})
    for note in report.notes:
        yield _line({"type": "note", "message": note})
    yield _line({"type": "summary", **_summary(report)})


def finding_as_json(one: Deviation) -> dict[str, Any]:
    """Return one finding with its kind in words."""
    return {**asdict(one), "kind_word": KIND_WORDS[one.kind]}


def _summary(report: AuditReport) -> dict[str, Any]:
    return {
        "audit": report.audit,
        "mode": report.mode,
        "place": report.place,
        "at": clock.stamp(report.at),
        "ended_at": clock.stamp(report.ended_at),
        "office": report.office,
        "pages": report.pages,
        "files": report.files,
        "assets": report.assets,
        "cases": report.cases,
        "found": len(report.found),
        "not_examined": len(report.unexamined),
        "versions": {
            "xianshen": report.xianshen,
            "lexicons": report.lexicons,
            "model": report.model,
        },
    }


def _line(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
