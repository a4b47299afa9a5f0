"""The frame of a binary presentation: its records, and which of them still hold."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from review.errors import CorruptError, EncryptedError
from review.extract.messages import LOCKED
from review.extract.ole.ole import CompoundFile

DOCUMENT, DOCUMENT_ATOM, SLIDE = 1000, 1001, 1006
NOTES, NOTES_ATOM, SLIDE_PLACE, MASTER, SLIDE_SHOW = 1008, 1009, 1011, 1016, 1017
DRAWING, PLACEHOLDER, OUTLINE_REF, TEXT_HEAD = 1036, 3011, 3998, 3999
TEXT_WIDE, STRING, TEXT_BYTES, HANDOUT = 4000, 4026, 4008, 4041
HEADERS, TEXTS, OBJECT, HYPERLINK = 4057, 4080, 4113, 4055
NAMED_SHOWS, TAG, TAG_DATA = 1040, 5001, 5003
COMMENT, COMMENT_ATOM = 12000, 12001
GROUP, SHAPE, CHILD_PLACE, PLACE, TEXTBOX, CLIENT = (
    *(0xF003, 0xF004, 0xF00F, 0xF010),
    *(0xF00D, 0xF011),
)
OLE_LINK, MOVIES = 4046, frozenset({4101, 4102, 4103, 4110, 4111, 4112})
_USER_EDIT, _DIRECTORY = 4085, 6002
_HEAD: Final = 8
_CONTAINER: Final = 0xF
_DEEPEST: Final = 24
_MOST_RECORDS: Final = 2_000_000
_MOST_EDITS: Final = 1_000
_ENCRYPTED_TOKEN: Final = 0xF3D1C4DF
_WITH_KEY: Final = 32
_DAMAGED: Final = "演示文稿的结构已损坏，请用 WPS 或 PowerPoint 重新保存后再提交。"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its kind and instance, and where its contents stand."""

    kind: int
    instance: int
    has_records: bool
    start: int
    end: int

    @property
    def at(self) -> int:
        """Return where the record's head stands."""
        return self.start - _HEAD


class SlideFile:
    """The streams of a presentation, and the offsets of its objects."""

    def __init__(self, container: CompoundFile) -> None:
        """Read who saved it and where the last edit stands.

        Raises:
            EncryptedError: The file opens only with a password.
            CorruptError: It is damaged.
        """
        self.body = container.named("PowerPoint Document") or b""
        self.current = container.named("Current User") or b""
        self.pictures = container.named("Pictures") or b""
        self._records = 0
        if self.current[12:16] == _ENCRYPTED_TOKEN.to_bytes(4, "little"):
            raise EncryptedError(LOCKED)
        if len(self.body) < _HEAD:
            raise CorruptError(_DAMAGED)

    def record(self, at: int) -> Record | None:
        """Return the record whose head stands at an offset."""
        if at < 0 or at + _HEAD > len(self.body):
            return None
        head, kind, size = struct.unpack_from("<HHI", self.body, at)
        end = min(at + _HEAD + size, len(self.body))
        has_records = head & 0xF == _CONTAINER or kind == TAG_DATA
        return Record(kind, head >> 4, has_records, at + _HEAD, end)

    def inside(self, record: Record | None) -> Iterator[Record]:
        """Yield the records directly inside another; of the whole stream for `None`."""
        at, end = (record.start, record.end) if record else (0, len(self.body))
        while at + _HEAD <= end and self._records < _MOST_RECORDS:
            self._records += 1
            inner = self.record(at)
            if inner is None:
                return
            yield Record(
                inner.kind,
                inner.instance,
                inner.has_records,
                inner.start,
                min(inner.end, end),
            )
            at = inner.end

    def below(self, record: Record, depth: int = 0) -> Iterator[Record]:
        """Yield the records at any depth inside another, in order."""
        for inner in self.inside(record):
            yield inner
            if inner.has_records and depth < _DEEPEST:
                yield from self.below(inner, depth + 1)

    def bytes_of(self, record: Record) -> bytes:
        """Return the contents of a record."""
        return self.body[record.start : record.end]

    def number(self, record: Record, offset: int = 0, size: int = 4) -> int:
        """Return a number that stands in a record, 0 where it is cut."""
        at = record.start + offset
        return int.from_bytes(self.body[at : min(at + size, record.end)], "little")

    @property
    def is_endless(self) -> bool:
        """Tell whether the reading was stopped for too many records."""
        return self._records >= _MOST_RECORDS

    @cached_property
    def objects(self) -> dict[int, int]:
        """Return the offset of each object that the last edit still knows.

        Raises:
            EncryptedError: The file opens only with a password.
        """
        found: dict[int, int] = {}
        for edit in self._edits:
            directory = self.record(self.number(edit, 12))
            if directory is not None and directory.kind == _DIRECTORY:
                for name, offset in self._entries(directory):
                    found.setdefault(name, offset)
        return found

    @cached_property
    def document(self) -> Record | None:
        """Return the record of the document itself."""
        for edit in self._edits[:1]:
            offset = self.objects.get(self.number(edit, 16), -1)
            found = self.record(offset)
            if found is not None and found.kind == DOCUMENT:
                return found
        documents = [one for one in self.inside(None) if one.kind == DOCUMENT]
        return documents[-1] if documents else None

    @cached_property
    def _edits(self) -> tuple[Record, ...]:
        """Return the edits that were saved on top of each other, the last one first."""
        found: list[Record] = []
        at = int.from_bytes(self.current[16:20], "little")
        first = self.record(at) if at else None
        if first is None or first.kind != _USER_EDIT:
            edits = [one for one in self.inside(None) if one.kind == _USER_EDIT]
            at = edits[-1].at if edits else 0
        seen: set[int] = set()
        while at and at not in seen and len(found) < _MOST_EDITS:
            seen.add(at)
            edit = self.record(at)
            if edit is None or edit.kind != _USER_EDIT:
                break
            if edit.end - edit.start >= _WITH_KEY and self.number(edit, 28):
                raise EncryptedError(LOCKED)
            found.append(edit)
            at = self.number(edit, 8)
        return tuple(found)

    def _entries(self, directory: Record) -> Iterator[tuple[int, int]]:
        at = 0
        while directory.start + at + 4 <= directory.end:
            head = self.number(directory, at)
            name, count = head & 0xFFFFF, head >> 20
            at += 4
            for index in range(count):
                if directory.start + at + 4 > directory.end:
                    return
                yield name + index, self.number(directory, at)
                at += 4
