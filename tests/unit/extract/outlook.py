"""Outlook messages made by hand: properties as streams of a compound file."""

import struct
from collections.abc import Mapping
from typing import Final, TypeAlias

from review.extract.ole.write import packed

# A text is in Unicode, bytes in the message's own charset or binary by their number.
Value: TypeAlias = str | bytes | int
Tree: TypeAlias = dict[tuple[str, ...], bytes]

_BINARY: Final = frozenset({0x1013, 0x1009, 0x3701})
_TICKS: Final = frozenset({0x0039, 0x3007})


def properties(
    values: Mapping[int, Value], head: int, above: tuple[str, ...] = ()
) -> Tree:
    """The streams of one storage."""
    table = bytes(head)
    streams: Tree = {}
    for number, value in values.items():
        if isinstance(value, int):
            kind, field = (0x40, "<Q") if number in _TICKS else (3, "<I4x")
            table += struct.pack("<HHI", kind, number, 6) + struct.pack(field, value)
            continue
        kind = 0x001F if isinstance(value, str) else 0x001E
        kind = 0x0102 if number in _BINARY and isinstance(value, bytes) else kind
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        size = len(data) + (2 if kind == 0x1F else kind == 0x1E)
        table += struct.pack("<HHIII", kind, number, 6, size, 0)
        streams[*above, f"__substg1.0_{number:04X}{kind:04X}"] = data
    streams[*above, "__properties_version1.0"] = table
    return streams


def message(
    values: Mapping[int, Value],
    recipients: tuple[Mapping[int, Value], ...] = (),
    attachments: tuple[Mapping[int, Value] | Tree, ...] = (),
) -> Tree:
    """The streams of a message; an attachment may be another message's streams."""
    streams = properties(values, 32)
    for number, recipient in enumerate(recipients):
        name = f"__recip_version1.0_#{number:08X}"
        streams |= properties(recipient, 8, (name,))
    for number, attachment in enumerate(attachments):
        here = (f"__attach_version1.0_#{number:08X}",)
        flat = {k: v for k, v in attachment.items() if isinstance(k, int)}
        streams |= properties(flat, 8, here)
        inner = (*here, "__substg1.0_3701000D")
        for path, data in attachment.items():
            if isinstance(path, tuple) and isinstance(data, bytes):
                # a message inside has a shorter head
                own = path == ("__properties_version1.0",)
                streams[*inner, *path] = data[:24] + data[32:] if own else data
    return streams


def saved(streams: Tree) -> bytes:
    return packed(streams)


def lzfu(text: bytes) -> bytes:
    """Packed rich text, literal bytes only but for one repetition at the end."""
    body = bytearray()
    for at in range(0, len(text), 8):
        body += b"\0" + text[at : at + 8]
    return struct.pack("<II4sI", len(body) + 12, len(text), b"LZFu", 0) + bytes(body)


def _listed(values: Mapping[int, Value]) -> bytes:
    """A list of properties as winmail.dat holds it."""
    out = struct.pack("<I", len(values))
    for number, value in values.items():
        if isinstance(value, int):
            out += struct.pack("<HHI", 3, number, value)
            continue
        kind = 0x1F if isinstance(value, str) else 0x102
        data = value.encode("utf-16-le") if isinstance(value, str) else value
        named = bytes(16) + struct.pack("<II", 0, number) if number >= 0x8000 else b""
        out += struct.pack("<HH", kind, number) + named
        out += struct.pack("<II", 1, len(data)) + data + bytes(-len(data) % 4)
    return out


def _attribute(level: int, kind: int, data: bytes) -> bytes:
    return (
        struct.pack("<BII", level, kind, len(data))
        + data
        + struct.pack("<H", sum(data) & 0xFFFF)
    )


def winmail(values: Mapping[int, Value], *files: Mapping[int, Value] | bytes) -> bytes:
    """What Outlook sends as winmail.dat; a file may be given the old way, as bytes."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _attribute(1, 0x00069007, struct.pack("<II", 936, 0))
    out += _attribute(1, 0x00069003, _listed(values))
    for one in files:
        out += _attribute(2, 0x00069002, bytes(14))
        if isinstance(one, bytes):
            out += _attribute(2, 0x00018010, "名单.txt".encode("gbk") + b"\0")
            out += _attribute(2, 0x0006800F, one)
        else:
            out += _attribute(2, 0x00069005, _listed(one))
    return out
