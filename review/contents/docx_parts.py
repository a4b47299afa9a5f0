"""The parts of a Word package: what its relationships lead to, by their digests."""

from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from review import digests
from review.contents import address
from review.contents.docx_marks import MarkStyles
from review.contents.docx_numbering import Numbering
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import Relationship, main_part, relationships
from review.extract.package import Package, open_package
from review.extract.word.styles import Styles, styles_of


@dataclass(slots=True)
class Part:
    """One XML part and what it links to."""

    package: Package
    name: str
    links: dict[str, Relationship] = field(default_factory=dict)

    def target(self, link_id: str | None) -> str:
        """Return where a link leads: "sha256:…" of the bytes inside, or an address.

        A link that leads nowhere gives an empty string.
        """
        link = self.links.get(link_id or "")
        if link is None:
            return ""
        if link.external:
            return address.canonical(link.target)
        if not self.package.has(link.target):
            return ""
        return f"sha256:{digests.of_bytes(self.package.read(link.target))}"

    def root(self) -> etree._Element:
        """Return the root element.

        Raises:
            UnreadableError: The part is damaged.
        """
        return self.package.xml(self.name)


class WordFile:
    """An opened Word document with its styles and lists."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        """Open the package.

        Raises:
            UnreadableError: The package, its main part, styles or lists are damaged.
        """
        self.package = open_package(data, limits)
        self.main = self.part(main_part(self.package))
        self.styles = Styles()
        self.marks = MarkStyles()
        self.numbering = Numbering()
        styles = self._beside("styles")
        if styles is not None:
            self.styles = styles_of(styles)
            self.marks.read(styles)
        lists = self._beside("numbering")
        if lists is not None:
            self.numbering.read(lists)

    def part(self, name: str) -> Part:
        """Return one part with its links."""
        links = {link.id: link for link in relationships(self.package, name)}
        return Part(self.package, name, links)

    @cached_property
    def notes(self) -> dict[str, Part]:
        """Return the parts of footnotes and endnotes."""
        found = {}
        for link in self.main.links.values():
            if link.kind in {"footnotes", "endnotes"} and self.package.has(link.target):
                found[link.kind] = self.part(link.target)
        return found

    def _beside(self, kind: str) -> etree._Element | None:
        for link in self.main.links.values():
            present = not link.external and self.package.has(link.target)
            if link.kind == kind and present:
                return self.package.xml(link.target)
        return None
