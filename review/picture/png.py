"""Writing a PNG: what pictures need of it, without loading an imaging library."""

import struct
import zlib
from typing import Final

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_DEPTH: Final = 8
_RGB: Final = 2
_CHANNELS: Final = 3
_FAST: Final = 1  # a page of text gets hardly smaller with more effort


def png_of(pixels: memoryview, *, width: int, height: int, stride: int) -> bytes:
    """Return the PNG of rows of RGB pixels, eight bits each, `stride` bytes a row."""
    length = width * _CHANNELS
    rows = b"".join(
        b"\0" + pixels[start : start + length]  # each row says that it is unfiltered
        for start in range(0, height * stride, stride)
    )
    head = struct.pack(">IIBBBBB", width, height, _DEPTH, _RGB, 0, 0, 0)
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", head),
            _chunk(b"IDAT", zlib.compress(rows, _FAST)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    checked = name + data
    return (
        struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))
    )
