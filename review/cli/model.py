"""`xianshen model`: train the classifier from the repository, show its card."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from review import digests
from review.detect.card import card_text
from review.detect.compile_lexicon import write_compiled
from review.detect.corpus import read_background, read_corpus
from review.detect.examine import Examiner
from review.detect.features import PassageSignals
from review.errors import UsageError
from review.normalize.passages import single_passage
from review.resources import lexicons_folder, passage_model_folder

model = typer.Typer(help="分类模型：训练、说明", no_args_is_help=True)


@model.command()
def train(
    corpus: Annotated[
        Path | None, typer.Option(help="语料文件夹，默认用随附语料")
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(help="已公开发布的文字（JSONL，每行含 text），作为无害样本"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", help="写入的文件夹，默认覆盖随附模型")
    ] = None,
) -> None:
    """用仓库里的语料重新训练分类模型，结果逐字节可重现。"""
    from review.detect import train as training  # noqa: PLC0415 - scikit-learn is slow to import

    folder = corpus or passage_model_folder() / "corpus"
    if not folder.is_dir():
        raise UsageError(
            f"找不到语料文件夹：{folder}（安装包不带语料，请在源码目录里训练）"
        )
    lexicon = write_compiled(lexicons_folder())
    examiner = Examiner(lexicon, None)
    examples = read_corpus(folder)
    print(f"语料 {len(examples)} 段，词库 {lexicon.digest[:12]}，正在训练……")
    blob, manifest, metrics = training.train(
        examples,
        _signals(examiner, [(one.text, one.title) for one in examples]),
        training.Background(*_published(examiner, background)),
        lexicon_digest=lexicon.digest,
        corpus_digest=digests.of_files(folder, folder.glob("*.jsonl")),
    )
    _write(output or passage_model_folder(), blob, manifest, metrics)
    shown = metrics["held_out"] | {"background": metrics["background"]}
    print(json.dumps(shown, ensure_ascii=False))


def _signals(
    examiner: Examiner, texts: Iterable[tuple[str, str]]
) -> list[PassageSignals]:
    return [
        examiner.signals(single_passage(text, title=title))[0] for text, title in texts
    ]


def _published(
    examiner: Examiner, path: Path | None
) -> tuple[list[PassageSignals], str | None]:
    if path is None:
        return [], None
    texts = [(text, "") for text in read_background(path)]
    return _signals(examiner, texts), digests.of_bytes(path.read_bytes())


def _write(
    target: Path, blob: bytes, manifest: dict[str, Any], metrics: dict[str, Any]
) -> None:
    target.mkdir(parents=True, exist_ok=True)
    (target / "model.npz").write_bytes(blob)
    _write_json(target / "model.json", manifest)
    _write_json(target / "metrics.json", metrics)
    (target / "card.md").write_text(card_text(manifest, metrics), "utf-8")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


@model.command()
def card() -> None:
    """显示模型说明：用什么训练的，成绩如何，有什么局限。"""
    print((passage_model_folder() / "card.md").read_text("utf-8"))
