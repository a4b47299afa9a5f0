"""The machine's pass over a whole round: title, body and every attachment."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from review.case.values import File, FindingNote, GapNote, RoundReport
from review.contents.canonical import contents_of
from review.contents.interface import Contents, to_json
from review.detect.interface import Finding
from review.detect.repeats import find_repeats, fingerprints
from review.errors import UnreadableError
from review.pipeline import Scanner, ScanReport
from review.report.as_json import finding_as_json, report_as_json
from review.report.regulations import clause_name
from review.service.desk import Examined

Known: TypeAlias = Callable[[Sequence[int]], Mapping[int, tuple[str, ...]]]

_WORST: Final = ("clear", "needs_review", "blocked")


@dataclass(frozen=True, slots=True)
class _Pass:
    """One file's pass; `number` counts the round's files from 0, the title."""

    number: int
    file: File
    report: ScanReport
    repeats: tuple[Finding, ...]
    marks: tuple[int, ...]

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
        return max(self.report.verdict, worst, key=_WORST.index)


class RoundMachine:
    """Scans rounds with lexicons and a model that are loaded once."""

    def __init__(
        self, scanner: Scanner, *, fingerprint_key: bytes, repeat_check: bool
    ) -> None:
        """Take a loaded scanner and the key that fingerprints are made with."""
        self._scanner = scanner
        self._key = fingerprint_key
        self._repeat_check = repeat_check

    def examine(
        self, files: Sequence[tuple[File, bytes]], *, refused_with: Known
    ) -> Examined:
        """Scan every file; what can't be read becomes an unreadable gap."""
        passes = [
            self._pass(number, file, data, refused_with)
            for number, (file, data) in enumerate(files)
        ]
        contents = _contents(files)
        marks = tuple(sorted({mark for one in passes for mark in one.marks}))
        full = {
            "files": [_as_json(one, self._scanner.lexicon.about) for one in passes],
            "contents": None if contents is None else to_json(contents),
            "fingerprints": marks,
        }
        return Examined(
            note=_note(passes, contents),
            report=json.dumps(full, ensure_ascii=False).encode(),
            fingerprints=marks,
        )

    def _pass(self, number: int, file: File, data: bytes, refused_with: Known) -> _Pass:
        name = f"{file.name}.txt" if file.role == "title" else file.name
        report = self._scanner.scan(data, name)
        if report.text is None:
            return _Pass(number, file, report, (), ())
        repeats: tuple[Finding, ...] = ()
        if self._repeat_check:
            repeats = find_repeats(report.text, key=self._key, known=refused_with)
        marks = fingerprints(report.text, key=self._key)
        return _Pass(number, file, report, repeats, marks)


def _contents(files: Sequence[tuple[File, bytes]]) -> Contents | None:
    """Return what a reader sees of the item; None if it could not be had."""
    bodies = [(one.name, data) for one, data in files if one.role == "body"]
    attached = [(one.name, data) for one, data in files if one.role == "attachment"]
    try:
        name, data = bodies[0]
        return contents_of(data, name, attachments=attached)
    except UnreadableError:
        # The report names the file and why: nothing unreadable is ever cleared.
        return None


def _note(passes: Sequence[_Pass], contents: Contents | None) -> RoundReport:
    versions = passes[0].report.versions
    return RoundReport(
        digest="",
        verdict=max((one.verdict for one in passes), key=_WORST.index),
        xianshen=versions.xianshen,
        lexicons=versions.lexicons,
        model=versions.model,
        canonical=contents.digest if contents else None,
        findings=tuple(
            _finding(one, place, finding)
            for one in passes
            for place, finding in enumerate(one.findings, start=1)
        ),
        gaps=tuple(gap for one in passes for gap in _gaps(one)),
        attachments=tuple(one.digest for one in contents.attachments)
        if contents
        else (),
        hidden=contents.hidden if contents else (),
        repeats=tuple(
            sorted(
                {
                    name
                    for each in passes
                    for one in each.repeats
                    for name in one.weighed
                }
            )
        ),
    )


def _finding(one: _Pass, place: int, finding: Finding) -> FindingNote:
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


def _gaps(one: _Pass) -> tuple[GapNote, ...]:
    error = one.report.error
    if error is not None:
        name = f"{one.number}.g0"
        return (GapNote(id=name, file=one.file.name, code=error.code, unreadable=True),)
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


def _as_json(one: _Pass, about: Mapping[str, str]) -> dict[str, Any]:
    """Return the file's full report; ids are those that the record names.

    `about` says of each clause what it lists, so that a form can be read later
    without the lexicons of that day.
    """
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
    return full
