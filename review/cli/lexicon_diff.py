"""`xianshen lexicon diff`: what changed between two lexicons, and what follows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from review.cli.files import Source, sources
from review.detect.classifier import load_classifier
from review.detect.compile_lexicon import load_compiled
from review.detect.examine import Examination, Examiner
from review.detect.lexicon import REGULATIONS_FILE
from review.detect.lexicon_diff import (
    FindingsDiff,
    LexiconDiff,
    compare,
    compare_findings,
    read_folder,
)
from review.errors import LexiconError, UnreadableError, UsageError
from review.extract.limits import Limits
from review.extract.read import read
from review.normalize.passages import normalize
from review.report.lexicon_diff import (
    diff_as_json,
    diff_lines,
    findings_as_json,
    findings_lines,
)
from review.resources import lexicons_folder, passage_model_folder

_NOTHING: Final = FindingsDiff((), ())


@dataclass(frozen=True, slots=True)
class _Compared:
    """One draft under both lexicons; `error` where it was not (wholly) examined."""

    name: str
    findings: FindingsDiff = _NOTHING
    error: str | None = None


def diff(
    old: Annotated[Path, typer.Argument(help="旧词库目录")],
    new: Annotated[Path, typer.Argument(help="新词库目录")],
    on: Annotated[
        Path | None,
        typer.Option("--on", help="用两个词库各检查一遍这里的稿件，列出多标和少标的"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """比较两个词库。退出码：0 完全相同，1 有不同，2 无法比较。"""
    try:
        found = compare(read_folder(old), read_folder(new))
        drafts = list(_scanned(old, new, on)) if on else None
    except LexiconError as error:
        raise UsageError(error.message) from error  # 1 would read as “different”
    if as_json:
        print(json.dumps(_as_json(found, drafts), ensure_ascii=False, indent=2))
    else:
        _print(found, drafts)
    raise typer.Exit(0 if found.equal else 1)


def _scanned(old: Path, new: Path, on: Path) -> Iterator[_Compared]:
    files = sources([str(on)])
    before, after = _examiner(old), _examiner(new)
    for file in files:
        yield _scan(file, before, after)


def _examiner(folder: Path) -> Examiner:
    """Load a whole lexicon alone, an office's own folder over the shipped one."""
    whole = (folder / REGULATIONS_FILE).is_file()
    folders = (folder,) if whole else (lexicons_folder(), folder)
    return Examiner(load_compiled(*folders), load_classifier(passage_model_folder()))


def _scan(file: Source, before: Examiner, after: Examiner) -> _Compared:
    try:
        text = normalize(read(file.data(), file.name, Limits()))
    except UnreadableError as error:
        return _Compared(file.name, error=error.message)
    except OSError as error:
        return _Compared(file.name, error=f"文件打不开（{error.strerror}）")
    old, new = before.examine(text), after.examine(text)
    findings = compare_findings(old.findings, new.findings)
    return _Compared(file.name, findings, _gaps(old, new))


def _gaps(old: Examination, new: Examination) -> str | None:
    """Return what kept either scan from seeing the whole draft."""
    messages = dict.fromkeys(gap.message for one in (old, new) for gap in one.gaps)
    return "；".join(messages) or None


def _print(found: LexiconDiff, drafts: list[_Compared] | None) -> None:
    for line in diff_lines(found):
        print(line)
    if drafts is None:
        return
    gained = sum(len(one.findings.gained) for one in drafts)
    lost = sum(len(one.findings.lost) for one in drafts)
    print(f"检查 {len(drafts)} 份稿件：多标出 {gained} 处，少标出 {lost} 处")
    for one in drafts:
        for line in findings_lines(one.name, one.findings):
            print(line)
    for one in drafts:
        if one.error:
            print(f"  未能检查全部内容：{one.name}：{one.error}")


def _as_json(found: LexiconDiff, drafts: list[_Compared] | None) -> dict[str, Any]:
    value = diff_as_json(found)
    if drafts is not None:
        value["drafts"] = [
            {**findings_as_json(one.name, one.findings), "error": one.error}
            for one in drafts
        ]
    return value
