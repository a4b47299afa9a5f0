"""`xianshen model use`: another classifier for this installation, by somebody's decision."""

from pathlib import Path
from typing import Annotated

import typer

from review.cli.joined import As, joined
from review.cli.model_compare import (
    OnOption,
    compared_models,
    print_comparison,
)
from review.detect.model_diff import read_model
from review.detect.model_folder import load_own, model_folder
from review.errors import ModelError, UsageError
from review.resources import passage_model_folder
from review.service.desk import Desk
from review.service.lexicons.layers import folder_in_force, laid_over
from review.service.models import versions
from review.service.models.versions import InForce

_DIGITS = 12


def use(
    person: As,
    folder: Annotated[
        Path | None, typer.Argument(help="候选模型的文件夹；--shipped 时不写")
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="改回随附模型")] = False,
    on: OnOption = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="不再询问，供脚本用；比较照样显示")
    ] = False,
) -> None:
    """启用本单位的分类模型，或改回随附的：先显示比较，再问；记入审查记录。"""
    if (folder is None) != shipped:
        raise UsageError("请写候选模型的文件夹，或者写 --shipped，二者选一。")
    wanted = passage_model_folder() if folder is None else folder
    with joined() as installation:
        seen = versions.shown(installation.desk, person=person)
        _show(installation.desk, seen, wanted, on=on)
        if not yes and not _agreed():
            print("没有启用，一切照旧。")
            raise typer.Exit(1)
        desk = installation.desk
        if folder is None:
            digest = versions.back_to_shipped(desk, seen=seen, person=person)
        else:
            digest = versions.activate(desk, folder, seen=seen, person=person)
    what = "已改回随附模型" if folder is None else "已启用本单位模型"
    print(f"{what} {digest[:_DIGITS]}，从下一件机检起生效，已记入审查记录。")


def _show(desk: Desk, seen: InForce, wanted: Path, *, on: Path | None) -> None:
    """Show the comparison under the lexicons in force.

    A model in force that is unusable can be compared with nothing, and must still
    be replaced.
    """
    candidate = read_model(wanted)
    with desk.store.reading() as records:
        own = folder_in_force(records, desk.secrets)
    layers = laid_over(desk.lexicons_dir, own)
    try:
        current = _current(desk, seen)
        print_comparison(compared_models(current, wanted, layers, on=on))
    except ModelError as error:
        print(f"现用的模型无法比较：{error.message}")
        print(f"候选模型 {candidate.digest[:_DIGITS]}")


def _current(desk: Desk, seen: InForce) -> Path:
    if seen.own is None or desk.models_dir is None:
        return passage_model_folder()
    load_own(desk.models_dir, seen.own)
    return model_folder(desk.models_dir, seen.own)


def _agreed() -> bool:
    try:
        return typer.confirm("启用吗？", default=False)
    except typer.Abort:
        raise UsageError(
            "没有得到回答，什么也没有改；脚本里请在看过比较之后加 --yes。"
        ) from None
