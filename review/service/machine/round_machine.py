"""The machine's pass over a whole round: title, body and every attachment.

A file is strange input. `apart` runs the work on it where it can do no harm (in
a process with limits), and an end by force there is a gap here, never a hole.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Protocol, TypeAlias

from review.case.values import File, RoundReport
from review.contents.canonical import ContentsReader, contents_here
from review.contents.interface import to_json as contents_to_json
from review.detect.repeats import find_repeats, fingerprints
from review.errors import UnreadableError
from review.pipeline import Scanner, ScanReport, ScanStage
from review.service.desk import Examined
from review.service.machine import passes
from review.service.machine.passes import WORST, Known, Pass, Passed
from review.service.machine.specimens import specimens

RoundFile: TypeAlias = tuple[File, bytes]
# Rounds up to so many bytes are examined in one go; only what fails, file by file.
_TOGETHER: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What the machine is at: which file of how many, which page of how many."""

    stage: ScanStage | Literal["comparing"]
    file: int
    files: int
    page: int = 0
    pages: int = 0


Tell: TypeAlias = Callable[[Step], None]
# The work on one file or several: given whom to ask and whom to tell, returns JSON.
Work: TypeAlias = Callable[[Known, Tell], bytes]


class Apart(Protocol):
    """Runs work on strange files wherever it sees fit."""

    def __call__(self, work: Work, *, known: Known, tell: Tell) -> bytes:
        """Return what the work returns.

        Raises:
            UnreadableError: It was ended by force, or could not cope.
        """
        ...


def here(work: Work, *, known: Known, tell: Tell) -> bytes:
    """Run the work in this process, without limits."""
    return work(known, tell)


def silent(step: Step) -> None:
    """Tell nobody."""


class RoundMachine:
    """Scans rounds with lexicons and a model that are loaded once."""

    def __init__(
        self,
        scanner: Scanner,
        *,
        fingerprint_key: bytes,
        repeat_check: bool,
        contents_reader: ContentsReader = contents_here,
    ) -> None:
        """Take a loaded scanner and the key that fingerprints are made with.

        `contents_reader` works out what a reader would see.
        """
        self._scanner = scanner
        self._key = fingerprint_key
        self._repeat_check = repeat_check
        self._contents_reader = contents_reader
        self._apart: Apart = here
        self._tell: Tell = silent

    @property
    def scanner(self) -> Scanner:
        """Return what scans one file by itself."""
        return self._scanner

    def working(self, *, apart: Apart = here, tell: Tell = silent) -> "RoundMachine":
        """Return the same machine that works on files apart and tells how far it is."""
        twin = RoundMachine(
            self._scanner,
            fingerprint_key=self._key,
            repeat_check=self._repeat_check,
            contents_reader=self._contents_reader,
        )
        twin._apart, twin._tell = apart, tell
        return twin

    def warm(self) -> None:
        """Load what is otherwise loaded when a draft first needs it (some seconds)."""
        self._scanner.warm()
        for name, data in specimens().items():
            self._scanner.scan(data, name)

    def examine(self, files: Sequence[RoundFile], *, refused_with: Known) -> Examined:
        """Scan every file; what can't be read becomes an unreadable gap."""
        found = self._together(files, refused_with)
        if found is None:
            found = self._one_by_one(files, refused_with)
        passed, contents = found
        marks = tuple(sorted({mark for one in passed for mark in one.marks}))
        full = {
            "files": [one.full for one in passed],
            "contents": contents.text if contents else None,
            "fingerprints": marks,
        }
        return Examined(
            note=self._note(passed, contents),
            report=json.dumps(full, ensure_ascii=False).encode(),
            fingerprints=marks,
        )

    def _together(
        self, files: Sequence[RoundFile], known: Known
    ) -> "tuple[list[Passed], _Contents | None] | None":
        """Examine a small round in one go; None if it is not small, or if that failed."""
        if sum(len(data) for _, data in files) > _TOGETHER:
            return None

        def work(known: Known, tell: Tell) -> bytes:
            scanned = [
                self._scanned(files, at, known, tell) for at in range(len(files))
            ]
            tell(Step(stage="comparing", file=len(files), files=len(files)))
            return _bytes({"files": scanned, "contents": self._contents(files)})

        try:
            made = json.loads(self._apart(work, known=known, tell=self._tell))
        except UnreadableError:
            return None
        passed = [
            passes.from_json(file, one)
            for (file, _), one in zip(files, made["files"], strict=True)
        ]
        return passed, _contents_from(made["contents"])

    def _one_by_one(
        self, files: Sequence[RoundFile], known: Known
    ) -> "tuple[list[Passed], _Contents | None]":
        passed = [self._passed(files, at, known) for at in range(len(files))]

        def work(known: Known, tell: Tell) -> bytes:
            del known
            tell(Step(stage="comparing", file=len(files), files=len(files)))
            return _bytes(self._contents(files))

        try:
            made = json.loads(self._apart(work, known=known, tell=self._tell))
        except UnreadableError as error:
            return _with_reason(passed, error), None
        return passed, _contents_from(made)

    def _passed(self, files: Sequence[RoundFile], at: int, known: Known) -> Passed:
        file, data = files[at]

        def work(known: Known, tell: Tell) -> bytes:
            return _bytes(self._scanned(files, at, known, tell))

        try:
            made = json.loads(self._apart(work, known=known, tell=self._tell))
        except UnreadableError as error:
            report = ScanReport(
                _named(file),
                file.digest,
                None,
                len(data),
                self._scanner.versions,
                error=error,
            )
            made = passes.to_json(Pass(at, file, report), {})
        return passes.from_json(file, made)

    def _scanned(
        self, files: Sequence[RoundFile], at: int, known: Known, tell: Tell
    ) -> dict[str, Any]:
        file, data = files[at]

        def watch(stage: ScanStage, page: int, pages: int) -> None:
            tell(
                Step(stage=stage, file=at + 1, files=len(files), page=page, pages=pages)
            )

        if file.role == "title":
            report = self._scanner.scan_words(data.decode(), _named(file))
        else:
            report = self._scanner.scan(data, _named(file), watch=watch)
        one = Pass(at, file, report)
        if report.text is not None:
            marks = fingerprints(report.text, key=self._key)
            repeats = (
                find_repeats(report.text, key=self._key, known=known)
                if self._repeat_check
                else ()
            )
            one = replace(one, repeats=repeats, marks=marks)
        return passes.to_json(one, self._scanner.lexicon.about)

    def _contents(self, files: Sequence[RoundFile]) -> dict[str, Any] | None:
        """Return what a reader sees of the item; None if it could not be had."""
        bodies = [(one.name, data) for one, data in files if one.role == "body"]
        attached = [
            (one.name, one.digest) for one, _ in files if one.role == "attachment"
        ]
        try:
            name, data = bodies[0]
            contents = self._contents_reader(data, name, attached)
        except UnreadableError:
            # The report names the file and why: nothing unreadable is ever cleared.
            return None
        return {
            "text": contents_to_json(contents),
            "digest": contents.digest,
            "attachments": [one.digest for one in contents.attachments],
            "hidden": contents.hidden,
        }

    def _note(
        self, passed: Sequence[Passed], contents: "_Contents | None"
    ) -> RoundReport:
        versions = self._scanner.versions
        return RoundReport(
            digest="",
            verdict=max((one.verdict for one in passed), key=WORST.index),
            xianshen=versions.xianshen,
            lexicons=versions.lexicons,
            model=versions.model,
            canonical=contents.digest if contents else None,
            findings=tuple(each for one in passed for each in one.findings),
            gaps=tuple(each for one in passed for each in one.gaps),
            attachments=contents.attachments if contents else (),
            hidden=contents.hidden if contents else (),
            repeats=tuple(sorted({name for one in passed for name in one.repeats})),
        )


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a reader sees of the item: as text to keep, and its digests."""

    text: str
    digest: str
    attachments: tuple[str, ...]
    hidden: tuple[str, ...]


def _contents_from(made: Mapping[str, Any] | None) -> _Contents | None:
    if made is None:
        return None
    return _Contents(
        text=made["text"],
        digest=made["digest"],
        attachments=tuple(made["attachments"]),
        hidden=tuple(made["hidden"]),
    )


def _with_reason(passed: list[Passed], error: UnreadableError) -> list[Passed]:
    """Let the report name the body where only what a reader sees could not be had."""
    if any(one.unreadable for one in passed):
        return passed
    at = next(at for at, one in enumerate(passed) if one.file.role == "body")
    body = passed[at]
    reason = {"code": error.code, "message": error.message}
    gap = passes.unreadable(at, body.file, error.code)
    named = replace(
        body,
        verdict="blocked",
        gaps=(*body.gaps, gap),
        full={**body.full, "verdict": "blocked", "error": reason},
    )
    return [*passed[:at], named, *passed[at + 1 :]]


def _named(file: File) -> str:
    return f"{file.name}.txt" if file.role == "title" else file.name


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
