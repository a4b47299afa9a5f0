"""Earlier versions of a PDF that incremental saving leaves in the file."""

import re
from collections.abc import Iterator
from typing import Final

_END: Final = b"%%EOF"
MOST_VERSIONS: Final = 8
# A catalog may lack its type; only a catalog points to a page tree.
_CATALOG: Final = rb"(\d{1,8})\s+(\d{1,5})\s+obj\b[^>]{0,400}?/Pages\s+\d+\s+\d+\s+R"
_SMALLEST: Final = 200


def other_versions(data: bytes) -> Iterator[bytes]:
    """Yield files whose pages a reader might show instead of the last version's."""
    yield from _earlier(data)
    yield from _other_catalogs(data)


def leaves_some_out(data: bytes) -> bool:
    """Tell whether a file holds more of them than are read."""
    return max(len(_ends(data)), len(_roots(data))) > MOST_VERSIONS


def _earlier(data: bytes) -> Iterator[bytes]:
    for end in _ends(data)[:MOST_VERSIONS]:
        yield data[:end] + b"\n"


def _ends(data: bytes) -> list[int]:
    """Return where the earlier versions end."""
    ends = [found.end() for found in re.finditer(_END, data)]
    if b"/Linearized" in data[:1024]:
        ends = ends[1:]
    last = len(data.rstrip())
    return [end for end in ends[:-1] if _SMALLEST < end < last]


def _other_catalogs(data: bytes) -> Iterator[bytes]:
    """Yield the file with each catalog that stands in it as its root."""
    roots = _roots(data)
    if len(roots) < 2:  # noqa: PLR2004 - one catalog is as it should be
        return
    for number, generation in roots[:MOST_VERSIONS]:
        # A body without a cross-reference table makes a reader rebuild it
        # and take the trailer that stands last.
        trailer = b"\ntrailer\n<< /Root %s %s R >>\n%%%%EOF\n" % (number, generation)
        yield re.sub(rb"startxref\s+\d+", b"startxref 0", data) + trailer


def _roots(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the number and the generation of each catalog."""
    return list(dict.fromkeys(re.findall(_CATALOG, data)))
