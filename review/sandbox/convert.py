"""Old documents become new ones: LibreOffice, bounded in time, without macros or links.

What it is given lies in a room of its own, and nothing of it stays with a user: the
profile is made for one file and thrown away with the room.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from review.errors import CorruptError, OutOfTimeError, UnsupportedError
from review.extract.interface import Convertible
from review.extract.ole.ole import MAGIC, CompoundFile
from review.sandbox.confining import bind_to_parent

_RESTART: Final = 81  # what LibreOffice says when it wants to be started again
_OFTEN: Final = 3
_PACKAGES: Final[Mapping[str, str]] = {
    "libswlo.so": "libreoffice-writer-nogui",
    "libsdlo.so": "libreoffice-impress-nogui",
    "libsclo.so": "libreoffice-calc-nogui",
}
_ALL_PACKAGES: Final = " ".join(_PACKAGES.values())
_OUTPUTS: Final[Mapping[Convertible, tuple[str, str]]] = {
    "docx": ("MS Word 2007 XML", "libswlo.so"),
    "pptx": ("Impress MS PowerPoint 2007 XML", "libsdlo.so"),
    "xlsx": ("Calc MS Excel 2007 XML", "libsclo.so"),
}
_OLD_WORD: Final = b"\xdc\xa5"
_WORD_6: Final = 102  # the last number of Word 6; Word 95 counts on
_WORKS: Final = b"CHNKWKS"

_OUT_OF_TIME: Final = (
    "旧格式文件的转换超过了规定的时间（{seconds:.0f} 秒），没有完成；"
    "请另存为 docx、xlsx 或 pptx 后再提交。"
)
_NOTHING_MADE: Final = (
    "旧格式文件未能转换，可能已损坏；请用原来的软件另存为 docx、xlsx 或 pptx 后再提交。"
)
_UNKNOWN: Final = "这种旧格式不能转换；请另存为 docx、xlsx 或 pptx 后再提交。"

# Macros never run, links are never followed, no Java is started, nothing is asked.
_CHOICES: Final = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    ("Office.Jobs/Jobs/UpdateCheck/Arguments", "AutoCheckEnabled", "false"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.WriterWeb/Content/Update", "Link", "2"),
    ("Office.Calc/Content/Update", "Link", "2"),
    ("Office.Recovery/AutoSave", "Enabled", "false"),
    ("Office.Recovery/RecoveryInfo", "Enabled", "false"),
)
_PROFILE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM: Final = (
    '<item oor:path="/org.openoffice.{path}">'
    '<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)


@dataclass(frozen=True, slots=True)
class _Source:
    """How LibreOffice is to take the file: its ending and the filter that reads it."""

    ending: str
    reader: str


def convert(data: bytes, to: Convertible, *, room: Path, seconds: float) -> bytes:
    """Return the file in a new format, made by LibreOffice in an empty room.

    The contents decide which filter reads it; its own name is never used.

    Raises:
        UnsupportedError: LibreOffice or a part of it is missing, or it cannot read this.
        OutOfTimeError: It took longer than `seconds`, and was ended by force.
        CorruptError: It made nothing of the file.
    """
    program = _program(to)
    source = _source(data)
    end = time.monotonic() + seconds
    _furnish(room, program)
    given = room / f"draft.{source.ending}"
    given.write_bytes(data)
    made = room / "made" / f"draft.{to}"
    for _ in range(_OFTEN):
        status = _run(_command(program, source, to, room), room, end)
        if status is None:
            raise OutOfTimeError(_OUT_OF_TIME.format(seconds=seconds))
        if status != _RESTART:
            break
    try:
        converted = made.read_bytes()
    except OSError as fault:
        raise CorruptError(_NOTHING_MADE) from fault
    if not converted:
        raise CorruptError(_NOTHING_MADE)
    return converted


def libreoffice() -> Path | None:
    """Return the folder of LibreOffice's programs; `None` where it is not installed."""
    command = shutil.which("soffice") or shutil.which("libreoffice")
    folder = Path(command).resolve().parent if command else None
    return folder if folder and (folder / "soffice.bin").exists() else None


def _program(to: Convertible) -> Path:
    folder = libreoffice()
    if folder is None:
        raise UnsupportedError(
            "这台机器上没有安装 LibreOffice，读不了旧格式文件；请系统管理员执行 "
            f"apt-get install {_ALL_PACKAGES}，或另存为 docx、xlsx、pptx 后再提交。"
        )
    part = _OUTPUTS[to][1]
    if not (folder / part).exists():
        raise UnsupportedError(
            "这台机器上的 LibreOffice 缺少所需的部分，读不了这种旧格式文件；请系统管理员执行 "
            f"apt-get install {_PACKAGES[part]}，或另存为 {to} 后再提交。"
        )
    return folder / "soffice.bin"


def _source(data: bytes) -> _Source:
    """Tell by the contents which filter reads the file: no guess, no plain text."""
    if data[:512].lstrip(b"\xef\xbb\xbf \t\r\n\x00").startswith(b"{\\rtf"):
        return _Source("rtf", "Rich Text Format")
    if not data.startswith(MAGIC):
        raise UnsupportedError(_UNKNOWN)
    container = CompoundFile(data)
    word = container.named("WordDocument")
    if word is not None:
        return _Source("doc", _word_reader(word))
    contents = container.named("CONTENTS") or b""
    if container.named("MN0") is not None or contents.startswith(_WORKS):
        return _Source("wps", "MS_Works")
    if container.named("PowerPoint Document") is not None:
        return _Source("ppt", "MS PowerPoint 97")
    if container.named("Workbook") or container.named("Book"):
        return _Source("xls", "MS Excel 97")
    raise UnsupportedError(_UNKNOWN)


def _word_reader(word: bytes) -> str:
    if not word.startswith(_OLD_WORD):
        return "MS Word 97"
    number = int.from_bytes(word[2:4], "little")
    return "MS WinWord 6.0" if number <= _WORD_6 else "MS Word 95"


def _furnish(room: Path, program: Path) -> None:
    """Make the profile and the folders that LibreOffice writes to."""
    for name in ("made", "tmp"):
        (room / name).mkdir(parents=True, exist_ok=True)
    items = "\n".join(
        _ITEM.format(path=path, name=name, value=value)
        for path, name, value in _CHOICES
    )
    user = room / "profile" / "user"
    user.mkdir(parents=True, exist_ok=True)
    text = _PROFILE.format(items=items)
    (user / "registrymodifications.xcu").write_text(text, encoding="utf-8")
    # Without this it takes its extensions for those of another version and starts twice.
    (user / "extensions").mkdir(exist_ok=True)
    (user / "extensions" / "buildid").write_text(_build_of(program), encoding="utf-8")


def _build_of(program: Path) -> str:
    try:
        lines = (program.parent / "versionrc").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    builds = [one.partition("=")[2] for one in lines if one.startswith("buildid=")]
    return builds[0] if builds else ""


def _command(
    program: Path, source: _Source, to: Convertible, room: Path
) -> tuple[str, ...]:
    return (
        str(program),
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        "--headless",
        "--invisible",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        f"--infilter={source.reader}",
        "--convert-to",
        f"{to}:{_OUTPUTS[to][0]}",
        "--outdir",
        str(room / "made"),
        str(room / f"draft.{source.ending}"),
    )


def _run(command: tuple[str, ...], room: Path, end: float) -> int | None:
    """Run LibreOffice to its end, or None at the end of its time; nothing is left of it."""
    # Behind walls there is no /dev/null: what it says goes to a file in the room.
    said = (room / "said").open("w+b")
    child = subprocess.Popen(  # noqa: S603 - our own words
        command,
        cwd=room,
        env={
            "HOME": str(room),
            "TMPDIR": str(room / "tmp"),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "SAL_USE_VCLPLUGIN": "svp",
            # Without /proc its libraries cannot be found beside it.
            "LD_LIBRARY_PATH": str(Path(command[0]).parent),
        },
        stdin=said,
        stdout=said,
        stderr=said,
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - it starts no thread and takes no lock
    )
    try:
        return child.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        return None
    finally:
        said.close()
        _end_group(child)


def _end_group(child: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _die_with_parent() -> None:
    """Let the kernel end this process with the one that started it."""
    bind_to_parent(signal.SIGKILL)
