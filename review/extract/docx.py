"""Word documents (docx, docm, dotx, dotm), read from their XML parts with lxml."""

import posixpath
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.docx_body import Numbers, Story
from review.extract.docx_runs import signature
from review.extract.docx_styles import Styles, W, styles_of
from review.extract.interface import Block, Embedded, Extraction, Gap, Role
from review.extract.limits import Limits
from review.extract.ooxml import (
    beside,
    main_part,
    note,
    relationships,
)
from review.extract.package import Package, looks_like, open_package
from review.spans import Location, Part

_SEPARATORS: Final = frozenset(
    {"separator", "continuationSeparator", "continuationNotice"}
)
_STORIES: Final[tuple[tuple[str, Part], ...]] = (
    ("header", "header"),
    ("footer", "footer"),
    ("footnotes", "footnote"),
    ("endnotes", "footnote"),
    ("comments", "comment"),
    ("glossaryDocument", "hidden"),
)
_ALT_CHUNK: Final = "aFChunk"


class Docx:
    """Word documents of the OOXML kind."""

    format = "docx"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a package with a Word document in it."""
        return looks_like(data, "word/")

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every part of the package that carries text.

        Raises:
            UnreadableError: The package or its main part is damaged.
        """
        reading = _Reading(open_package(data, limits))
        return reading.run()


@dataclass(slots=True)
class _Reading:
    """One document while it is read."""

    package: Package
    styles: Styles = field(default_factory=Styles)
    numbers: Numbers = field(default_factory=Numbers)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    read_parts: set[str] = field(default_factory=set)
    _seen: set[tuple[str, ...]] = field(default_factory=set)

    def run(self) -> Extraction:
        """Read the main part first, then all that hangs on it."""
        main = main_part(self.package)
        self._load_styles(main)
        root = self.package.xml(main)
        self.read_parts.add(main)
        story = Story("body", self.styles, self.numbers)
        story.walk(root)
        self.blocks.extend(story.finish())
        links = relationships(self.package, main)
        for kind, part in _STORIES:
            for link in links:
                if link.kind == kind and not link.external:
                    self._attempt(link.target, part)
        self._chunks(main)
        self._settings(main)
        rest = beside(self.package, frozenset(self.read_parts))
        return Extraction(
            (*self.blocks, *rest.blocks),
            (*self.gaps, *rest.gaps),
            (*self.embedded, *rest.embedded),
        )

    def _load_styles(self, main: str) -> None:
        for link in relationships(self.package, main):
            if link.kind == "styles" and self.package.has(link.target):
                root = self._root(link.target, "body")
                self.styles = self.styles if root is None else styles_of(root)

    def _attempt(self, name: str, part: Part) -> None:
        """Read one part beside the body; a damaged one becomes a gap."""
        root = None if name in self.read_parts else self._root(name, part)
        if root is None:
            return
        if part in {"footnote", "comment"}:
            self._notes(root, part)
        else:
            self._running(root, part)

    def _root(self, name: str, part: Part) -> etree._Element | None:
        self.read_parts.add(name)
        try:
            return self.package.xml(name)
        except UnreadableError as error:
            gap = Gap(Location(part=part), "unreadable_part", error.message)
            self.gaps.append(gap)
            return None

    def _running(self, root: etree._Element, part: Part) -> None:
        """Read a header, a footer or the glossary; equal ones only once."""
        hidden = part == "hidden"
        detail = "自动图文集" if hidden else None
        story = Story(part, self.styles, self.numbers, hidden=hidden, detail=detail)
        story.walk(root)
        blocks = story.finish()
        texts = (part, *(block.text for block in blocks))
        if texts not in self._seen:
            self._seen.add(texts)
            self.blocks.extend(blocks)

    def _notes(self, root: etree._Element, part: Part) -> None:
        hidden = part == "comment"
        role: Role = "note"
        for entry in root:
            if entry.get(f"{W}type") in _SEPARATORS:
                continue
            detail = signature(entry)
            story = Story(part, self.styles, self.numbers, hidden, role, detail)
            story.walk(entry)
            self.blocks.extend(story.finish())

    def _chunks(self, main: str) -> None:
        for link in relationships(self.package, main):
            if link.kind == _ALT_CHUNK and not link.external:
                self.read_parts.add(link.target)
                name = posixpath.basename(link.target)
                self.embedded.append(Embedded(name, self.package.read(link.target)))

    def _settings(self, main: str) -> None:
        """Read the document variables: text that no page shows."""
        for link in relationships(self.package, main):
            if link.kind != "settings" or not self.package.has(link.target):
                continue
            root = self._root(link.target, "metadata")
            for element in () if root is None else root.iter(f"{W}docVar"):
                name = element.get(f"{W}name") or ""
                text = (element.get(f"{W}val") or "").strip()
                if text:
                    where = Location(part="metadata")
                    self.blocks.append(note(f"{name}：{text}", where, "文档变量"))
