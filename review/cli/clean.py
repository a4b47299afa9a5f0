"""`xianshen clean`: a copy of a file without its hidden content."""

import errno
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console

from review.errors import UnreadableError, UsageError
from review.reading import copier_of, limits_of
from review.safecopy.interface import SafeCopy, Trace
from review.settings import load_settings

EXIT_REFUSED: Final = 3
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PRIVATE: Final = 0o600
_CAUSES: Final = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EEXIST: "刚刚有了同名文件",
    errno.EIO: "磁盘读写出错",
}
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
    file: Annotated[Path, typer.Argument(help="原件，不会被改动", readable=False)],
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            "-o",
            help="安全副本写到哪里，文件不能已经存在",
            readable=False,  # typer would say so in English
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """制作安全副本：清除隐藏内容和文件属性，看得见的内容不变；清不掉的就拒绝。"""
    settings = load_settings()
    data = _read(file, limits_of(settings).file_bytes)
    try:
        _forbid_overwriting(file, out)
    except OSError as error:
        raise UsageError(f"{out} 不能用（{_why(error)}），请换一个位置。") from error
    try:
        made = copier_of(settings)(data, file.name)
    except UnreadableError as error:
        _complain(f"{file}：{error.message}")
        raise typer.Exit(EXIT_REFUSED) from None
    _forbid_wrong_name(out, made.format)
    _write(out, made.data)
    if as_json:
        print(json.dumps(_as_json(file, out, made), ensure_ascii=False))
    else:
        _say(out, made)


def _read(file: Path, most: int) -> bytes:
    """Return a file's bytes; of a larger one as many as show that it is too large."""
    try:
        _forbid_no_file(file)
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise UsageError(
            f"读不了 {file}（{_why(error)}），请检查文件和权限后再试。"
        ) from error


def _forbid_no_file(file: Path) -> None:
    if file.is_dir():
        raise UsageError(f"{file} 是文件夹；安全副本一次做一个文件，请指定其中一个。")
    if not file.exists():
        raise UsageError(f"没有这个文件：{file}，请检查文件名和路径。")
    if not file.is_file():
        raise UsageError(f"{file} 不是普通文件，请指定一个文件。")


def _why(error: OSError) -> str:
    return _CAUSES.get(error.errno or 0) or error.strerror or type(error).__name__


def _forbid_overwriting(file: Path, out: Path) -> None:
    if out.exists() and out.samefile(file):
        raise UsageError("输出文件就是原件，原件不会被改动；请另取一个文件名。")
    if out.is_dir():
        raise UsageError(
            f"{out} 是文件夹；请写明安全副本的文件名，例如 {out / file.name}"
        )
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
    part = out.with_name(f".xianshen-{os.getpid()}.part")
    try:
        try:
            with os.fdopen(os.open(part, _NEW, _PRIVATE), "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            # Taking the name fails where somebody was faster. A link would do in one
            # step, but sticks and shares have none.
            os.close(os.open(out, _NEW, _PRIVATE))
            _put(part, out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"写不了 {out}（{_why(error)}），没有留下副本。") from error


def _put(part: Path, out: Path) -> None:
    try:
        part.replace(out)
    except OSError:
        out.unlink()
        raise


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
