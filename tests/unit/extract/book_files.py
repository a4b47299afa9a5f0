"""Old workbooks made by hand, record by record (BIFF8)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

_STYLES: Final = 16  # that every book has before the first cell's own


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def text(value: str, size: int = 2) -> bytes:
    """A string after its length, in two bytes a letter."""
    count = struct.pack("<H" if size == 2 else "<B", len(value))
    return count + b"\x01" + value.encode("utf-16-le")


def label(row: int, column: int, value: str, style: int = 16) -> bytes:
    return record(0x204, struct.pack("<HHH", row, column, style) + text(value))


def number(row: int, column: int, value: float, style: int = 16) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


def formula(row: int, column: int, rgce: bytes, value: float = 0.0) -> bytes:
    head = struct.pack("<HHHdHIH", row, column, 16, value, 0, 0, len(rgce))
    return record(0x06, head + rgce)


def hidden_row(row: int) -> bytes:
    return record(0x208, struct.pack("<HHHHIHH", row, 0, 9, 255, 0, 0x20, 0x0F))


def columns(first: int, last: int, *, hidden: bool) -> bytes:
    return record(0x7D, struct.pack("<HHHHHH", first, last, 2000, 15, int(hidden), 0))


def box(value: str, kind: int = 6) -> bytes:
    """A text box: the object, its head, and the text in two pieces."""
    half = len(value) // 2
    first, second = value[:half].encode("utf-16-le"), value[half:].encode("utf-16-le")
    return (
        record(0x5D, struct.pack("<HHHHH12x", 0x15, 18, kind, 1, 0))
        + record(0x1B6, struct.pack("<HH6xHH4x", 0, 0, len(value), 16))
        + record(0x3C, b"\x01" + first)
        + record(0x3C, b"\x01" + second)
        + record(0x3C, b"\0" * 16)
    )


@dataclass
class Sheet:
    """A sheet: its name, whether it is hidden, and its records."""

    name: str
    records: Sequence[bytes] = ()
    state: int = 0
    kind: int = 0

    def part(self) -> bytes:
        head = record(0x809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
        window = record(0x23E, struct.pack("<HHHIHHI", 0x06B6, 0, 0, 64, 0, 0, 0))
        return head + b"".join(self.records) + window + record(0x0A)


@dataclass
class Book:
    """A book: sheets, formats of numbers, styles, and records of the whole."""

    sheets: Sequence[Sheet]
    formats: Sequence[str] = ()
    styles: Sequence[tuple[int, int]] = ()  # font and format of each style
    records: Sequence[bytes] = ()
    mode_1904: bool = field(default=False)

    def stream(self) -> bytes:
        """The records in order."""
        head = [
            record(0x809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)),
            record(0x42, struct.pack("<H", 1200)),
            record(0x22, struct.pack("<H", int(self.mode_1904))),
            *self.records,
            *(_font(colour, height) for colour, height in _FONTS),
            *(
                record(0x41E, struct.pack("<H", 164 + n) + text(code))
                for n, code in enumerate(self.formats)
            ),
            *(_style(0, 0, is_style=True) for _ in range(_STYLES)),
            _style(0, 0, is_style=False),
            *(_style(font, code, is_style=False) for font, code in self.styles),
        ]
        listed = [
            struct.pack("<BB", sheet.state, sheet.kind) + text(sheet.name, 1)
            for sheet in self.sheets
        ]
        size = len(b"".join(head)) + sum(8 + len(one) for one in listed) + 4
        parts = [sheet.part() for sheet in self.sheets]
        for one, part in zip(listed, parts, strict=True):
            head.append(record(0x85, struct.pack("<I", size) + one))
            size += len(part)
        return b"".join((*head, record(0x0A), *parts))


# Font numbers leave out 4: the fifth font here is number 5.
_FONTS: Final = ((0x7FFF, 200), (9, 200), (0x7FFF, 30), (0x7FFF, 200), (0x7FFF, 200))
WHITE_FONT, TINY_FONT = 1, 2


def _font(colour: int, height: int) -> bytes:
    data = struct.pack("<HHHHHBBBB", height, 0, colour, 400, 0, 0, 0, 134, 0)
    return record(0x31, data + text("宋体", 1))


def _style(font: int, code: int, *, is_style: bool) -> bytes:
    kind = 0xFFF5 if is_style else 1
    data = struct.pack("<HHHBBBBIIH", font, code, kind, 0x20, 0, 0, 0, 0, 0, 0x20C0)
    return record(0xE0, data)
