"""Windows metafiles (EMF, WMF): the text that their records draw, and bitmaps in them."""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_EMF_MARK: Final = b" EMF"
_PLACEABLE: Final = b"\xd7\xcd\xc6\x9a"
_GZIP: Final = b"\x1f\x8b"
_MOST: Final = 64 * 1024 * 1024

_EMF_TEXT_WIDE: Final = 84
_EMF_TEXT_BYTES: Final = 83
_EMF_SMALL_TEXT: Final = 108
_EMF_END: Final = 14
# Where a record says where its bitmap's header and pixels are.
_EMF_BITMAPS: Final = {76: 84, 77: 84, 81: 48, 114: 84, 116: 84}
_GLYPHS_ONLY: Final = 0x10
_NO_RECTANGLE: Final = 0x100
_BYTES_EACH: Final = 0x200

_WMF_TEXT: Final = 0x0521
_WMF_EXTENDED_TEXT: Final = 0x0A32
# Words of parameters before the bitmap.
_WMF_BITMAPS: Final = {0x0F43: 11, 0x0B41: 10, 0x0940: 8}
_WMF_HAS_RECTANGLE: Final = 0x6


class Place(NamedTuple):
    """Where a piece of text stands, and how wide it is where that is known."""

    x: int
    y: int
    width: int = 0


@dataclass(slots=True)
class Metafile:
    """What one metafile shows."""

    lines: list[list[str]] = field(default_factory=list)
    bitmaps: list[bytes] = field(default_factory=list)
    glyphs_only: bool = False
    _height: int | None = None
    _reach: float | None = None

    @property
    def text(self) -> str:
        """Return its text, one line for each height at which text stands."""
        joined = ("".join(line).strip() for line in self.lines)
        return "\n".join(line for line in joined if line)

    def add(self, text: str, place: "Place") -> None:
        """Add a piece of text; pieces at one height are one line, wide gaps kept."""
        text = "".join(c for c in text if c >= " ")
        if self.lines and self._height == place.y:
            each = place.width / len(text) if text else 0.0
            if self._reach is not None and place.x > self._reach + each:
                self.lines[-1].append(" ")
            self.lines[-1].append(text)
        else:
            self.lines.append([text])
        self._height = place.y
        self._reach = place.x + place.width if place.width else None


def read_metafile(data: bytes) -> Metafile | None:
    """Read the records of a metafile, a compressed one too; `None` for other bytes."""
    if data.startswith(_GZIP):
        data = _unzipped(data)
    found = Metafile()
    if data[40:44] == _EMF_MARK:
        for kind, body in _emf_records(data):
            _emf(found, kind, body)
        return found
    at = 22 if data.startswith(_PLACEABLE) else 0
    if len(data) < at + 18 or struct.unpack_from("<HH", data, at) not in {
        (1, 9),
        (2, 9),
    }:
        return None
    for kind, body in _wmf_records(data, at + 18):
        _wmf(found, kind, body)
    return found


def _unzipped(data: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(data, _MOST)
    except zlib.error:
        return b""


def _emf_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each record whole: its offsets count from its beginning."""
    at = 0
    while at + 8 <= len(data):
        kind, size = struct.unpack_from("<II", data, at)
        if size < 8 or kind == _EMF_END:  # noqa: PLR2004 - a record's own head
            return
        yield kind, data[at : at + size]
        at += size


def _emf(found: Metafile, kind: int, body: bytes) -> None:
    if kind in {_EMF_TEXT_WIDE, _EMF_TEXT_BYTES}:
        _emf_text(found, body, wide=kind == _EMF_TEXT_WIDE)
    elif kind == _EMF_SMALL_TEXT:
        _emf_small_text(found, body)
    elif kind in _EMF_BITMAPS and len(body) >= _EMF_BITMAPS[kind] + 16:
        header, header_size, bits, bits_size = struct.unpack_from(
            "<IIII", body, _EMF_BITMAPS[kind]
        )
        _bitmap(
            found, body[header : header + header_size], body[bits : bits + bits_size]
        )


def _emf_text(found: Metafile, body: bytes, *, wide: bool) -> None:
    if len(body) < 56:  # noqa: PLR2004 - up to the text's options
        return
    x, y, count, offset, options = struct.unpack_from("<iiIII", body, 36)
    if options & _GLYPHS_ONLY:
        found.glyphs_only = True
        return
    steps = struct.unpack_from("<I", body, 72)[0] if len(body) >= 76 else len(body)  # noqa: PLR2004 - where the widths are
    width = 0
    if steps + 4 * count <= len(body):
        width = sum(struct.unpack_from(f"<{count}I", body, steps))
    _characters(found, body[offset:], count, Place(x, y, width), wide=wide)


def _emf_small_text(found: Metafile, body: bytes) -> None:
    if len(body) < 36:  # noqa: PLR2004 - up to the scales
        return
    x, y, count, options = struct.unpack_from("<iiII", body, 8)
    at = 36 if options & _NO_RECTANGLE else 52
    if options & _GLYPHS_ONLY:
        found.glyphs_only = True
        return
    wide = not options & _BYTES_EACH
    _characters(found, body[at:], count, Place(x, y), wide=wide)


def _characters(
    found: Metafile, raw: bytes, count: int, place: Place, *, wide: bool
) -> None:
    if wide:
        found.add(raw[: 2 * count].decode("utf-16-le", "replace"), place)
    else:
        found.add(raw[:count].decode("gb18030", "replace"), place)


def _wmf_records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the kind of each record and its parameters."""
    while at + 6 <= len(data):
        words, kind = struct.unpack_from("<IH", data, at)
        if words < 3 or not kind:  # noqa: PLR2004 - a record's own head
            return
        yield kind, data[at + 6 : at + 2 * words]
        at += 2 * words


def _wmf(found: Metafile, kind: int, body: bytes) -> None:
    if kind == _WMF_TEXT and len(body) >= 2:  # noqa: PLR2004 - its length
        count = struct.unpack_from("<H", body)[0]
        after = 2 + count + count % 2
        y, x = struct.unpack_from("<hh", body.ljust(after + 4, b"\0"), after)
        _characters(found, body[2:], count, Place(x, y), wide=False)
    elif kind == _WMF_EXTENDED_TEXT and len(body) >= 8:  # noqa: PLR2004 - place, length, options
        y, x, count, options = struct.unpack_from("<hhHH", body)
        if options & _GLYPHS_ONLY:
            found.glyphs_only = True
            return
        at = 16 if options & _WMF_HAS_RECTANGLE else 8
        _characters(found, body[at:], count, Place(x, y), wide=False)
    elif kind in _WMF_BITMAPS:
        raw = body[2 * _WMF_BITMAPS[kind] :]
        if len(raw) >= 40:  # noqa: PLR2004 - a bitmap's header
            _bitmap(found, raw[: _head(raw)], raw[_head(raw) :])


def _head(raw: bytes) -> int:
    """Return how long the header of a bitmap is, its colours included."""
    size = struct.unpack_from("<I", raw)[0]
    depth, packing = struct.unpack_from("<HI", raw, 14)
    colours = struct.unpack_from("<I", raw, 32)[0]
    if not colours and depth <= 8:  # noqa: PLR2004 - bits of a palette's index
        colours = 1 << depth
    masks = 12 if packing == 3 and size == 40 else 0  # noqa: PLR2004 - bit fields
    return int(min(size + masks + 4 * colours, len(raw)))


def _bitmap(found: Metafile, header: bytes, bits: bytes) -> None:
    """Keep a bitmap as a picture file of its own."""
    if len(header) < 40 or not bits:  # noqa: PLR2004 - as above
        return
    start = 14 + len(header)
    head = b"BM" + struct.pack("<IHHI", start + len(bits), 0, 0, start)
    found.bitmaps.append(head + header + bits)
