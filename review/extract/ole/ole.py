"""Read the streams of an OLE compound file (old Office, encryption, objects)."""

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from review.errors import CorruptError

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER: Final = 512
_ENTRY: Final = 128
_LAST_SECTOR: Final = 0xFFFFFFF9
_DEEPEST: Final = 32  # storages within each other
_STORAGE: Final = 1
_STREAM: Final = 2
_ROOT: Final = 5
_DAMAGED: Final = "复合文档（OLE）结构已损坏，请重新保存后再试。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry of a compound file."""

    path: tuple[str, ...]
    kind: int
    start: int
    size: int

    @property
    def name(self) -> str:
        """Return the last part of the path."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class _Node:
    """One directory entry as it stands in the file."""

    name: str
    kind: int
    start: int
    size: int
    left: int
    right: int
    child: int


class CompoundFile:
    """Give the names and the bytes of the streams, in flat order."""

    def __init__(self, data: bytes) -> None:
        """Read the header.

        Raises:
            CorruptError: The bytes are no compound file.
        """
        if len(data) < _HEADER or not data.startswith(MAGIC):
            raise CorruptError(_DAMAGED)
        self._data = data
        shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or mini_shift > shift:
            raise CorruptError(_DAMAGED)
        self._sector = 1 << shift
        self._mini_sector = 1 << mini_shift
        self._directory_start = struct.unpack_from("<I", data, 48)[0]
        self._cutoff, self._mini_fat_start = struct.unpack_from("<II", data, 56)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Return every directory entry that is in use, with its storages' names.

        Raises:
            CorruptError: The storages lie too deep within each other.
        """
        nodes = self._nodes
        found: list[Entry] = []
        waiting: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        seen: set[int] = set()
        while waiting:
            index, above = waiting.pop()
            if index in seen or index not in nodes:
                continue
            seen.add(index)
            node = nodes[index]
            path = (*above, node.name)
            if len(path) > _DEEPEST:
                raise CorruptError(_DAMAGED)
            found.append(Entry(path, node.kind, node.start, node.size))
            # The root's own name stands in no path.
            inside = () if node.kind == _ROOT else path
            waiting.append((node.child, inside))
            waiting.extend((side, above) for side in (node.left, node.right))
        return tuple(found)

    @property
    def top_names(self) -> tuple[str, ...]:
        """Return the names that stand directly in the root."""
        return tuple(e.name for e in self.entries if len(e.path) == 1)

    @cached_property
    def _nodes(self) -> dict[int, "_Node"]:
        raw = self._chain(self._directory_start)
        found: dict[int, _Node] = {}
        for at in range(0, len(raw) - _ENTRY + 1, _ENTRY):
            length = min(struct.unpack_from("<H", raw, at + 64)[0], 64)
            kind = raw[at + 66]
            if kind and length >= 2:  # noqa: PLR2004 - one UTF-16 unit, the final NUL
                name = raw[at : at + length - 2].decode("utf-16-le", "replace")
                sides = struct.unpack_from("<III", raw, at + 68)
                start, size = struct.unpack_from("<II", raw, at + 116)
                found[at // _ENTRY] = _Node(name, kind, start, size, *sides)
        return found

    def stream(self, entry: Entry) -> bytes:
        """Return the bytes of one stream."""
        if entry.size >= self._cutoff or entry.kind == _ROOT:
            return self._chain(entry.start, entry.size)
        size = self._mini_sector
        most = -(-entry.size // size)
        parts = [
            self._mini_stream[sector * size : (sector + 1) * size]
            for sector in _follow(entry.start, self._mini_fat, most)
        ]
        return b"".join(parts)[: entry.size]

    def named(self, *path: str) -> bytes | None:
        """Return the bytes of the stream at a path, in any case; `None` if it is missing."""
        wanted = tuple(name.lower() for name in path)
        for entry in self.entries:
            if entry.kind == _STREAM and _lowered(entry.path) == wanted:
                return self.stream(entry)
        return None

    def storages(self) -> tuple[tuple[str, ...], ...]:
        """Return the paths of all storages, in flat order."""
        return tuple(e.path for e in self.entries if e.kind == _STORAGE)

    def inside(self, *path: str) -> tuple[Entry, ...]:
        """Return the streams at any depth below a storage."""
        depth = len(path)
        return tuple(
            entry
            for entry in self.entries
            if entry.kind == _STREAM
            and len(entry.path) > depth
            and entry.path[:depth] == path
        )

    def streams(self, *names: str) -> tuple[bytes, ...]:
        """Return the bytes of every stream with one of these names, in any case."""
        wanted = {name.lower() for name in names}
        return tuple(
            self.stream(entry)
            for entry in self.entries
            if entry.kind == _STREAM and entry.name.lower() in wanted
        )

    @cached_property
    def _fat(self) -> tuple[int, ...]:
        data, per = self._data, self._sector // 4
        sectors = list(struct.unpack_from("<109I", data, 76))
        following, left = struct.unpack_from("<II", data, 68)
        # A list that runs in a circle, or names one sector often, ends with the file.
        most = len(data) // self._sector
        left = min(left, most)
        while following < _LAST_SECTOR and left > 0:
            block = self._read(following)
            if len(block) < self._sector:
                break
            numbers = struct.unpack(f"<{per}I", block)
            sectors.extend(numbers[:-1])
            following, left = numbers[-1], left - 1
        table: list[int] = []
        for sector in sectors:
            if len(table) > most:
                break
            block = self._read(sector) if sector < _LAST_SECTOR else b""
            table.extend(
                struct.unpack(f"<{len(block) // 4}I", block[: len(block) & ~3])
            )
        return tuple(table)

    @cached_property
    def _mini_fat(self) -> tuple[int, ...]:
        raw = self._chain(self._mini_fat_start)
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) & ~3])

    @cached_property
    def _mini_stream(self) -> bytes:
        roots = (entry for entry in self.entries if entry.kind == _ROOT)
        root = next(roots, None)
        return self._chain(root.start) if root else b""

    def _read(self, sector: int) -> bytes:
        at = (sector + 1) * self._sector
        return self._data[at : at + self._sector]

    def _chain(self, start: int, size: int | None = None) -> bytes:
        """Return what a chain of sectors holds, and no more sectors than the size asks."""
        most = len(self._fat) if size is None else -(-size // self._sector)
        return b"".join(
            self._read(sector) for sector in _follow(start, self._fat, most)
        )[:size]


def _lowered(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.lower() for name in path)


def _follow(start: int, table: tuple[int, ...], most: int) -> tuple[int, ...]:
    found: list[int] = []
    seen: set[int] = set()
    sector = start
    while sector < _LAST_SECTOR and sector not in seen and len(found) < most:
        found.append(sector)
        seen.add(sector)
        if sector >= len(table):
            break
        sector = table[sector]
    return tuple(found)


def native_file(stream: bytes) -> tuple[str, bytes] | None:
    """Return the name and the bytes of an Ole10Native stream.

    The source path inside is often in GBK; `None` means that the stream is
    not such a package.
    """
    if len(stream) < 8:  # noqa: PLR2004 - total size, type and two empty names
        return None
    at = 6
    label, at = _c_string(stream, at)
    path, at = _c_string(stream, at)
    at += 4
    if at + 4 > len(stream):
        return None
    # The path of the copy that the object was made from is passed over.
    at += 4 + struct.unpack_from("<I", stream, at)[0]
    if at + 4 > len(stream):
        return None
    size = struct.unpack_from("<I", stream, at)[0]
    content = stream[at + 4 : at + 4 + size]
    name = (path or label).replace("\\", "/")
    return (name, content) if content else None


def _c_string(stream: bytes, at: int) -> tuple[str, int]:
    end = stream.find(b"\0", at)
    if end < 0:
        return "", len(stream)
    return stream[at:end].decode("gb18030", "replace"), end + 1
