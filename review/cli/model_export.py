"""`xianshen model export`: labelled passages out of decided reviews, to train on."""

from pathlib import Path
from typing import Annotated

import typer

from review.cli.joined import As, cannot_write, joined
from review.errors import UsageError
from review.files import write_private
from review.service.models.labelled import Labelled, export_labelled

_DIGITS = 12


def export(
    output: Annotated[
        Path, typer.Option("-o", "--output", help="写入的新文件（.jsonl）")
    ],
    person: As,
) -> None:
    """从办结的审查件导出标注样本，供训练本单位的分类模型；谁导出过都有记录。"""
    # Before anything is put on record: an old export is never written over.
    if output.exists():
        raise UsageError(f"{output} 已经存在，不会覆盖；请换一个文件名。")
    if not output.parent.is_dir():
        raise UsageError(f"找不到文件夹：{output.parent}")
    with joined() as installation:
        made = export_labelled(installation.desk, person=person)
    try:
        write_private(output, made.data)
    except OSError as error:
        raise cannot_write(output, error) from error
    _say(output, made)


def _say(output: Path, made: Labelled) -> None:
    print(
        f"已导出 {made.sensitive + made.public} 段（须删改或不予公开 {made.sensitive} 段，"
        f"经审查不涉密 {made.public} 段），出自 {made.cases} 件：{output}"
    )
    left_out = (
        (made.state, "段可能涉及国家秘密"),
        (made.contradictory, "段前后结论不一"),
        (made.gone, "轮稿件内容已清除"),
    )
    said = "，".join(f"{count} {word}" for count, word in left_out if count)
    if said:
        print(f"没有导出：{said}")
    print(f"文件摘要 {made.digest[:_DIGITS]}，已记入审查记录")
    print(
        "文件里是稿件原文，只有您能读。请按内部资料保管：不上网、不外传、不进公共目录，"
        "训练完即删除；要用时可以重新导出。"
    )
