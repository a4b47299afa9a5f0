"""Electronic seals: the name and the picture inside a Seal.esl, and little more."""

from collections.abc import Iterator
from typing import Final

from review.extract.sniff import is_image

_CONSTRUCTED: Final = 0x20
_OCTETS: Final = 0x04
_UTF8: Final = 0x0C
_MOST: Final = 2000
_DEEP: Final = 12
_LONG: Final = 0x80


def seal_of(data: bytes) -> tuple[tuple[str, ...], bytes | None]:
    """Return the texts that a seal carries before its picture, and the picture.

    A seal is a DER structure (GB/T 38540, GM/T 0031): names are UTF-8 strings, the
    picture an octet string. What is no DER gives nothing.
    """
    names: list[str] = []
    for tag, content in _walk(data):
        if tag == _UTF8 and (text := content.decode("utf-8", "replace").strip()):
            names.append(text)
        elif tag == _OCTETS and (
            is_image(content) or content.startswith(b"PK\x03\x04")
        ):
            return tuple(dict.fromkeys(names)), content
    return tuple(dict.fromkeys(names)), None


def _walk(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the tags and contents of a DER structure in order, without recursion."""
    waiting = [(0, len(data), 0)]
    seen = 0
    while waiting and seen < _MOST:
        at, end, depth = waiting.pop()
        head = _head(data, at, end)
        if head is None:
            continue
        tag, start, stop = head
        seen += 1
        waiting.append((stop, end, depth))
        if tag & _CONSTRUCTED and depth < _DEEP:
            waiting.append((start, stop, depth + 1))
        elif not tag & _CONSTRUCTED:
            yield tag, data[start:stop]


def _head(data: bytes, at: int, end: int) -> tuple[int, int, int] | None:
    """Return a tag and where its contents begin and end."""
    if at + 2 > end:
        return None
    tag, length = data[at], data[at + 1]
    start = at + 2
    if length >= _LONG:
        count = length - _LONG
        if not 1 <= count <= 4 or start + count > end:  # noqa: PLR2004 - at most four bytes
            return None
        length = int.from_bytes(data[start : start + count], "big")
        start += count
    stop = start + length
    return (tag, start, stop) if stop <= end else None
