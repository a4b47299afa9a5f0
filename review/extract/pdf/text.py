"""The text of a PDF page as pdfium reads it, and the lines that it makes."""

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pypdfium2.raw as pdfium

from review.extract.pdf.items import Handle
from review.extract.pdf.lines import Line

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text, and for each of its places the number of pdfium's character."""

    text: str
    at: Sequence[int]


def text_of(textpage: Handle) -> PageText:
    """Return the page's text."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return PageText("", ())
    buffer = (ctypes.c_ushort * (count * 2 + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(memoryview(buffer)[: max(written - 1, 0)]).decode(
        "utf-16-le", "replace"
    )
    if len(text) == count:
        return PageText(text, range(count))
    # pdfium counts the halves of a rare character, Python does not.
    offsets, units = [], 0
    for character in text:
        offsets.append(units)
        units += 1 if character < "\U00010000" else 2
    if units == count:
        return PageText(text, offsets)
    found = pdfium.FPDFText_GetCharIndexFromTextIndex
    return PageText(text, [found(textpage, offset) for offset in offsets])


def lines_of(
    textpage: Handle, text: PageText, keys: Mapping[int, _Key]
) -> tuple[tuple[Line, ...], dict[_Key, list[Line]]]:
    """Return the page's lines, and those of the places that have a key.

    A line is parted where some of its places have another key; what is left of it
    stays one line.
    """
    rest: list[Line] = []
    keyed: dict[_Key, list[Line]] = {}
    start = 0
    for raw in text.text.split("\n"):
        end = start + len(raw)
        if not keys or keys.keys().isdisjoint(range(start, end)):
            rest.extend(_line(textpage, text, [(start, end)]))
        else:
            left: list[tuple[int, int]] = []
            for begin, stop, key in _pieces(text.text, start, end, keys):
                if key is None:
                    left.append((begin, stop))
                else:
                    line = _line(textpage, text, [(begin, stop)])
                    keyed.setdefault(key, []).extend(line)
            rest.extend(_line(textpage, text, left))
        start = end + 1
    return tuple(rest), keyed


def _pieces(
    text: str, start: int, end: int, keys: Mapping[int, _Key]
) -> Iterator[tuple[int, int, _Key | None]]:
    """Part a line by the keys of its places; a space goes with what stands before it."""
    begin, key = start, None
    first = True
    for place in range(start, end):
        if text[place].isspace():
            continue
        own = keys.get(place)
        if not first and own != key:
            yield begin, place, key
            begin = place
        key, first = own, False
    yield begin, end, key


def _line(
    textpage: Handle, text: PageText, parts: Sequence[tuple[int, int]]
) -> Iterator[Line]:
    """Yield the line of some parts, if they say anything."""
    found = [(begin, text.text[begin:end]) for begin, end in parts]
    found = [(begin, raw) for begin, raw in found if raw.strip()]
    if not found:
        return
    words = " ".join(raw.strip() for _, raw in found)
    begin, raw = found[0]
    at = begin + len(raw) - len(raw.lstrip())
    begin, raw = found[-1]
    end = begin + len(raw.rstrip()) - 1
    yield _placed(textpage, words, at, (text.at[at], text.at[end]))


def _placed(textpage: Handle, words: str, start: int, at: tuple[int, int]) -> Line:
    first, last = pdfium.FS_RECTF(), pdfium.FS_RECTF()
    good = at[0] >= 0 and pdfium.FPDFText_GetLooseCharBox(textpage, at[0], first)
    good = good and pdfium.FPDFText_GetLooseCharBox(textpage, at[1], last)
    size = first.top - first.bottom
    if not good or size <= 0 or last.right < first.left:
        return Line(words, start=start)
    return Line(words, first.left, last.right, first.bottom, size, start)
