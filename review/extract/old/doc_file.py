"""The frame of a binary Word file: its header, its tables, its text in pieces."""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from review.errors import CorruptError, EncryptedError, UnsupportedError
from review.extract.messages import LOCKED
from review.extract.ole.ole import CompoundFile

_MARK: Final = 0xA5EC
_FIRST_97: Final = 101  # nFib from here on: Word 97 and what followed
_ENCRYPTED: Final = 0x0100
_TABLE_1: Final = 0x0200
_PAIRS: Final = 0x9A
_HEAD: Final = 0x22A  # up to the end of the pair that names the pieces
_COUNTS: Final = 0x4C
_CLX: Final = 33
_PIECES, _PROPERTIES = 2, 1
_COMPRESSED: Final = 0x40000000
_MOST_STRINGS: Final = 20_000
_DAMAGED: Final = "Word 文件的结构已损坏，请用 WPS 或 Word 重新保存后再提交。"
# Single bytes of a compressed piece that are not what Latin-1 says.
_WINDOWS: Final = "cp1252"

# The kinds of text, in the order in which they follow each other.
STORIES: Final = (
    "main",
    "footnotes",
    "headers",
    "macros",
    "comments",
    "endnotes",
    "boxes",
    "header_boxes",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters that stand together in the file.

    `prm` is what a fast save put on the piece: a sprm or the number of a list of them.
    """

    start: int
    end: int
    offset: int
    width: int
    prm: int

    def place(self, position: int) -> int:
        """Return where a character of the piece stands in the file."""
        return self.offset + (position - self.start) * self.width


class WordFile:
    """The streams of a Word file, and the lists that its header names."""

    def __init__(self, container: CompoundFile) -> None:
        """Read the header and find the table stream.

        Raises:
            EncryptedError: The file opens only with a password.
            UnsupportedError: It is older than Word 97.
            CorruptError: It is damaged.
        """
        self.body = container.named("WordDocument") or b""
        if len(self.body) < _HEAD or self._short(0) != _MARK:
            raise _older_or_damaged(self.body)
        flags = self._short(0x0A)
        if flags & _ENCRYPTED:
            raise EncryptedError(LOCKED)
        if self._short(2) < _FIRST_97:
            raise _older_or_damaged(self.body)
        table = "1Table" if flags & _TABLE_1 else "0Table"
        self.table = container.named(table) or b""
        self.data = container.named("Data") or b""
        self.text_start = struct.unpack_from("<I", self.body, 0x18)[0]

    def part(self, index: int) -> bytes:
        """Return what the header's pair of this number names in the table stream."""
        at = _PAIRS + 8 * index
        if at + 8 > len(self.body):
            return b""
        start, length = struct.unpack_from("<II", self.body, at)
        return self.table[start : start + length]

    @cached_property
    def stories(self) -> dict[str, tuple[int, int]]:
        """Return for each kind of text its half-open range of character positions."""
        counts = struct.unpack_from(f"<{len(STORIES)}I", self.body, _COUNTS)
        most = self.pieces[-1].end if self.pieces else 0
        found, start = {}, 0
        for name, count in zip(STORIES, counts, strict=True):
            end = min(start + count, most)
            found[name] = (start, end)
            start = end
        return found

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the pieces of the text, in its order.

        Raises:
            CorruptError: The list of pieces is missing or damaged.
        """
        try:
            _, listed = self._clx
        except struct.error as fault:
            raise CorruptError(_DAMAGED) from fault
        bounds, raws = plc(listed, 8)
        found: list[Piece] = []
        for start, end, raw in zip(bounds, bounds[1:], raws, strict=False):
            # Positions that go back would give the same text many times.
            if found and start < found[-1].end:
                continue
            _, place, prm = struct.unpack("<HIH", raw)
            narrow = bool(place & _COMPRESSED)
            offset = (place & ~_COMPRESSED) // 2 if narrow else place
            width = 1 if narrow else 2
            room = max(0, len(self.body) - offset) // width
            # A piece that runs past the end of the file would invent text.
            if start < end:
                found.append(Piece(start, min(end, start + room), offset, width, prm))
        if not found:
            raise CorruptError(_DAMAGED)
        return tuple(found)

    @cached_property
    def is_cut(self) -> bool:
        """Tell whether the header promises more text than the pieces hold."""
        counts: tuple[int, ...] = struct.unpack_from(
            f"<{len(STORIES)}I", self.body, _COUNTS
        )
        return sum(counts) > sum(one.end - one.start for one in self.pieces)

    @cached_property
    def piece_properties(self) -> tuple[bytes, ...]:
        """Return the lists of sprms that pieces refer to by number."""
        try:
            return self._clx[0]
        except struct.error:
            return ()

    @cached_property
    def _clx(self) -> tuple[tuple[bytes, ...], bytes]:
        raw, at, lists = self.part(_CLX), 0, []
        while at < len(raw):
            if raw[at] == _PROPERTIES:
                size = struct.unpack_from("<H", raw, at + 1)[0]
                lists.append(raw[at + 3 : at + 3 + size])
                at += 3 + size
            elif raw[at] == _PIECES:
                size = struct.unpack_from("<I", raw, at + 1)[0]
                return tuple(lists), raw[at + 5 : at + 5 + size]
            else:
                break
        raise CorruptError(_DAMAGED)

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(piece.start for piece in self.pieces)

    def spans(self, start: int, end: int) -> Iterator[tuple[Piece, int, int]]:
        """Yield the pieces that a range of positions runs through, cut to it."""
        first = max(0, bisect_right(self._starts, start) - 1)
        for index in range(first, len(self.pieces)):
            piece = self.pieces[index]
            if piece.start >= end:
                return
            one, other = max(start, piece.start), min(end, piece.end)
            if one < other:
                yield piece, one, other

    def raw_text(self, piece: Piece, start: int, end: int) -> str:
        """Return the characters of a part of a piece, special ones included."""
        raw = self.body[piece.place(start) : piece.place(end)]
        if piece.width == 1:
            return raw.decode(_WINDOWS, "replace")
        raw = raw[: len(raw) & ~1]
        text = raw.decode("utf-16-le", "surrogatepass")
        if 2 * len(text) == len(raw):
            return text
        # Two units that make one letter stay two here, so that positions hold.
        return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))

    def _short(self, at: int) -> int:
        return int.from_bytes(self.body[at : at + 2], "little")


def _older_or_damaged(body: bytes) -> CorruptError | UnsupportedError:
    if body[:2] in {b"\xdc\xa5", b"\x98\xa6", b"\x99\xa6", b"\xdb\xa5", b"\xec\xa5"}:
        return UnsupportedError(
            "该文件由很旧的 Word 版本保存，这里读不了；请另存为 docx 后再提交。"
        )
    return CorruptError(_DAMAGED)


def plc(raw: bytes, size: int) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
    """Return the positions and the entries of a list of places; short lists are empty."""
    count = (len(raw) - 4) // (4 + size)
    if count < 0:
        return (), ()
    bounds = struct.unpack_from(f"<{count + 1}I", raw)
    base = 4 * (count + 1)
    entries = tuple(raw[base + size * i : base + size * (i + 1)] for i in range(count))
    return bounds, entries


def strings(raw: bytes) -> tuple[tuple[str, ...], int]:
    """Return the strings of a string table, and where it ends."""
    found: list[str] = []
    try:
        wide = raw[:2] == b"\xff\xff"
        count, extra = struct.unpack_from("<HH", raw, 2 if wide else 0)
        at = 6 if wide else 4
        for _ in range(min(count, _MOST_STRINGS)):
            text, at = _string(raw, at, wide=wide)
            found.append(text)
            at += extra
    except struct.error:
        return tuple(found), len(raw)
    return tuple(found), at


def _string(raw: bytes, at: int, *, wide: bool) -> tuple[str, int]:
    if wide:
        length = struct.unpack_from("<H", raw, at)[0]
        end = at + 2 + 2 * length
        return utf16(raw[at + 2 : end]), end
    length = struct.unpack_from("<B", raw, at)[0]
    end = at + 1 + length
    return raw[at + 1 : end].decode("gb18030", "replace"), end


def counted(raw: bytes, at: int = 0, *, closed: bool = False) -> Iterator[str]:
    """Yield strings that follow each other, each after its length in characters."""
    while at + 2 <= len(raw):
        length = int.from_bytes(raw[at : at + 2], "little")
        end = at + 2 + 2 * length
        yield utf16(raw[at + 2 : end])
        at = end + 2 * closed


def utf16(raw: bytes) -> str:
    """Return UTF-16 text, damaged characters replaced."""
    return raw[: len(raw) & ~1].decode("utf-16-le", "replace")


def uncovered(
    ranges: Sequence[tuple[int, int]], start: int, end: int
) -> Iterator[tuple[int, int]]:
    """Yield what of a half-open range none of the other ranges covers."""
    at = start
    for one, other in sorted(ranges):
        if one >= end:
            break
        if one > at:
            yield at, one
        at = max(at, other)
    if at < end:
        yield at, end
