"""Pictures and embedded objects of rich text: bytes that are written as digits."""

import re
import struct
from collections.abc import Mapping
from typing import Final

from review.errors import UnreadableError
from review.extract.interface import Embedded, Gap
from review.extract.limits import Limits
from review.extract.old.ole_parts import Parts, object_files
from review.extract.ole.art import bitmap_file
from review.extract.ole.ole import MAGIC, native_file
from review.extract.ooxml.ooxml import note
from review.spans import Location

_NOT_DIGITS: Final = r"[^0-9a-fA-F]+"
_RAW: Final = "\x00-\x1f\x7f-\xff"
_LINKED: Final = 1
_LONGEST_NAME: Final = 1_000
_ATTACHMENT: Final = Location(part="attachment")


def bytes_in(text: str) -> bytes:
    """Return the bytes that hexadecimal digits stand for; raw ones as they are."""
    if re.search(f"[{_RAW}]{{8}}", text):
        return text.encode("latin-1", "replace")
    digits = re.sub(_NOT_DIGITS, "", text)
    return bytes.fromhex(digits[: len(digits) & ~1])


def picture_of(text: str, kinds: Mapping[str, int]) -> bytes:
    """Return a picture as a file; its kind stands in the group."""
    data = bytes_in(text)
    if "dibitmap" in kinds:
        return bitmap_file(data)
    # A device's own bitmap has neither size nor colours in it.
    return b"" if "wbitmap" in kinds else data


def object_of(text: str, name: str, limits: Limits) -> Parts:
    """Return the files in an embedded object."""
    data = bytes_in(text)
    try:
        kind, program, native = _embedded(data)
        if kind == _LINKED:
            message = "文件引用了外部对象，不在文件里，未经检查。"
            where = Location(part="hidden")
            return Parts(
                (note(program, where, "外部引用"),),
                (Gap(Location(), "external", message),),
            )
        if native.startswith(MAGIC):
            return object_files(native, name, limits)
    except (struct.error, UnreadableError):
        return _unread(name)
    packed = native_file(struct.pack("<I", len(native)) + native)
    if packed is not None and program.lower() == "package":
        inner = packed[0].rpartition("/")[2] or name
        where = Location(part="attachment", path=inner)
        return Parts(
            (note(packed[0], where, "内嵌文件的原路径"),),
            (),
            (Embedded(inner, packed[1]),),
        )
    return _unread(program or name)


def _unread(name: str) -> Parts:
    message = f"内嵌对象“{name}”的内容未能读取，请人工查看。"
    return Parts(gaps=(Gap(_ATTACHMENT, "unsupported_part", message),))


def _embedded(data: bytes) -> tuple[int, str, bytes]:
    """Return kind, program (or the linked file) and bytes of an object of the first kind."""
    at, names = 8, []
    kind = struct.unpack_from("<I", data, 4)[0]
    for _ in range(3):
        length = struct.unpack_from("<I", data, at)[0]
        raw = data[at + 4 : at + 4 + min(length, _LONGEST_NAME)]
        names.append(raw.split(b"\0", 1)[0].decode("gb18030", "replace"))
        at += 4 + length
    if kind == _LINKED:
        return kind, names[1], b""
    size = struct.unpack_from("<I", data, at)[0]
    return kind, names[0], data[at + 4 : at + 4 + size]
