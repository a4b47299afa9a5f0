"""`xianshen model compare`: a candidate beside the model in force, on real texts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from review import digests
from review.cli.compared import Compared, compared, drafts_as_json, drafts_lines
from review.cli.model_here import model_folder_here
from review.detect.compile_lexicon import load_compiled
from review.detect.compiled_rules import CompiledLexicon
from review.detect.corpus import read_corpus_file
from review.detect.examine import Examiner
from review.detect.lexicon_files import Layer
from review.detect.model_diff import (
    LabelledDiff,
    ModelDiff,
    compare_labelled,
    compare_models,
    read_model,
)
from review.errors import LexiconError, ModelError, UsageError
from review.report.model_diff import (
    labelled_as_json,
    labelled_lines,
    model_diff_as_json,
    model_lines,
)
from review.resources import lexicons_folder

_LABELLED: Final = ".jsonl"
_DIGITS: Final = 12

OnOption = Annotated[
    Path | None,
    typer.Option(
        "--on",
        help="用两个模型各检查一遍这里的稿件；或一个标注样本文件（.jsonl），多标少标还分对错",
    ),
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models, and what follows on drafts or labelled passages, where asked for."""

    models: ModelDiff
    lexicons: str
    drafts: tuple[Compared, ...] | None = None
    labelled: LabelledDiff | None = None
    seen_in_training: bool = False


def compare(
    candidate: Annotated[Path, typer.Argument(help="候选模型的文件夹")],
    on: OnOption = None,
    own: Annotated[
        Path | None,
        typer.Option("--lexicons", help="本单位词库目录，叠加在随附词库之上"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="以 JSON 输出")] = False,
) -> None:
    """把候选模型与现用的比较。退出码：0 完全相同，1 有不同，2 无法比较。"""
    try:
        layers = [own] if own else []
        found = compared_models(model_folder_here(), candidate, layers, on=on)
    except (ModelError, LexiconError) as error:
        raise UsageError(error.message) from error  # 1 would read as “different”
    if as_json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        print_comparison(found)
    raise typer.Exit(0 if found.models.equal else 1)


def compared_models(
    current: Path, candidate: Path, layers: Sequence[Layer], *, on: Path | None
) -> Comparison:
    """Compare two folders' models, under the shipped lexicons and the office's layers.

    Raises:
        ModelError: One cannot be read.
        LexiconError: The office's own lexicon cannot.
        UsageError: What to compare on is not there.
    """
    if on is not None and not on.exists():
        raise UsageError(f"找不到文件或文件夹：{on}")
    models = compare_models(read_model(current), read_model(candidate))
    lexicon = load_compiled(lexicons_folder(), *layers)
    if on is None:
        return Comparison(models, lexicon.digest)
    old, new = _examiners(lexicon, models)
    if on.suffix.lower() != _LABELLED:
        drafts = tuple(compared(on, old, new))
        return Comparison(models, lexicon.digest, drafts=drafts)
    labelled = compare_labelled(read_corpus_file(on), old, new)
    seen = digests.of_bytes(on.read_bytes()) in _learned_from(models)
    return Comparison(models, lexicon.digest, labelled=labelled, seen_in_training=seen)


def _examiners(
    lexicon: CompiledLexicon, models: ModelDiff
) -> tuple[Examiner, Examiner]:
    return (
        Examiner(lexicon, models.old.classifier),
        Examiner(lexicon, models.new.classifier),
    )


def _learned_from(models: ModelDiff) -> set[str]:
    """Return the digests of the office's own files that either model learned from."""
    return {
        one["digest"]
        for model in (models.old, models.new)
        for one in model.manifest.get("own", {}).get("files", ())
    }


def print_comparison(found: Comparison) -> None:
    """Print the whole comparison."""
    for line in model_lines(found.models):
        print(line)
    made_for = str(found.models.new.manifest["lexicons"])
    if made_for != found.lexicons:
        print(
            f"注意：候选模型是按词库 {made_for[:_DIGITS]} 训练的，"
            f"这里用的是 {found.lexicons[:_DIGITS]}；建议用同一版词库重新训练。"
        )
    if found.drafts is not None:
        for line in drafts_lines(found.drafts):
            print(line)
    if found.labelled is not None:
        if found.seen_in_training:
            print("注意：这个样本文件参加过训练，下面的数字偏乐观，不能据此决定。")
        for line in labelled_lines(found.labelled):
            print(line)


def _as_json(found: Comparison) -> dict[str, Any]:
    value = model_diff_as_json(found.models)
    value["lexicons"] = found.lexicons
    if found.drafts is not None:
        value["drafts"] = drafts_as_json(found.drafts)
    if found.labelled is not None:
        value["labelled"] = labelled_as_json(found.labelled)
        value["seen_in_training"] = found.seen_in_training
    return value
