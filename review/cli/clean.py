"""`xianshen clean`: a copy of a file without its hidden content."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from review.errors import UnreadableError, UsageError
from review.reading import copier_of
from review.safecopy.interface import SafeCopy, Trace
from review.settings import load_settings

EXIT_REFUSED: Final = 3
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE: Final = 0o600
# What a file of each kind may be called; text may be called anything else.
_ENDINGS: Final = {
    "docx": (".docx",),
    "xlsx": (".xlsx",),
    "pptx": (".pptx",),
    "pdf": (".pdf",),
    "html": (".html", ".htm"),
    "png": (".png",),
    "jpeg": (".jpg", ".jpeg"),
    "tiff": (".tif", ".tiff"),
    "bmp": (".bmp",),
    "webp": (".webp",),
    "gif": (".gif",),
    "txt": (".txt", ".md", ".csv", ".tsv", ".text"),
}


def clean(
    file: Annotated[Path, typer.Argument(help="原件，不会被改动")],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="安全副本写到哪里，文件不能已经存在")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """制作安全副本：清除隐藏内容和文件属性，看得见的内容不变；清不掉的就拒绝。"""
    data = _read(file)
    _forbid_overwriting(out)
    try:
        made = copier_of(load_settings())(data, file.name)
    except UnreadableError as error:
        _complain(f"{file}：{error.message}")
        raise typer.Exit(EXIT_REFUSED) from None
    _forbid_wrong_name(out, made.format)
    _write(out, made.data)
    if as_json:
        print(json.dumps(_as_json(file, out, made), ensure_ascii=False))
    else:
        _say(out, made)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"读不了 {file}（{error.strerror}），请检查文件名。"
        ) from error


def _forbid_overwriting(out: Path) -> None:
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} 已经存在，不会被覆盖；请换一个文件名，或先移走它。")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"没有这个文件夹：{out.parent}，请先建好。")


def _forbid_wrong_name(out: Path, form: str) -> None:
    endings = _ENDINGS.get(form, ())
    if endings and out.suffix.lower() not in endings:
        raise UsageError(
            f"安全副本是 {form} 格式，请把输出文件的扩展名改为 {' 或 '.join(endings)}。"
        )


def _write(out: Path, data: bytes) -> None:
    """Write the whole copy or nothing: beside its place first, then under its name."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        handle = os.open(part, _NEW, _PRIVATE)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            # Unlike a renaming, this fails where somebody was faster.
            os.link(part, out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"写不了 {out}（{error.strerror}），没有留下副本。") from error


def _say(out: Path, made: SafeCopy) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"已写入安全副本：{out}（{made.format}，{len(made.data):,} 字节）", markup=False
    )
    _list(console, "清除了：", made.removed, "没有发现需要清除的隐藏内容。")
    _list(console, "仍保留：", made.kept, "")
    console.print(
        f"复查：重新读取副本，没有隐藏内容；可见文字 {made.characters:,} 字与原件一致。",
        markup=False,
    )
    if made.pictures:
        console.print(
            "注意：图片里的画面和文字没有检查，请人工查看。安全副本仍须经过保密审查。",
            markup=False,
        )
    else:
        console.print("注意：安全副本仍须经过保密审查。", markup=False)


def _list(console: Console, title: str, traces: Sequence[Trace], nothing: str) -> None:
    if not traces:
        if nothing:
            console.print(nothing, markup=False)
        return
    console.print(title, markup=False)
    for one in traces:
        console.print(f"  {one.kind}：{one.count} 处（{one.place}）", markup=False)


def _as_json(file: Path, out: Path, made: SafeCopy) -> dict[str, Any]:
    return {
        "file": str(file),
        "out": str(out),
        "format": made.format,
        "bytes": len(made.data),
        "removed": [_one(trace) for trace in made.removed],
        "kept": [_one(trace) for trace in made.kept],
        "characters": made.characters,
        "pictures_unread": made.pictures,
    }


def _one(trace: Trace) -> dict[str, str | int]:
    return {"kind": trace.kind, "place": trace.place, "count": trace.count}


def _complain(message: str) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(message, markup=False)
