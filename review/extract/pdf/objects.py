"""The objects of a PDF through pikepdf: every one, not only those a reader comes to.

Going through all objects, instead of following references, knows no cycles and
finds what nothing refers to any more.
"""

import io
import logging
import re
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final, TypeAlias

import pikepdf

from review.extract.plain.encodings import common_share

# What pikepdf raises for a damaged file; it has more classes than one tree.
BAD: Final = (
    pikepdf.PdfError,
    pikepdf.PikepdfError,
    pikepdf.DataDecodingError,
    pikepdf.ForeignObjectError,
    AttributeError,
    KeyError,
    IndexError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)

Object: TypeAlias = Any
Number: TypeAlias = tuple[int, int]

_MAX_OBJECTS: Final = 400_000
_MAX_DEPTH: Final = 24
_MAX_OTHER: Final = 1024 * 1024
_WORTH: Final = rb"\(|<[0-9a-fA-F]|/JS|/EF|/Metadata|/Type /Page |/XFA|/Opt|/OCGs"
_FLATE: Final = frozenset(["/FlateDecode", "/Fl"])
_TIMES: Final = 1032  # larger nothing becomes that was deflated once


def opened(data: bytes) -> pikepdf.Pdf | None:
    """Open a file, or return `None` where pikepdf cannot."""
    # Its warnings quote the file's own bytes; what fails is a gap.
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    try:
        return pikepdf.open(io.BytesIO(data), suppress_warnings=True)
    except BAD:
        return None


class Objects:
    """The objects of an open file that can hold words."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        """Keep the file; nothing is read yet."""
        self.pdf = pdf
        self.cut = False
        self.broken = False

    def dictionaries(self) -> Iterator[tuple[Number, Object]]:
        """Yield each dictionary, also those inside others, with its object's number.

        A stream comes as itself, and not as the dictionary before it.
        """
        yield from self._inside((0, 0), self.pdf.trailer, 0)
        try:
            everything = self.pdf.objects
            total = len(everything)
        except BAD:
            self.broken = True
            return
        self.cut = self.cut or total > _MAX_OBJECTS
        for index in range(min(total, _MAX_OBJECTS)):
            try:
                one = everything[index]
                number = one.objgen if _is_worth(one) else None
            except BAD:
                self.broken = True
                continue
            if number is None:
                continue
            if isinstance(one, pikepdf.Stream):
                yield number, one
                yield from self._children(number, one.stream_dict, 0)
            else:
                yield from self._inside(number, one, 0)

    def _inside(
        self, number: Number, one: Object, depth: int
    ) -> Iterator[tuple[Number, Object]]:
        if depth > _MAX_DEPTH:
            self.cut = True
            return
        if isinstance(one, pikepdf.Dictionary):
            yield number, one
        yield from self._children(number, one, depth)

    def _children(
        self, number: Number, one: Object, depth: int
    ) -> Iterator[tuple[Number, Object]]:
        try:
            values: list[Any] = []
            if isinstance(one, pikepdf.Array):
                values = list(one)
            elif isinstance(one, pikepdf.Dictionary):
                values = [value for _, value in one.items()]
            inner = [
                value
                for value in values
                if isinstance(value, (pikepdf.Array, pikepdf.Dictionary))
                and not value.is_indirect
            ]
        except BAD:
            self.broken = True
            return
        for value in inner:
            yield from self._inside(number, value, depth + 1)

    def page(self, index: int) -> Object:
        """Return a page by its place.

        Raises:
            IndexError: There is none.
        """
        return self._pages[index]

    def draws_more(self, index: int, most: int) -> bool:
        """Tell whether a page's content unpacks to more than so many bytes."""
        try:
            held = self._pages[index].get("/Contents")
            streams = list(held) if isinstance(held, pikepdf.Array) else [held]
            known: dict[Number, int] = {}
            total = 0
            for one in streams:
                if not isinstance(one, pikepdf.Stream):
                    continue
                if one.objgen not in known:
                    known[one.objgen] = _size_of(one, most)
                total += known[one.objgen]
        except (*BAD, zlib.error):
            return False
        return total > most

    @cached_property
    def _pages(self) -> tuple[Object, ...]:
        """Return the pages; each by its number would be sought anew from the first."""
        return tuple(page.obj for page in self.pdf.pages)

    def pages(self) -> dict[Number, int]:
        """Return the page number of each page and of each of its annotations."""
        found: dict[Number, int] = {}
        try:
            for number, page in enumerate(self._pages, 1):
                found[page.objgen] = number
                notes = page.get("/Annots")
                if isinstance(notes, pikepdf.Array):
                    for note in notes:
                        if isinstance(note, pikepdf.Dictionary):
                            found.setdefault(note.objgen, number)
                            file = note.get("/FS")
                            if isinstance(file, pikepdf.Object):
                                found.setdefault(file.objgen, number)
        except BAD:
            self.broken = True
        found.pop((0, 0), None)
        return found


def part_of(one: Object, key: str) -> Object:
    """Return the dictionary under a key, an empty one where there is none."""
    found = one.get(key)
    return found if isinstance(found, pikepdf.Dictionary) else pikepdf.Dictionary()


def text_of(value: Object) -> str:
    """Return a string object as text, GBK bytes too; nothing for other objects."""
    if not isinstance(value, pikepdf.String):
        return ""
    raw = bytes(value)
    if raw.startswith(b"\xef\xbb\xbf"):
        return _clean(raw[3:].decode("utf-8", "replace"))
    if raw.startswith(b"\xff\xfe"):
        return _clean(raw[2:].decode("utf-16-le", "replace"))
    if not raw.startswith(b"\xfe\xff") and not raw.isascii():
        # Chinese programs write their own encoding where the format has none.
        for encoding in ("utf-8", "gb18030"):
            try:
                text = raw.decode(encoding)
            except UnicodeDecodeError:
                continue
            if common_share(text) > 0.8:  # noqa: PLR2004 - nearly all everyday characters
                return _clean(text)
    return _clean(str(value))


def contents(stream: Object, most: int) -> bytes | None:
    """Return the decoded bytes of a stream; nothing when damaged or above `most`.

    qpdf unpacks without a bound, so the common filter is undone here.
    """
    try:
        filters = _filters(stream)
        raw = stream.read_raw_bytes()
        plain = "/DecodeParms" not in stream.stream_dict
        room = _MAX_OTHER
        while filters and filters[0] in _FLATE and (plain or len(filters) == 1):
            engine = zlib.decompressobj()
            raw = engine.decompress(raw, max(most, 1))
            if engine.unconsumed_tail:
                return None
            filters = filters[1:]
            room = _MAX_OTHER if filters else most
        if not filters and plain:
            return raw if len(raw) <= most else None
        # What is left are a predictor, which adds nothing, or rarer filters.
        return stream.read_bytes() if len(raw) <= room else None
    except (*BAD, zlib.error):
        return None


def _is_worth(one: Object) -> bool:
    """Tell whether an object can hold words, from its source alone."""
    if not isinstance(one, pikepdf.Object):
        return False
    holder = one.stream_dict if isinstance(one, pikepdf.Stream) else one
    return re.search(_WORTH, holder.unparse(resolved=True)) is not None


def _size_of(stream: Object, most: int) -> int:
    """Return how large a stream may become: exactly, where that could be above `most`."""
    raw = stream.read_raw_bytes()
    filters = _filters(stream)
    for one in filters:
        if one not in _FLATE or len(raw) * _TIMES ** len(filters) <= most:
            break
        raw = zlib.decompressobj().decompress(raw, most + 1)
        filters = filters[1:]
    return len(raw)


def _filters(stream: Object) -> list[str]:
    found = stream.stream_dict.get("/Filter")
    if found is None:
        return []
    return (
        [str(one) for one in found]
        if isinstance(found, pikepdf.Array)
        else [str(found)]
    )


def _clean(text: str) -> str:
    text = re.sub("\x1b..\x1b|[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
