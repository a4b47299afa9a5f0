"""`xianshen extract`: what the machine reads of a file, block by block."""

import json
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from review.cli.files import Source, sources
from review.errors import UnreadableError
from review.pipeline import Reader
from review.reading import reader_of
from review.report import words
from review.report.as_json import document_as_json
from review.settings import load_settings

EXIT_UNREADABLE = 3


class Format(StrEnum):
    """How the blocks come out."""

    TEXT = "text"
    JSONL = "jsonl"


def extract(
    paths: Annotated[list[str], typer.Argument(help="文件或文件夹，- 表示标准输入")],
    form: Annotated[
        Format, typer.Option("--format", help="text 或 jsonl")
    ] = Format.TEXT,
) -> None:
    """显示机器从文件里读到的全部文字及其位置，含隐藏内容。"""
    failed = False
    read = reader_of(load_settings())
    for file in sources(paths):
        failed = not _show(file, form, read) or failed
    if failed:
        raise typer.Exit(EXIT_UNREADABLE)


def _show(file: Source, form: Format, read: Reader) -> bool:
    try:
        document = read(file.data(), file.name)
    except UnreadableError as error:
        if form is Format.JSONL:
            print(
                json.dumps(
                    {
                        "file": file.name,
                        "format": None,
                        "blocks": [],
                        "coverage": {"complete": False, "gaps": []},
                        "error": {"code": error.code, "message": error.message},
                    },
                    ensure_ascii=False,
                )
            )
        else:
            Console(stderr=True).print(f"{file.name}：{error.message}", markup=False)
        return False
    if form is Format.JSONL:
        print(json.dumps(document_as_json(file.name, document), ensure_ascii=False))
        return True
    print(f"== {file.name}（{document.format}）")
    for block in document.blocks:
        hidden = "【隐藏】" if block.hidden else ""
        print(f"[{words.place(block.where)}]{hidden} {block.text}")
    for gap in document.gaps:
        print(f"[未能检查] {words.place(gap.where)}：{gap.message}")
    return True
