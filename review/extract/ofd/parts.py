"""The parts of an OFD package: found however they are named, each read at most once over."""

import posixpath
import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import CorruptError, TooLargeError, UnreadableError
from review.extract.interface import Block, Embedded, Gap, Picture
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import local
from review.extract.package import Package, parse_xml
from review.spans import Location

_PREFIX: Final = rb"(</?)[A-Za-z_][\w.-]*:"
_METADATA: Final = Location(part="metadata")
_COMMENT: Final = rb"<!--(.*?)-->"


@dataclass(slots=True)
class Parts:
    """A package with the names that refer to its parts."""

    package: Package
    limits: Limits
    used: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)
    _bytes: int = 0

    def find(self, reference: str | None, *folders: str) -> str | None:
        """Return the part that a reference means, from the first fitting folder.

        A reference may begin at the root or in a folder, in any case, with either
        slash; the names of the package may be in GBK.
        """
        if not self._known:
            self._know()
        raw = (reference or "").strip().replace("\\", "/")
        if not raw:
            return None
        starts = ("",) if raw.startswith("/") else (*folders, "")
        for start in starts:
            if (name := self._known.get(_key(f"{start}/{raw}"))) is not None:
                return name
        return None

    def xml(self, name: str) -> etree._Element:
        """Return the root of a part; prefixes that nobody declared are dropped.

        Raises:
            UnreadableError: The part is missing, damaged or too large.
        """
        data = self.data(name)
        if b"<!--" in data:
            found = re.findall(_COMMENT, data, re.DOTALL)
            self.comments.extend(one.decode("utf-8", "replace") for one in found)
        try:
            return parse_xml(data, name)
        except CorruptError:
            if b"xmlns:" in data:
                raise
            return parse_xml(re.sub(_PREFIX, rb"\1", data), name)

    def data(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            TooLargeError: More was read by now than a package may hold.
        """
        self._bytes += self.package.size(name)
        if self._bytes > self.limits.unpacked_bytes:
            raise TooLargeError("文件里反复引用同一部件，未予读取。")
        self.used.add(name)
        return self.package.read(name)

    def _know(self) -> None:
        for name in self.package.names:
            for other in (name, *_other_spellings(name)):
                self._known.setdefault(_key(other), name)


@dataclass(slots=True)
class Finds:
    """What was found in a package so far, and the way to its parts."""

    parts: Parts
    blocks: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    def root(
        self, reference: str | None, what: str, *folders: str, page: int | None = None
    ) -> tuple[str, etree._Element] | None:
        """Return the name and the root of a part; one that cannot be had is a gap."""
        name = self.parts.find(reference, *folders)
        if name is None:
            self.miss(
                f"{what}（{(reference or '').strip()}）不在文件里，未能读取。", page
            )
            return None
        try:
            return name, self.parts.xml(name)
        except UnreadableError as error:
            self.miss(f"{what}未能读取：{error.message}", page)
            return None

    def miss(self, message: str, page: int | None = None) -> None:
        """Say that a part was not read."""
        self.gaps.append(Gap(Location(page=page), "unreadable_part", message))

    def note(self, text: str, detail: str, where: Location = _METADATA) -> None:
        """Keep something that stands on no page."""
        if squeezed := " ".join(text.split()):
            self.notes.append(
                Block(squeezed, where, hidden=True, role="note", detail=detail)
            )


def folder_of(name: str) -> str:
    """Return the folder that a part lies in."""
    return posixpath.dirname(name)


def children(element: etree._Element | None, *names: str) -> list[etree._Element]:
    """Return the child elements of these names, whatever their namespace."""
    if element is None:
        return []
    return [child for child in element if local(child) in names]


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child element of a name."""
    return next(iter(children(element, name)), None)


def text_of(element: etree._Element | None) -> str:
    """Return all text below an element, its white space made one."""
    if element is None:
        return ""
    return " ".join("".join(map(str, element.itertext())).split())


def _key(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/").lower()


def _other_spellings(name: str) -> list[str]:
    """Return what a name is that was written without saying its encoding."""
    if name.isascii():
        return []
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return []
    found = []
    for encoding in ("utf-8", "gb18030"):
        try:
            found.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return found
