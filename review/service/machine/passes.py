"""The machine's pass over one file of a round, as values that JSON can carry.

A pass may be made in a process of its own; what comes back is JSON and no program.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

from review.case.values import File, FindingNote, GapNote
from review.detect.interface import Finding
from review.pipeline import ScanReport
from review.report.as_json import finding_as_json, layout_as_json, report_as_json
from review.report.regulations import clause_name

Known: TypeAlias = Callable[[Sequence[int]], Mapping[int, tuple[str, ...]]]

WORST: Final = ("clear", "needs_review", "blocked")


@dataclass(frozen=True, slots=True)
class Pass:
    """One file's pass; `number` counts the round's files from 0, the title."""

    number: int
    file: File
    report: ScanReport
    repeats: tuple[Finding, ...] = ()
    marks: tuple[int, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, repeats of refused items last."""
        examination = self.report.examination
        found = examination.findings if examination else ()
        return (*found, *self.repeats)

    @property
    def verdict(self) -> str:
        """Return the file's verdict, the repeats counted in."""
        worst = "needs_review" if self.repeats else "clear"
        return max(self.report.verdict, worst, key=WORST.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What is kept of a pass: notes for the record, the full report, the marks."""

    file: File
    verdict: str
    findings: tuple[FindingNote, ...]
    gaps: tuple[GapNote, ...]
    marks: tuple[int, ...]
    repeats: tuple[str, ...]
    full: dict[str, Any]

    @property
    def unreadable(self) -> bool:
        """Tell whether the file could not be read."""
        return any(one.unreadable for one in self.gaps)


def to_json(one: Pass, about: Mapping[str, str]) -> dict[str, Any]:
    """Return the pass for `from_json`.

    `about` says of each clause what it lists, so that a form can be read later
    without the lexicons of that day.
    """
    findings = enumerate(one.findings, start=1)
    return {
        "verdict": one.verdict,
        "findings": [
            asdict(_finding(one, place, finding)) for place, finding in findings
        ],
        "gaps": [asdict(gap) for gap in _gaps(one)],
        "marks": one.marks,
        "repeats": sorted({name for each in one.repeats for name in each.weighed}),
        "full": _full(one, about),
    }


def from_json(file: File, value: Mapping[str, Any]) -> Passed:
    """Read what `to_json` made of that file."""
    return Passed(
        file=file,
        verdict=value["verdict"],
        findings=tuple(
            FindingNote(**{**one, "clauses": tuple(one["clauses"])})
            for one in value["findings"]
        ),
        gaps=tuple(GapNote(**one) for one in value["gaps"]),
        marks=tuple(value["marks"]),
        repeats=tuple(value["repeats"]),
        full=dict(value["full"]),
    )


def _finding(one: Pass, place: int, finding: Finding) -> FindingNote:
    return FindingNote(
        id=f"{one.number}.f{place}",
        file=one.file.name,
        detector=finding.detector,
        rule=finding.rule,
        category=finding.category,
        tier=finding.tier,
        severity=finding.severity,
        clauses=finding.clauses,
        level=finding.level,
        part=finding.where.part,
        page=finding.where.page,
        paragraph=finding.where.paragraph,
        hidden=finding.hidden,
        releasable=finding.releasable_when is not None,
    )


def _gaps(one: Pass) -> tuple[GapNote, ...]:
    error = one.report.error
    if error is not None:
        return (unreadable(one.number, one.file, error.code),)
    return tuple(
        GapNote(
            id=f"{one.number}.g{place}",
            file=one.file.name,
            code=gap.code,
            part=gap.where.part,
            page=gap.where.page,
        )
        for place, gap in enumerate(one.report.gaps, start=1)
    )


def unreadable(number: int, file: File, code: str) -> GapNote:
    """Return the gap that says of a whole file that it could not be read."""
    return GapNote(id=f"{number}.g0", file=file.name, code=code, unreadable=True)


def _full(one: Pass, about: Mapping[str, str]) -> dict[str, Any]:
    """Return the file's full report; ids are those that the record names."""
    full = report_as_json(one.report)
    full["file"], full["role"] = one.file.name, one.file.role
    full["verdict"] = one.verdict
    full["findings"] = [
        {
            **finding_as_json(f"{one.number}.f{place}", finding),
            "clause_names": [clause_name(each, about) for each in finding.clauses],
        }
        for place, finding in enumerate(one.findings, start=1)
    ]
    for place, gap in enumerate(full["coverage"]["gaps"], start=1):
        gap["id"] = f"{one.number}.g{place}"
    if one.report.text is not None:
        full["text"] = [
            {"passage": each.index, "text": each.source, "hidden": each.hidden}
            for each in one.report.text.passages
        ]
        full["layout"] = layout_as_json(one.report.text)
    return full
