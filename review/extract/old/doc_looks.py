"""How the characters of a binary Word file look: deleted, inserted, hidden, white, tiny."""

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from review.extract.flow import hiding
from review.extract.old.doc_file import Piece, WordFile, plc, strings

_PAGE: Final = 512
_CHARACTERS, _PARAGRAPHS, _AUTHORS = 12, 13, 51
_MOST_PAGES: Final = 100_000
_MOST_RUNS, _MOST_PARAGRAPHS = 101, 29  # that find room on one page
_TINY: Final = 4  # half points, as in docx
_WHITE_INDEX: Final = 8
_WHITE: Final = 0x00FFFFFF
_ON: Final = frozenset({0x01, 0x81})
# Operand sizes by the highest three bits of a sprm; 6 says its own.
_SIZES: Final = (1, 1, 2, 4, 2, 2, 0, 3)
_OWN_SIZE: Final = 6
_TABLE_SPRM, _TABS_SPRM = 0xD608, 0xC615
_LONG_TABS: Final = 0xFF
_IN_TABLE: Final = frozenset({0x2416, 0x6649})
_ROW_END: Final = frozenset({0x2417})
_INNER_CELL: Final = frozenset({0x244B})
_INNER_ROW_END: Final = frozenset({0x244C})
_LAST_HEADING: Final = 9  # the numbers of the built-in heading styles
_SHORT_PRM: Final[Mapping[int, int]] = {
    0x41: 0x0800,
    0x42: 0x0801,
    0x50: 0x0811,
    0x5C: 0x083C,
}


@dataclass(frozen=True, slots=True)
class Look:
    """What the properties of a run say about seeing it."""

    deleted: bool = False
    inserted: bool = False
    vanished: bool = False
    white: bool = False
    shaded: bool = False
    tiny: bool = False
    inserter: int = 0
    inserted_at: int = 0
    deleter: int = 0
    deleted_at: int = 0
    picture: int | None = None

    @property
    def hiding(self) -> str | None:
        """Say in Chinese how a run is hidden; `None` for text that is seen."""
        white = self.white and not self.shaded
        return hiding(vanished=self.vanished, tiny=self.tiny, white=white)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a paragraph's properties say about its place in a table."""

    in_table: bool = False
    row_end: bool = False
    inner_cell: bool = False
    inner_row_end: bool = False
    heading: bool = False


_SEEN: Final = Look()
_PLAIN: Final = Paragraph()
_LOOKS: Final[Mapping[int, Callable[[Look, int], Look]]] = {
    0x0800: lambda look, value: replace(look, deleted=value in _ON),
    0x0801: lambda look, value: replace(look, inserted=value in _ON),
    0x083C: lambda look, value: replace(look, vanished=value in _ON),
    0x0811: lambda look, value: replace(look, vanished=look.vanished or value in _ON),
    0x2A42: lambda look, value: replace(look, white=value == _WHITE_INDEX),
    0x6870: lambda look, value: replace(look, white=value == _WHITE),
    0x4A43: lambda look, value: replace(look, tiny=value <= _TINY),
    0x2A0C: lambda look, value: replace(look, shaded=value != 0),
    0x4866: lambda look, value: replace(look, shaded=value not in {0, 0xFFFF}),
    0x4804: lambda look, value: replace(look, inserter=value),
    0x6805: lambda look, value: replace(look, inserted_at=value),
    0x4863: lambda look, value: replace(look, deleter=value),
    0x6864: lambda look, value: replace(look, deleted_at=value),
    0x6A03: lambda look, value: replace(look, picture=value),
}


class Looks:
    """The properties of all runs and paragraphs, found by place in the file."""

    def __init__(self, word: WordFile) -> None:
        """Keep the file; its lists are read when they are first asked for."""
        self.word = word
        self._known: dict[bytes, Look] = {}

    def runs(
        self, piece: Piece, start: int, end: int
    ) -> Iterator[tuple[int, int, Look]]:
        """Yield the parts of a piece with one look each, in order."""
        extra = self._of_piece(piece.prm)
        places, lists = self.characters
        at = start
        while at < end:
            place = piece.place(at)
            index = bisect_right(places, place) - 1
            grpprl = lists[index] if index >= 0 else b""
            stop = end
            if index + 1 < len(places):
                ahead = places[index + 1] - place
                stop = min(end, at + max(1, -(-ahead // piece.width)))
            yield at, stop, self._look(grpprl + extra)
            at = stop

    def paragraph(self, place: int) -> Paragraph:
        """Return what holds for the paragraph that covers a place in the file."""
        places, lists = self.paragraphs
        index = bisect_right(places, place) - 1
        return _paragraph(lists[index]) if index >= 0 else _PLAIN

    def signed(self, look: Look, *, deletion: bool) -> str:
        """Return who changed a run and when, as far as the file says it."""
        who = look.deleter if deletion else look.inserter
        when = look.deleted_at if deletion else look.inserted_at
        author = self.authors[who] if who < len(self.authors) else ""
        return f"{author} {day(when)}".strip()

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """Return who ever changed the file with tracking on."""
        return strings(self.word.part(_AUTHORS))[0]

    @cached_property
    def characters(self) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
        """Return where each run begins, and its list of sprms."""
        return self._lists(_CHARACTERS, _character_pages)

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
        """Return where each paragraph begins, and its list of sprms."""
        return self._lists(_PARAGRAPHS, _paragraph_pages)

    def pages(self) -> Iterator[tuple[int, int]]:
        """Yield the ranges of the file that hold properties, not text."""
        for index in (_CHARACTERS, _PARAGRAPHS):
            for number in self._numbers(index):
                yield number * _PAGE, (number + 1) * _PAGE

    def _numbers(self, index: int) -> Iterator[int]:
        _, entries = plc(self.word.part(index), 4)
        for raw in dict.fromkeys(entries[:_MOST_PAGES]):
            yield int.from_bytes(raw, "little") & 0x3FFFFF

    def _lists(
        self, index: int, read: Callable[[bytes], Iterator[tuple[int, bytes]]]
    ) -> tuple[tuple[int, ...], tuple[bytes, ...]]:
        found: dict[int, bytes] = {}
        for number in self._numbers(index):
            page = self.word.body[number * _PAGE : (number + 1) * _PAGE]
            if len(page) == _PAGE:
                found.update(read(page))
        places = tuple(sorted(found))
        return places, tuple(found[place] for place in places)

    def _of_piece(self, prm: int) -> bytes:
        """Return the sprms that a fast save put on a whole piece."""
        if prm & 1:
            lists, number = self.word.piece_properties, prm >> 1
            return lists[number] if number < len(lists) else b""
        sprm = _SHORT_PRM.get(prm >> 1 & 0x7F)
        return struct.pack("<HB", sprm, prm >> 8) if sprm else b""

    def _look(self, grpprl: bytes) -> Look:
        known = self._known.get(grpprl)
        if known is None:
            known = _SEEN
            for sprm, value in sprms(grpprl):
                if sprm in _LOOKS:
                    known = _LOOKS[sprm](known, value)
            self._known[grpprl] = known
        return known


def sprms(grpprl: bytes) -> Iterator[tuple[int, int]]:
    """Yield each property modifier with its operand as a number, long ones as 0."""
    at = 0
    while at + 2 <= len(grpprl):
        sprm = int.from_bytes(grpprl[at : at + 2], "little")
        at += 2
        size = _SIZES[sprm >> 13]
        if sprm >> 13 == _OWN_SIZE:
            at += _own_size(grpprl, at, sprm)
            yield sprm, 0
            continue
        yield sprm, int.from_bytes(grpprl[at : at + size], "little")
        at += size


def _own_size(grpprl: bytes, at: int, sprm: int) -> int:
    if sprm == _TABLE_SPRM:
        return int.from_bytes(grpprl[at : at + 2], "little") + 1
    size = grpprl[at] if at < len(grpprl) else 0
    if sprm == _TABS_SPRM and size == _LONG_TABS:
        deleted = grpprl[at + 1] if at + 1 < len(grpprl) else 0
        beyond = at + 2 + 4 * deleted
        added = grpprl[beyond] if beyond < len(grpprl) else 0
        return 3 + 4 * deleted + 3 * added - 1
    return 1 + size


def _character_pages(page: bytes) -> Iterator[tuple[int, bytes]]:
    count = min(page[-1], _MOST_RUNS)
    places = struct.unpack_from(f"<{count + 1}I", page)
    for index in range(count):
        at = 2 * page[4 * (count + 1) + index]
        size = page[at] if at else 0
        yield places[index], page[at + 1 : at + 1 + size]


def _paragraph_pages(page: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield for each paragraph of a page its style and its list of sprms."""
    count = min(page[-1], _MOST_PARAGRAPHS)
    places = struct.unpack_from(f"<{count + 1}I", page)
    for index in range(count):
        at = 2 * page[4 * (count + 1) + 13 * index]
        size = page[at] if at else 0
        if at and not size:
            at += 1
            size = page[at] if at < _PAGE else 0
            yield places[index], page[at + 1 : at + 1 + 2 * size]
        else:
            yield places[index], page[at + 1 : at + 2 * size] if at else b""


def _paragraph(papx: bytes) -> Paragraph:
    style, grpprl = int.from_bytes(papx[:2], "little"), papx[2:]
    on = {sprm for sprm, value in sprms(grpprl) if value}
    return Paragraph(
        in_table=not on.isdisjoint(_IN_TABLE),
        row_end=not on.isdisjoint(_ROW_END),
        inner_cell=not on.isdisjoint(_INNER_CELL),
        inner_row_end=not on.isdisjoint(_INNER_ROW_END),
        heading=1 <= style <= _LAST_HEADING,
    )


def day(packed: int) -> str:
    """Return the day of a packed date and time; empty where there is none."""
    month, date, year = packed >> 16 & 0xF, packed >> 11 & 0x1F, packed >> 20 & 0x1FF
    return f"{1900 + year}-{month:02}-{date:02}" if month and date else ""
