"""What the headers of a rar archive tell: locks, volumes, remarks, where it ends.

The data themselves are libarchive's work; it passes over all of this.
"""

import struct
from dataclasses import dataclass, field
from typing import Final

RAR4: Final = b"Rar!\x1a\x07\x00"
RAR5: Final = b"Rar!\x1a\x07\x01\x00"
_MOST_HEADERS: Final = 100_000
_HEAD: Final = struct.Struct("<HBHH")
_STORED4: Final = 0x30


@dataclass(slots=True)
class RarFacts:
    """What was learnt from the headers."""

    locked: bool = False
    volume: bool = False
    whole: bool = False
    locked_files: set[int] = field(default_factory=set)
    sums: list[int | None] = field(default_factory=list)
    remarks: list[bytes] = field(default_factory=list)
    unread_remarks: int = 0
    end: int | None = None

    def count(self, checksum: int | None, *, locked: bool) -> None:
        """Number one more file."""
        if locked:
            self.locked_files.add(len(self.sums))
        self.sums.append(checksum)

    def remark(self, data: bytes, *, stored: bool) -> None:
        """Keep a remark, if it can be read as it stands."""
        if stored:
            self.remarks.append(data)
        else:
            self.unread_remarks += 1


def facts_of(data: bytes) -> RarFacts:
    """Walk over the headers of a rar archive, as far as they are sound."""
    facts = RarFacts()
    try:
        if data.startswith(RAR5):
            _walk5(data, facts)
        else:
            _walk4(data, facts)
    except (struct.error, IndexError):
        # A header that is cut off: whoever reads the data will say so.
        return facts
    return facts


def _walk4(data: bytes, facts: RarFacts) -> None:
    at = len(RAR4)
    for _ in range(_MOST_HEADERS):
        # The oldest archives have no header that ends them.
        facts.whole = at == len(data)
        if at >= len(data) or facts.locked:
            return
        _, kind, flags, size = _HEAD.unpack_from(data, at)
        if size < _HEAD.size:
            return
        added = 0
        if flags & 0x8000 or kind in {0x74, 0x7A}:
            added = struct.unpack_from("<I", data, at + 7)[0]
        if kind in {0x74, 0x7A} and flags & 0x100:
            added += struct.unpack_from("<I", data, at + 32)[0] << 32
        body = at + size
        _header4(data[at:body], data[body : body + added], facts)
        at = body + added
        if kind == 0x7B:  # noqa: PLR2004 - the end
            facts.whole, facts.end = True, at
            return


def _header4(head: bytes, body: bytes, facts: RarFacts) -> None:
    """Learn from one header of version 4, with the data behind it."""
    _, kind, flags, _ = _HEAD.unpack_from(head)
    if kind == 0x73:  # noqa: PLR2004 - the main header
        facts.locked, facts.volume = bool(flags & 0x80), bool(flags & 1)
        facts.unread_remarks += bool(flags & 2)
    elif kind == 0x74:  # noqa: PLR2004 - a file
        facts.count(struct.unpack_from("<I", head, 16)[0], locked=bool(flags & 4))
    elif kind == 0x7A:  # noqa: PLR2004 - a service header
        length = struct.unpack_from("<H", head, 26)[0]
        if head[32 : 32 + length] == b"CMT":
            facts.remark(body, stored=head[25] == _STORED4)


def _walk5(data: bytes, facts: RarFacts) -> None:
    at = len(RAR5)
    for _ in range(_MOST_HEADERS):
        if at >= len(data) or facts.locked:
            return
        size, start = _number(data, at + 4)
        kind, here = _number(data, start)
        flags, here = _number(data, here)
        extra, here = _number(data, here) if flags & 1 else (0, here)
        added, here = _number(data, here) if flags & 2 else (0, here)
        body = start + size
        if kind == 1:
            facts.volume = bool(_number(data, here)[0] & 1)
        elif kind in {2, 3}:
            _file5(data[:body], here, extra, data[body : body + added], facts, kind)
        elif kind == 4:  # noqa: PLR2004 - all headers behind it are encrypted
            facts.locked = True
        at = body + added
        if kind == 5:  # noqa: PLR2004 - the end
            facts.whole, facts.end = True, at
            return


def _file5(  # noqa: PLR0913, PLR0917 - the fields of one header
    data: bytes, here: int, extra: int, body: bytes, facts: RarFacts, kind: int
) -> None:
    """Read a file's or a service's own fields."""
    flags, here = _number(data, here)
    _, here = _number(data, here)
    _, here = _number(data, here)
    here += 4 * bool(flags & 2)
    checksum = struct.unpack_from("<I", data, here)[0] if flags & 4 else None
    here += 4 * bool(flags & 4)
    method, here = _number(data, here)
    _, here = _number(data, here)
    length, here = _number(data, here)
    if kind == 2:  # noqa: PLR2004 - a file, no service
        facts.count(checksum, locked=_has_lock(data[len(data) - extra :]))
    elif data[here : here + length] == b"CMT":
        facts.remark(body, stored=not method & 0x380)


def _has_lock(records: bytes) -> bool:
    """Tell whether a file's extra records hold the one about encryption."""
    at = 0
    while at < len(records):
        size, start = _number(records, at)
        if _number(records, start)[0] == 1:
            return True
        at = start + max(size, 1)
    return False


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return a number of variable length, and where the next field begins."""
    value = 0
    for shift in range(0, 70, 7):
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:  # noqa: PLR2004 - the last byte has no high bit
            return value, at
    raise IndexError
