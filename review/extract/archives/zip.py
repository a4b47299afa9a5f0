"""Zip archives: the directory's members, and what lies outside the directory."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from review.errors import BombError, TooLargeError, UnreadableError, UnsupportedError
from review.extract.archives.members import PIECE, Unpacking, member_name, words
from review.extract.archives.streams import Stream, method_of
from review.extract.interface import Embedded, GapCode
from review.extract.messages import not_followed

LOCAL: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_ENTRY: Final = b"PK\x01\x02"
_DESCRIPTOR: Final = b"PK\x07\x08"
_HEAD: Final = struct.Struct("<4s5H3I2H")
_END_BYTES: Final = 22
_ENCRYPTED: Final = 0x2041  # a password, strong encryption, a masked directory
_LATER: Final = 0x8  # sizes stand behind the data
_UTF8: Final = 0x800
_UNICODE_PATH: Final = 0x7075
_UNICODE_COMMENT: Final = 0x6375
_UNIX: Final = 3
_LINK: Final = 0xA
_LONGEST_TARGET: Final = 4096
_FAULTS: Final = (zipfile.BadZipFile, struct.error, ValueError, OSError, EOFError)
_OUTSIDE: Final = "压缩包清单以外的数据"


@dataclass(frozen=True, slots=True)
class Directory:
    """What a zip's directory says."""

    members: tuple[zipfile.ZipInfo, ...]
    comment: bytes
    start: int


def directory_of(data: bytes, most: int) -> Directory | None:
    """Return the directory of a zip; `None` where there is no whole one.

    Raises:
        TooLargeError: It lists more than `most` members.
    """
    end = data.rfind(_END)
    if end < 0 or end + _END_BYTES > len(data):
        return None
    size = struct.unpack_from("<I", data, end + 12)[0]
    if data.count(_ENTRY, max(0, end - size), end) > most:
        raise TooLargeError("压缩包里的文件过多，请拆分后再提交。")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*_FAULTS, NotImplementedError):
        return None
    with archive:
        return Directory(tuple(archive.infolist()), archive.comment, archive.start_dir)


def name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name: a field of its own, UTF-8, or a Chinese encoding."""
    raw = _raw_name(info)
    own = _unicode(info.extra, _UNICODE_PATH, raw)
    if own is not None:
        return member_name(own)
    return member_name(info.orig_filename if info.flag_bits & _UTF8 else raw)


def unpack_zip(data: bytes, directory: Directory, into: Unpacking) -> None:
    """Take out every member, and whatever the directory does not list.

    Raises:
        BombError: Members overlap, or become absurdly large.
    """
    into.expect(sum(info.file_size for info in directory.members))
    areas = sorted(_area(data, info) for info in directory.members)
    for (_, end), (start, _) in pairwise(areas):
        if start < end:
            raise BombError("压缩包里的文件互相重叠，疑似压缩炸弹，未予读取。")
    into.remark(words(directory.comment), "压缩包注释")
    for info in directory.members:
        name = name_of(info)
        if not into.admit(name):
            return
        note = _unicode(info.extra, _UNICODE_COMMENT, info.comment)
        if info.comment:
            into.remark(note or words(info.comment), f"文件“{name}”的注释")
        _take(data, info, name, into)
    _outside(data, directory, areas, into)


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    encoding = "utf-8" if info.flag_bits & _UTF8 else "cp437"
    return info.orig_filename.encode(encoding, "replace")


def _unicode(extra: bytes, field: int, raw: bytes) -> str | None:
    """Return a name or remark from its extra field, if it still belongs to `raw`."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        body = extra[at + 4 : at + 4 + size]
        if kind == field and len(body) > 5:  # noqa: PLR2004 - version and checksum
            if int.from_bytes(body[1:5], "little") != zlib.crc32(raw):
                return None
            return body[5:].decode("utf-8", "replace")
        at += 4 + size
    return None


def _area(data: bytes, info: zipfile.ZipInfo) -> tuple[int, int]:
    """Return where a member stands: head, data and what describes it behind them."""
    start = info.header_offset
    body = _body(data, start)
    if body is None:
        return start, start
    end = body + info.compress_size
    if info.flag_bits & _LATER and end <= len(data):
        marked = data.startswith(_DESCRIPTOR, end)
        wide = data[end + 8 * marked + 4 :][:8] if marked else b""
        long = wide == info.compress_size.to_bytes(8, "little")
        end += 12 + 4 * marked + 8 * long
    return start, end


def _body(data: bytes, start: int) -> int | None:
    """Return where the data of a member begin; `None` where it has no head."""
    if not 0 <= start <= len(data) - _HEAD.size or not data.startswith(LOCAL, start):
        return None
    name, extra = struct.unpack_from("<HH", data, start + 26)
    return int(start + _HEAD.size + name + extra)


def _take(data: bytes, info: zipfile.ZipInfo, name: str, into: Unpacking) -> None:
    body = _body(data, info.header_offset)
    if body is None or body + info.compress_size > len(data):
        into.lack(name, "unreadable_part", f"压缩包里的“{name}”已损坏，未能读取。")
    elif info.flag_bits & _ENCRYPTED:
        into.lock(name)
    elif info.create_system == _UNIX and info.external_attr >> 28 == _LINK:
        size = min(info.compress_size, _LONGEST_TARGET)
        target = member_name(data[body : body + size])
        into.lack(name, "unsupported_part", not_followed(name))
        into.remark(target, f"链接“{name}”的目标")
    else:
        _unpack_member(data[body : body + info.compress_size], info, name, into)


def _unpack_member(
    packed: bytes, info: zipfile.ZipInfo, name: str, into: Unpacking
) -> None:
    """Undo one member, and say where it is not what its entry says."""
    if info.compress_type == zipfile.ZIP_STORED:
        check = _Check(_slices(packed))
        into.member(name, check.pieces())
    else:
        try:
            stream = Stream(*method_of(info.compress_type, packed))
        except UnreadableError as error:
            unknown = isinstance(error, UnsupportedError)
            code: GapCode = "unsupported_part" if unknown else "unreadable_part"
            message = f"压缩包里的“{name}”未能读取：{error.message}"
            into.lack(name, code, message)
            return
        check = _Check(stream.pieces())
        into.member(name, check.pieces())
        if stream.end < len(stream.data) and not into.full:
            rest = stream.data[stream.end :]
            into.embedded.append(Embedded(f"{name} 末尾的多余数据", rest))
    if not into.full and (check.size, check.crc) != (info.file_size, info.CRC):
        message = f"压缩包里的“{name}”校验不符，内容可能不全，请重新压缩后再提交。"
        into.lack(name, "unreadable_part", message)


@dataclass(slots=True)
class _Check:
    """Counts what goes through."""

    source: Iterator[bytes]
    size: int = 0
    crc: int = 0

    def pieces(self) -> Iterator[bytes]:
        for piece in self.source:
            self.size += len(piece)
            self.crc = zlib.crc32(piece, self.crc)
            yield piece


def _slices(data: bytes) -> Iterator[bytes]:
    for at in range(0, len(data), PIECE):
        yield data[at : at + PIECE]


def _outside(
    data: bytes,
    directory: Directory,
    areas: list[tuple[int, int]],
    into: Unpacking,
) -> None:
    """Keep what stands before, between and behind the members of the directory."""
    end = data.rfind(_END) + _END_BYTES + len(directory.comment)
    borders = [(0, 0), *areas, (directory.start, end), (len(data), len(data))]
    for (_, start), (behind, _) in pairwise(borders):
        region = data[start:behind]
        if not region.strip(b"\0") or into.full:
            continue
        if region.startswith(LOCAL):
            region = _unlisted(region, into)
        if region.strip(b"\0"):
            into.embedded.append(Embedded(_OUTSIDE, region))


def _unlisted(region: bytes, into: Unpacking) -> bytes:
    """Take out members that the directory forgot; return what is none."""
    at = 0
    while region.startswith(LOCAL, at) and (body := _body(region, at)) is not None:
        head = _HEAD.unpack_from(region, at)
        flags, method, crc, packed, size, name_size = (
            *head[2:4],
            *head[6:9],
            head[9],
        )
        end = body + packed
        if flags & (_LATER | _ENCRYPTED) or end > len(region):
            break
        info = zipfile.ZipInfo()
        info.compress_type, info.CRC = method, crc
        info.compress_size, info.file_size = packed, size
        shown = member_name(region[at + _HEAD.size : at + _HEAD.size + name_size])
        name = f"{shown}（压缩包清单里没有）"
        if not into.admit(name):
            return b""
        _unpack_member(region[body:end], info, name, into)
        at = end
    return region[at:]
