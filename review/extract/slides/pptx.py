"""PowerPoint presentations (pptx, pptm, ppsx, potx), read from their XML parts."""

import posixpath
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.ooxml.beside import Owner, beside
from review.extract.ooxml.ooxml import (
    R,
    Relationship,
    is_false,
    local,
    main_part,
    note,
    relationships,
)
from review.extract.package import Package, looks_like, open_package
from review.extract.slides.comments import authors_of, comments_of
from review.extract.slides.masters import Masters
from review.extract.slides.shapes import Box, P
from review.extract.slides.slide import Numbers, SlideText
from review.extract.watching import at_page
from review.spans import Location

_NOTES: Final = frozenset({"body", "obj", "ftr", "hdr", "dt"})
# What a slide shares with others hangs on no page.
_SHARED: Final = frozenset(
    {"slideLayout", "slideMaster", "notesSlide", "notesMaster", "slide", "theme"}
) | {"comments", "tags"}


class Pptx:
    """Presentations of the OOXML kind."""

    format = "pptx"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a package with a presentation in it."""
        return looks_like(data, "ppt/")

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every slide in the order of the show, hidden ones too, and the rest.

        Raises:
            UnreadableError: The package or its main part is damaged.
        """
        return _Reading(open_package(data, limits), limits.pages).run()


@dataclass(slots=True)
class _Reading:
    """One presentation while it is read."""

    package: Package
    pages: int
    size: Box | None = None
    masters: Masters = field(init=False)
    authors: dict[str, str] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=Numbers)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    read_parts: set[str] = field(default_factory=set)
    owners: dict[str, Owner] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare for the masters."""
        self.masters = Masters(self.package)

    def run(self) -> Extraction:
        """Read the slides in order, then all that hangs on them."""
        main = main_part(self.package)
        root = self.package.xml(main)
        self.read_parts.add(main)
        links = relationships(self.package, main)
        self.size = _size(root)
        self.authors = authors_of(self.package, links)
        self._names(root)
        order = self._order(root, {link.id: link for link in links})
        for page, name in enumerate(order, 1):
            if page > self.pages:
                message = f"幻灯片超过 {self.pages} 张，其余未读取，请拆分后再提交。"
                self.gaps.append(Gap(Location(page=page), "too_large", message))
                self.read_parts.update(order)
                break
            at_page(page, len(order))
            self._slide(name, page, None)
        self._orphans(order)
        return self._rest()

    def _rest(self) -> Extraction:
        self.blocks.extend(self.masters.blocks(self.numbers, self.size))
        self.gaps.extend(self.masters.gaps)
        self.read_parts |= self.masters.read_parts
        rest = beside(self.package, frozenset(self.read_parts), self.owners)
        return Extraction(
            (*self.blocks, *rest.blocks),
            (*self.gaps, *rest.gaps),
            rest.embedded,
            rest.pictures,
        )

    def _order(
        self, root: etree._Element, links: dict[str, Relationship]
    ) -> tuple[str, ...]:
        """Return the parts of the slides in the order of the show."""
        found = []
        for page, entry in enumerate(root.iterfind(f"{P}sldIdLst/{P}sldId"), 1):
            link = links.get(entry.get(f"{R}id") or "")
            if link is None or link.external or not self.package.has(link.target):
                message = f"第 {page} 张幻灯片的内容缺失，未能读取。"
                self.gaps.append(Gap(Location(page=page), "unreadable_part", message))
            else:
                found.append(link.target)
        return tuple(dict.fromkeys(found))

    def _orphans(self, order: tuple[str, ...]) -> None:
        """Read slides that no show has any more and that are in the file still."""
        known = set(order)
        for name in self.package.names:
            folder, _, base = name.rpartition("/")
            if (
                folder.endswith("/slides")
                and base.endswith(".xml")
                and name not in known
            ):
                self._slide(name, None, "放映中没有的幻灯片")

    def _slide(self, name: str, page: int | None, why: str | None) -> None:
        """Read one slide with its notes and comments; a damaged one is a gap."""
        self.read_parts.add(name)
        try:
            root = self.package.xml(name)
            links = relationships(self.package, name)
            self._slide_text(root, links, page, why)
        except UnreadableError as error:
            message = f"一张幻灯片未能读取：{error.message}"
            if page is not None:
                message = f"第 {page} 张幻灯片未能读取：{error.message}"
            self.gaps.append(Gap(Location(page=page), "unreadable_part", message))

    def _slide_text(
        self,
        root: etree._Element,
        links: tuple[Relationship, ...],
        page: int | None,
        why: str | None,
    ) -> None:
        if why is None and is_false(root.get("show")):
            why = "隐藏的幻灯片"
        self._own(links, Owner(page, why), 2)
        canvas = self.masters.canvas(root, links, self.size, shown=why is None)
        text = SlideText(canvas, self.numbers, page, why=why)
        text.pictures = {x.id: posixpath.basename(x.target) for x in links}
        base = root.find(f"{P}cSld")
        if base is not None and (called := (base.get("name") or "").strip()):
            text.blocks.append(note(called, Location("hidden", page), "幻灯片名称"))
        for tree in () if base is None else base.iterchildren(f"{P}spTree"):
            text.read(tree)
        self.blocks.extend(text.blocks)
        for link in links:
            if not link.external and self.package.has(link.target):
                self._hanging(link, page)

    def _hanging(self, link: Relationship, page: int | None) -> None:
        """Read the speaker's notes and the comments of a slide."""
        if link.target in self.read_parts:
            return
        if link.kind == "notesSlide":
            self.read_parts.add(link.target)
            root = self.package.xml(link.target)
            notes = Owner(page, "演讲者备注")
            self._own(relationships(self.package, link.target), notes, 1)
            canvas = self.masters.plain()
            text = SlideText(canvas, self.numbers, page, "notes", "演讲者备注")
            text.placeholders = _NOTES
            for tree in root.iterfind(f"{P}cSld/{P}spTree"):
                text.read(tree)
            self.blocks.extend(text.blocks)
        elif link.kind == "comments":
            self.read_parts.add(link.target)
            root = self.package.xml(link.target)
            self.blocks.extend(comments_of(root, self.authors, page))

    def _own(self, links: tuple[Relationship, ...], owner: Owner, depth: int) -> None:
        """Remember on which page charts, pictures and objects stand."""
        for link in links:
            if link.external or link.kind in _SHARED:
                continue
            known = self.owners.get(link.target)
            if known is None or (known.hidden and not owner.hidden):
                self.owners[link.target] = owner
                if depth > 1:
                    below = relationships(self.package, link.target)
                    self._own(below, owner, depth - 1)

    def _names(self, root: etree._Element) -> None:
        """Read the names that a presentation gives to its shows and sections."""
        for element in root.iter():
            detail = {"custShow": "自定义放映的名称", "section": "节的名称"}.get(
                local(element)
            )
            text = (element.get("name") or "").strip() if detail else ""
            if detail and text:
                self.blocks.append(note(text, Location(part="hidden"), detail))


def _size(root: etree._Element) -> Box | None:
    entry = root.find(f"{P}sldSz")
    sizes = [] if entry is None else [entry.get("cx") or "", entry.get("cy") or ""]
    if not sizes or not all(x.isascii() and x.isdigit() and len(x) < 15 for x in sizes):  # noqa: PLR2004 - no slide is larger
        return None
    return Box(0, 0, float(sizes[0]), float(sizes[1]))
