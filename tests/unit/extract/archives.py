"""Archives made by hand, byte for byte, where no writer makes them."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Final

from review.extract.archives.native import library

_ENTRY: Final = b"PK\x01\x02"
_LOCAL: Final = b"PK\x03\x04"


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def patched(data: bytes, name: bytes, *, at: int, value: bytes) -> bytes:
    """Change a field, counted from the flags on, in both heads of a member."""
    out = bytearray(data)
    for mark, head, flags in ((_LOCAL, 30, 6), (_ENTRY, 46, 8)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            if data[place + head : place + head + len(name)] == name:
                start = place + flags + at
                out[start : start + len(value)] = value
    return bytes(out)


def native(kind: str, files: Mapping[str, bytes], **options: Any) -> bytes:
    """An archive that libarchive writes."""
    library()
    from libarchive.write import custom_writer  # noqa: PLC0415 - found by the line above

    out: list[bytes] = []

    def take(data: bytes) -> int:
        out.append(bytes(data))
        return len(data)

    with custom_writer(take, kind, **options) as archive:
        for name, data in files.items():
            archive.add_file_from_memory(name, len(data), data)
    return b"".join(out)


def tarred(
    files: Mapping[str, bytes], encoding: str = "utf-8", owner: str = ""
) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(
        fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT, encoding=encoding
    ) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.uname = len(data), owner
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def encrypted_7z() -> bytes:
    """A 7z archive whose list of names is encrypted by AES."""
    body = bytes(16)
    coder = b"\x24\x06\xf1\x07\x01\x02\x13\x00"
    header = b"\x17\x06\x00\x01\x09\x10\x00"
    header += b"\x07\x0b\x01\x00\x01" + coder + b"\x0c\x10\x00\x00"
    start = struct.pack("<QQI", len(body), len(header), zlib.crc32(header))
    begin = b"7z\xbc\xaf\x27\x1c\x00\x04" + struct.pack("<I", zlib.crc32(start))
    return begin + start + body + header


# --- rar 4 ---


def _block4(kind: int, flags: int, fields: bytes) -> bytes:
    rest = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest


def _stored4(kind: int, name: bytes, data: bytes, flags: int) -> bytes:
    size, crc = len(data), zlib.crc32(data)
    fields = struct.pack("<IIBIIBB", size, size, 3, crc, 0, 20, 0x30)
    fields += struct.pack("<HI", len(name), 0x81A4)
    return _block4(kind, flags | 0x8000, fields + name) + data


def rar4(
    files: Mapping[bytes, bytes],
    *,
    main: int = 0,
    flags: int = 0,
    remark: bytes = b"",
    method: int = 0x30,
) -> bytes:
    out = b"Rar!\x1a\x07\x00" + _block4(0x73, main, bytes(6))
    if remark:
        service = _stored4(0x7A, b"CMT", remark, 0)
        head = bytearray(service[: len(service) - len(remark)])
        head[25] = method
        crc = zlib.crc32(bytes(head[2:])) & 0xFFFF
        out += struct.pack("<H", crc) + bytes(head[2:]) + remark
    for name, data in files.items():
        out += _stored4(0x74, name, data, flags)
    return out + _block4(0x7B, 0x4000, b"")


# --- rar 5 ---


def _vint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _block5(kind: int, flags: int, fields: bytes, extra: bytes, data: bytes) -> bytes:
    body = _vint(kind) + _vint(flags | bool(extra) | 2 * bool(data))
    body += _vint(len(extra)) if extra else b""
    body += _vint(len(data)) if data else b""
    body += fields + extra
    sized = _vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(sized)) + sized + data


def _stored5(kind: int, name: bytes, data: bytes, extra: bytes = b"") -> bytes:
    fields = _vint(4) + _vint(len(data)) + _vint(0x81A4)
    fields += struct.pack("<I", zlib.crc32(data)) + _vint(0) + _vint(1)
    return _block5(kind, 0, fields + _vint(len(name)) + name, extra, data)


def rar5(
    files: Mapping[str, bytes],
    *,
    main: int = 0,
    locked: tuple[str, ...] = (),
    remark: str = "",
    sealed: bool = False,
) -> bytes:
    out = b"Rar!\x1a\x07\x01\x00"
    if sealed:
        out += _block5(4, 0, _vint(0) + _vint(0) + b"\x0f" + bytes(16), b"", b"")
    out += _block5(1, 0, _vint(main), b"", b"")
    if remark:
        out += _stored5(3, b"CMT", remark.encode())
    lock = _vint(1) + _vint(0) + _vint(0) + b"\x0f" + bytes(32)
    for name, data in files.items():
        extra = _vint(len(lock)) + lock if name in locked else b""
        out += _stored5(2, name.encode(), data, extra)
    return out + _block5(5, 0, _vint(0), b"", b"")
