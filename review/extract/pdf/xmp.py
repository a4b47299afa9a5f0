"""The values of XMP packets, the properties that programs keep in XML."""

import html
import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.ooxml.ooxml import local
from review.extract.package import parse_xml

_START: Final = b"<x:xmpmeta"
_END: Final = b"</x:xmpmeta>"
_LISTS: Final = frozenset(["li", "Alt", "Bag", "Seq"])
_MAX_PACKETS: Final = 2_000
_DULL: Final = frozenset(
    [
        *("CreateDate", "ModifyDate", "MetadataDate", "DocumentID", "InstanceID"),
        *("format", "RenditionClass", "OriginalDocumentID", "PDFVersion", "Trapped"),
        *("VersionID", "instanceID", "documentID", "when", "action", "changed", "part"),
        *("conformance", "softwareAgent", "about", "lang", "originalDocumentID"),
        *("ColorMode", "ColorSpace", "ICCProfile", "Orientation", "XResolution"),
        *("YResolution", "ResolutionUnit", "PixelXDimension", "PixelYDimension"),
        *("ExifVersion", "parameters", "GTS_PDFXVersion", "NPages", "stRef", "mode"),
        *("renditionClass", "parseType", "fromPart", "toPart", "maskMarkers"),
    ]
)


def packets_of(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the names and values of every packet that stands unpacked in a file."""
    start = data.find(_START)
    for _ in range(_MAX_PACKETS):
        end = data.find(_END, start) if start >= 0 else -1
        if end < 0:
            return
        yield from values_of(data[start : end + len(_END)])
        start = data.find(_START, end)


def form_values_of(data: bytes) -> Iterator[str]:
    """Yield the words that stand between the marks of a form's XML."""
    text = data.decode("utf-8", "replace")
    for found in re.findall(r">([^<>]+)<", text):
        yield " ".join(html.unescape(found).split())


def values_of(packet: bytes) -> Iterator[tuple[str, str]]:
    """Yield the names and values of one packet; of a damaged one all its text."""
    try:
        root = parse_xml(packet.strip(b" \t\r\n\x00"), "XMP")
    except UnreadableError:
        text = re.sub(r"<[^>]*>", " ", packet.decode("utf-8", "replace"))
        if text.strip():
            yield "元数据", " ".join(text.split())
        return
    for element in root.iter(etree.Element):
        yield from _values(element)


def _values(element: etree._Element) -> Iterator[tuple[str, str]]:
    name = local(element)
    if name in _LISTS:
        above = (local(each) for each in element.iterancestors())
        name = next((each for each in above if each not in _LISTS), name)
    text = " ".join((element.text or "").split())
    if text and name not in _DULL:
        yield name, text
    for key, value in element.items():
        inner = str(key).rpartition("}")[2]
        shown = " ".join(str(value).split())
        if shown and inner not in _DULL and local(element) in {"Description", "li"}:
            yield inner, shown
