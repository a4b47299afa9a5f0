"""One PDF page through pdfium: its lines, its rulings, its pictures."""

import ctypes
import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import pypdfium2.raw as pdfium

from review.extract.encodings import common_characters, common_share
from review.extract.pdf_lines import Line

_MAX_OBJECTS: Final = 4000
# A page of more paths is a drawing or a grid: pdfplumber takes minutes for it.
_MAX_PATHS: Final = 400
_SAMPLES: Final = 12
_EMPTY_SAMPLES: Final = 4
_THIN: Final = 2.5
_GARBLED: Final = 0.2
_ENOUGH_HAN: Final = 20
_BIG_PICTURE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Objects:
    """What stands on a page beside its characters."""

    texts: int = 0
    pictures: int = 0
    ruled: bool = False
    total: int = 0
    mute: bool = False


@dataclass(slots=True)
class _Tally:
    """Counts while the objects of a page are gone through."""

    page_area: float
    texts: list[object]
    pictures: int = 0
    horizontals: int = 0
    verticals: int = 0
    boxes: int = 0
    paths: int = 0
    total: int = 0

    def add(self, item: object, depth: int = 0) -> None:
        """Count one object; a form's own objects are counted too."""
        self.total += 1
        if self.total > _MAX_OBJECTS:
            return
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self.texts.append(item)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self.paths += 1
            self._path(item)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            width, height = _extent(item)
            self.pictures += width * height > self.page_area * _BIG_PICTURE
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 3:  # noqa: PLR2004 - forms nest little
            for index in range(min(pdfium.FPDFFormObj_CountObjects(item), 500)):
                self.add(pdfium.FPDFFormObj_GetObject(item, index), depth + 1)

    def _path(self, item: object) -> None:
        width, height = _extent(item)
        if height < _THIN:
            self.horizontals += width > 20  # noqa: PLR2004 - a ruling, not an underline
        elif width < _THIN:
            self.verticals += height > 8  # noqa: PLR2004 - a line's height
        else:
            self.boxes += width > 20 and height > 8  # noqa: PLR2004 - a cell


def text_of(textpage: object) -> tuple[str, bool]:
    """Return the page's text, and whether character indexes fit it."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return "", True
    buffer = (ctypes.c_ushort * (count * 2 + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer)
    text = bytes(memoryview(buffer)[: max(written - 1, 0)]).decode(
        "utf-16-le", "replace"
    )
    return text, len(text) == count


def lines_of(textpage: object) -> tuple[Line, ...]:
    """Return the lines of a page, with boxes where they can be had."""
    text, fits = text_of(textpage)
    lines = []
    start = 0
    for raw in text.split("\n"):
        following = start + len(raw) + 1
        stripped = raw.strip()
        if stripped:
            at = start + raw.index(stripped[0])
            end = at + len(stripped) - 1
            lines.append(
                _placed(textpage, stripped, at, end) if fits else Line(stripped)
            )
        start = following
    return tuple(lines)


def objects_of(page: object, textpage: object, area: float) -> Objects:
    """Count what stands on a page beside its characters."""
    tally = _Tally(area or 1.0, [])
    count = pdfium.FPDFPage_CountObjects(page)
    for index in range(min(count, _MAX_OBJECTS)):
        tally.add(pdfium.FPDFPage_GetObject(page, index))
    crossed = tally.horizontals > 1 and tally.verticals > 1
    return Objects(
        texts=len(tally.texts),
        pictures=tally.pictures,
        ruled=(crossed or tally.boxes > 1) and tally.paths <= _MAX_PATHS,
        total=count,
        mute=_is_mute(textpage, tally.texts),
    )


def is_garbled(text: str) -> bool:
    """Tell a text layer that says nothing: the fonts' maps are missing or wrong."""
    counts = Counter(text)
    common = common_characters()
    letters = broken = han = rare = 0
    for character, count in counts.items():
        if character.isspace():
            continue
        letters += count
        if _is_broken(character):
            broken += count
        elif "\u3400" <= character <= "\u9fff":
            han += count
            rare += 0 if character in common else count
    if broken > letters * _GARBLED:
        return True
    return han >= _ENOUGH_HAN and rare > han * _GARBLED


def mended(text: str) -> str | None:
    """Return text whose GBK bytes were shown as Latin letters, put right."""
    high = len(re.findall("[\u00a1-\u00ff]", text))
    letters = len("".join(text.split()))
    if high < 4 or high < letters * 0.5:  # noqa: PLR2004 - two characters at least
        return None
    try:
        squeezed = "".join(text.split(" "))
        better = squeezed.encode("latin-1").decode("gb18030")
    except UnicodeError:
        return None
    return better if common_share(better) > 0.8 else None  # noqa: PLR2004 - nearly all everyday characters


def _placed(textpage: object, text: str, at: int, end: int) -> Line:
    first, last = pdfium.FS_RECTF(), pdfium.FS_RECTF()
    good = pdfium.FPDFText_GetLooseCharBox(textpage, at, first)
    good = pdfium.FPDFText_GetLooseCharBox(textpage, end, last) and good
    size = first.top - first.bottom
    if not good or size <= 0 or last.right < first.left:
        return Line(text)
    return Line(text, first.left, last.right, first.bottom, size)


def _extent(item: object) -> tuple[float, float]:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return 0.0, 0.0
    return right.value - left.value, top.value - bottom.value


def _is_mute(textpage: object, texts: list[object]) -> bool:
    """Tell whether text objects give no characters: an unknown encoding."""
    if len(texts) < _EMPTY_SAMPLES:
        return False
    if len(texts) > pdfium.FPDFText_CountChars(textpage) * 1.5:
        return True
    step = max(len(texts) // _SAMPLES, 1)
    empty = 0
    for item in texts[::step][:_SAMPLES]:
        width, _ = _extent(item)
        length = pdfium.FPDFTextObj_GetText(item, textpage, None, 0)
        empty += width > 1 and length <= 2  # noqa: PLR2004 - only the final NUL
    return empty >= _EMPTY_SAMPLES


def _is_broken(character: str) -> bool:
    return (
        "\ue000" <= character <= "\uf8ff"
        or character == "\ufffd"
        or character < " "
        or "\x7f" <= character < "\xa0"
    )
