"""What the parcels of a picture file say: labelled words, and pictures inside them."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.images.exif import Tags, Value, plain_text, read_tags, sayings
from review.extract.images.parcels import Contents, Parcel
from review.extract.ooxml.ooxml import local
from review.extract.package import parse_xml

_MOST_WORDS: Final = 20_000  # characters of one value
_MOST_SAYINGS: Final = 500
_MOST_RUNS: Final = 40


@dataclass(slots=True)
class Notes:
    """What is said beside the picture: (label, text, kind), smaller pictures, gaps."""

    sayings: list[tuple[str, str, str]] = field(default_factory=list)
    pictures: list[tuple[str, bytes]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    depth: int = 0

    def say(self, label: str, text: str, kind: str) -> None:
        """Keep one labelled text, equal ones once."""
        if not text:
            return
        if len(text) > _MOST_WORDS:
            text = text[:_MOST_WORDS]
            self.unread.append(f"{kind}中过长的文字")
        one = (label, text, kind)
        if one in self.sayings:
            return
        if len(self.sayings) >= _MOST_SAYINGS:
            self.unread.append(f"{kind}的其余内容")
            return
        self.sayings.append(one)


def notes_of(contents: Contents) -> Notes:
    """Return what all parcels say."""
    notes = Notes()
    for parcel in contents.parcels:
        _take(parcel, notes)
    notes.unread.extend(contents.cut)
    notes.unread = list(dict.fromkeys(notes.unread))
    return notes


def _take(parcel: Parcel, notes: Notes) -> None:
    if parcel.kind in {"exif", "tiff"}:
        _exif(read_tags(parcel.data, pages=parcel.kind == "tiff"), notes)
    elif parcel.kind == "xmp":
        _xmp(parcel.data, notes)
    elif parcel.kind == "iptc":
        _iptc(parcel.data, notes)
    elif parcel.kind == "photoshop":
        _photoshop(parcel.data, notes)
    elif parcel.kind == "picture":
        notes.pictures.append((parcel.label, parcel.data))
    elif parcel.kind == "other":
        notes.say(
            f"数据段 {parcel.label} 中的文字", readable(parcel.data), "图片附加数据"
        )
    else:
        label = parcel.label or "注释"
        notes.say(label, plain_text(parcel.data), "图片注释")


# --- EXIF and TIFF ---

_TIFF_XMP, _TIFF_IPTC, _TIFF_PHOTOSHOP, _TIFF_LAYERS = 0x02BC, 0x83BB, 0x8649, 0x935C
_INNER: Final = frozenset({_TIFF_XMP, _TIFF_IPTC, _TIFF_PHOTOSHOP, _TIFF_LAYERS})
_WORD: Final = 1 << 32


def _exif(found: Tags, notes: Notes) -> None:
    for label, text in sayings(found, readable):
        notes.say(label, text, "EXIF")
    if not found.whole:
        notes.unread.append("EXIF 中损坏的部分")
    notes.pictures.extend(("缩略图", one) for one in found.thumbnails)
    for tag in found.tags:
        if tag.number in _INNER:
            _inner(tag.number, _bytes(tag.value), notes)


def _inner(number: int, value: bytes, notes: Notes) -> None:
    if number == _TIFF_XMP:
        _xmp(value, notes)
    elif number == _TIFF_IPTC:
        _iptc(value, notes)
    elif number == _TIFF_PHOTOSHOP:
        _photoshop(value, notes)
    else:
        notes.unread.append("Photoshop 图层（可能含有画面上看不到的内容）")


def _bytes(value: Value) -> bytes:
    """Return the bytes of a value; old programs count them in fours."""
    if isinstance(value, bytes):
        return value
    return b"".join((int(one) % _WORD).to_bytes(4, "little") for one in value)


# --- XMP ---

_RDF: Final = frozenset({"li", "Alt", "Bag", "Seq", "RDF", "Description", "xmpmeta"})
_XMP_DULL: Final = frozenset(
    {"about", "xmptk", "lang", "parseType", "resource", "format", "ColorSpace"}
    | {"ColorMode", "Orientation", "XResolution", "YResolution", "ResolutionUnit"}
    | {"PixelXDimension", "PixelYDimension", "ExifVersion", "NativeDigest"}
    | {"ICCProfile", "LegacyIPTCDigest", "hasExtendedXMP", "HasExtendedXMP"}
    | {"width", "height", "action", "changed", "ImageWidth", "ImageLength"}
    | {"DocumentID", "OriginalDocumentID", "InstanceID", "instanceID", "documentID"}
)
_XMP_LABELS: Final = {
    "creator": "作者",
    "title": "标题",
    "description": "说明",
    "rights": "版权",
    "subject": "关键词",
    "CreatorTool": "制作软件",
    "CreateDate": "创建时间",
    "ModifyDate": "修改时间",
    "MetadataDate": "元数据时间",
    "DateCreated": "创建时间",
    "Headline": "题名",
    "City": "城市",
    "State": "省份",
    "Country": "国家",
    "Location": "地点",
    "Credit": "提供者",
    "Source": "来源",
    "CaptionWriter": "说明撰写者",
    "SerialNumber": "序列号",
    "OwnerName": "所有者",
    "GPSLatitude": "纬度",
    "GPSLongitude": "经度",
    "softwareAgent": "处理软件",
    "when": "处理时间",
    "LayerText": "图层文字",
    "LayerName": "图层名",
    "PersonName": "人物",
    "PersonDisplayName": "人物",
    "Name": "名称",
}
_XMP_PICTURE: Final = frozenset({"image", "Data"})
_LONG_DATA: Final = 400


def _xmp(packet: bytes, notes: Notes) -> None:
    start, end = packet.find(b"<"), packet.rfind(b">")
    packet = packet[max(start, 0) : end + 1]
    packet = re.sub(rb"<\?xpacket.*?\?>", b"", packet).strip()
    try:
        root = parse_xml(packet, "XMP")
    except UnreadableError:
        text = re.sub(r"<[^<>]*>", " ", packet.decode("utf-8", "replace"))
        notes.say("元数据", " ".join(text.split())[:_MOST_WORDS], "XMP")
        notes.unread.append("XMP 中损坏的部分")
        return
    for name, text in _values(root):
        if name in _XMP_PICTURE and len(text) > _LONG_DATA:
            notes.pictures.append(("缩略图", _decoded(text)))
        elif name not in _XMP_DULL:
            notes.say(_XMP_LABELS.get(name, name), text, "XMP")


def _values(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in root.iter():
        name = local(element)
        if name in _RDF:
            above = (local(one) for one in element.iterancestors())
            name = next((one for one in above if one not in _RDF), "元数据")
        text = " ".join((element.text or "").split())
        if text:
            yield name, text
        for key, value in element.items():
            shown = " ".join(str(value).split())
            if shown:
                yield str(key).rpartition("}")[2], shown


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()))
    except binascii.Error:
        return b""


# --- IPTC ---

_IPTC_LABELS: Final = {
    5: "标题",
    15: "类别",
    20: "类别",
    25: "关键词",
    40: "特别说明",
    55: "创建日期",
    65: "制作软件",
    80: "作者",
    85: "作者职务",
    90: "城市",
    92: "地点",
    95: "省份",
    101: "国家",
    103: "来源编号",
    105: "题名",
    110: "提供者",
    115: "来源",
    116: "版权",
    118: "联系人",
    120: "说明",
    122: "说明撰写者",
}
_IPTC_MARK, _APPLICATION = 0x1C, 2
_EXTENDED: Final = 0x8000


def _iptc(data: bytes, notes: Notes) -> None:
    at = 0
    while at + 5 <= len(data) and data[at] == _IPTC_MARK:
        record, number = data[at + 1], data[at + 2]
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        at += 5
        if length & _EXTENDED:
            wide = length & 0x7FFF
            length = int.from_bytes(data[at : at + wide], "big")
            at += wide
        value = data[at : at + length]
        at += length
        if record == _APPLICATION and number in _IPTC_LABELS:
            notes.say(_IPTC_LABELS[number], plain_text(value), "IPTC")


# --- Photoshop's blocks ---

_BLOCK: Final = b"8BIM"
_IPTC_BLOCK, _EXIF_BLOCK, _XMP_BLOCK = 0x0404, 0x0422, 0x0424
_THUMBNAILS: Final = frozenset({0x0409, 0x040C})
_THUMBNAIL_HEAD: Final = 28
_ADDRESS: Final = 0x040B
_DEEPEST: Final = 3
_PATHS: Final = range(0x07D0, 0x0BB7)


def _photoshop(data: bytes, notes: Notes) -> None:
    """Read the blocks; EXIF inside them may hold blocks again."""
    if notes.depth >= _DEEPEST:
        notes.unread.append("嵌套过深的 Photoshop 数据")
        return
    notes.depth += 1
    for number, name, body in _blocks(data):
        _block(number, name, body, notes)
    notes.depth -= 1


def _block(number: int, name: bytes, body: bytes, notes: Notes) -> None:
    if number == _IPTC_BLOCK:
        _iptc(body, notes)
    elif number == _EXIF_BLOCK:
        _exif(read_tags(body), notes)
    elif number == _XMP_BLOCK:
        _xmp(body, notes)
    elif number in _THUMBNAILS:
        notes.pictures.append(("缩略图", body[_THUMBNAIL_HEAD:]))
    elif number == _ADDRESS:
        notes.say("网址", plain_text(body), "Photoshop")
    elif number in _PATHS:
        notes.say("路径名", plain_text(name), "Photoshop")


def _blocks(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield number, name and contents of each block."""
    at = data.find(_BLOCK)
    while at >= 0 and data.startswith(_BLOCK, at) and at + 12 <= len(data):
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        length = data[at + 6]
        name = data[at + 7 : at + 7 + length]
        at += 6 + length + 1 + ((length + 1) & 1)
        size = int.from_bytes(data[at : at + 4], "big")
        yield number, name, data[at + 4 : at + 4 + size]
        at += 4 + size + (size & 1)


# --- words in bytes that nobody explains ---

_HAN: Final = r"[一-鿿][一-鿿0-9A-Za-z，。、：；（）〔〕《》“” -]+"
_LATIN: Final = rb"[A-Za-z0-9][ -~]{9,}"


def readable(data: bytes) -> str:
    """Return the words that stand readable among bytes, separated by spaces."""
    data = data[: 1 << 20]
    words = re.findall(_HAN, data.decode("utf-8", "ignore"))
    words += [one.decode("ascii").strip() for one in re.findall(_LATIN, data)]
    return " ".join(list(dict.fromkeys(words))[:_MOST_RUNS])
