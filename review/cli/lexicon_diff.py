"""`xianshen lexicon diff`: what changed between two lexicons, and what follows."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from review.cli.compared import Compared, compared, drafts_as_json, drafts_lines
from review.detect.classifier import load_classifier
from review.detect.compile_lexicon import load_compiled
from review.detect.examine import Examiner
from review.detect.lexicon import REGULATIONS_FILE
from review.detect.lexicon_diff import LexiconDiff, compare, read_folder
from review.errors import LexiconError, UsageError
from review.report.lexicon_diff import diff_as_json, diff_lines
from review.resources import lexicons_folder, passage_model_folder


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


def _scanned(old: Path, new: Path, on: Path) -> Iterable[Compared]:
    return compared(on, _examiner(old), _examiner(new))


def _examiner(folder: Path) -> Examiner:
    """Load a whole lexicon alone, an office's own folder over the shipped one."""
    whole = (folder / REGULATIONS_FILE).is_file()
    folders = (folder,) if whole else (lexicons_folder(), folder)
    return Examiner(load_compiled(*folders), load_classifier(passage_model_folder()))


def _print(found: LexiconDiff, drafts: list[Compared] | None) -> None:
    for line in diff_lines(found):
        print(line)
    for line in [] if drafts is None else drafts_lines(drafts):
        print(line)


def _as_json(found: LexiconDiff, drafts: list[Compared] | None) -> dict[str, Any]:
    value = diff_as_json(found)
    if drafts is not None:
        value["drafts"] = drafts_as_json(drafts)
    return value
