"""Everything in an Office package beside its main text: nothing is passed over."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from review.errors import UnreadableError
from review.extract.interface import Block, Embedded, Gap, Picture
from review.extract.messages import MACROS, MACROS_UNREAD, linked, shadowed, unread
from review.extract.ole.ole import MAGIC, CompoundFile, native_file
from review.extract.ooxml.media import Media, is_picture
from review.extract.ooxml.ooxml import note, relationships
from review.extract.ooxml.texts import readable, texts
from review.extract.ooxml.vba import sources
from review.extract.package import Package
from review.extract.sniff import is_image
from review.spans import Location

_HARMLESS: Final = (
    "[Content_Types].xml",
    "/theme/",
    "fontTable.xml",
    "webSettings.xml",
    "stylesWithEffects.xml",
    "/fonts/",
    "printerSettings",
    "calcChain.xml",
    "tableStyles.xml",
    "commentsIds.xml",
    "commentsExtended.xml",
    "commentsExtensible.xml",
    "/styles.xml",
    "/numbering.xml",
    "/settings.xml",
    "viewProps.xml",
    "presProps.xml",
    "/charts/style",
    "/charts/colors",
    "/diagrams/layout",
    "/diagrams/quickStyle",
    "/diagrams/colors",
    "/diagrams/drawing",
    "_xmlsignatures/",
    "docMetadata/",
    "metadata.xml",
    "/keyMapCustomizations",
    "vbaData.xml",
    "customXml/itemProps",
    "/ink/",
    "revisionInfo.xml",
)
_RECORDINGS: Final = (".mp4", ".m4v", ".mov", ".avi", ".wmv", ".mpg", ".mpeg", ".mkv")
_SOUNDS: Final = (".mp3", ".m4a", ".wav", ".wma", ".aac", ".mid", ".midi", ".ogg")
_LINK_KINDS: Final = {
    "hyperlink": "链接地址",
    "attachedTemplate": "所附模板",
    "image": "外部图片",
    "oleObject": "外部对象",
    "package": "外部对象",
    "frame": "框架页",
    "subDocument": "子文档",
    "mailMergeSource": "邮件合并数据源",
    "mailMergeHeaderSource": "邮件合并数据源",
    "externalLinkPath": "外部工作簿",
    "video": "外部视频",
    "audio": "外部音频",
    "media": "外部媒体",
}
_IMAGE: Final = Location(part="image")


@dataclass(frozen=True, slots=True)
class Owner:
    """Where a part hangs: on which page, and why nobody sees it there."""

    page: int | None = None
    hidden: str | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found in a package beside its main text."""

    blocks: tuple[Block, ...] = ()
    gaps: tuple[Gap, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    pictures: tuple[Picture, ...] = ()


_NOBODY: Final = Owner()


def beside(
    package: Package,
    read_parts: frozenset[str],
    owners: Mapping[str, Owner] | None = None,
) -> Beside:
    """Account for every part that the format's own reader did not read.

    Properties, charts, embedded files, macros and links become blocks and files,
    pictures go to recognition, and what nobody reads becomes a gap. `owners` says on
    which page parts stand.
    """
    rest = _Rest(package, owners or {})
    for name in package.names:
        if name not in read_parts:
            rest.take(name)
    return rest.done()


@dataclass(slots=True)
class _Rest:
    """The parts beside the text while they are gone through."""

    package: Package
    owners: Mapping[str, Owner]
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    linked: int = 0

    def take(self, name: str) -> None:
        """Account for one part; a damaged one is a gap."""
        try:
            self._take(name)
        except UnreadableError as error:
            self.gaps.append(Gap(Location(), "unreadable_part", error.message))

    def done(self) -> Beside:
        """Add what is told once for the whole file."""
        if self.linked:
            self.gaps.append(Gap(Location(), "external", linked(self.linked)))
        for name in self.package.shadowed:
            self.gaps.append(Gap(Location(), "unreadable_part", shadowed(name)))
        blocks = tuple(dict.fromkeys((*self.blocks, *self.media.blocks)))
        gaps = (*self.gaps, *self.media.gaps())
        return Beside(blocks, gaps, tuple(self.embedded), tuple(self.media.pictures))

    def _take(self, name: str) -> None:
        owner = self.owners.get(name, _NOBODY)
        if name.endswith(".rels"):
            self._links(name)
        elif is_picture(name):
            part = _IMAGE.part if owner.hidden is None else "hidden"
            where = replace(_IMAGE, part=part, page=owner.page)
            self.media.take(self.package.read(name), posixpath.basename(name), where)
        elif "/embeddings/" in name:
            self._object(name, owner)
        elif name.endswith("vbaProject.bin"):
            self._macros(name)
        elif (found := texts(self.package, name)) is not None:
            self.blocks.extend(_placed(block, owner) for block in found)
        else:
            self._unread(name)

    def _object(self, name: str, owner: Owner) -> None:
        files, paths = unwrap(self.package.read(name), posixpath.basename(name))
        where = Location(part="attachment", page=owner.page)
        self.embedded.extend(replace(one, where=where) for one in files)
        self.blocks.extend(paths)

    def _unread(self, name: str) -> None:
        """Say what a part is that has no text, or none that is read here."""
        message = unread(name)
        if name.lower().endswith((*_RECORDINGS, *_SOUNDS)):
            kind = "视频" if name.lower().endswith(_RECORDINGS) else "音频"
            message = f"文件里有{kind} {name}，未经检查，请人工播放查看。"
        elif "/activeX/" in name and (text := readable(self.package.read(name))):
            where = Location(part="hidden")
            self.blocks.append(note(text, where, "ActiveX 控件中的可读字符"))
        elif _is_harmless(name):
            return
        self.gaps.append(Gap(Location(), "unsupported_part", message))

    def _macros(self, name: str) -> None:
        """Read the code as hidden text; whether it does harm nobody says here."""
        project = sources(self.package.read(name))
        message = MACROS_UNREAD if project is None else MACROS
        self.gaps.append(Gap(Location(), "macro", message))
        if project is None:
            return
        where = Location(part="hidden")
        for module in project.modules:
            if module.source:
                detail = f"宏代码，模块 {module.name}"
                self.blocks.append(note(module.source, where, detail))
        for reference in project.references:
            self.blocks.append(note(reference, where, "宏引用的文件"))

    def _links(self, name: str) -> None:
        """Keep the addresses as hidden text, and count the linked contents."""
        part = name.replace("_rels/", "").removesuffix(".rels")
        page = self.owners.get(part, _NOBODY).page
        for link in relationships(self.package, part):
            if link.external and link.target:
                self.linked += link.kind != "hyperlink"
                detail = _LINK_KINDS.get(link.kind, "外部引用")
                where = Location(part="hidden", page=page)
                self.blocks.append(note(link.target, where, detail))


def unwrap(data: bytes, name: str) -> tuple[tuple[Embedded, ...], tuple[Block, ...]]:
    """Take the files out of an embedded object, with their source paths."""
    if not data.startswith(MAGIC):
        return (Embedded(name, data),), ()
    try:
        container = CompoundFile(data)
        natives = container.streams("\x01Ole10Native")
        packages = container.streams("Package", "CONTENTS", "EmbeddedOdf")
    except UnreadableError:
        return (Embedded(name, data),), ()
    files: list[Embedded] = [Embedded(name, inner) for inner in packages if inner]
    blocks: list[Block] = []
    for stream in natives:
        if is_image(stream[4:]):
            files.append(Embedded(name, stream[4:]))
        elif (native := native_file(stream)) is not None:
            inner_name = native[0].rpartition("/")[2] or name
            files.append(Embedded(inner_name, native[1]))
            where = Location(part="attachment", path=inner_name)
            blocks.append(note(native[0], where, "内嵌文件的原路径"))
    return tuple(files) or (Embedded(name, data),), tuple(blocks)


def _placed(block: Block, owner: Owner) -> Block:
    """Place a text where its part hangs; what hangs on nothing seen is hidden."""
    where = replace(block.where, page=owner.page)
    if owner.hidden is None or block.hidden:
        return replace(block, where=where)
    detail = f"{owner.hidden}，{block.detail}"
    where = replace(where, part="hidden")
    return replace(block, where=where, hidden=True, detail=detail)


def _is_harmless(name: str) -> bool:
    return any(mark in f"/{name}" or name.startswith(mark) for mark in _HARMLESS)
