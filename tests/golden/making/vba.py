"""Macro projects, as Office keeps them in a package."""

import struct

from review.extract.ole.write import packed


def _literal(text: bytes) -> bytes:
    """Pack as macros are packed, without any repetition."""
    body = b"".join(b"\0" + text[at : at + 8] for at in range(0, len(text), 8))
    return b"\x01" + struct.pack("<H", 0xB000 | len(body) - 1) + body


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HI", kind, len(body)) + body


def macros(code: str) -> bytes:
    """Return a macro project of one module, as Office keeps it."""
    name = "Module1".encode("utf-16-le")
    listing = (
        _record(0x01, struct.pack("<I", 3))
        + _record(0x02, struct.pack("<I", 0x0804))
        + _record(0x14, struct.pack("<I", 0x0804))
        + _record(0x03, struct.pack("<H", 936))
        + _record(0x04, b"Project")
        + _record(0x05, b"")
        + _record(0x40, b"")
        + _record(0x06, b"")
        + _record(0x3D, b"")
        + _record(0x07, struct.pack("<I", 0))
        + _record(0x08, struct.pack("<I", 0))
        + struct.pack("<HIIH", 0x09, 4, 1, 2)
        + _record(0x0C, b"")
        + _record(0x3C, b"")
        + _record(0x0F, struct.pack("<H", 1))
        + _record(0x13, struct.pack("<H", 0xFFFF))
        + _record(0x19, b"Module1")
        + _record(0x47, name)
        + _record(0x1A, b"Module1")
        + _record(0x32, name)
        + _record(0x1C, b"")
        + _record(0x48, b"")
        + _record(0x31, struct.pack("<I", 0))
        + _record(0x1E, struct.pack("<I", 0))
        + _record(0x2C, struct.pack("<H", 0xFFFF))
        + _record(0x21, b"")
        + _record(0x2B, b"")
        + _record(0x10, b"")
    )
    source = f'Attribute VB_Name = "Module1"\r\n{code}'.encode("gbk")
    return packed(
        {
            ("VBA", "dir"): _literal(listing),
            ("VBA", "Module1"): _literal(source),
            ("VBA", "_VBA_PROJECT"): b"\xcc\x61\xff\xff\x00\x00\x00",
            ("PROJECT",): b'Module=Module1\r\nName="Project"\r\n',
        }
    )
