"""Which characters of a PDF page a reader sees: the page painted with and without.

Text that a cue speaks against is taken off the page for a moment. Where the
page looks the same without it, nobody sees it.
"""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pypdfium2 as pdfium2
import pypdfium2.raw as pdfium

from review.extract.pdf.cues import Cues, cues_of
from review.extract.pdf.items import Box, Handle, Items, Matrix, point

_SCALE: Final = 100 / 72
_MAX_SIDE: Final = 20_000  # pixels; a page may be a mile wide and nothing high
_MAX_PIXELS: Final = 6_000_000
# So much must a colour differ for an eye to see it.
_DIFFERENCE: Final = 24
_SMALLEST: Final = 3.0
_INSET: Final = 0.15
_REACH: Final = 4
_LATIN: Final = 0x300
_PROBED: Final = 3_000
_FINE: Final = 64
_FAR: Final = 20_000.0
_CODES: Final = 0x110000
_UNKNOWN: Final = 0xFFFD
_TINY: Final = "极小的文字（不到 3 磅）"
_OFF_PAGE: Final = "页面以外的文字"
_CROPPED: Final = "裁剪框以外的文字"


class Unseen(NamedTuple):
    """Why a character is not seen, and whether a layer hides it."""

    reason: str
    layer: bool = False


@dataclass(frozen=True, slots=True)
class _Painted:
    """A page in pixels, three or four bytes each."""

    data: bytes
    width: int
    height: int
    stride: int
    depth: int


@dataclass(frozen=True, slots=True)
class _Look:
    """The page with the doubtful text and without it."""

    before: _Painted
    after: _Painted
    to_pixels: Matrix

    def differs(self, box: Box) -> bool:
        """Tell whether both pictures differ within a box, its edges left off."""
        for start, end in self._rows(box):
            one, other = self.before.data[start:end], self.after.data[start:end]
            if one != other and any(
                abs(a - b) >= _DIFFERENCE for a, b in zip(one, other, strict=True)
            ):
                return True
        return False

    def has_ink(self, box: Box) -> bool:
        """Tell whether the page has more than one colour within a box."""
        inside = [self.before.data[start:end] for start, end in self._rows(box)]
        whole = b"".join(inside)
        depth = self.before.depth
        return any(
            max(part) - min(part) >= _DIFFERENCE
            for part in (whole[channel::depth] for channel in range(3))
            if part
        )

    def _rows(self, box: Box) -> Iterator[tuple[int, int]]:
        """Yield from where to where the rows of a box stand in the pixels."""
        x, y = point(self.to_pixels, box.left, box.bottom)
        z, w = point(self.to_pixels, box.right, box.top)
        left, right = _shrunk(min(x, z), max(x, z), self.before.width)
        top, bottom = _shrunk(min(y, w), max(y, w), self.before.height)
        depth = self.before.depth
        for row in range(top, bottom):
            start = row * self.before.stride + left * depth
            yield start, start + (right - left) * depth


@dataclass(slots=True)
class _Judge:
    """One page while its doubtful characters are judged."""

    textpage: Handle
    cues: Cues
    look: _Look | None
    frame: Box
    sheet: Box
    found: dict[int, Unseen] = field(default_factory=dict)
    # Characters that only a font drawn nowhere may explain, by the font's name.
    _weak: list[tuple[int, Unseen, str]] = field(default_factory=list)
    _drawn: set[str] = field(default_factory=set)
    _fonts: dict[int, str] = field(default_factory=dict)

    def run(self) -> dict[int, Unseen]:
        """Judge the letters, and let the marks follow the letters beside them."""
        letters: dict[int, int] = {}
        marks: list[tuple[int, int]] = []
        for index in range(pdfium.FPDFText_CountChars(self.textpage)):
            handle = pdfium.FPDFText_GetTextObject(self.textpage, index)
            address = ctypes.addressof(handle.contents) if handle else 0
            if address not in self.cues.found:
                continue
            code = pdfium.FPDFText_GetUnicode(self.textpage, index)
            if chr(code if code < _CODES else _UNKNOWN).isalnum():
                self._letter(index, address)
                letters[index] = address
            else:
                marks.append((index, address))
        self._probe()
        for index, reason, font in self._weak:
            if font in self._drawn:
                self.found[index] = reason
        for index, address in marks:
            self._mark(index, address, letters)
        return self.found

    def _probe(self) -> None:
        """Find out whether fonts in doubt are drawn where nothing hides them."""
        wanted = {font for _, _, font in self._weak} - self._drawn
        if not wanted or self.look is None:
            return
        for index in range(min(pdfium.FPDFText_CountChars(self.textpage), _PROBED)):
            handle = pdfium.FPDFText_GetTextObject(self.textpage, index)
            code = pdfium.FPDFText_GetUnicode(self.textpage, index)
            if (
                not handle
                or code < _LATIN
                or ctypes.addressof(handle.contents) in self.cues.found
                or (name := _font_of(handle)) not in wanted
            ):
                continue
            box = box_of(self.textpage, index)
            if box is not None and self.look.has_ink(box):
                self._drawn.add(name)
                return

    def _letter(self, index: int, address: int) -> None:
        box = box_of(self.textpage, index)
        if box is None:
            return
        x, y = (box.left + box.right) / 2, (box.bottom + box.top) / 2
        if not self.frame.holds(x, y):
            reason = _CROPPED if self.sheet.holds(x, y) else _OFF_PAGE
            self.found[index] = Unseen(reason)
        elif self._is_tiny(index, box):
            self.found[index] = Unseen(_TINY)
        elif self.look is None:
            return
        elif self.look.differs(box):
            self._drawn.add(self._font(address))
        else:
            self._explain(index, address, x, y)

    def _explain(self, index: int, address: int, x: float, y: float) -> None:
        """Keep a letter that leaves no trace on the page, if anything says why."""
        holding = [cue for cue in self.cues.found[address] if cue.holds(x, y)]
        strong = next((cue for cue in holding if not cue.weak), None)
        cue = strong or next(iter(holding), None)
        if cue is None:
            return
        reason = Unseen(cue.reason, cue.layer)
        font = self._font(address)
        # pdfium brings fonts of its own for Latin letters, and for nothing else.
        code = pdfium.FPDFText_GetUnicode(self.textpage, index)
        if strong is not None or not font or code < _LATIN:
            self.found[index] = reason
        else:
            self._weak.append((index, reason, font))

    def _mark(self, index: int, address: int, letters: dict[int, int]) -> None:
        """Let a mark be unseen with the letters beside it: its own ink is too little."""
        beside = [
            near
            for step in (-1, 1)
            for near in range(index + step, index + step * _REACH, step)
            if near in letters and letters[near] == address
        ]
        if beside:
            near = min(beside, key=lambda one: abs(one - index))
            if near in self.found:
                self.found[index] = self.found[near]
            return
        self._letter(index, address)

    def _is_tiny(self, index: int, box: Box) -> bool:
        """Tell a character that is too low or too narrow to read."""
        if min(box.height, box.width) >= _SMALLEST:
            return False
        matrix = pdfium.FS_MATRIX()
        if not pdfium.FPDFText_GetMatrix(self.textpage, index, matrix):
            return max(box.height, box.width) < _SMALLEST
        size = abs(pdfium.FPDFText_GetFontSize(self.textpage, index))
        across = size * math.hypot(matrix.a, matrix.b)
        up = size * math.hypot(matrix.c, matrix.d)
        return bool(min(across, up) < _SMALLEST)

    def _font(self, address: int) -> str:
        """Return the name of a font that is not in the file; nothing for others."""
        if address not in self._fonts:
            self._fonts[address] = _font_of(self.cues.texts[address].handle)
        return self._fonts[address]


def _font_of(handle: Handle) -> str:
    """Return the name of a text's font that is not in the file; nothing for others."""
    font = pdfium.FPDFTextObj_GetFont(handle)
    if not font or pdfium.FPDFFont_GetIsEmbedded(font) == 1:
        return ""
    buffer = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, 128)
    return buffer.value.decode("latin-1") or "?"


def unseen_of(
    page: pdfium2.PdfPage, textpage: Handle, items: Items, *, layers: bool
) -> dict[int, Unseen]:
    """Return the characters, by index, that nobody sees, each with the reason.

    `layers` tells that the document has layers that are off.

    Raises:
        PdfiumError: The page could not be painted.
    """
    frame = Box(*page.get_bbox())
    cues = cues_of(page.raw, items, frame, layers=layers)
    if not cues.found:
        return {}
    look = _look(page, cues) if cues.pixels else None
    return _Judge(textpage, cues, look, frame, _sheet(page)).run()


def box_of(textpage: Handle, index: int) -> Box | None:
    """Return the loose box of a character: its advance, not its ink."""
    raw = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(textpage, index, raw):
        return None
    return Box(raw.left, min(raw.bottom, raw.top), raw.right, max(raw.bottom, raw.top))


def scale_of(page: pdfium2.PdfPage, wanted: float, pixels: int) -> float:
    """Return the scale to paint a page at: the wanted one, or what its size allows."""
    width, height = map(float, page.get_size())
    return min(
        wanted,
        math.sqrt(pixels / max(width * height, 1.0)),
        _MAX_SIDE / max(width, height, 1.0),
    )


def _look(page: pdfium2.PdfPage, cues: Cues) -> _Look:
    before = _painted(page)
    for item in cues.texts.values():
        pdfium.FPDFPageObj_SetIsActive(item.handle, False)  # noqa: FBT003 - pdfium's own
    try:
        after = _painted(page)
    finally:
        for item in cues.texts.values():
            pdfium.FPDFPageObj_SetIsActive(item.handle, True)  # noqa: FBT003 - pdfium's own
    return _Look(before, after, _to_pixels(page, before.width, before.height))


def _painted(page: pdfium2.PdfPage) -> _Painted:
    bitmap = page.render(scale=scale_of(page, _SCALE, _MAX_PIXELS))
    try:
        data = bytes(bitmap.buffer)
        return _Painted(
            data, bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels
        )
    finally:
        bitmap.close()


def _to_pixels(page: pdfium2.PdfPage, width: int, height: int) -> Matrix:
    """Return the matrix from points to pixels, a turned page being turned too."""
    x, y = ctypes.c_int(), ctypes.c_int()
    found = []
    for across, up in ((0, 0), (1000, 0), (0, 1000)):
        pdfium.FPDF_PageToDevice(
            page, 0, 0, width * _FINE, height * _FINE, 0, across, up, x, y
        )
        found.append((x.value / _FINE, y.value / _FINE))
    (e, f), (a, b), (c, d) = found
    return (
        (a - e) / 1000,
        (b - f) / 1000,
        (c - e) / 1000,
        (d - f) / 1000,
        e,
        f,
    )


def _shrunk(low: float, high: float, end: int) -> tuple[int, int]:
    """Return the pixels between two edges, some left off, and at least two."""
    cut = (high - low) * _INSET
    first, last = math.floor(low + cut + 0.5), math.ceil(high - cut - 0.5)
    if last - first < 2:  # noqa: PLR2004 - one pixel says nothing
        middle = (low + high) / 2
        first, last = math.floor(middle) - 1, math.floor(middle) + 2
    return min(max(first, 0), end), min(max(last, 0), end)


def _sheet(page: pdfium2.PdfPage) -> Box:
    """Return the whole sheet, of which a crop box shows a part."""
    crop = page.get_cropbox(fallback_ok=False)
    left, bottom, right, top = page.get_mediabox()
    if crop is not None and page.get_mediabox(fallback_ok=False) is None:
        return Box(-_FAR, -_FAR, _FAR, _FAR)
    return Box(left, bottom, right, top)
