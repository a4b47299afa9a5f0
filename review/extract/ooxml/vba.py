"""Macro code in a `vbaProject.bin`: unpacked so that it can be read, never run."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from review.errors import CorruptError, UnreadableError
from review.extract.ole.ole import CompoundFile

_CODE_PAGE: Final = 0x03
_VERSION: Final = 0x09
_REFERENCE: Final = 0x0E
_NAME: Final = 0x19
_NAME_WIDE: Final = 0x47
_STREAM: Final = 0x1A
_OFFSET: Final = 0x31
_CHUNK: Final = 4096
_MOST: Final = 8 * 1024 * 1024
_DAMAGED: Final = "宏代码已损坏，未能读取。"


@dataclass(slots=True)
class Module:
    """One module of macro code."""

    name: str
    stream: str = ""
    offset: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """The modules of a macro project, and the files that it refers to."""

    modules: tuple[Module, ...]
    references: tuple[str, ...]


def read_project(data: bytes) -> Project:
    """Read the sources of all modules.

    Raises:
        CorruptError: The project is damaged.
    """
    container = CompoundFile(data)
    listing = container.streams("dir")
    if not listing:
        raise CorruptError(_DAMAGED)
    modules, references, code_page = _listed(unpack(listing[0]))
    entries = {entry.name.lower(): entry for entry in container.entries}
    left = _MOST
    for module in modules:
        entry = entries.pop((module.stream or module.name).lower(), None)
        if entry is None:
            raise CorruptError(_DAMAGED)
        raw = unpack(container.stream(entry)[module.offset :], left)
        left -= len(raw)
        module.source = _code(_text(raw, code_page))
    return Project(tuple(modules), tuple(references))


def unpack(data: bytes, most: int = _MOST) -> bytes:
    """Unpack what MS-OVBA packed: chunks of literals and of copies of what was before.

    Raises:
        CorruptError: The bytes are not packed like this, or unpack to too much.
    """
    if not data.startswith(b"\x01"):
        raise CorruptError(_DAMAGED)
    out = bytearray()
    at = 1
    while at + 2 <= len(data):
        head = struct.unpack_from("<H", data, at)[0]
        size = (head & 0x0FFF) + 3
        body = data[at + 2 : at + size]
        out += _chunk(body) if head & 0x8000 else body[:_CHUNK]
        if len(out) > most:
            raise CorruptError("宏代码过多，未能读取。")
        at += size
    return bytes(out)


def _chunk(body: bytes) -> bytes:
    out = bytearray()
    at = 0
    while at < len(body) and len(out) < _CHUNK:
        flags = body[at]
        at += 1
        for bit in range(8):
            if at >= len(body):
                break
            if not flags >> bit & 1:
                out.append(body[at])
                at += 1
                continue
            _copy(out, body[at : at + 2])
            at += 2
    return bytes(out)


def _copy(out: bytearray, token: bytes) -> None:
    """Append a copy of earlier bytes; it may reach into what it writes itself."""
    if len(token) < 2 or not out:  # noqa: PLR2004 - a token's two bytes
        raise CorruptError(_DAMAGED)
    value = struct.unpack("<H", token)[0]
    bits = max((len(out) - 1).bit_length(), 4)
    length = (value & (0xFFFF >> bits)) + 3
    back = (value >> (16 - bits)) + 1
    if back > len(out):
        raise CorruptError(_DAMAGED)
    for _ in range(length):
        out.append(out[-back])


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 6 <= len(data):
        kind, size = struct.unpack_from("<HI", data, at)
        if kind == _VERSION:
            size = 6  # its size field says something else
        yield kind, data[at + 6 : at + 6 + size]
        at += 6 + size


def _listed(data: bytes) -> tuple[list[Module], list[str], str]:
    """Return the modules and the references that the project lists."""
    modules: list[Module] = []
    references: list[str] = []
    code_page = "gb18030"
    for kind, body in _records(data):
        if kind == _CODE_PAGE and len(body) == 2:  # noqa: PLR2004 - a number
            code_page = f"cp{struct.unpack('<H', body)[0]}"
        elif kind == _NAME:
            modules.append(Module(_text(body, code_page)))
        elif kind == _REFERENCE:
            size = int.from_bytes(body[:4], "little")
            references.append(_text(body[4 : 4 + size], code_page))
        elif modules:
            _describe(modules[-1], kind, _Body(body, code_page))
    return modules, references, code_page


@dataclass(frozen=True, slots=True)
class _Body:
    """The bytes of a record, with the code page of their text."""

    raw: bytes
    code_page: str


def _describe(module: Module, kind: int, body: _Body) -> None:
    if kind == _NAME_WIDE:
        module.name = body.raw.decode("utf-16-le", "replace")
    elif kind == _STREAM:
        module.stream = _text(body.raw, body.code_page)
    elif kind == _OFFSET and len(body.raw) == 4:  # noqa: PLR2004 - a number
        module.offset = struct.unpack("<I", body.raw)[0]


def _text(raw: bytes, code_page: str) -> str:
    try:
        return raw.decode(code_page, "replace")
    except LookupError:
        return raw.decode("gb18030", "replace")


def _code(source: str) -> str:
    """Return the code that people wrote: without what the editor keeps to itself."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(x for x in lines if not x.startswith("Attribute VB_")).strip()


def sources(data: bytes) -> Project | None:
    """Return the project; `None` where it is damaged."""
    try:
        return read_project(data)
    except UnreadableError:
        return None
