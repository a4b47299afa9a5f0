"""Which files a command works on: paths, folders, and standard input as `-`."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from review.errors import UsageError

STDIN = "-"
_IGNORED = (".", "~$")


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

    Raises:
        UsageError: A path does not exist.
    """
    found: list[Source] = []
    for name in paths:
        path = Path(name)
        if name == STDIN:
            found.append(Source(STDIN, None))
        elif path.is_dir():
            found += [Source(str(one), one) for one in _walk(path)]
        elif path.exists():
            found.append(Source(name, path))
        else:
            raise UsageError(f"找不到文件或文件夹：{name}")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(_IGNORED) for part in relative):
            yield path
