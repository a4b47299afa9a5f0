"""What a web page carries in attributes, scripts and addresses."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, unquote_to_bytes

from review.extract.interface import Block, Embedded, Picture
from review.extract.ooxml.ooxml import note
from review.extract.picture_size import is_tiny
from review.extract.sniff import is_image
from review.extract.web.styles import Attributes
from review.spans import Location

_HAN: Final = r"[\u3400-\u9fff]"
# What may say something though it is no Chinese: numbers of people, addresses.
_TELLING: Final = r"[\u3400-\u9fff]|\d{7,}|\w@\w"
_SHOWN: Final = ("alt", "title", "aria-label", "placeholder", "summary", "label")
_ADDRESSES: Final = frozenset(
    ["href", "src", "action", "data", "poster", "background", "cite", "longdesc"]
)
_FRAMES: Final = frozenset({"iframe", "frame", "embed", "object"})
_SILENT: Final = frozenset(
    {"style", "content", "srcdoc", "srcset", *_SHOWN, *_ADDRESSES}
)
_SCHEME: Final = r"[a-z][a-z0-9+.-]{1,20}:|//|\\\\"
_DULL_SCHEME: Final = r"\s*(?:javascript:\s*(?:void\b.*|;?)|about:blank|#.*)\s*$"
# A literal that nothing ends goes to the end of its line: each letter is looked at once.
_LITERAL: Final = (
    r'"((?:[^"\\\n]|\\.)*+)"?' r"|'((?:[^'\\\n]|\\.)*+)'?" r"|`((?:[^`\\]|\\.)*+)`?"
)
_ESCAPE: Final = r"\\u\{?([0-9a-fA-F]{4,6})\}?"
_DATA: Final = r"data:[\w/+.;=-]*,[^\s\"'()]+"
_TYPES: Final = {
    "text/html": "html",
    "text/plain": "txt",
    "application/pdf": "pdf",
    "image/svg+xml": "svg",
}
_MOST_DATA: Final = 2000


@dataclass(slots=True)
class Beside:
    """What stands on no page, gathered while a page is walked."""

    # Addresses of pictures that are read with the page.
    present: frozenset[str] = frozenset()
    notes: list[Block] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    # Pictures that are named and not in the file, and pages that frames show.
    images: int = 0
    external: int = 0
    _links: dict[str, None] = field(default_factory=dict)

    def attributes(self, tag: str, attributes: Attributes) -> None:
        """Take what the attributes of an element say and lead to."""
        for name in _SHOWN:
            if text := " ".join((attributes.get(name) or "").split()):
                self.note(text, Location(part="image"), f"{name} 属性")
        for name, value in attributes.items():
            if value:
                self._attribute(tag, name, value)
        if inner := (attributes.get("srcdoc") or "").strip():
            data = inner.encode("utf-8", "replace")
            self.embedded.append(Embedded("内嵌网页.html", data))
        self._image(tag, attributes)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if "data:" in value:
            self._data(name, value)
        if name in _ADDRESSES:
            self._address(tag, name, value)
            return
        if name in _SILENT or (tag == "input" and name == "value"):
            return
        if re.search(_TELLING if name.startswith("data-") else _HAN, value):
            self.note(value, Location(part="hidden"), f"{name} 属性")

    def script(self, text: str) -> None:
        """Take the Chinese of a script: its literals, and what stands beside them."""
        plain = re.sub(_ESCAPE, _unescaped, text)
        if not re.search(_HAN, plain):
            return
        where = Location(part="hidden")
        found: dict[str, str] = {}
        for literal in re.finditer(_LITERAL, plain):
            inner = literal[1] or literal[2] or literal[3] or ""
            if re.search(_HAN, inner):
                found[inner.replace("\\n", " ").replace("\\/", "/")] = "脚本里的文字"
        for line in re.sub(_LITERAL, " ", plain).split("\n"):
            if re.search(_HAN, line):
                found[line] = "脚本里的注释"
        for one, detail in found.items():
            self.note(one, where, detail)

    def sheet(self, text: str) -> None:
        """Take the Chinese and the pictures of a style sheet."""
        if re.search(_HAN, text):
            for line in re.split(r"[{};\n]", text):
                if re.search(_HAN, line):
                    self.note(
                        line.strip(" */\t"), Location(part="hidden"), "样式表里的文字"
                    )
        for one in re.findall(_DATA, text)[:_MOST_DATA]:
            self._uri(one)

    def links(self) -> list[Block]:
        """Return the addresses that the page leads to, each once."""
        where = Location(part="hidden")
        return [note(address, where, "链接地址") for address in self._links]

    def note(self, text: str, where: Location, detail: str) -> None:
        """Keep something that a reader does not see on the page."""
        if squeezed := " ".join(text.split()):
            self.notes.append(note(squeezed, where, detail))

    def _address(self, tag: str, name: str, value: str) -> None:
        if value.startswith("data:") or re.match(_DULL_SCHEME, value, re.IGNORECASE):
            return
        plain = unquote(value).strip()
        if tag in _FRAMES and name in {"src", "data"}:
            self.external += 1
        far = re.match(_SCHEME, plain, re.IGNORECASE)
        if (far and tag not in {"script", "link"}) or re.search(_HAN, plain):
            self._links[" ".join(plain.split())] = None

    def _image(self, tag: str, attributes: Attributes) -> None:
        image = tag in {"img", "image"} or (
            tag == "input" and attributes.get("type") == "image"
        )
        source = attributes.get("src") or attributes.get("href") or ""
        here = source.lstrip().startswith("data:") or not self.present.isdisjoint(
            (source, unquote(source), unquote(source).rpartition("/")[2])
        )
        self.images += image and not here

    def _data(self, name: str, value: str) -> None:
        if name in _ADDRESSES and value.lstrip().startswith("data:"):
            self._uri(value.strip())
            return
        for one in re.findall(_DATA, value)[:_MOST_DATA]:
            self._uri(one)

    def _uri(self, uri: str) -> None:
        """Take the file that stands inside an address."""
        head, _, body = uri.removeprefix("data:").partition(",")
        raw = unquote_to_bytes(body)
        if ";base64" in head.lower():
            kept = re.sub(rb"[^A-Za-z0-9+/_-]", b"", raw).translate(_URL_SAFE)
            try:
                raw = base64.b64decode(kept + b"=" * (-len(kept) % 4))
            except binascii.Error:
                raw = b""
        if is_image(raw):
            if not is_tiny(raw):
                self.pictures.append(Picture(raw))
        elif raw:
            kind = head.partition(";")[0].strip().lower()
            ending = _TYPES.get(kind, "bin")
            self.embedded.append(Embedded(f"内嵌数据.{ending}", raw))


_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")


def _unescaped(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    surrogate = 0xD800 <= code < 0xE000  # noqa: PLR2004 - half a character
    return found[0] if surrogate or code > 0x10FFFF else chr(code)  # noqa: PLR2004 - the last character
