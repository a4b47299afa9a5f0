"""Word documents (docx, docm, dotx, dotm), read from their XML parts with lxml."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Embedded, Extraction, Gap, Role
from review.extract.limits import Limits
from review.extract.ooxml.beside import beside
from review.extract.ooxml.ooxml import Relationship, main_part, relationships
from review.extract.package import Package, looks_like, open_package
from review.extract.word.body import Numbers, Story
from review.extract.word.comments import Thread, about, threads_of
from review.extract.word.headers import unseen
from review.extract.word.styles import Styles, W, is_on, styles_of
from review.extract.word.traces import bookmarks, revisions, settings
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
_BEHIND: Final = b'behindDoc="1"'


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
        return _Reading(open_package(data, limits)).run()


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
    unseen: dict[str, str] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    traces: list[Block] = field(default_factory=list)
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _pictures: dict[str, dict[str, str]] = field(default_factory=dict)

    def run(self) -> Extraction:
        """Read the main part first, then all that hangs on it."""
        main = main_part(self.package)
        root = self.package.xml(main)
        self.read_parts.add(main)
        links = relationships(self.package, main)
        self._load_styles(links)
        even = self._settings(links)
        self.unseen = unseen(root, links, even=even)
        self._load_threads(links)
        self._story(main, root, "body")
        for kind, part in _STORIES:
            named = [x.target for x in links if x.kind == kind and not x.external]
            # What pages show counts first: an equal one that waits adds nothing.
            for name in sorted(dict.fromkeys(named), key=lambda x: x in self.unseen):
                self._attempt(name, part)
        self._chunks(links)
        if self.numbers.outside:
            message = (
                f"文中有 {self.numbers.outside} 处域引用了别的文件，"
                "那些文件不在这里，未经检查。"
            )
            self.gaps.append(Gap(Location(), "external", message))
        rest = beside(self.package, frozenset(self.read_parts))
        traces = dict.fromkeys(self.traces)
        return Extraction(
            (*self.blocks, *traces, *rest.blocks),
            (*self.gaps, *rest.gaps),
            (*self.embedded, *rest.embedded),
            rest.pictures,
        )

    def _story(self, name: str, root: etree._Element, part: Part) -> None:
        """Read the body, a header, a footer or the glossary."""
        why = self.unseen.get(name)
        if part == "hidden":
            why = "自动图文集"
        story = self._new_story(name, part, why)
        story.walk(root)
        blocks = story.finish()
        texts = (part, *(block.text for block in blocks))
        if texts not in self._seen:
            self._seen.add(texts)
            self.blocks.extend(blocks)
        self._trace(root, part)

    def _new_story(self, name: str, part: Part, why: str | None) -> Story:
        hidden = why is not None
        story = Story(part, self.styles, self.numbers, hidden=hidden, detail=why)
        if name not in self._pictures:
            self._pictures[name] = self._pictures_of(name)
        story.pictures = self._pictures[name]
        return story

    def _pictures_of(self, name: str) -> dict[str, str]:
        """Return the files of a part's pictures; damaged links are told of elsewhere."""
        try:
            links = relationships(self.package, name)
        except UnreadableError:
            return {}
        return {x.id: posixpath.basename(x.target) for x in links if x.kind == "image"}

    def _trace(self, root: etree._Element, part: Part) -> None:
        self.traces.extend(revisions(root, part))
        self.traces.extend(bookmarks(root))

    def _load_styles(self, links: Iterable[Relationship]) -> None:
        for name in self._named(links, "styles")[:1]:
            root = self._root(name, "body")
            self.styles = self.styles if root is None else styles_of(root)
        headers = (*self._named(links, "header"), *self._named(links, "footer"))
        if any(self._holds(name, _BEHIND) for name in headers):
            self.styles = replace(self.styles, backdrop=True)

    def _named(self, links: Iterable[Relationship], kind: str) -> list[str]:
        """Return the parts of one kind, each once."""
        named = [x.target for x in links if x.kind == kind and not x.external]
        return [name for name in dict.fromkeys(named) if self.package.has(name)]

    def _holds(self, name: str, mark: bytes) -> bool:
        try:
            return mark in self.package.read(name)
        except UnreadableError:
            return False

    def _load_threads(self, links: tuple[Relationship, ...]) -> None:
        try:
            self.threads = threads_of(self.package, links)
        except UnreadableError as error:
            gap = Gap(Location(part="comment"), "unreadable_part", error.message)
            self.gaps.append(gap)

    def _attempt(self, name: str, part: Part) -> None:
        """Read one part beside the body; a damaged one becomes a gap."""
        root = None if name in self.read_parts else self._root(name, part)
        if root is None:
            return
        if part in {"footnote", "comment"}:
            self._notes(name, root, part)
        else:
            self._story(name, root, part)

    def _root(self, name: str, part: Part) -> etree._Element | None:
        self.read_parts.add(name)
        try:
            return self.package.xml(name)
        except UnreadableError as error:
            gap = Gap(Location(part=part), "unreadable_part", error.message)
            self.gaps.append(gap)
            return None

    def _notes(self, name: str, root: etree._Element, part: Part) -> None:
        role: Role = "note"
        for entry in root:
            if entry.get(f"{W}type") in _SEPARATORS:
                continue
            why = about(entry, self.threads) if part == "comment" else None
            story = self._new_story(name, part, why)
            story.role = role
            story.walk(entry)
            self.blocks.extend(story.finish())
        self._trace(root, part)

    def _chunks(self, links: Iterable[Relationship]) -> None:
        for name in self._named(links, _ALT_CHUNK):
            self.read_parts.add(name)
            inner = Embedded(posixpath.basename(name), self.package.read(name))
            self.embedded.append(inner)

    def _settings(self, links: Iterable[Relationship]) -> bool:
        """Read the settings; tell whether even pages have headers of their own."""
        even = False
        for name in self._named(links, "settings"):
            root = self._root(name, "metadata")
            if root is not None:
                self.traces.extend(settings(root))
                even = even or is_on(root.find(f"{W}evenAndOddHeaders"))
        return even
