"""What a picture file carries beside its picture, by the container it is in.

Nothing is decoded here but lengths and names: each parcel is handed on as it is.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from review.extract.images.open import kind_of

ParcelKind: TypeAlias = Literal[
    "exif", "tiff", "xmp", "iptc", "photoshop", "text", "comment", "picture", "other"
]

_MOST_TEXT: Final = 4 * 1024 * 1024
_MOST_PARCELS: Final = 2_000
_MOST_PICTURES: Final = 16


@dataclass(frozen=True, slots=True)
class Parcel:
    """One thing beside the picture; `label` is the name that the file gives it."""

    kind: ParcelKind
    data: bytes
    label: str = ""


@dataclass(slots=True)
class Contents:
    """Everything beside the picture: parcels, and bytes behind the picture's end."""

    parcels: list[Parcel] = field(default_factory=list)
    tail: bytes = b""
    cut: list[str] = field(default_factory=list)

    def add(self, kind: ParcelKind, data: bytes, label: str = "") -> None:
        """Keep a parcel, as long as there are not absurdly many."""
        if not data:
            return
        if len(self.parcels) >= _MOST_PARCELS:
            if not self.cut or self.cut[-1] != "其余数据段":
                self.cut.append("其余数据段")
            return
        self.parcels.append(Parcel(kind, data, label))


def contents_of(data: bytes) -> Contents:
    """Take a picture file apart; of a damaged one, what comes before the damage."""
    found = Contents()
    walk = {
        "png": _png,
        "jpg": _jpg,
        "gif": _gif,
        "webp": _webp,
        "bmp": _bmp,
        "tiff": _tiff,
    }.get(kind_of(data) or "")
    if walk is not None:
        walk(data, found)
    return found


def _tiff(data: bytes, found: Contents) -> None:
    found.add("tiff", data)


def _bmp(data: bytes, found: Contents) -> None:
    size = int.from_bytes(data[2:6], "little")
    pixels = int.from_bytes(data[10:14], "little")
    if pixels < size < len(data):
        found.tail = data[size:]


# --- PNG ---

_PNG_HEAD: Final = 8
_PNG_KNOWN: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT"}
    | {b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT"}
    | {b"tIME", b"acTL", b"fcTL", b"fdAT", b"oFFs", b"sCAL", b"iDOT", b"vpAg"}
)
_PNG_XMP: Final = "XML:com.adobe.xmp"
_RAW_PROFILE: Final = "Raw profile type "
_RAW_KINDS: Final[dict[str, ParcelKind]] = {
    "exif": "exif",
    "app1": "exif",
    "xmp": "xmp",
    "iptc": "photoshop",
    "8bim": "photoshop",
}


def _png(data: bytes, found: Contents) -> None:
    at = _PNG_HEAD
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if name == b"IEND":
            found.tail = data[at:]
            return
        if name not in _PNG_KNOWN:
            _png_chunk(name, body, found)


def _png_chunk(name: bytes, body: bytes, found: Contents) -> None:
    if name == b"eXIf":
        found.add("exif", body)
    elif name == b"tEXt":
        key, _, text = body.partition(b"\x00")
        _png_text(_latin(key), text, found)
    elif name == b"zTXt":
        key, _, text = body.partition(b"\x00")
        _png_text(_latin(key), _inflated(text[1:], found), found)
    elif name == b"iTXt":
        key, _, rest = body.partition(b"\x00")
        packed, rest = rest[:1] == b"\x01", rest[2:]
        text = rest.split(b"\x00", 2)[-1]
        _png_text(_latin(key), _inflated(text, found) if packed else text, found)
    else:
        found.add("other", body, _latin(name))


def _png_text(key: str, text: bytes, found: Contents) -> None:
    if key == _PNG_XMP:
        found.add("xmp", text)
    elif key.startswith(_RAW_PROFILE):
        kind = _RAW_KINDS.get(key.removeprefix(_RAW_PROFILE).strip().lower(), "other")
        raw = _unhexed(text)
        if raw.startswith(b"http://ns.adobe.com/xap/"):
            kind, raw = "xmp", raw.partition(b"\x00")[2]
        found.add(kind, raw, key)
    else:
        found.add("text", text, key)


def _inflated(packed: bytes, found: Contents) -> bytes:
    """Return unpacked text, up to a bound."""
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(packed, _MOST_TEXT)
    except zlib.error:
        found.cut.append("损坏的压缩文字块")
        return b""
    if unpacking.unconsumed_tail:
        found.cut.append("过长的文字块")
    return text


def _unhexed(text: bytes) -> bytes:
    """Return what a raw profile holds: a name, a length, and digits in hexadecimal."""
    words = text.split()
    try:
        return bytes.fromhex(b"".join(words[2:]).decode("ascii", "replace"))
    except ValueError:
        return b""


def _latin(name: bytes) -> str:
    return name.decode("latin-1")


# --- JPEG ---

_EXIF: Final = b"Exif\x00\x00"
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\x00"
_MORE_XMP: Final = b"http://ns.adobe.com/xmp/extension/\x00"
_MORE_HEAD: Final = 40  # a digest, a length and an offset
_PHOTOSHOP: Final = b"Photoshop 3.0\x00"
_JPEG_THUMBNAIL: Final = b"JFXX\x00\x10"
_JPEG_DULL: Final = (b"JFIF\x00", b"ICC_PROFILE\x00", b"MPF\x00", b"Adobe", b"Ducky")
_COMMENT, _FIRST_APP, _LAST_APP = 0xFE, 0xE0, 0xEF
_SCAN, _START, _END = 0xDA, 0xD8, 0xD9
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_IN_SCAN: Final = frozenset({0x00, 0xFF, *range(0xD0, 0xD8)})


def _jpg(data: bytes, found: Contents) -> None:
    """Walk through a JPEG, and through further ones that stand behind it."""
    end = _one_jpg(data, 0, found)
    while end:
        start = end
        while start < len(data) and data[start] == 0:
            start += 1
        if not data.startswith(b"\xff\xd8\xff", start):
            found.tail = data[end:]
            return
        if sum(one.label == "第二幅图片" for one in found.parcels) >= _MOST_PICTURES:
            found.tail = data[start:]
            return
        end = _one_jpg(data, start, Contents())
        found.add("picture", data[start : end or len(data)], "第二幅图片")


def _one_jpg(data: bytes, start: int, found: Contents) -> int:
    """Keep the segments of one JPEG; return where it ends, 0 where it breaks off."""
    photoshop, more = bytearray(), bytearray()
    end = 0
    for code, body, after in _segments(data, start + 2):
        if code == _END:
            end = after
        elif body.startswith(_PHOTOSHOP):
            photoshop += body[len(_PHOTOSHOP) :]
        elif body.startswith(_MORE_XMP):
            more += body[len(_MORE_XMP) + _MORE_HEAD :]
        else:
            _segment(code, body, found)
    found.add("photoshop", bytes(photoshop))
    found.add("xmp", bytes(more))
    return end


def _segments(data: bytes, at: int) -> Iterator[tuple[int, bytes, int]]:
    """Yield code and body of each segment that may carry words, and where it ends."""
    while 0 <= at < len(data) - 1:
        if data[at] != 0xFF:  # noqa: PLR2004 - every marker begins with it
            at = data.find(b"\xff", at)
            continue
        code = data[at + 1]
        at += 1 if code == 0xFF else 2  # noqa: PLR2004 - filling before a marker
        if code == _END:
            yield code, b"", at
            return
        if code in _ALONE or code in {0x00, 0xFF}:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if code == _COMMENT or _FIRST_APP <= code <= _LAST_APP:
            yield code, data[at + 2 : at + length], at + length
        at += max(length, 2)
        if code == _SCAN:
            at = _behind_scan(data, at)


def _behind_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data) or data[at + 1] not in _IN_SCAN:
            return at
        at += 1 if data[at + 1] == 0xFF else 2  # noqa: PLR2004 - filling before a marker


def _segment(code: int, body: bytes, found: Contents) -> None:
    if code == _COMMENT:
        found.add("comment", body)
    elif body.startswith(_EXIF):
        found.add("exif", body)
    elif body.startswith(_XMP):
        found.add("xmp", body[len(_XMP) :])
    elif body.startswith(_JPEG_THUMBNAIL):
        found.add("picture", body[len(_JPEG_THUMBNAIL) :], "缩略图")
    elif not body.startswith(_JPEG_DULL):
        found.add("other", body, f"APP{code - _FIRST_APP}")


# --- GIF ---

_GIF_HEAD: Final = 13
_GIF_NOTE, _GIF_TEXT, _GIF_APP = 0xFE, 0x01, 0xFF
_GIF_XMP: Final = b"XMP DataXMP"
_GIF_MAGIC: Final = 257  # bytes behind the XMP that lead any reader to its end


def _gif(data: bytes, found: Contents) -> None:
    at = _GIF_HEAD + _palette(data, 10)
    while at < len(data):
        mark = data[at]
        if mark == 0x3B:  # noqa: PLR2004 - the trailer
            found.tail = data[at + 1 :]
            return
        if mark == 0x2C:  # noqa: PLR2004 - a picture
            at += 11 + _palette(data, at + 9)
            at = _sub_blocks(data, at)[1]
        elif mark == 0x21:  # noqa: PLR2004 - an extension
            at = _gif_extension(data, at, found)
        else:
            return


def _palette(data: bytes, at: int) -> int:
    """Return how many bytes the table of colours takes whose flags stand there."""
    flags = data[at] if at < len(data) else 0
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_extension(data: bytes, at: int, found: Contents) -> int:
    code = data[at + 1] if at + 1 < len(data) else 0
    if code == _GIF_APP and data[at + 3 : at + 14] == _GIF_XMP:
        end = _sub_blocks(data, at + 14)[1]
        found.add("xmp", data[at + 14 : end - _GIF_MAGIC])
        return end
    body, end = _sub_blocks(data, at + 2)
    if code == _GIF_NOTE:
        found.add("comment", body)
    elif code == _GIF_TEXT:
        found.add("text", body[12:], "文字扩展块")
    return end


def _sub_blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the joined sub-blocks, and where they end."""
    pieces: list[bytes] = []
    while at < len(data) and data[at]:
        pieces.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(pieces), at + 1


# --- WebP ---

_WEBP_KNOWN: Final = frozenset(
    {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
)


def _webp(data: bytes, found: Contents) -> None:
    end = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    while at + 8 <= min(end, len(data)):
        name = data[at : at + 4]
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
        if name == b"EXIF":
            found.add("exif", body)
        elif name == b"XMP ":
            found.add("xmp", body)
        elif name not in _WEBP_KNOWN:
            found.add("other", body, _latin(name))
    found.tail = data[end + (end & 1) :]
