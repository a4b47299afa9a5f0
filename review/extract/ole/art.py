"""Office's old drawings: the texts that hang on shapes, and the pictures among them."""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from review.extract.interface import Block
from review.spans import Location

_HEAD: Final = 8
_SHAPE: Final = b"\x0f\x00\x04\xf0"
_PROPERTIES: Final = frozenset({0xF00B, 0xF121, 0xF122})
_MOST_PROPERTIES: Final = 1_000
_LONGEST: Final = 32_767
_WORD_ART: Final = 0x00C0
_LABELS: Final[Mapping[int, str]] = {
    0x0105: "图片的原文件名",
    0x0380: "图形名称",
    0x0381: "替代文字",
    0x038D: "替代文字",
}
_GIVEN_NAME: Final = r"[^\W\d]+( [^\W\d]+)* ?\d*"
# Record type and instance of each kind of picture, as its head begins in the file.
_BLIPS: Final = (
    rb"(?:[\xa0\xb0]\x46|[\x20\x30]\x6e)[\x1d\x2a]\xf0"  # JPEG
    rb"|[\x00\x10]\x6e\x1e\xf0"  # PNG
    rb"|[\x80\x90]\x7a\x1f\xf0"  # DIB
    rb"|[\x40\x50]\x6e\x29\xf0"  # TIFF
    rb"|[\x40\x50]\x3d\x1a\xf0"  # EMF
    rb"|[\x60\x70]\x21\x1b\xf0"  # WMF
    rb"|[\x20\x30]\x54\x1c\xf0"  # PICT
)
_TWO_DIGESTS: Final = frozenset(
    {0x46B, 0x6E3, 0x6E1, 0x7A9, 0x6E5, 0x3D5, 0x217, 0x543}
)
_METAFILES: Final = frozenset({0xF01A, 0xF01B, 0xF01C})
_DIB: Final = 0xF01F
_DIGEST: Final = 16
_METAFILE_HEAD: Final = 34
_DEFLATED: Final = 0
_MOST_METAFILE: Final = 32 * 1024 * 1024
_MOST_BLIPS: Final = 10_000
_DIB_HEAD: Final = 40
_BIT_FIELDS: Final = 3
_PALETTE_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Blip:
    """A picture and the range of the stream that it takes."""

    data: bytes
    start: int
    end: int


def blips_in(stream: bytes) -> Iterator[Blip]:
    """Yield every picture of a stream, found by the head of its record."""
    beyond = 0
    for match in islice(re.finditer(_BLIPS, stream), _MOST_BLIPS):
        # What looks like a head inside a picture's own bytes is none.
        if match.start() < beyond:
            continue
        blip = _blip(stream, match.start())
        if blip is not None:
            beyond = blip.end
            yield blip


def shape_texts(stream: bytes, where: Location) -> Iterator[Block]:
    """Yield what stands on and behind the shapes of a stream."""
    at, left = stream.find(_SHAPE), 4 * len(stream)
    while at >= 0 and left > 0:
        size = int.from_bytes(stream[at + 4 : at + _HEAD], "little")
        body = stream[at + _HEAD : at + _HEAD + min(size, left)]
        # Heads that lie within each other must not make the work grow by squares.
        left -= len(body) + _HEAD
        yield from texts_of_shape(body, where)
        at = stream.find(_SHAPE, at + 4)


def texts_of_shape(body: bytes, where: Location) -> Iterator[Block]:
    """Yield the texts among the properties of one shape."""
    for kind, instance, content in records(body):
        if kind not in _PROPERTIES:
            continue
        for number, text in _texts(content, instance):
            if number == _WORD_ART:
                at = replace(where, part="textbox")
                yield Block(text, at, detail="艺术字或图形文字")
            elif number in _LABELS and not (
                number == 0x0380 and re.fullmatch(_GIVEN_NAME, text)  # noqa: PLR2004 - the name of the shape
            ):
                at = replace(where, part="image")
                yield Block(text, at, True, "note", (), _LABELS[number])  # noqa: FBT003 - hidden


def records(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield type, instance and contents of the records that follow each other."""
    at = 0
    while at + _HEAD <= len(body):
        head, kind, size = struct.unpack_from("<HHI", body, at)
        yield kind, head >> 4, body[at + _HEAD : at + _HEAD + size]
        at += _HEAD + size


def _texts(content: bytes, count: int) -> Iterator[tuple[int, str]]:
    count = min(count, _MOST_PROPERTIES, len(content) // 6)
    beyond = 6 * count
    for index in range(count):
        number, value = struct.unpack_from("<HI", content, 6 * index)
        if not number & 0x8000:
            continue
        raw = content[beyond : beyond + value]
        beyond += value
        number &= 0x3FFF
        if number == _WORD_ART or number in _LABELS:
            text = raw[: len(raw) & ~1].decode("utf-16-le", "replace")
            text = " ".join(text.split("\0", 1)[0].split())[:_LONGEST]
            if any(one.isalpha() for one in text):
                yield number, text


def _blip(stream: bytes, at: int) -> Blip | None:
    if at + _HEAD > len(stream):
        return None
    head, kind, size = struct.unpack_from("<HHI", stream, at)
    end = at + _HEAD + size
    if end > len(stream):
        return None
    digests = _DIGEST * (2 if head >> 4 in _TWO_DIGESTS else 1)
    body = stream[at + _HEAD + digests : end]
    if kind in _METAFILES:
        data = _metafile(body)
    else:
        data = body[1:]
        if kind == _DIB:
            data = bitmap_file(data)
    return Blip(data, at, end) if data else None


def _metafile(body: bytes) -> bytes:
    """Unpack a drawn picture, never to more than any such picture needs."""
    if len(body) < _METAFILE_HEAD:
        return b""
    if body[_METAFILE_HEAD - 2] != _DEFLATED:
        return body[_METAFILE_HEAD:]
    try:
        unpacking = zlib.decompressobj()
        return unpacking.decompress(body[_METAFILE_HEAD:], _MOST_METAFILE)
    except zlib.error:
        return b""


def bitmap_file(dib: bytes) -> bytes:
    """Return a bitmap that stands without its file header as a picture file."""
    if len(dib) < _DIB_HEAD:
        return b""
    size, depth, packing = struct.unpack_from("<I10xHI", dib)
    colours = struct.unpack_from("<I", dib, 32)[0]
    if not colours and depth <= _PALETTE_DEPTH:
        colours = 1 << depth
    masks = 12 if packing == _BIT_FIELDS and size == _DIB_HEAD else 0
    start = 14 + size + masks + 4 * colours
    if start > 14 + len(dib):  # no pixel is left
        return b""
    return b"BM" + struct.pack("<IHHI", 14 + len(dib), 0, 0, start) + dib
