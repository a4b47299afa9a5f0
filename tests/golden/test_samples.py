"""The samples: what their index says should be found is found, and no more."""

import json
from pathlib import Path
from typing import Any

import pytest

from review.detect.interface import Finding
from review.pipeline import Scanner, ScanReport

SAMPLES = Path(__file__).parents[2] / "sample_docs"
INDEX = [
    json.loads(line)
    for line in (SAMPLES / "index.jsonl").read_text("utf-8").splitlines()
]


def _bare(text: str) -> str:
    return "".join(text.split())


def _grave(report: ScanReport) -> list[Finding]:
    assert report.examination is not None
    return [one for one in report.examination.findings if one.severity != "notice"]


def _about(report: ScanReport, wanted: str) -> list[Finding]:
    """Return the findings in the passages that hold `wanted`, or in its table."""
    assert report.text is not None
    passages = [
        one for one in report.text.passages if _bare(wanted) in _bare(one.source)
    ]
    places = {one.index for one in passages}
    tables = {
        (one.where.sheet, one.where.page, one.where.table)
        for one in passages
        if one.cells
    }
    return [
        one
        for one in _grave(report)
        if one.passage in places
        or (
            one.detector == "roster"
            and (one.where.sheet, one.where.page, one.where.table) in tables
        )
    ]


@pytest.mark.parametrize("entry", INDEX, ids=lambda entry: entry["file"])
def test_the_findings_are_the_ones_in_the_index(
    scanner: Scanner, entry: dict[str, Any]
) -> None:
    data = (SAMPLES / entry["file"]).read_bytes()

    report = scanner.scan(data, entry["file"])

    assert report.verdict == entry["verdict"]
    if entry["public"]:
        assert [one.reason for one in _grave(report)] == []
    for wanted in entry["must_find"]:
        found = _about(report, wanted["text"])
        assert wanted["category"] in {one.category for one in found}, wanted["text"]
        if wanted["severity"] == "block":
            assert "block" in {one.severity for one in found}, wanted["text"]
        assert {one.hidden for one in found} == {wanted["hidden"]}, wanted["text"]
    for harmless in entry["must_not_flag"]:
        assert _about(report, harmless) == [], harmless
    if entry["kind"]:
        assert report.examination is not None
        assert report.examination.kind is not None
        assert report.examination.kind.kind == entry["kind"]


def test_every_sample_stands_in_the_index() -> None:
    beside = {"index.jsonl", "README.md", "formats"}
    files = {one.name for one in SAMPLES.iterdir()} - beside

    assert files == {entry["file"] for entry in INDEX}
    assert len(files) >= 20
