"""A folder with what is published, under the addresses that it is published at."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote_to_bytes, urlsplit

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
        """Yield the address of every file, in order.

        And of folders that are not gone through, so that a visit tells of them.
        """
        closed: list[OSError] = []
        for path, folders, files in os.walk(self._root, onerror=closed.append):
            folders.sort()
            apart = [one for one in folders if self._leads_out(Path(path) / one)]
            for name in sorted([*files, *apart]):
                yield from self._spelled(Path(path) / name)
        for error in closed:
            yield from self._spelled(Path(os.fsdecode(error.filename)))

    def _spelled(self, path: Path) -> Iterator[str]:
        parts = path.relative_to(self._root).parts
        # By its bytes: a name may be in any encoding.
        raw = "/".join(quote(os.fsencode(one)) for one in parts)
        found = addresses.spelled(raw, self._home)
        if found is not None:
            yield found

    def _leads_out(self, folder: Path) -> bool:
        """Tell a link to where nothing is gone through; what lies within is, by its own name."""
        return folder.is_symlink() and not folder.resolve().is_relative_to(self._root)

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
        name = os.fsdecode(unquote_to_bytes(path[len(own) :]))
        named = self._root.joinpath(*name.split("/"))
        if (problem := self._closed(named)) is not None:
            return Fetched(address=spelling, problem=problem)
        for one in (named, *(named / name for name in _FIRST)):
            try:
                real = one.resolve()
                if real.is_relative_to(self._root) and real.is_file():
                    return self._read(real, spelling)
            except (OSError, ValueError, RuntimeError):  # the last: links in a circle
                break
        else:
            return self._outside(named, spelling)
        return Fetched(address=spelling, problem="文件打不开，请检查权限。")

    def _closed(self, named: Path) -> str | None:
        """Tell why a folder's files are not listed; None where they are."""
        try:
            if named.is_dir() and self._leads_out(named):
                return "文件夹是链接，里面的文件没有检查。"
            if named.is_dir() and not os.access(named, os.R_OK | os.X_OK):
                return "文件夹打不开，里面的文件没有检查，请检查权限。"
        except (OSError, ValueError, RuntimeError):
            return "文件打不开，请检查路径和权限。"
        return None

    def _outside(self, named: Path, spelling: str) -> Fetched:
        if named.is_symlink() and not named.is_dir():
            return Fetched(address=spelling, problem="文件是指向文件夹以外的链接。")
        return Fetched(address=spelling)

    def _read(self, path: Path, spelling: str) -> Fetched:
        if path.stat().st_size > self._largest:
            megabytes = self._largest // (1024 * 1024)
            return Fetched(
                address=spelling, problem=f"文件超过 {megabytes} MB，没有检查。"
            )
        return Fetched(address=spelling, data=path.read_bytes())
