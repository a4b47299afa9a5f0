"""Read the properties of a compound file: who wrote it, when, with which template."""

import codecs
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from review.extract.interface import Block, Gap
from review.extract.ole.art import bitmap_file
from review.spans import Location

_SUMMARY: Final[Mapping[int, str]] = {
    2: "标题",
    3: "主题",
    4: "作者",
    5: "关键词",
    6: "备注",
    7: "模板",
    8: "最后修改者",
    9: "修订次数",
    11: "最后打印时间",
    12: "创建时间",
    13: "最后保存时间",
    18: "制作软件",
}
_DOCUMENT: Final[Mapping[int, str]] = {
    2: "类别",
    13: "各部分标题",
    14: "负责人",
    15: "单位",
    26: "内容类型",
    27: "状态",
    28: "语言",
    29: "版本",
}
_SETS: Final[Mapping[str, Mapping[int, str]]] = {
    "e0859ff2f94f6810ab9108002b27b3d9": _SUMMARY,
    "02d5cdd59c2e1b10939708002b2cf9ae": _DOCUMENT,
    "05d5cdd59c2e1b10939708002b2cf9ae": {},  # the custom ones name themselves
}
_DICTIONARY, _CODE_PAGE, _THUMBNAIL = 0, 1, 17
_RESERVED: Final = 0x80000000  # the language and what only programs read
_MOST: Final = 2_000  # properties of one set, parts of one list
_LONGEST: Final = 32_767  # characters of one value
_I2, _I4, _R8, _BOOL, _I1, _UI4, _I8 = 2, 3, 5, 11, 16, 19, 20
_LPSTR, _LPWSTR, _FILETIME, _BLOB, _VARIANT = 30, 31, 64, 65, 12
_VECTOR: Final = 0x1000
_NUMBERS: Final[Mapping[int, str]] = {
    _I2: "<h",
    _I4: "<i",
    _R8: "<d",
    _I1: "<b",
    _UI4: "<I",
    _I8: "<q",
}
_AS_WMF, _AS_DIB, _AS_EMF = 3, 8, 14
_AS_WMF_HEAD: Final = 8
_UTF16: Final = 1200
_CODECS: Final[Mapping[int, str]] = {
    936: "gb18030",
    54936: "gb18030",
    950: "big5",
    65001: "utf-8",
    10000: "mac-roman",
    10008: "gb18030",
    20936: "gb18030",
}
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_FIRST_YEAR: Final = 1900  # a span of time, not a moment, stands below
_LAST_TICK: Final = 2_650_467_743_990_000_000  # the end of the year 9999


@dataclass(slots=True)
class _Set:
    """One section of a property stream."""

    data: bytes
    labels: Mapping[int, str]
    offsets: tuple[tuple[int, int], ...]
    codec: str = "gb18030"
    names: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Properties:
    """What one property stream says; `thumbnail` is a picture file."""

    blocks: tuple[Block, ...] = ()
    gaps: tuple[Gap, ...] = ()
    thumbnail: bytes | None = None


def properties_in(stream: bytes) -> Properties:
    """Return what a property stream says; damaged properties are left out with a gap."""
    blocks: list[Block] = []
    gaps: list[Gap] = []
    thumbnail = None
    where = Location(part="metadata")
    try:
        for one in _sets(stream):
            blocks.extend(
                Block(text, where, hidden=True, role="note", detail="文件属性")
                for text in _lines(one)
            )
            for number, at in one.offsets:
                if number == _THUMBNAIL and one.labels is _SUMMARY:
                    thumbnail = _picture(one.data, at)
    except struct.error:
        message = "文件属性已损坏，未能全部读取，请人工查看。"
        gaps.append(Gap(where, "unreadable_part", message))
    return Properties(tuple(dict.fromkeys(blocks)), tuple(gaps), thumbnail)


def _picture(data: bytes, at: int) -> bytes:
    """Return a thumbnail as a picture file; empty where its kind is not known."""
    size, _, kind = struct.unpack_from("<III", data, at + 4)
    raw = data[at + 16 : at + 8 + size]
    if kind == _AS_WMF:
        return raw[_AS_WMF_HEAD:]
    if kind == _AS_DIB:
        return bitmap_file(raw)
    return raw if kind == _AS_EMF else b""


def _sets(stream: bytes) -> Iterator[_Set]:
    count = min(struct.unpack_from("<I", stream, 24)[0], 8)
    for index in range(count):
        name, at = struct.unpack_from("<16sI", stream, 28 + 20 * index)
        labels = _SETS.get(name.hex())
        if labels is None:
            continue
        section = stream[at:]
        size, held = struct.unpack_from("<II", section)
        offsets = tuple(
            struct.unpack_from("<II", section, 8 + 8 * one)
            for one in range(min(held, _MOST))
        )
        one = _Set(section[:size] if size else section, labels, offsets)
        _know(one)
        yield one


def _know(one: _Set) -> None:
    """Learn the code page and the custom names before any value is read."""
    for number, at in one.offsets:
        if number == _CODE_PAGE:
            page = struct.unpack_from("<H", one.data, at + 4)[0]
            one.codec = _codec(page)
    for number, at in one.offsets:
        if number == _DICTIONARY and not one.labels:
            one.names.update(_dictionary(one, at))


def _codec(page: int) -> str:
    if page == _UTF16:
        return "utf-16-le"
    name = _CODECS.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "gb18030"
    return name


def _dictionary(one: _Set, at: int) -> Iterator[tuple[int, str]]:
    count = struct.unpack_from("<I", one.data, at)[0]
    at += 4
    wide = one.codec == "utf-16-le"
    for _ in range(min(count, _MOST)):
        number, length = struct.unpack_from("<II", one.data, at)
        size = length * 2 if wide else length
        yield number, _decoded(one.data[at + 8 : at + 8 + size], one.codec)
        at += 8 + size + (-size % 4 if wide else 0)


def _lines(one: _Set) -> Iterator[str]:
    for number, at in one.offsets:
        if number in {_DICTIONARY, _CODE_PAGE} or number >= _RESERVED:
            continue
        label = one.labels.get(number) or one.names.get(number)
        if label is None and one.labels:
            continue
        values = _values(one, at)
        text = "；".join(value for value in values if value)
        if text:
            yield f"{label or '自定义属性'}：{text}"


def _values(one: _Set, at: int) -> list[str]:
    kind = struct.unpack_from("<H", one.data, at)[0]
    if not kind & _VECTOR:
        return [_value(one, kind, at + 4)[0]]
    found = []
    count = struct.unpack_from("<I", one.data, at + 4)[0]
    at += 8
    for _ in range(min(count, _MOST)):
        inner = kind & ~_VECTOR
        if inner == _VARIANT:
            inner, at = struct.unpack_from("<H", one.data, at)[0], at + 4
        text, at = _value(one, inner, at)
        found.append(text)
    return found


def _value(one: _Set, kind: int, at: int) -> tuple[str, int]:
    """Return one value as text, and where the next one begins."""
    if kind in _NUMBERS:
        size = struct.calcsize(_NUMBERS[kind])
        number = struct.unpack_from(_NUMBERS[kind], one.data, at)[0]
        return str(number), at + max(size, 4)
    if kind == _BOOL:
        is_true = struct.unpack_from("<H", one.data, at)[0]
        return ("是" if is_true else "否"), at + 4
    if kind == _FILETIME:
        return _moment(struct.unpack_from("<Q", one.data, at)[0]), at + 8
    return _string(one, kind, at)


def _string(one: _Set, kind: int, at: int) -> tuple[str, int]:
    if kind not in {_LPSTR, _LPWSTR, _BLOB}:
        return "", len(one.data)
    length = struct.unpack_from("<I", one.data, at)[0]
    wide = kind == _LPWSTR
    size = length * 2 if wide else length
    raw = one.data[at + 4 : at + 4 + size]
    # A blob here is a list of addresses, kept as UTF-16 among numbers.
    if kind == _BLOB:
        return _addresses(raw), at + 4 + size
    text = _decoded(raw, "utf-16-le" if wide else one.codec)
    return text, at + 4 + size + (-size % 4 if wide else 0)


def _addresses(raw: bytes) -> str:
    text = raw[: len(raw) & ~1].decode("utf-16-le", "ignore")
    words = "".join(c if c.isprintable() else " " for c in text).split()
    return " ".join(word for word in words if len(word) > 3)[:_LONGEST]  # noqa: PLR2004 - shorter ones are numbers


def _decoded(raw: bytes, codec: str) -> str:
    if codec == "utf-16-le":
        raw = raw[: len(raw) & ~1]
    text = raw.decode(codec, "replace").split("\0", 1)[0]
    return " ".join(text.split())[:_LONGEST]


def _moment(ticks: int) -> str:
    """Return a moment as the file keeps it: in universal time."""
    if not 0 < ticks < _LAST_TICK:
        return ""
    moment = _EPOCH + timedelta(microseconds=ticks // 10)
    if moment.year < _FIRST_YEAR:
        return ""
    return moment.strftime("%Y-%m-%d %H:%M")
