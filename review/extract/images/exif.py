"""EXIF and TIFF: the values in a directory of tags, wherever it stands.

A directory may lie anywhere and point anywhere: every offset is checked, every
directory read once, and what does not fit is left out.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from review.extract.plain.encodings import common_share

Group: TypeAlias = Literal["picture", "exif", "gps", "thumbnail"]
Value: TypeAlias = bytes | tuple[float, ...]

_PREFIX: Final = b"Exif\x00\x00"
_MOST_DIRECTORIES: Final = 400
_MOST_TAGS: Final = 500
_MOST_BYTES: Final = 4 * 1024 * 1024
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 13: 4}
_CODES: Final = {3: "H", 4: "I", 5: "I", 8: "h", 9: "i", 10: "i", 13: "I"}
_FRACTIONS: Final = frozenset({5, 10})
_BYTES: Final = frozenset({1, 2, 6, 7})
_EXIF, _GPS, _INNER = 0x8769, 0x8825, 0x014A
_POINTERS: Final = frozenset({_EXIF, _GPS, _INNER})
_THUMBNAIL_START, _THUMBNAIL_LENGTH = 0x0201, 0x0202
_HEAD: Final = 8


@dataclass(frozen=True, slots=True)
class Tag:
    """One value: `frame` counts the pictures of a TIFF from 1."""

    group: Group
    number: int
    value: Value
    frame: int = 1


@dataclass(frozen=True, slots=True)
class Tags:
    """What a structure of tags holds; `whole` is false where it broke off."""

    tags: tuple[Tag, ...]
    thumbnails: tuple[bytes, ...] = ()
    whole: bool = True


@dataclass(slots=True)
class _Reader:
    data: bytes
    order: str
    tags: list[Tag] = field(default_factory=list)
    thumbnails: list[bytes] = field(default_factory=list)
    whole: bool = True
    seen: set[int] = field(default_factory=set)

    def chain(self, at: int, *, pages: bool) -> None:
        """Read the directories that follow one another: pages, or the thumbnail."""
        frame = 0
        while at and at not in self.seen:
            frame += 1
            second = frame > 1 and not pages
            group: Group = "thumbnail" if second else "picture"
            at = self.directory(at, group, frame if pages else 1)

    def directory(self, at: int, group: Group, frame: int) -> int:
        """Read one directory and those below it; return where the next one is."""
        if at in self.seen or len(self.seen) >= _MOST_DIRECTORIES:
            return 0
        self.seen.add(at)
        count = self._number("H", at)
        if count is None:
            self.whole = False
            return 0
        numbers: dict[int, int] = {}
        for index in range(min(count, _MOST_TAGS)):
            entry = self._entry(at + 2 + index * 12)
            if entry is None:
                self.whole = False
                return 0
            number, value = entry
            if isinstance(value, tuple) and value:
                numbers[number] = int(value[0])
            if number in _POINTERS and isinstance(value, tuple):
                self._below(number, value, group, frame)
            elif value:
                self.tags.append(Tag(group, number, value, frame))
        self._thumbnail(numbers)
        return self._number("I", at + 2 + count * 12) or 0

    def _below(
        self, number: int, places: tuple[float, ...], group: Group, frame: int
    ) -> None:
        inner: dict[int, Group] = {_EXIF: "exif", _GPS: "gps"}
        for place in places[:_MOST_TAGS]:
            self.directory(int(place), inner.get(number, group), frame)

    def _entry(self, at: int) -> tuple[int, Value] | None:
        if at + 12 > len(self.data):
            return None
        number, kind, count = struct.unpack_from(self.order + "HHI", self.data, at)
        size = _SIZES.get(kind, 0) * count
        if size == 0 or size > _MOST_BYTES:
            return number, b""
        place = at + 8 if size <= 4 else self._number("I", at + 8)  # noqa: PLR2004 - four bytes stand in the entry itself
        if place is None or place + size > len(self.data):
            self.whole = False
            return number, b""
        return number, self._value(kind, count, place)

    def _value(self, kind: int, count: int, at: int) -> Value:
        if kind in _BYTES:
            return self.data[at : at + count]
        parts = count * 2 if kind in _FRACTIONS else count
        found = struct.unpack_from(f"{self.order}{parts}{_CODES[kind]}", self.data, at)
        if kind not in _FRACTIONS:
            return found
        pairs = zip(found[::2], found[1::2], strict=True)
        return tuple(one / other if other else 0.0 for one, other in pairs)

    def _thumbnail(self, numbers: dict[int, int]) -> None:
        start = numbers.get(_THUMBNAIL_START, 0)
        length = numbers.get(_THUMBNAIL_LENGTH, 0)
        if 0 < start < len(self.data) and length > 0:
            self.thumbnails.append(self.data[start : start + length])

    def _number(self, code: str, at: int) -> int | None:
        size = struct.calcsize(code)
        if at < 0 or at + size > len(self.data):
            return None
        return int(struct.unpack_from(self.order + code, self.data, at)[0])


def read_tags(data: bytes, *, pages: bool = False) -> Tags:
    """Read an EXIF segment, or with `pages` the directories of a TIFF file."""
    data = data.removeprefix(_PREFIX)
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < _HEAD:
        return Tags((), whole=False)
    reader = _Reader(data, order)
    first = struct.unpack_from(order + "I", data, 4)[0]
    reader.chain(int(first), pages=pages)
    return Tags(tuple(reader.tags), tuple(reader.thumbnails), reader.whole)


# --- what the values say ---

_TEXTS: Final[dict[tuple[Group, int], str]] = {
    ("picture", 0x010D): "文档名",
    ("picture", 0x010E): "图片说明",
    ("picture", 0x011D): "页名",
    ("picture", 0x013B): "作者",
    ("picture", 0x013C): "所用计算机",
    ("picture", 0x8298): "版权",
    ("exif", 0x9286): "用户备注",
    ("exif", 0xA420): "图片编号",
    ("exif", 0xA430): "相机所有者",
    ("exif", 0xA431): "相机序列号",
    ("exif", 0xA435): "镜头序列号",
    ("exif", 0xA436): "标题",
    ("exif", 0xA437): "摄影者",
    ("exif", 0xA438): "编辑者",
    ("gps", 0x001B): "定位方式",
    ("gps", 0x001C): "拍摄地点",
}
_WIDE_TEXTS: Final = {
    0x9C9B: "标题",
    0x9C9C: "备注",
    0x9C9D: "作者",
    0x9C9E: "标记",
    0x9C9F: "主题",
}
_DEVICE: Final = (
    ("picture", 0x010F),
    ("picture", 0x0110),
    ("exif", 0xA433),
    ("exif", 0xA434),
    ("picture", 0x0131),
    ("exif", 0xA43A),
    ("exif", 0xA43B),
)
_TIMES: Final = {
    ("exif", 0x9003): "拍摄",
    ("exif", 0x9004): "数字化",
    ("picture", 0x0132): "修改",
    ("gps", 0x001D): "定位",
}
_CODE_NAMES: Final = (
    (b"ASCII\x00\x00\x00", "ascii"),
    (b"JIS\x00\x00\x00\x00\x00", "iso2022_jp"),
    (b"UNICODE\x00", ""),
    (b"\x00\x00\x00\x00\x00\x00\x00\x00", ""),
)
_MAKER_NOTE: Final = 0x927C
_SIGNS: Final = {b"S": "南纬", b"N": "北纬", b"W": "西经", b"E": "东经"}


def plain_text(data: bytes) -> str:
    """Return a text whose encoding nobody declared: UTF-8, else Chinese."""
    data = data.strip(b"\x00")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return " ".join(text.replace("\x00", " ").split())


def sayings(found: Tags, readable: Callable[[bytes], str]) -> Iterator[tuple[str, str]]:
    """Yield label and text of what tells about people, places, devices and times.

    `readable` finds the words in bytes that only the maker of a camera knows.
    """
    for tag in found.tags:
        label, text = _said(tag, readable)
        if text:
            yield label, text
    device = [_first(found, *place) for place in _DEVICE]
    if any(device):
        yield "拍摄设备与软件", " ".join(dict.fromkeys(filter(None, device)))
    times = [(_first(found, *place), word) for place, word in _TIMES.items()]
    if any(time for time, _ in times):
        yield "时间", "，".join(f"{word} {time}" for time, word in times if time)
    place = position(found)
    if place:
        yield "拍摄位置", place


def position(found: Tags) -> str:
    """Return latitude and longitude in degrees; empty where there is none."""
    numbers = {tag.number: tag.value for tag in found.tags if tag.group == "gps"}
    north, east = (_degrees(numbers.get(at)) for at in (2, 4))
    if north is None or east is None:
        return ""
    words = [
        f"纬度 {north:.6f}（{_sign(numbers.get(1), '北纬')}）",
        f"经度 {east:.6f}（{_sign(numbers.get(3), '东经')}）",
    ]
    height = numbers.get(6)
    if isinstance(height, tuple) and height:
        below = numbers.get(5) in {b"\x01", (1,)}
        words.append(f"海拔 {'-' if below else ''}{height[0]:.1f} 米")
    return "，".join(words)


def _said(tag: Tag, readable: Callable[[bytes], str]) -> tuple[str, str]:
    if not isinstance(tag.value, bytes):
        return "", ""
    if tag.number in _WIDE_TEXTS and tag.group == "picture":
        text = tag.value.decode("utf-16-le", "replace")
        return _WIDE_TEXTS[tag.number], " ".join(text.replace("\x00", " ").split())
    if tag.number == _MAKER_NOTE and tag.group == "exif":
        return "厂商备注", readable(tag.value)
    label = _TEXTS.get((tag.group, tag.number), "")
    return label, _coded(tag.value) if label else ""


def _coded(value: bytes) -> str:
    """Return a text that may name its encoding in its first eight bytes."""
    for mark, name in _CODE_NAMES:
        if value.startswith(mark):
            rest = value[len(mark) :]
            if name:
                return " ".join(
                    rest.decode(name, "replace").replace("\x00", " ").split()
                )
            return _wide(rest) if mark.startswith(b"U") else plain_text(rest)
    return plain_text(value)


def _wide(data: bytes) -> str:
    """Return UTF-16 text in the byte order that gives the more usual characters."""
    texts = [data.decode(name, "replace") for name in ("utf-16-be", "utf-16-le")]
    best = max(texts, key=common_share)
    return " ".join(best.replace("\x00", " ").split())


def _first(found: Tags, group: str, number: int) -> str:
    for tag in found.tags:
        if (tag.group, tag.number) == (group, number) and isinstance(tag.value, bytes):
            return plain_text(tag.value)
    return ""


def _degrees(value: Value | None) -> float | None:
    if not isinstance(value, tuple) or not value:
        return None
    parts = (*value, 0.0, 0.0)
    return parts[0] + parts[1] / 60 + parts[2] / 3600


def _sign(value: Value | None, usual: str) -> str:
    return _SIGNS.get(value[:1].upper(), usual) if isinstance(value, bytes) else usual
