"""Picture files without what they carry beside their pixels, byte for byte."""

import io
import posixpath
import struct
from typing import Final

from PIL import Image, ImageChops

from review.errors import CorruptError, TooLargeError, UnsupportedError
from review.extract.images.open import FAULTS as OPENING_FAULTS
from review.extract.images.open import FORMATS, MOST_PIXELS
from review.extract.ooxml.ooxml import local
from review.extract.package import parse_xml
from review.safecopy.trees import drop, xml_bytes

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    [
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"sBIT",
        b"sRGB",
        b"iCCP",
        b"pHYs",
        b"bKGD",
        b"acTL",
        b"fcTL",
        b"fdAT",
    ]
)
_JPEG: Final = b"\xff\xd8"
_WEBP_DROPPED: Final = frozenset({b"EXIF", b"XMP "})
_EMF_DESCRIPTION: Final = 60
_SVG_DROPPED: Final = frozenset(
    ["metadata", "title", "desc", "script", "namedview", "foreignObject"]
)
FAULTS: Final = (*OPENING_FAULTS, Image.DecompressionBombError)
_EXTRA: Final = "图片的拍摄或编辑信息"
_BEHIND: Final = "图片文件后面附带的数据"
_VEILED: Final = "图片透明处藏着的画面"
_DAMAGED: Final = "文件里的图片已损坏，无法清除其中的信息；请重新插入图片后再试。"


def opened_picture(data: bytes) -> Image.Image:
    """Open a picture and decode it.

    Raises:
        CorruptError: It is damaged or no picture.
        TooLargeError: It has too many pixels.
    """
    try:
        picture = Image.open(io.BytesIO(data), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise TooLargeError("图片的像素过多，请缩小后再试。")
        picture.load()
    except FAULTS as fault:
        raise CorruptError(_DAMAGED) from fault
    return picture


def as_png(picture: Image.Image) -> bytes:
    """Return the pixels as a PNG file that holds nothing else."""
    if picture.mode not in {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}:
        picture = picture.convert("RGB")
    out = io.BytesIO()
    bare = picture.copy()
    bare.info = {k: v for k, v in picture.info.items() if k == "transparency"}
    bare.save(out, "PNG", optimize=False)
    return out.getvalue()


def stripped(data: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the picture file with its pixels untouched, and what was taken out.

    Raises:
        UnsupportedError: Nobody here knows this kind of picture.
        CorruptError: It is damaged.
    """
    try:
        if data.startswith(_PNG):
            made, kinds = _told(data, _png(data))
            opaque = _without_veiled(made)
            return opaque, (kinds if opaque == made else (*kinds, _VEILED))
        if data.startswith(_JPEG):
            return _told(data, _jpeg(data))
        if data.startswith(b"GIF8"):
            return _told(data, _gif(data))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _told(data, _webp(data))
        return _others(data, name)
    except (struct.error, IndexError) as fault:
        raise CorruptError(_DAMAGED) from fault


def _others(data: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    if data[:2] == b"BM":
        (size,) = struct.unpack_from("<I", data, 2)
        return _told(data, data[:size] if size else data)
    if data[40:44] == b" EMF":
        return _told(data, _emf(data))
    if data[:4] in {b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00"}:
        return data, ()
    if data[:4] in {b"II*\x00", b"MM\x00*"}:
        return _told(data, _tiff(data))
    if posixpath.splitext(name)[1].lower() == ".svg":
        return _told(data, _svg(data))
    raise UnsupportedError(
        "文件里有无法识别的图片格式，其中的信息无法清除；请换成 PNG 或 JPEG 后再试。"
    )


def _told(before: bytes, after: bytes) -> tuple[bytes, tuple[str, ...]]:
    if before == after:
        return after, ()
    return after, ((_BEHIND if before.startswith(after) else _EXTRA),)


def _png(data: bytes) -> bytes:
    kept, at = bytearray(_PNG), len(_PNG)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise CorruptError(_DAMAGED)
        if kind in _PNG_KEPT:
            kept += data[at:end]
        at = end
        if kind == b"IEND":
            return bytes(kept)
    raise CorruptError(_DAMAGED)


def _without_veiled(data: bytes) -> bytes:
    """Return the picture without what stands in wholly transparent pixels."""
    if data[25] not in {4, 6} or b"acTL" in data[:200]:
        return data
    picture = opened_picture(data)
    alpha = picture.getchannel("A")
    clear = alpha.point(lambda value: 255 if value == 0 else 0)
    bands = picture.split()[:-1]
    black = Image.new("L", picture.size)
    if not any(ImageChops.multiply(one, clear).getbbox() for one in bands):
        return data
    kept = [Image.composite(black, one, clear) for one in bands]
    return _png(as_png(Image.merge(picture.mode, (*kept, alpha))))


def _jpeg(data: bytes) -> bytes:
    kept, at = bytearray(_JPEG), 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004 - every segment begins so
            raise CorruptError(_DAMAGED)
        kind = data[at + 1]
        if kind == 0xFF:  # noqa: PLR2004 - a filling byte
            at += 1
            continue
        if kind == 0xD9:  # noqa: PLR2004 - the end
            break
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if _jpeg_keeps(kind, data[at + 4 : end]):
            kept += _without_thumbnail(data[at:end], kind)
        at = end
        if kind == 0xDA:  # noqa: PLR2004 - pixels follow
            at = _scan_end(data, end)
            kept += data[end:at]
    return bytes(kept + b"\xff\xd9")


def _jpeg_keeps(kind: int, body: bytes) -> bool:
    """Tell whether a segment decides how the picture looks."""
    if kind == 0xE0:  # noqa: PLR2004 - APP0
        return body.startswith(b"JFIF\0")
    if kind == 0xE2:  # noqa: PLR2004 - APP2
        return body.startswith(b"ICC_PROFILE\0")
    if kind == 0xEE:  # noqa: PLR2004 - APP14
        return body.startswith(b"Adobe")
    return not (0xE1 <= kind <= 0xEF or kind == 0xFE)  # noqa: PLR2004 - APPn and COM


def _without_thumbnail(segment: bytes, kind: int) -> bytes:
    """Return a segment; JFIF may carry a small copy of an earlier picture."""
    if kind != 0xE0 or len(segment) <= 18:  # noqa: PLR2004 - APP0 without a thumbnail
        return segment
    return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"


def _scan_end(data: bytes, at: int) -> int:
    """Return where the marker behind the pixels of a scan stands."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        following = data[at + 1]
        if following == 0 or 0xD0 <= following <= 0xD7:  # noqa: PLR2004 - restart markers
            at += 2
        elif following == 0xFF:  # noqa: PLR2004 - a filling byte
            at += 1
        else:
            return at


def _gif(data: bytes) -> bytes:
    flags = data[10]
    at = 13 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
    kept = bytearray(data[:at])
    while at < len(data):
        kind, start = data[at], at
        if kind == 0x3B:  # noqa: PLR2004 - the end
            return bytes(kept + b";")
        if kind == 0x21:  # noqa: PLR2004 - an extension
            label = data[at + 1]
            at = _gif_blocks(data, at + 2)
            loops = data[start + 3 : start + 14] == b"NETSCAPE2.0"
            if label == 0xF9 or (label == 0xFF and loops):  # noqa: PLR2004 - timing, looping
                kept += data[start:at]
            continue
        if kind != 0x2C:  # noqa: PLR2004 - a picture
            raise CorruptError(_DAMAGED)
        flags = data[at + 9]
        at += 10 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
        at = _gif_blocks(data, at + 1)
        kept += data[start:at]
    return bytes(kept + b";")


def _gif_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _webp(data: bytes) -> bytes:
    kept, at = bytearray(), 12
    (size,) = struct.unpack_from("<I", data, 4)
    end = min(len(data), size + 8)
    while at + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, at)
        following = at + 8 + length + (length & 1)
        if kind not in _WEBP_DROPPED:
            chunk = bytearray(data[at:following])
            if kind == b"VP8X":
                chunk[8] &= ~0x0C & 0xFF  # no EXIF, no XMP
            kept += chunk
        at = following
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + bytes(kept)


def _emf(data: bytes) -> bytes:
    """Blank the description: the program's name and the drawing's title."""
    length, at = struct.unpack_from("<II", data, _EMF_DESCRIPTION)
    if not length or at + length * 2 > len(data):
        return data
    return data[:at] + bytes(length * 2) + data[at + length * 2 :]


def _tiff(data: bytes) -> bytes:
    picture = opened_picture(data)
    bare = Image.frombytes(picture.mode, picture.size, picture.tobytes())
    if picture.mode == "P" and (palette := picture.getpalette()):
        bare.putpalette(palette)
    out = io.BytesIO()
    bare.save(
        out, "TIFF", compression="tiff_lzw", dpi=picture.info.get("dpi", (96, 96))
    )
    return out.getvalue()


def _svg(data: bytes) -> bytes:
    root = parse_xml(data, "SVG")
    for element in list(root.iter()):
        if local(element) in _SVG_DROPPED:
            drop(element)
    return xml_bytes(root)
