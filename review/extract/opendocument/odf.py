"""OpenDocument files (odt, ods, odp, odg and their templates), packed or flat."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import etree

from review.errors import CorruptError, EncryptedError, UnreadableError
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.messages import LOCKED, linked
from review.extract.ooxml.media import Media
from review.extract.ooxml.ooxml import local
from review.extract.opendocument.beside import (
    page_frames,
    properties,
    scripts,
    settings,
)
from review.extract.opendocument.parts import MANIFEST, Members
from review.extract.opendocument.scene import Findings, Scene
from review.extract.opendocument.sheet import Sheets
from review.extract.opendocument.slides import Masters, Slides, master_texts
from review.extract.opendocument.styles import Styles
from review.extract.opendocument.walk import Walk
from review.extract.package import Package, open_package, parse_xml
from review.spans import Location

OdfFormat = Literal["odt", "ods", "odp"]

_PREFIX: Final = b"application/vnd.oasis.opendocument."
_HEAD: Final = 16_384
_LONGEST_TYPE: Final = 200
# Charts and formulas stand as objects in other files; a database is none of these.
_KINDS: Final[tuple[tuple[bytes, OdfFormat], ...]] = (
    (b"text", "odt"),
    (b"chart", "odt"),
    (b"formula", "odt"),
    (b"image", "odt"),
    (b"spreadsheet", "ods"),
    (b"presentation", "odp"),
    (b"graphics", "odp"),
)
_WITHOUT_MASTER_TEXTS: Final = frozenset({"text", "spreadsheet"})


class Odf:
    """One kind of OpenDocument: `odt` for texts and anything else, `ods`, `odp`."""

    def __init__(self, kind: OdfFormat) -> None:
        """Keep the kind that this reader takes."""
        self.format: OdfFormat = kind

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are an OpenDocument file of this kind."""
        return _kind_of(data) == self.format

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read text, tables, slides and everything beside them.

        Raises:
            UnreadableError: The file is encrypted or its contents are damaged.
        """
        if not data.startswith(b"PK"):
            root = parse_xml(data, "OpenDocument")
            sources = _Sources(root, root, root, root)
            return _Reading(sources, limits).run(None)
        package = open_package(data, limits)
        has_manifest = package.has(MANIFEST)
        if has_manifest and b"encryption-data" in package.read(MANIFEST):
            raise EncryptedError(LOCKED)
        if not package.has("content.xml"):
            raise CorruptError("OpenDocument 文件缺少正文部件，请重新保存后再提交。")
        gaps: list[Gap] = []
        sources = _Sources(
            package.xml("content.xml"),
            *(_part(package, name, gaps) for name in ("styles", "meta", "settings")),
        )
        return _Reading(sources, limits, gaps).run(package)


@dataclass(frozen=True, slots=True)
class _Sources:
    """The trees that a file is made of; one tree where the file is flat."""

    content: etree._Element
    styles: etree._Element | None
    meta: etree._Element | None
    settings: etree._Element | None

    def below(self, name: str) -> tuple[etree._Element, ...]:
        """Return the elements of this name: of the styles first, then the contents."""
        roots = [root for root in (self.styles, self.content) if root is not None]
        found = [e for root in dict.fromkeys(roots) for e in root if local(e) == name]
        return tuple(found)


@dataclass(slots=True)
class _Reading:
    """One file while it is read."""

    sources: _Sources
    limits: Limits
    gaps: list[Gap] = field(default_factory=list)

    def run(self, package: Package | None) -> Extraction:
        """Read the text in order, then page frames, properties and members."""
        styles, masters = Styles(), Masters()
        styles.take(
            [*self.sources.below("styles"), *self.sources.below("automatic-styles")]
        )
        masters.take(
            [
                *self.sources.below("automatic-styles"),
                *self.sources.below("master-styles"),
            ]
        )
        found = Findings(styles, cells_left=self.limits.cells)
        found.register(self.sources.content)
        walk = Walk(found)
        self._body(found, walk, masters)
        self._frames(found, walk, masters)
        for element in self.sources.below("scripts"):
            scripts(element, found)
        if self.sources.meta is not None:
            found.blocks.extend(properties(self.sources.meta))
        if self.sources.settings is not None:
            found.blocks.extend(settings(self.sources.settings))
        return self._done(found, package)

    def _body(self, found: Findings, walk: Walk, masters: Masters) -> None:
        bodies = [e for e in self.sources.content if local(e) == "body"]
        for part in (part for body in bodies for part in body):
            name = local(part)
            if name == "spreadsheet":
                Sheets(found, walk).run(part)
            elif name in {"presentation", "drawing"}:
                slides = Slides(found, walk, masters)
                slides.run(part, whole_pages=name == "presentation")
            elif name:
                walk.walk(part, Scene())
        if not bodies and local(self.sources.content) == "math":
            text = " ".join("".join(map(str, self.sources.content.itertext())).split())
            if text:
                found.blocks.append(Block(text, detail="公式"))
        for key in tuple(found.deleted):
            walk.deletion(key, Scene())

    def _frames(self, found: Findings, walk: Walk, masters: Masters) -> None:
        """Read headers and footers with the styles of their own part."""
        of_text, found.styles = found.styles, Styles()
        found.open_changes.clear()
        if self.sources.styles is not None:
            own = [
                e
                for e in self.sources.styles
                if local(e) in {"styles", "automatic-styles"}
            ]
            found.styles.take(own)
        found.paragraphs = 0
        for element in self.sources.below("master-styles"):
            page_frames(element, walk)
        kinds = {local(e) for body in self.sources.content for e in body}
        if not kinds & _WITHOUT_MASTER_TEXTS:
            master_texts(masters, walk)
        found.styles = of_text

    def _done(self, found: Findings, package: Package | None) -> Extraction:
        media = Media()
        if package is not None:
            Members(package, found, media).run()
        else:
            for data, name, where in found.images:
                media.take(data, name, where)
        if found.macros:
            message = (
                f"文件含有宏或脚本（{found.macros} 处），未经检查，请删除后再提交。"
            )
            self.gaps.append(Gap(Location(), "macro", message))
        if found.linked:
            self.gaps.append(Gap(Location(), "external", linked(found.linked)))
        return Extraction(
            (*found.blocks, *media.blocks),
            (*self.gaps, *found.gaps, *media.gaps()),
            tuple(found.embedded),
            tuple(media.pictures),
        )


def _part(package: Package, name: str, gaps: list[Gap]) -> etree._Element | None:
    """Return the root of a part that may be missing; a damaged one is a gap."""
    full = f"{name}.xml"
    if not package.has(full):
        return None
    try:
        return package.xml(full)
    except UnreadableError as error:
        gaps.append(Gap(Location(), "unreadable_part", error.message))
        return None


def _kind_of(data: bytes) -> OdfFormat | None:
    """Return the kind of an OpenDocument file; `None` for anything else."""
    if data.startswith(b"PK"):
        mime = _packed_type(data)
    else:
        head = data[:_HEAD]
        if b"office:document" not in head:
            return None
        found = re.search(rb"office:mimetype\s*=\s*[\"']([\w./+-]{1,200})", head)
        mime = found[1] if found else b""
    if not mime.startswith(_PREFIX):
        return None
    rest = mime.removeprefix(_PREFIX)
    return next((kind for mark, kind in _KINDS if rest.startswith(mark)), None)


def _packed_type(data: bytes) -> bytes:
    """Return the media type of a package; its first bytes tell where it is cut off."""
    try:
        package = open_package(data, Limits())
        if package.has("mimetype") and package.size("mimetype") <= _LONGEST_TYPE:
            return package.read("mimetype").strip()
        if package.has("content.xml") and package.has(MANIFEST):
            manifest = package.read(MANIFEST)
            found = re.search(rb"media-type=\"([\w./+-]{1,200})\"", manifest)
            return found[1] if found else _PREFIX + b"text"
    except UnreadableError:
        found = re.search(
            rb"mimetype(application/vnd\.oasis[\w./+-]{1,200})", data[:256]
        )
        return found[1] if found else b""
    return b""
