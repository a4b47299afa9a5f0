"""Any other XML file: element texts, attributes and comments."""

import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import BombError, CorruptError, TooLargeError
from review.extract.interface import Block, Extraction
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import local, note
from review.extract.package import is_overloaded
from review.extract.plain.encodings import Decoded, decode
from review.extract.plain.text import broken_gap
from review.spans import Location

_DECLARATION: Final = r"\s*<\?xml[^>]*\?>"
_ENCODING: Final = rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})"
_TREE_BYTES: Final = 64 * 1024 * 1024
_PARAGRAPHS: Final = frozenset({"p", "para", "title"})
# Attributes in Latin letters are mostly names of the format; these say something.
_TELLING: Final = r"\d{11}|\d{3,4}-\d{7}|@|\\|://(?!schemas\.|www\.w3\.org/|purl\.o)"


class Xml:
    """XML files that belong to no office format."""

    format = "xml"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the contents begin like XML or a flat office file."""
        decoded = _decode(data[:4096])
        start = (decoded.text if decoded else "").lstrip("\ufeff \t\r\n")
        return start.startswith(("<?xml", "<svg", "<pkg:package", "<office:document"))

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every text of the tree; attributes and comments as hidden blocks.

        Raises:
            CorruptError: The file is not well-formed XML.
            BombError: The file defines entities.
            TooLargeError: The file is too large to hold as a tree.
        """
        decoded = _decode(data)
        if decoded is None:
            raise CorruptError("XML 编码无法识别，请另存为 UTF-8 编码后再提交。")
        if len(data) > _TREE_BYTES or len(decoded.text) > limits.characters:
            raise TooLargeError("XML 文件过大，请拆分后再提交。")
        if is_overloaded(decoded.text):
            raise TooLargeError("XML 文件里有元素的属性过多，未予读取。")
        if "<!ENTITY" in decoded.text:
            raise BombError("XML 文件定义了实体，可能有害，未予读取。")
        text = re.sub(_DECLARATION, "", decoded.text.lstrip("\ufeff"), count=1)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        try:
            root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        except (etree.XMLSyntaxError, ValueError) as fault:
            raise CorruptError("XML 文件已损坏，请重新导出后再提交。") from fault
        walk = _Walk()
        walk.visit(root)
        return Extraction((*walk.blocks, *walk.notes), broken_gap(decoded))


@dataclass(slots=True)
class _Walk:
    """The blocks of one tree."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)

    def visit(self, root: etree._Element) -> None:
        """Read an element and everything below it."""
        inside: etree._Element | None = None
        tree = root.getroottree()  # comments stand beside the root too
        for event, element in etree.iterwalk(tree, events=("start", "end", "comment")):
            if event == "comment":
                self._note(element.text or "", "comment", "XML 注释")
            elif event == "start":
                inside = self._enter(element, inside)
                continue
            elif element is inside:
                inside = None
            if inside is None:
                self._text(element.tail)

    def _enter(
        self, element: etree._Element, inside: etree._Element | None
    ) -> etree._Element | None:
        """Read an element on entering it; return the paragraph at hand."""
        for key, value in element.items():
            if not str(value).isascii() or re.search(_TELLING, str(value)):
                self._note(str(value), "hidden", f"{key!s} 属性")
        if inside is not None:
            return inside
        if local(element) in _PARAGRAPHS:
            self._text("".join(map(str, element.itertext())))
            return element
        self._text(element.text)
        return None

    def _text(self, raw: str | None) -> None:
        if text := " ".join((raw or "").split()):
            where = Location(paragraph=len(self.blocks) + 1)
            self.blocks.append(Block(text, where))

    def _note(self, raw: str, part: str, detail: str) -> None:
        text = " ".join(raw.split())
        if text:
            where = Location(part="comment" if part == "comment" else "hidden")
            self.notes.append(note(text, where, detail))


def _decode(data: bytes) -> Decoded | None:
    found = re.search(_ENCODING, data[:200])
    declared = found[1].decode("ascii", "replace") if found else None
    return decode(data, declared) or (
        decode(data[:-1], declared) if len(data) == 4096 else None  # noqa: PLR2004 - a sample may end inside a character
    )
