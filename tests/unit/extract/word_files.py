"""Binary Word files made by hand: a header, the text in one piece, lists of places."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from review.extract.ole.write import packed

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
_TEXT: Final = 0x800
_PAGE: Final = 512
_CHARACTERS, _PARAGRAPHS, _PIECES = 12, 13, 33

# Lists of sprms, as they stand in a file.
VANISHED: Final = b"\x3c\x08\x01"
WHITE: Final = b"\x70\x68\xff\xff\xff\x00"
SHADED: Final = b"\x66\x48\x01\x00"
TINY: Final = b"\x43\x4a\x02\x00"
IN_TABLE: Final = b"\x16\x24\x01"
ROW_END: Final = IN_TABLE + b"\x17\x24\x01"


def deleted(author: int, when: int) -> bytes:
    return b"\x00\x08\x01" + b"\x63\x48" + _h(author) + b"\x64\x68" + _i(when)


def inserted(author: int, when: int) -> bytes:
    return b"\x01\x08\x01" + b"\x04\x48" + _h(author) + b"\x05\x68" + _i(when)


def packed_day(year: int, month: int, day: int) -> int:
    return (year - 1900) << 20 | month << 16 | day << 11


def strings(*texts: str) -> bytes:
    raw = b"\xff\xff" + struct.pack("<HH", len(texts), 0)
    return raw + b"".join(map(counted, texts))


def counted(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def places(positions: Sequence[int], entries: Sequence[bytes] = ()) -> bytes:
    return struct.pack(f"<{len(positions)}I", *positions) + b"".join(entries)


@dataclass
class Word:
    """A document that is put together piece by piece."""

    texts: dict[str, str] = field(default_factory=dict)
    runs: list[tuple[str, int, bytes]] = field(default_factory=list)
    paragraphs: list[tuple[str, bytes]] = field(default_factory=list)
    parts: dict[int, bytes] = field(default_factory=dict)
    streams: dict[tuple[str, ...], bytes] = field(default_factory=dict)
    tail: bytes = b""
    flags: int = 0x0200
    prm: int = 0
    lists: tuple[bytes, ...] = ()
    promised: int = 0

    def look(self, text: str, sprms: bytes) -> None:
        """Let a stretch of the text look like this."""
        self.runs.append((text, len(text), sprms))

    def paragraph(self, text: str, sprms: bytes) -> None:
        """Let the paragraph or cell whose text this is have these properties."""
        self.paragraphs.append((text, sprms))

    def tree(self) -> Mapping[tuple[str, ...], bytes]:
        """The streams of the file."""
        text = "".join(self.texts.get(name, "") for name in STORIES)
        raw = text.encode("utf-16-le")
        after = -(-(_TEXT + len(raw)) // _PAGE)
        body = bytearray(after * _PAGE)
        body[_TEXT : _TEXT + len(raw)] = raw
        looks = [(text.index(t), text.index(t) + n, s) for t, n, s in self.runs]
        body += _character_page(looks, len(text)) + _paragraph_page(
            [(text.index(t), text.index(t) + len(t), s) for t, s in self.paragraphs],
            len(text),
        )
        body += self.tail
        parts = dict(self.parts)
        ends = (_TEXT, _TEXT + len(raw))
        parts[_CHARACTERS] = places(ends, [_i(after)])
        parts[_PARAGRAPHS] = places(ends, [_i(after + 1)])
        piece = struct.pack("<HIH", 0, _TEXT, self.prm)
        listed = places((0, len(text)), [piece])
        clx = b"".join(b"\x01" + _h(len(one)) + one for one in self.lists)
        parts[_PIECES] = clx + b"\x02" + _i(len(listed)) + listed
        table = bytearray(b"\0" * 16)
        for number, part in parts.items():
            struct.pack_into("<II", body, 0x9A + 8 * number, len(table), len(part))
            table += part
        struct.pack_into("<HH", body, 0, 0xA5EC, 0xC1)
        struct.pack_into("<H", body, 0x0A, self.flags)
        struct.pack_into("<II", body, 0x18, *ends)
        counts = [len(self.texts.get(name, "")) for name in STORIES]
        counts[0] += self.promised
        struct.pack_into("<8I", body, 0x4C, *counts)
        name = "1Table" if self.flags & 0x0200 else "0Table"
        own = {("WordDocument",): bytes(body), (name,): bytes(table)}
        return {**own, **self.streams}

    def saved(self) -> bytes:
        """The file."""
        return packed(self.tree())


def _spread(
    ranges: Sequence[tuple[int, int, bytes]], length: int
) -> list[tuple[int, bytes]]:
    """Where each look begins, those between the given ones being plain."""
    marks: list[tuple[int, bytes]] = []
    at = 0
    for start, end, sprms in sorted(ranges):
        if at < start:
            marks.append((at, b""))
        marks.append((start, sprms))
        at = end
    if at < length:
        marks.append((at, b""))
    return [*marks, (length, b"")]


def _character_page(ranges: Sequence[tuple[int, int, bytes]], length: int) -> bytes:
    marks = _spread(ranges, length)
    count = len(marks) - 1
    page = bytearray(_PAGE)
    struct.pack_into(f"<{count + 1}I", page, 0, *(_TEXT + 2 * at for at, _ in marks))
    end = _PAGE - 2
    for number, (_, sprms) in enumerate(marks[:-1]):
        if sprms:
            end = (end - len(sprms) - 1) & ~1
            page[end : end + len(sprms) + 1] = bytes([len(sprms)]) + sprms
            page[4 * (count + 1) + number] = end // 2
    page[-1] = count
    return bytes(page)


def _paragraph_page(ranges: Sequence[tuple[int, int, bytes]], length: int) -> bytes:
    marks = _spread(ranges, length)
    count = len(marks) - 1
    page = bytearray(_PAGE)
    struct.pack_into(f"<{count + 1}I", page, 0, *(_TEXT + 2 * at for at, _ in marks))
    end = _PAGE - 2
    for number, (_, sprms) in enumerate(marks[:-1]):
        if sprms:
            raw = b"\0\0" + sprms
            raw += b"\0" * (1 - len(raw) % 2)
            end = (end - len(raw) - 1) & ~1
            page[end : end + len(raw) + 1] = bytes([(len(raw) + 1) // 2]) + raw
            page[4 * (count + 1) + 13 * number] = end // 2
    page[-1] = count
    return bytes(page)


def _h(number: int) -> bytes:
    return struct.pack("<H", number)


def _i(number: int) -> bytes:
    return struct.pack("<I", number)


def art(kind: int, data: bytes, instance: int = 0, version: int = 0) -> bytes:
    """One record of a drawing."""
    return struct.pack("<HHI", instance << 4 | version, kind, len(data)) + data


def shape(texts: Mapping[int, str], flags: Mapping[int, int] | None = None) -> bytes:
    """A shape with properties: texts by their number, and plain values."""
    heads, beyond = b"", b""
    for number, text in texts.items():
        raw = text.encode("utf-16-le") + b"\0\0"
        heads += struct.pack("<HI", number | 0x8000, len(raw))
        beyond += raw
    for number, value in (flags or {}).items():
        heads += struct.pack("<HI", number, value)
    options = art(0xF00B, heads + beyond, len(heads) // 6, 3)
    return art(0xF004, options, 0, 15)


def property_set(
    format_id: str, values: Mapping[int, str | int | bytes], page: int = 936
) -> bytes:
    """A stream of properties: texts in GBK, moments as numbers of ticks."""
    listed = {1: struct.pack("<Ihxx", 2, page)}
    for number, value in values.items():
        if isinstance(value, str):
            raw = value.encode("gbk") + b"\0"
            listed[number] = struct.pack("<II", 30, len(raw)) + raw
        elif isinstance(value, bytes):
            listed[number] = value
        else:
            listed[number] = struct.pack("<IQ", 64, value)
    heads, body = b"", b""
    for number, raw in listed.items():
        heads += struct.pack("<II", number, 8 + 8 * len(listed) + len(body))
        body += raw + b"\0" * (-len(raw) % 4)
    section = struct.pack("<II", 8 + len(heads) + len(body), len(listed)) + heads + body
    head = struct.pack("<HHI16xI", 0xFFFE, 0, 0x2000A, 1)
    return head + bytes.fromhex(format_id) + struct.pack("<I", 48) + section


SUMMARY: Final = "e0859ff2f94f6810ab9108002b27b3d9"
DOCUMENT: Final = "02d5cdd59c2e1b10939708002b2cf9ae"
CUSTOM: Final = "05d5cdd59c2e1b10939708002b2cf9ae"
