"""Write an OLE compound file: an object inside a file becomes a file of its own."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from review.extract.ole.ole import MAGIC

Path: TypeAlias = tuple[str, ...]

_SECTOR: Final = 512
_MINI: Final = 64
_CUTOFF: Final = 4096
_FREE: Final = 0xFFFFFFFF
_END: Final = 0xFFFFFFFE
_OF_FAT: Final = 0xFFFFFFFD
_OF_DIFAT: Final = 0xFFFFFFFC
_NONE: Final = 0xFFFFFFFF
_PER_SECTOR: Final = _SECTOR // 4
_IN_HEADER: Final = 109
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_LONGEST_NAME: Final = 31


@dataclass(slots=True)
class _Node:
    """One directory entry while the file is put together."""

    name: str
    kind: int
    data: bytes = b""
    inside: dict[str, "_Node"] = field(default_factory=dict)
    number: int = 0
    left: int = _NONE
    right: int = _NONE
    child: int = _NONE
    start: int = _END

    def entry(self) -> bytes:
        """Return the 128 bytes of the directory."""
        name = self.name[:_LONGEST_NAME].encode("utf-16-le", "replace")
        return struct.pack(
            "<64sHBBIII16sI8s8sIII",
            name,
            len(name) + 2,
            self.kind,
            1,  # black: a tree without red nodes is valid
            self.left,
            self.right,
            self.child,
            b"",
            0,
            b"",
            b"",
            self.start,
            len(self.data),
            0,
        )


def packed(streams: Mapping[Path, bytes]) -> bytes:
    """Return a compound file with these streams; storages are made from the paths."""
    root = _tree(streams)
    nodes = _numbered(root)
    sectors: list[bytes] = []
    fat: list[int] = []
    small = [n for n in nodes if n.kind == _STREAM and 0 < len(n.data) < _CUTOFF]
    mini_fat = _mini(root, small)
    for node in nodes:
        if node is root or len(node.data) >= _CUTOFF:
            node.start = _laid(node.data, sectors, fat)
    directory = b"".join(node.entry() for node in nodes)
    free_entries = -len(nodes) % (_SECTOR // 128)
    directory += struct.pack("<68xIII48x", _NONE, _NONE, _NONE) * free_entries
    directory_start = _laid(directory, sectors, fat)
    mini_start = _laid(struct.pack(f"<{len(mini_fat)}I", *mini_fat), sectors, fat)
    header = _header(fat, sectors, directory_start, mini_start, len(mini_fat))
    return header + b"".join(sectors)


def _tree(streams: Mapping[Path, bytes]) -> _Node:
    root = _Node("Root Entry", _ROOT)
    for path, data in streams.items():
        node = root
        for name in path[:-1]:
            node = node.inside.setdefault(name, _Node(name, _STORAGE))
        node.inside[path[-1]] = _Node(path[-1], _STREAM, data)
    return root


def _numbered(root: _Node) -> list[_Node]:
    """Number all nodes, and make a balanced tree of those in one storage."""
    nodes = [root]
    waiting = [root]
    while waiting:
        node = waiting.pop()
        children = sorted(
            node.inside.values(), key=lambda one: (len(one.name), one.name.upper())
        )
        for child in children:
            child.number = len(nodes)
            nodes.append(child)
        node.child = _balanced(children)
        waiting.extend(children)
    return nodes


def _balanced(nodes: Sequence[_Node]) -> int:
    if not nodes:
        return _NONE
    middle = len(nodes) // 2
    top = nodes[middle]
    top.left, top.right = _balanced(nodes[:middle]), _balanced(nodes[middle + 1 :])
    return top.number


def _mini(root: _Node, small: Sequence[_Node]) -> list[int]:
    """Put the small streams into the root's own, and return their chains."""
    table: list[int] = []
    body = bytearray()
    for node in small:
        node.start = len(table)
        count = -(-len(node.data) // _MINI)
        table.extend(range(len(table) + 1, len(table) + count))
        table.append(_END)
        body += node.data.ljust(count * _MINI, b"\0")
    root.data = bytes(body)
    table.extend([_FREE] * (-len(table) % _PER_SECTOR))
    return table


def _laid(data: bytes, sectors: list[bytes], fat: list[int]) -> int:
    """Append the data as a chain of sectors, and return the first one's number."""
    if not data:
        return _END
    start = len(sectors)
    for at in range(0, len(data), _SECTOR):
        sectors.append(data[at : at + _SECTOR].ljust(_SECTOR, b"\0"))
        fat.append(len(sectors))
    fat[-1] = _END
    return start


def _header(
    fat: list[int], sectors: list[bytes], directory: int, mini: int, small: int
) -> bytes:
    """Append the allocation table itself, and return the header that names it."""
    own = difat = 0
    while (own + difat + len(fat)) > own * _PER_SECTOR:
        own += 1
        difat = -(-max(0, own - _IN_HEADER) // (_PER_SECTOR - 1))
    first = len(fat)
    fat.extend([_OF_FAT] * own)
    fat.extend([_OF_DIFAT] * difat)
    fat.extend([_FREE] * (own * _PER_SECTOR - len(fat)))
    sectors.extend(
        struct.pack(f"<{_PER_SECTOR}I", *fat[at : at + _PER_SECTOR])
        for at in range(0, len(fat), _PER_SECTOR)
    )
    numbers = list(range(first, first + own))
    sectors.extend(_lists(numbers[_IN_HEADER:], first + own, difat))
    head = numbers[:_IN_HEADER]
    head += [_FREE] * (_IN_HEADER - len(head))
    return struct.pack(
        "<8s16sHHHHH6xIIIIIIIII109I",
        MAGIC,
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        own,
        directory,
        0,
        _CUTOFF,
        mini,
        small // _PER_SECTOR,
        first + own if difat else _END,
        difat,
        *head,
    )


def _lists(numbers: list[int], start: int, count: int) -> Iterator[bytes]:
    """Yield the sectors that name those of the allocation table beyond the header."""
    per = _PER_SECTOR - 1
    for index in range(count):
        piece = numbers[index * per : (index + 1) * per]
        piece += [_FREE] * (per - len(piece))
        following = start + index + 1 if index + 1 < count else _END
        yield struct.pack(f"<{_PER_SECTOR}I", *piece, following)
