"""Drafts under two examiners: what the second gains and loses against the first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from review.cli.files import Source, sources
from review.detect.examine import Examination, Examiner
from review.detect.lexicon_diff import FindingsDiff, compare_findings
from review.errors import UnreadableError
from review.normalize.passages import normalize
from review.pipeline import Reader
from review.reading import reader_of
from review.report.lexicon_diff import findings_as_json, findings_lines
from review.settings import load_settings

_NOTHING: Final = FindingsDiff((), ())


@dataclass(frozen=True, slots=True)
class Compared:
    """One draft under both; `error` where it was not (wholly) examined."""

    name: str
    findings: FindingsDiff = _NOTHING
    error: str | None = None


def compared(on: Path, before: Examiner, after: Examiner) -> Iterator[Compared]:
    """Examine every draft there by both.

    Raises:
        UsageError: There is no such file or folder.
    """
    read = reader_of(load_settings())
    return (_scan(file, read, before, after) for file in sources([str(on)]))


def _scan(file: Source, read: Reader, before: Examiner, after: Examiner) -> Compared:
    try:
        text = normalize(read(file.data(), file.name))
    except UnreadableError as error:
        return Compared(file.name, error=error.message)
    except OSError as error:
        return Compared(file.name, error=f"文件打不开（{error.strerror}）")
    old, new = before.examine(text), after.examine(text)
    findings = compare_findings(old.findings, new.findings)
    return Compared(file.name, findings, _gaps(old, new))


def _gaps(old: Examination, new: Examination) -> str | None:
    """Return what kept either scan from seeing the whole draft."""
    messages = dict.fromkeys(gap.message for one in (old, new) for gap in one.gaps)
    return "；".join(messages) or None


def drafts_lines(drafts: Sequence[Compared]) -> Iterator[str]:
    """Yield how many findings are gained and lost, then each, then what was not seen."""
    gained = sum(len(one.findings.gained) for one in drafts)
    lost = sum(len(one.findings.lost) for one in drafts)
    yield f"检查 {len(drafts)} 份稿件：多标出 {gained} 处，少标出 {lost} 处"
    for one in drafts:
        yield from findings_lines(one.name, one.findings)
    for one in drafts:
        if one.error:
            yield f"  未能检查全部内容：{one.name}：{one.error}"


def drafts_as_json(drafts: Sequence[Compared]) -> list[dict[str, Any]]:
    """Return each draft's findings gained and lost."""
    return [
        {**findings_as_json(one.name, one.findings), "error": one.error}
        for one in drafts
    ]
