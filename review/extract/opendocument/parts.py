"""The members of an OpenDocument package beside its text: nothing is passed over."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from review.errors import UnreadableError
from review.extract.interface import Embedded, Gap, GapCode
from review.extract.messages import shadowed, unread
from review.extract.ole.ole import MAGIC
from review.extract.ooxml.beside import unwrap
from review.extract.ooxml.media import Media, is_picture
from review.extract.opendocument.beside import dialogs, scripts
from review.extract.opendocument.scene import Findings, Scene
from review.extract.opendocument.styles import attribute
from review.extract.package import Package, parse_xml
from review.extract.sniff import is_image
from review.spans import Location, Part

MANIFEST: Final = "META-INF/manifest.xml"
_OWN: Final = ("content.xml", "styles.xml", "meta.xml", "settings.xml", "mimetype")
_HARMLESS: Final = (
    r"META-INF/(?:manifest|\w*signatures)\.xml|layout-cache|"
    r"Configurations2/.*\.xml|Fonts/.*\.(?:ttf|otf|ttc|woff2?|fntdata)"
)
_DEEPEST: Final = 8
_LISTS: Final = frozenset(
    {"script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml"}
)
# The declaration that every Basic module begins with; it defines nothing.
_DOCTYPE: Final = rb"<!DOCTYPE[^<>\[\]]{1,300}>"
_PICTURES: Final = ("Pictures/", "media/", "Thumbnails/")
_CODE: Final = ("Basic/", "Scripts/", "Dialogs/")
_DRAWN_BY_OFFICE: Final = b"VCLMTF"
_ENTRY: Final = rb"<(?:\w{1,20}:)?file-entry\s[^<>]{0,2000}>"


@dataclass(slots=True)
class Members:
    """The members of one package while they are gone through."""

    package: Package
    found: Findings
    media: Media = field(default_factory=Media)
    _objects: dict[str, list[str]] = field(default_factory=dict)

    def run(self) -> None:
        """Account for every member; a damaged one is a gap."""
        names = self.package.names
        self._objects = _objects(names)
        for folder in self._objects:
            self._attempt(folder, self._object)
        inside = {name for members in self._objects.values() for name in members}
        for name in names:
            if name not in _OWN and name not in inside:
                self._attempt(name, self._take)
        for data, name, where in self.found.images:
            self._picture(data, name, where)
        for name in self.package.shadowed:
            self._gap("unreadable_part", shadowed(name))

    def _attempt(self, name: str, read: Callable[[str], None]) -> None:
        try:
            read(name)
        except UnreadableError as error:
            self._gap("unreadable_part", error.message)

    def _take(self, name: str) -> None:
        if name.startswith(_PICTURES):
            self._drawn(name)
        elif name.startswith("ObjectReplacements/"):
            self._replacement(name)
        elif name.startswith("Versions/") or name == "VersionList.xml":
            self._version(name)
        elif name.startswith(_CODE):
            self._code(name)
        elif name.endswith(".rdf"):
            self._remarks(name)
        elif not re.fullmatch(_HARMLESS, name):
            self._other(name)

    def _remarks(self, name: str) -> None:
        """Keep what the file's own triples say in words."""
        for element in self.package.xml(name).iter():
            self.found.note(element.text or "", Scene(), "metadata", "RDF 元数据")

    def _drawn(self, name: str) -> None:
        """Keep a picture; the small one of the first page may show an earlier state."""
        part: Part = "hidden" if name.startswith("Thumbnails/") else "image"
        where = Location(part=part, page=self.found.pages.get(name))
        self._picture(self.package.read(name), name, where)

    def _picture(self, data: bytes, name: str, where: Location) -> None:
        if is_picture(name) or is_image(data):
            self.media.take(data, posixpath.basename(name), where)
        elif data.startswith(_DRAWN_BY_OFFICE):
            message = f"矢量图 {name} 里可能有文字，未经机器检查，请人工查看。"
            self._gap("image_without_text", message)
        elif data:
            place = Location(part="attachment", page=where.page)
            self.found.embedded.append(Embedded(posixpath.basename(name), data, place))

    def _replacement(self, name: str) -> None:
        """Keep the picture of an object; one drawn by the office shows what was read."""
        data = self.package.read(name)
        known = name.partition("/")[2] in self._objects
        if not (known and not is_image(data)):
            self._picture(data, name, Location(part="image"))

    def _object(self, folder: str) -> None:
        """Pack an object's own members, to be read as a document of its own."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("mimetype", self._media_type(folder))
            for name in self._objects[folder]:
                inner = name.removeprefix(f"{folder}/")
                if inner != "mimetype":
                    archive.writestr(_entry(inner), self.package.read(name))
        page = self.found.pages.get(folder)
        where = Location(part="attachment", page=page)
        self.found.embedded.append(Embedded(folder, buffer.getvalue(), where))

    def _media_type(self, folder: str) -> str:
        manifest = self.package.read(MANIFEST) if self.package.has(MANIFEST) else b""
        wanted = f'full-path="{folder}/"'.encode()
        for entry in re.findall(_ENTRY, manifest):
            kind = re.search(rb'media-type="([^"]{0,100})"', entry)
            if wanted in entry and kind:
                return kind[1].decode("ascii", "replace")
        return "application/vnd.oasis.opendocument.text"

    def _version(self, name: str) -> None:
        if not name.endswith(".xml"):
            data = self.package.read(name)
            self.found.embedded.append(Embedded(f"{name}（较早的版本）", data))
            return
        for entry in self.package.xml(name).iter("{*}version-entry"):
            keys = ("title", "comment", "creator", "date-time")
            text = " ".join(v for key in keys if (v := attribute(entry, key)))
            self.found.note(text, Scene(), "metadata", "较早的版本")

    def _code(self, name: str) -> None:
        """Read Basic modules and dialogs; any other script is told."""
        base = posixpath.basename(name)
        if base in _LISTS:
            return
        if not name.endswith((".xml", ".xba", ".xdl")):
            self.found.macros += 1
            code = self.package.read(name).decode("utf-8", "replace")
            self.found.note(code, Scene(), "hidden", "宏代码")
            return
        data = re.sub(_DOCTYPE, b"", self.package.read(name), count=1)
        root = parse_xml(data, name)
        scripts(root, self.found)
        dialogs(root, self.found)

    def _other(self, name: str) -> None:
        data = self.package.read(name)
        base = posixpath.basename(name)
        if data.startswith(MAGIC):
            where = Location(part="attachment", page=self.found.pages.get(name))
            files, paths = unwrap(data, base)
            self.found.embedded.extend(
                Embedded(one.name, one.data, where) for one in files
            )
            self.found.blocks.extend(paths)
        elif is_picture(name) or is_image(data):
            self._picture(data, name, Location(part="image"))
        elif data:
            self._gap("unsupported_part", unread(name))

    def _gap(self, code: GapCode, message: str) -> None:
        self.found.gaps.append(Gap(Location(), code, message))


def _objects(names: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the folders that are documents of their own, the outermost only."""
    folders = {n.removesuffix("/content.xml") for n in names if "/content.xml" in n}
    found: dict[str, list[str]] = {}
    for name in names:
        steps = name.split("/", _DEEPEST)[:-1]
        above = ("/".join(steps[:count]) for count in range(1, len(steps) + 1))
        folder = next((one for one in above if one in folders), None)
        if folder is not None:
            found.setdefault(folder, []).append(name)
    return found


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry with a fixed date: the same object always gives the same bytes."""
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
