"""Which files a command works on: paths, folders, and standard input as `-`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from review.errors import UsageError

STDIN = "-"
# What systems and office programs leave beside drafts; a draft may be called so too.
_PASSED_OVER = (".", "~$")
_NAMED = 3  # of those passed over, so many are named


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and the name under which reports speak of it."""

    name: str
    path: Path | None

    def data(self) -> bytes:
        """Return the bytes; `-` reads standard input."""
        return sys.stdin.buffer.read() if self.path is None else self.path.read_bytes()


def sources(paths: Sequence[str]) -> list[Source]:
    """Return the files named, folders walked in order of name.

    What a folder holds under the names of hidden and lock files is passed over, which
    is told on standard error: a file that nobody looked at must not seem examined.

    Raises:
        UsageError: A path does not exist.
    """
    found: list[Source] = []
    left: list[Path] = []
    for name in paths:
        path = Path(name)
        if name == STDIN:
            found.append(Source(STDIN, None))
        elif path.is_dir():
            drafts, others = _parted(path)
            found += [Source(str(one), one) for one in drafts]
            left += others
        elif path.exists():
            found.append(Source(name, path))
        else:
            raise UsageError(f"找不到文件或文件夹：{name}")
    if left:
        print(_told(left), file=sys.stderr)
    return found


def _parted(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return a folder's files in order of name: the drafts, and what is passed over."""
    drafts: list[Path] = []
    others: list[Path] = []
    for path in sorted(folder.rglob("*")):
        names = path.relative_to(folder).parts
        if path.is_file():
            over = any(one.startswith(_PASSED_OVER) for one in names)
            (others if over else drafts).append(path)
    return drafts, others


def _told(left: Sequence[Path]) -> str:
    names = "、".join(str(one) for one in left[:_NAMED])
    more = " 等" if len(left) > _NAMED else ""
    return (
        f"跳过 {len(left)} 个文件，没有检查（它或所在文件夹的名字以“.”或“~$”开头）："
        f"{names}{more}。要检查的，请直接写出这个文件。"
    )
