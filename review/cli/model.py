"""`xianshen model`: train the classifier, compare and use another, show its card."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from review import digests
from review.cli.model_compare import compare
from review.cli.model_export import export
from review.cli.model_here import model_folder_here
from review.cli.model_use import use
from review.detect.card import card_text
from review.detect.compile_lexicon import load_compiled, write_compiled
from review.detect.compiled_rules import CompiledLexicon
from review.detect.corpus import read_background, read_corpus
from review.detect.corpus_vectors import FILE, vectors_of
from review.detect.encoder import encoder
from review.detect.examine import Examiner
from review.detect.features import PassageSignals
from review.detect.own_passages import OwnPassages, read_own
from review.errors import UsageError
from review.normalize.passages import single_passage
from review.resources import lexicons_folder, passage_model_folder

model = typer.Typer(
    help="分类模型：导出本单位样本、训练、比较、启用、说明", no_args_is_help=True
)

model.command("export")(export)
model.command("compare")(compare)
model.command("use")(use)


@model.command()
def train(
    corpus: Annotated[
        Path | None, typer.Option(help="语料文件夹，默认用随附语料")
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(help="已公开发布的文字（JSONL，每行含 text），作为无害样本"),
    ] = None,
    own: Annotated[
        list[Path] | None,
        typer.Option(
            "--with", help="加上本单位的标注样本（model export 导出的），可多次"
        ),
    ] = None,
    own_lexicons: Annotated[
        Path | None,
        typer.Option("--lexicons", help="本单位词库目录；启用了本单位词库的要写"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="写入的文件夹；加了本单位的样本或词库就必须写，否则覆盖随附模型",
        ),
    ] = None,
) -> None:
    """用仓库里的语料重新训练分类模型，结果逐字节可重现。"""
    from review.detect import train as training  # noqa: PLC0415 - scikit-learn is slow to import

    target = _target(output, own=bool(own or own_lexicons))
    ours, files = read_own(own) if own else ([], ())
    folder = corpus or passage_model_folder() / "corpus"
    if not folder.is_dir():
        raise UsageError(
            f"找不到语料文件夹：{folder}（安装包不带语料，请在源码目录里训练）"
        )
    lexicon = _lexicon(own_lexicons, rebuilt=not (own or own_lexicons))
    examiner = Examiner(lexicon, None)
    examples = read_corpus(folder)
    added = f"，本单位样本 {len(ours)} 段" if ours else ""
    print(f"语料 {len(examples)} 段{added}，词库 {lexicon.digest[:12]}，正在训练……")
    blob, manifest, metrics = training.train(
        examples,
        _signals(examiner, [(one.text, one.title) for one in examples]),
        training.Background(*_published(examiner, background)),
        OwnPassages(
            ours, _signals(examiner, [(one.text, one.title) for one in ours]), files
        ),
        lexicon_digest=lexicon.digest,
        corpus_digest=digests.of_files(folder, folder.glob("*.jsonl")),
        vectors_of=_vectors(target if corpus else passage_model_folder()),
    )
    _write(target, blob, manifest, metrics)
    print(json.dumps(_shown(metrics), ensure_ascii=False))


def _lexicon(own: Path | None, *, rebuilt: bool) -> CompiledLexicon:
    """Return the lexicons to read with; the shipped ones alone are compiled anew."""
    if rebuilt:
        return write_compiled(lexicons_folder())
    return load_compiled(lexicons_folder(), *((own,) if own else ()))


def _vectors(folder: Path) -> Callable[[Sequence[str]], npt.NDArray[np.int8]]:
    """Return what reads passages: those known by the vectors in the folder, not again."""
    return partial(vectors_of, path=folder / FILE, reader=encoder(), told=_told)


def _shown(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a training at once; the rest stands in its files."""
    shown = {**metrics["held_out"], "background": metrics["background"]}
    return shown | ({"own": metrics["own"]} if "own" in metrics else {})


def _told(count: int, total: int) -> None:
    """Say how far the vectors of new passages are: each takes a tenth of a second."""
    if count % 500 == 0 or count == total:
        print(f"向量 {count} / {total}", flush=True)


def _target(output: Path | None, *, own: bool) -> Path:
    """Return where the model goes: what is the office's own never over the shipped one."""
    shipped = passage_model_folder()
    if not own:
        return output or shipped
    if output is None:
        raise UsageError(
            "加了本单位的样本或词库，请用 -o 指定一个文件夹，例如 -o 候选模型。"
        )
    if output.resolve() == shipped.resolve():
        raise UsageError("本单位的模型不能写在随附模型上，请用 -o 换一个文件夹。")
    return output


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
    """显示现用模型的说明：用什么训练的，成绩如何，有什么局限。"""
    path = model_folder_here() / "card.md"
    if not path.is_file():
        raise UsageError(f"模型没有附说明：{path}")
    print(path.read_text("utf-8"))
