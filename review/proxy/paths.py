"""Addresses in one plain spelling; whatever is written otherwise is not served."""

import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from review.proxy.interface import StopError

_LONGEST: Final = 2_000
_SAFE: Final = "/-._~!$&'()*+,=:@"
# What programs part a path by; servers of Java cut off what follows a semicolon.
_CUTTING: Final = (b"%2f", b"%5c", b"%3b", b"\\", b";")


@dataclass(frozen=True, slots=True)
class Place:
    """A path as it was asked for, unescaped, and its query where it counts."""

    path: str
    query: str = ""

    @property
    def target(self) -> str:
        """Return path and query as they are asked for and put on record."""
        asked = quote(self.path, safe=_SAFE)
        return f"{asked}?{self.query}" if self.query else asked


def place_of(raw: bytes, query: bytes, *, index: str, keep_query: bool) -> Place:
    """Return where a request leads; `index` is what a folder's address stands for.

    A dot segment, an empty one, a semicolon, a slash or backslash or escape sign that
    is itself escaped, and what is no text in one spelling: another program may read them
    otherwise, so that they lead nowhere.

    Raises:
        StopError: The address is none of ours.
    """
    path = plain_path(raw)
    if path.endswith("/") and index:
        path = f"{path}{index}"
    asked = ""
    if keep_query and query:
        if len(query) > _LONGEST or not query.isascii() or not _is_plain(query):
            raise StopError("path", "query")
        asked = query.decode("ascii")
    return Place(path, asked)


def plain_path(raw: bytes) -> str:
    """Return a path unescaped once.

    Raises:
        StopError: It has more than one spelling, or leads somewhere else.
    """
    if not raw.startswith(b"/") or len(raw) > _LONGEST:
        raise StopError("path", "length")
    lower = raw.lower()
    if any(one in lower for one in _CUTTING):
        raise StopError("path", "slash")
    try:
        path = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise StopError("path", "encoding") from None
    segments = path.split("/")[1:]
    odd = any(one in {".", ".."} for one in segments) or "" in segments[:-1]
    if odd or "%" in path or unicodedata.normalize("NFC", path) != path:
        raise StopError("path", "segments")
    if any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for one in path):
        raise StopError("path", "characters")
    return path


def _is_plain(query: bytes) -> bool:
    return query.decode("ascii").isprintable() and b" " not in query
