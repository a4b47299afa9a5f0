"""How large a picture is, by its own header: nothing is decoded for that."""

import struct
from typing import Final

SMALLEST: Final = 32  # pixels; no letter can be read in less
# A page shown that small has no letters either.
_LEGIBLE: Final = 400
_PNG_HEAD, _GIF_HEAD, _BMP_HEAD = 24, 10, 26
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})


def size_of(data: bytes) -> tuple[int, int] | None:
    """Return width and height of a png, gif, bmp or jpg, in pixels; None for others."""
    size: tuple[int, int] | None = None
    if (
        data.startswith(b"\x89PNG")
        and data[12:16] == b"IHDR"
        and len(data) >= _PNG_HEAD
    ):
        size = struct.unpack_from(">II", data, 16)
    elif data.startswith(b"GIF8") and len(data) >= _GIF_HEAD:
        size = struct.unpack_from("<HH", data, 6)
    elif data.startswith(b"BM") and len(data) >= _BMP_HEAD:
        size = struct.unpack_from("<ii", data, 18)
    elif data.startswith(b"\xff\xd8"):
        size = _of_jpeg(data)
    return None if size is None else (abs(size[0]), abs(size[1]))


def is_tiny(data: bytes) -> bool:
    """Tell a bullet or a line: too small for any letter."""
    size = size_of(data)
    return size is not None and 0 < min(size) < SMALLEST


def is_thumbnail(data: bytes) -> bool:
    """Tell a picture in which the letters of a page could not be read."""
    size = size_of(data)
    return size is not None and max(size) < _LEGIBLE


def _of_jpeg(data: bytes) -> tuple[int, int] | None:
    """Go from marker to marker until the frame's, which holds the size."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - begins every marker
        kind = data[at + 1]
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        if kind in _STANDALONE or kind == 0xFF:  # noqa: PLR2004 - filling
            at += 1 if kind == 0xFF else 2  # noqa: PLR2004 - as above
            continue
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    return None
