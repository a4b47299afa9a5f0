"""The properties of an Outlook message: streams named by number in an OLE file."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Final

from review.extract.mail.eml_words import text_of
from review.extract.mail.msg_rtf import charset_of
from review.extract.ole.ole import CompoundFile, Entry

_STREAM: Final = 2
_FIXED: Final = "__properties_version1.0"
_TEXTS: Final = r"__substg1\.0_([0-9a-f]{4})([01]01[ef])(?:-[0-9a-f]{1,8})?"
_CODE_PAGE, _BODY_CODE_PAGE = 0x3FFD, 0x3FDE
_EPOCH: Final = datetime(1601, 1, 1, tzinfo=UTC)
_LONGEST_TICKS: Final = 10**18 * 3 // 2  # before the year 6400
_LONGEST_STRING: Final = 64 * 1024 * 1024


@dataclass
class Store:
    """One storage of a message: the message itself, a recipient or an attachment."""

    file: CompoundFile
    head: int
    charset: str = ""
    streams: dict[str, Entry] = field(default_factory=dict)
    stores: dict[str, "Store"] = field(default_factory=dict)

    @cached_property
    def fixed(self) -> dict[int, bytes]:
        """Return the values of eight bytes, by number."""
        raw = self.data(_FIXED)[self.head :]
        cut = (raw[at : at + 16] for at in range(0, len(raw) - 15, 16))
        return {struct.unpack_from("<H", one, 2)[0]: one[8:] for one in cut}

    def data(self, name: str) -> bytes:
        """Return a stream; nothing where there is none."""
        entry = self.streams.get(name.lower())
        return b"" if entry is None else self.file.stream(entry)

    def binary(self, number: int) -> bytes:
        """Return the bytes of a property; nothing where there is none."""
        return self.data(f"__substg1.0_{number:04x}0102")

    def text(self, number: int) -> str:
        """Return the text of a property; nothing where there is none."""
        for kind in ("001f", "001e"):
            name = f"__substg1.0_{number:04x}{kind}"
            if name in self.streams:
                return self._string(name, wide=kind.endswith("f"))
        return ""

    def texts(self) -> Iterator[tuple[int, str]]:
        """Yield every text that the storage holds, with its number."""
        for name, entry in self.streams.items():
            found = re.fullmatch(_TEXTS, name)
            if found and entry.size <= _LONGEST_STRING:
                yield int(found[1], 16), self._string(name, wide=found[2][-1] == "f")

    def integer(self, number: int) -> int | None:
        """Return the number that a property holds."""
        value = self.fixed.get(number)
        return None if value is None else int.from_bytes(value[:4], "little")

    def moment(self, number: int) -> str:
        """Return the time that a property holds, as people read it; UTC."""
        ticks = int.from_bytes(self.fixed.get(number, b""), "little")
        if not 0 < ticks < _LONGEST_TICKS:
            return ""
        at = _EPOCH + timedelta(microseconds=ticks // 10)
        return f"{at:%Y-%m-%d %H:%M:%S} UTC"

    @cached_property
    def own_charset(self) -> str:
        """Return the charset of the texts that are not in Unicode."""
        page = self.integer(_CODE_PAGE) or self.integer(_BODY_CODE_PAGE)
        return charset_of(page) if page else self.charset

    @cached_property
    def body_charset(self) -> str:
        """Return the charset that the body was written in."""
        page = self.integer(_BODY_CODE_PAGE)
        return charset_of(page) if page else self.own_charset

    def _string(self, name: str, *, wide: bool) -> str:
        raw = self.data(name)
        if wide:
            return raw.decode("utf-16-le", "replace").replace("\0", "")
        return text_of(raw.rstrip(b"\0"), self.own_charset)


def store_of(file: CompoundFile) -> Store:
    """Return the message of an Outlook file, with the storages in it."""
    top = Store(file, 32)
    for entry in file.entries:
        if entry.kind != _STREAM:
            continue
        here = top
        for name in entry.path[:-1]:
            here = here.stores.setdefault(name.lower(), Store(file, 8))
        here.streams.setdefault(entry.name.lower(), entry)
    for store in top.stores.values():
        store.charset = top.own_charset
    return top


def below(file: CompoundFile, path: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return the streams at any depth below a storage."""
    depth = len(path)
    wanted = tuple(name.lower() for name in path)
    return tuple(
        entry
        for entry in file.entries
        if entry.kind == _STREAM
        and len(entry.path) > depth
        and tuple(name.lower() for name in entry.path[:depth]) == wanted
    )


def bundled(file: CompoundFile, path: tuple[str, ...]) -> dict[tuple[str, ...], bytes]:
    """Return the streams below a storage as those of a file of their own."""
    depth = len(path)
    found = {entry.path[depth:]: file.stream(entry) for entry in below(file, path)}
    fixed = next((p for p in found if p[0].lower() == _FIXED), None)
    if fixed is not None:
        # A message inside another has a head that is 8 bytes shorter.
        found[fixed] = found[fixed][:24] + bytes(8) + found[fixed][24:]
    return found
