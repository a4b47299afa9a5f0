"""What every compound file has beside its text: properties, files inside, macros."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from review.errors import CorruptError, EncryptedError
from review.extract.interface import Block, Embedded, Extraction, Gap, Picture
from review.extract.limits import Limits
from review.extract.messages import LOCKED, MACROS, MACROS_UNREAD
from review.extract.ole.ole import MAGIC, CompoundFile, Entry, native_file
from review.extract.ole.properties import Properties, properties_in
from review.extract.ole.write import packed
from review.extract.ooxml.media import Media
from review.extract.ooxml.ooxml import note
from review.extract.ooxml.vba import sources
from review.spans import Location

_PROPERTY_STREAMS: Final = (
    "\x05SummaryInformation",
    "\x05DocumentSummaryInformation",
)
_MACROS: Final = frozenset({"macros", "_vba_project_cur", "vba", "_vba_project"})
_MACRO_DEPTH: Final = 2  # deeper ones belong to an embedded file
_NATIVE: Final = "\x01ole10native"
_PACKAGES: Final = frozenset({"package", "contents", "embeddedodf"})
# A storage that holds one of these is a whole file of its own.
_DOCUMENTS: Final = {
    "worddocument": "doc",
    "workbook": "xls",
    "book": "xls",
    "powerpoint document": "ppt",
    "__properties_version1.0": "msg",
    "mn0": "wps",
    "visiodocument": "vsd",
}
_ENCRYPTION: Final = frozenset({"encryptedpackage", "encryptioninfo"})
_PICTURES_OF_OBJECTS: Final = frozenset({"\x02olepres000", "\x03eprint", "\x03pict"})


@dataclass(frozen=True, slots=True)
class Parts:
    """What was found in a compound file beside its text."""

    blocks: tuple[Block, ...] = ()
    gaps: tuple[Gap, ...] = ()
    embedded: tuple[Embedded, ...] = ()
    pictures: tuple[Picture, ...] = ()


def holds(data: bytes, stream: str) -> bool:
    """Tell whether the bytes are a compound file with such a stream at its top."""
    if not data.startswith(MAGIC):
        return False
    try:
        return CompoundFile(data).named(stream) is not None
    except CorruptError:
        return False


def opened(data: bytes) -> CompoundFile:
    """Open a compound file.

    Raises:
        EncryptedError: It only wraps a package that opens with a password.
        CorruptError: It is damaged.
    """
    container = CompoundFile(data)
    if any(name.lower() in _ENCRYPTION for name in container.top_names):
        raise EncryptedError(LOCKED)
    return container


def with_parts(own: Extraction, beside: Parts) -> Extraction:
    """Return a file's own reading with what stands beside its text, equal texts once."""
    return Extraction(
        tuple(dict.fromkeys((*own.blocks, *beside.blocks))),
        (*own.gaps, *beside.gaps),
        (*own.embedded, *beside.embedded),
        (*own.pictures, *beside.pictures),
    )


def parts_of(container: CompoundFile, limits: Limits) -> Parts:
    """Account for properties, embedded files and macros of a compound file."""
    return _Reading(container, limits.unpacked_bytes, limits.members).run()


def object_files(data: bytes, name: str, limits: Limits) -> Parts:
    """Take the files out of one embedded object that is a compound file itself.

    Raises:
        CorruptError: The bytes are no compound file.
    """
    container = CompoundFile(data)
    if any(one.lower() in _DOCUMENTS for one in container.top_names):
        return Parts(embedded=(Embedded(name, data),))
    reading = _Reading(container, limits.unpacked_bytes, limits.members)
    return reading.of_object(name)


def macros_of(container: CompoundFile) -> Parts | None:
    """Return what the macros of a compound file say; `None` if it has none.

    The gap stands beside their text: that code can be read does not make it harmless.
    """
    storages = [path for path in container.storages() if len(path) <= _MACRO_DEPTH]
    found = [path for path in storages if path[-1].lower() == "vba"]
    if not found and not any(path[-1].lower() in _MACROS for path in storages):
        return None
    blocks: list[Block] = []
    message = MACROS
    where = Location(part="hidden")
    for path in found:
        inner, depth = container.inside(*path[:-1]), len(path) - 1
        project = sources(packed({e.path[depth:]: container.stream(e) for e in inner}))
        if project is None:
            message = MACROS_UNREAD
            continue
        blocks += [
            note(one.source, where, f"宏代码，模块 {one.name}")
            for one in project.modules
            if one.source.strip()
        ]
        blocks += [note(one, where, "宏引用的文件") for one in project.references]
    return Parts(tuple(blocks), (Gap(Location(), "macro", message),))


@dataclass(slots=True)
class _Reading:
    """One compound file while its parts are gathered."""

    container: CompoundFile
    bytes_left: int
    files_left: int
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    unknown: Counter[str] = field(default_factory=Counter)

    def run(self) -> Parts:
        """Gather everything."""
        for name in _PROPERTY_STREAMS:
            stream = self.container.named(name)
            if stream is not None:
                self._properties(properties_in(stream))
        self._macros()
        self._objects()
        return self._done()

    def of_object(self, name: str) -> Parts:
        """Gather what one embedded object holds."""
        self._storage((), self.container.inside(), name)
        return self._done()

    def _properties(self, found: Properties) -> None:
        self.blocks.extend(found.blocks)
        self.gaps.extend(found.gaps)
        if found.thumbnail:
            where = Location(part="metadata")
            self.media.take(found.thumbnail, "thumbnail", where)
        elif found.thumbnail is not None:
            message = "文件带有缩略图，可能显示早先的内容，未经机器检查，请人工查看。"
            gap = Gap(Location(part="metadata"), "image_without_text", message)
            self.gaps.append(gap)

    def _macros(self) -> None:
        found = macros_of(self.container)
        if found is not None:
            self.blocks.extend(found.blocks)
            self.gaps.extend(found.gaps)

    def _objects(self) -> None:
        """Take every storage that is an object; what lies below one belongs to it."""
        below: dict[tuple[str, ...], list[Entry]] = {}
        for entry in self.container.inside():
            for depth in range(1, len(entry.path)):
                below.setdefault(entry.path[:depth], []).append(entry)
        taken: set[tuple[str, ...]] = set()
        for path in sorted(below, key=lambda one: (len(one), one)):
            if any(path[:depth] in taken for depth in range(1, len(path))):
                continue
            direct = [e for e in below[path] if len(e.path) == len(path) + 1]
            if path[-1].lower() in _MACROS:
                taken.add(path)
            elif _is_object(direct):
                taken.add(path)
                self._storage(path, below[path], path[-1])

    def _storage(
        self, path: tuple[str, ...], streams: Iterable[Entry], name: str
    ) -> None:
        depth = len(path)
        kept = tuple(streams)
        size = sum(one.size for one in kept)
        self.files_left -= 1
        if size > self.bytes_left or self.files_left < 0:
            message = f"内嵌对象“{name}”过大或内嵌对象过多，未予读取。"
            self.gaps.append(Gap(Location(part="attachment"), "too_large", message))
            return
        self.bytes_left -= size
        direct = {e.name.lower(): e for e in kept if len(e.path) == depth + 1}
        kind = next((k for n, k in _DOCUMENTS.items() if n in direct), None)
        if kind is not None:
            inner = {e.path[depth:]: self.container.stream(e) for e in kept}
            self.embedded.append(Embedded(f"{name}.{kind}", packed(inner)))
            return
        if not self._files(direct, name):
            self._unknown(direct, name)

    def _files(self, direct: dict[str, Entry], name: str) -> bool:
        """Take packages out of an object, and tell whether there was one."""
        found = len(self.embedded)
        for stream, entry in direct.items():
            data = self.container.stream(entry)
            if stream in _PACKAGES and data:
                self.embedded.append(Embedded(name, data))
            elif stream == _NATIVE and (native := native_file(data)) is not None:
                inner = native[0].rpartition("/")[2] or name
                self.embedded.append(Embedded(inner, native[1]))
                where = Location(part="attachment", path=inner)
                self.blocks.append(note(native[0], where, "内嵌文件的原路径"))
        return len(self.embedded) > found

    def _unknown(self, direct: dict[str, Entry], name: str) -> None:
        """Say that an object of a program that nobody here knows was not read."""
        kinds = [
            self.container.stream(entry)
            for stream, entry in direct.items()
            if stream == "\x01compobj"
        ]
        label = _program_of(kinds[0]) if kinds else ""
        self.unknown[label or name] += 1

    def _done(self) -> Parts:
        where = Location(part="attachment")
        for label, count in self.unknown.items():
            times = f"（{count} 个）" if count > 1 else ""
            message = f"内嵌对象“{label}”{times}的内容未能读取，请人工查看。"
            self.gaps.append(Gap(where, "unsupported_part", message))
        return Parts(
            (*self.blocks, *self.media.blocks),
            (*self.gaps, *self.media.gaps()),
            tuple(self.embedded),
            tuple(self.media.pictures),
        )


def _is_object(direct: Iterable[Entry]) -> bool:
    names = {entry.name.lower() for entry in direct}
    return bool(
        names & _PACKAGES
        or names & _DOCUMENTS.keys()
        or names & _PICTURES_OF_OBJECTS
        or names & {_NATIVE, "\x01ole", "\x01compobj"}
    )


def _program_of(stream: bytes) -> str:
    """Return the name of the program that made an object."""
    at = 28
    length = int.from_bytes(stream[at : at + 4], "little")
    raw = stream[at + 4 : at + 4 + min(length, 200)]
    return raw.split(b"\0", 1)[0].decode("gb18030", "replace").strip()
