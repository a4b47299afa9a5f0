"""A folder with what is published, under the addresses that it is published at."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from review.errors import UsageError
from review.ports.websites import Fetched
from review.siteaudit import addresses

# Where nothing says at which address a folder is published.
NOWHERE: Final = "http://folder.invalid/"
_FIRST: Final = ("index.html", "index.htm")


class FolderSite:
    """The files below a folder; nothing outside is ever opened, by no link either."""

    def __init__(self, folder: Path, *, home: str, largest: int) -> None:
        """Take the folder, the address of its root, and the most bytes of a file.

        Raises:
            UsageError: It is no folder, or the address is none.
        """
        root = folder.resolve()
        spelling = addresses.spelled(home, home)
        if not root.is_dir() or spelling is None:
            raise UsageError(f"找不到文件夹 {folder}，或网址写得不对。")
        self._root, self._largest = root, largest
        self._home = spelling if spelling.endswith("/") else f"{spelling}/"

    @property
    def home(self) -> str:
        """Return the address of the folder itself."""
        return self._home

    def listed(self) -> Iterator[str]:
        """Yield the address of every file, in order."""
        for path, folders, files in os.walk(self._root):
            folders.sort()
            for name in sorted(files):
                parts = (Path(path) / name).relative_to(self._root).parts
                raw = "/".join(quote(part) for part in parts)
                found = addresses.spelled(raw, self._home)
                if found is not None:
                    yield found

    def may_visit(self, spelling: str) -> bool:
        """Tell that a folder may be seen whole."""
        del spelling
        return True

    def fetch(self, spelling: str) -> Fetched:
        """Return a file's bytes; nothing where there is none of that name."""
        own = urlsplit(self._home).path
        path = urlsplit(spelling).path
        if not path.startswith(own):
            return Fetched(address=spelling)
        named = self._root.joinpath(*unquote(path[len(own) :]).split("/"))
        for one in (named, *(named / name for name in _FIRST)):
            try:
                real = one.resolve()
                if real.is_relative_to(self._root) and real.is_file():
                    return self._read(real, spelling)
            except (OSError, ValueError):
                break
        else:
            return self._outside(named, spelling)
        return Fetched(address=spelling, problem="文件打不开，请检查权限。")

    def _outside(self, named: Path, spelling: str) -> Fetched:
        if named.is_symlink():
            return Fetched(address=spelling, problem="文件是指向文件夹以外的链接。")
        return Fetched(address=spelling)

    def _read(self, path: Path, spelling: str) -> Fetched:
        if path.stat().st_size > self._largest:
            megabytes = self._largest // (1024 * 1024)
            return Fetched(
                address=spelling, problem=f"文件超过 {megabytes} MB，没有检查。"
            )
        return Fetched(address=spelling, data=path.read_bytes())
