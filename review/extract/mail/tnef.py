"""Outlook's own attachment (winmail.dat): a message or its files in one stream."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from review.errors import CorruptError, UnreadableError
from review.extract.interface import Block, Embedded, Extraction, Gap
from review.extract.limits import Limits
from review.extract.mail.eml_body import body_of
from review.extract.mail.eml_headers import metadata
from review.extract.mail.eml_words import text_of
from review.extract.mail.msg_rtf import charset_of, rtf_words, unpacked_rtf
from review.spans import Location

# A property: its type, its number, its value as it stands.
_Property: TypeAlias = tuple[int, int, bytes]

_MAGIC: Final = b"\x78\x9f\x3e\x22"
_SUBJECT, _BODY, _FROM, _CODE_PAGE = 0x8004, 0x800C, 0x8000, 0x9007
_START, _TITLE, _DATA = 0x9002, 0x8010, 0x800F
_MESSAGE, _ATTACHMENT = 0x9003, 0x9005
_SIZES: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_VARIABLE: Final = frozenset({0x1E, 0x1F, 0x102, 0xD})
_TEXTS: Final = frozenset({0x1E, 0x1F})
_OBJECT: Final = 0xD
_MANY: Final = 0x1000
_NAMED: Final = 0x8000
_NAMES: Final = (0x3707, 0x3704, 0x3001)
_CONTENT: Final = 0x3701
_PAGE, _RICH, _WORDS, _TOPIC = 0x1013, 0x1009, 0x1000, 0x0037


class Tnef:
    """Messages and files that Outlook wrapped for itself."""

    format = "tnef"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes begin like such a stream."""
        return data.startswith(_MAGIC)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read the message's texts; the files are handed on.

        Raises:
            UnreadableError: It is damaged from the start, or there is too much text.
        """
        reading = _Reading(limits)
        try:
            for kind, value in _attributes(data):
                reading.take(kind, value)
        except (struct.error, IndexError) as fault:
            if not reading.found:
                raise CorruptError(
                    "winmail.dat 附件已损坏，请让发件人另存后重发。"
                ) from fault
            message = "winmail.dat 附件不完整，只读到一部分，请让发件人另存后重发。"
            reading.gaps.append(Gap(Location(), "unreadable_part", message))
        return reading.done()


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at < len(data):
        kind, size = struct.unpack_from("<HxxI", data, at + 1)
        value = data[at + 9 : at + 9 + size]
        if len(value) < size:
            raise IndexError
        yield kind, value
        at += 11 + size


@dataclass(slots=True)
class _Reading:
    """One stream while it is read."""

    limits: Limits
    gaps: list[Gap] = field(default_factory=list)
    _charset: str = ""
    _notes: list[Block] = field(default_factory=list)
    _versions: list[tuple[str, str]] = field(default_factory=list)
    _files: list[list[_Property]] = field(default_factory=list)

    @property
    def found(self) -> bool:
        """Tell whether anything was read."""
        return bool(self._versions or self._files or self._notes)

    def take(self, kind: int, value: bytes) -> None:
        """Take one attribute of the message or of a file."""
        if kind == _CODE_PAGE and value:
            self._charset = charset_of(int.from_bytes(value[:4], "little"))
        elif kind in {_SUBJECT, _FROM}:
            self._note(self._text(0x1E, value))
        elif kind == _BODY:
            self._versions.append(("text/plain", self._text(0x1E, value)))
        elif kind == _MESSAGE:
            for one in _properties(value):
                self._property(*one)
        elif kind == _START:
            self._files.append([])
        else:
            self._of_file(kind, value)

    def _of_file(self, kind: int, value: bytes) -> None:
        if not self._files:
            self._files.append([])
        if kind == _TITLE:
            self._files[-1].append((0x1E, _NAMES[-1], value))
        elif kind == _DATA:
            self._files[-1].append((0x102, _CONTENT, value))
        elif kind == _ATTACHMENT:
            self._files[-1].extend(_properties(value))

    def _property(self, kind: int, number: int, value: bytes) -> None:
        if number == _PAGE:
            page = text_of(value) if kind not in _TEXTS else self._text(kind, value)
            self._versions.append(("text/html", page))
        elif number == _RICH:
            try:
                rich = rtf_words(unpacked_rtf(value, self.limits.unpacked_bytes))
                self._versions.append(("text/rtf", rich))
            except UnreadableError as error:
                self.gaps.append(Gap(Location(), "unreadable_part", error.message))
        elif number == _WORDS:
            self._versions.append(("text/plain", self._text(kind, value)))
        elif kind in _TEXTS:
            self._note(self._text(kind, value))

    def _text(self, kind: int, value: bytes) -> str:
        if kind == 0x1F:  # noqa: PLR2004 - a text in Unicode
            return value.decode("utf-16-le", "replace").rstrip("\0")
        return text_of(value.rstrip(b"\0"), self._charset)

    def _note(self, text: str) -> None:
        line = " ".join(text.replace("\0", " ").split())
        if line and line not in {"SMTP", "EX"}:
            self._notes.append(metadata(line, "邮件属性"))

    def done(self) -> Extraction:
        """Return what was read."""
        body = body_of(self._versions, self.limits)
        embedded = [file for one in self._files if (file := self._file(one))]
        gaps = self.gaps
        if not (body.blocks or self._notes or embedded or gaps):
            message = "winmail.dat 附件里没有可供检查的内容，请人工查看。"
            gaps.append(Gap(Location(), "unreadable_part", message))
        return Extraction(
            (*body.blocks, *dict.fromkeys(self._notes)),
            (*gaps, *body.gaps),
            (*body.embedded, *embedded),
            body.pictures,
        )

    def _file(self, properties: list[_Property]) -> Embedded | None:
        """Return a file that was attached; an object stands behind its class."""
        found = {number: (kind, value) for kind, number, value in properties}
        names = (self._text(*found[one]) for one in _NAMES if one in found)
        name = next((n for n in names if n), "附件")
        for kind, number, value in properties:
            text = self._text(kind, value) if kind in _TEXTS else ""
            if number not in _NAMES or text != name:
                self._note(text)
        kind, data = found.get(_CONTENT, (0, b""))
        return Embedded(name, data[16:] if kind == _OBJECT else data) if data else None


def _properties(data: bytes) -> Iterator[_Property]:
    """Yield the properties of a list.

    Raises:
        IndexError: One of them is of a type that nobody knows the size of.
    """
    count, at = struct.unpack_from("<I", data)[0], 4
    for _ in range(min(count, len(data) // 4)):
        kind, number = struct.unpack_from("<HH", data, at)
        at = _behind_name(data, at + 4, number)
        plain, values = kind & ~_MANY, 1
        if plain in _VARIABLE or kind & _MANY:
            values, at = struct.unpack_from("<I", data, at)[0], at + 4
        for _ in range(min(values, len(data) // 4)):
            if plain in _VARIABLE:
                size, at = struct.unpack_from("<I", data, at)[0], at + 4
            elif plain in _SIZES:
                size = _SIZES[plain]
            else:
                raise IndexError
            if at + size > len(data):
                raise IndexError
            yield plain, number, data[at : at + size]
            at += size + -size % 4


def _behind_name(data: bytes, at: int, number: int) -> int:
    """Return where the value of a property begins: some have a name before it."""
    if number < _NAMED:
        return at
    at += 16
    kind, size = struct.unpack_from("<II", data, at)
    return int(at + 8 + (size + -size % 4 if kind else 0))
