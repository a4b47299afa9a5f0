"""Why text on a PDF page may be out of sight: what must be looked at in pixels.

A cue proves nothing. White text stands on dark ground, a picture may lie under
the words it overlaps; only a page painted with and without them tells.
"""

import ctypes
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

import pypdfium2.raw as pdfium

from review.extract.pdf.items import Box, Handle, Item, Items, matrix_of, times

Colour: TypeAlias = tuple[int, int, int, int]

_INVISIBLE: Final = frozenset([3, 7])  # text render modes: nothing, clip only
_FAINT_ALPHA: Final = 40
_NEAR_WHITE: Final = 190
_OPAQUE: Final = 128
_ALIKE: Final = 48
_SMALL: Final = 3.0
_RULING: Final = 2.0
_THICK: Final = 3.0
_BAND: Final = 24.0
_MAX_MEETINGS: Final = 100_000
_MAX_GROUNDS: Final = 500
_BLACK: Final = (0, 0, 0, 255)
_MAX_CLIPS: Final = 1_000
_MAX_ANNOTATIONS: Final = 500
_SLACK: Final = 1.5
_FEW_CLIPS: Final = 8
# What lies over the page and may be opaque; a highlight in black is.
_COVERING: Final = frozenset(
    [
        pdfium.FPDF_ANNOT_FREETEXT,
        pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_POLYGON,
        pdfium.FPDF_ANNOT_POLYLINE,
        pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_INK,
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_WATERMARK,
        pdfium.FPDF_ANNOT_WIDGET,
        pdfium.FPDF_ANNOT_REDACT,
        pdfium.FPDF_ANNOT_SCREEN,
        pdfium.FPDF_ANNOT_RICHMEDIA,
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_STRIKEOUT,
    ]
)


class Cue(NamedTuple):
    """A reason in Chinese and where it holds: in a box, outside it, or everywhere.

    A weak one holds only where the font can be drawn at all: words of a font that
    is not in the file and not on this machine are painted by nobody.
    """

    reason: str
    box: Box | None = None
    outside: bool = False
    weak: bool = False
    layer: bool = False

    def holds(self, x: float, y: float) -> bool:
        """Tell whether the reason is good for a character in this place."""
        return self.box is None or self.box.holds(x, y) is not self.outside


_CUT: Final = Cue("被裁切掉的文字", weak=True)
# The place itself and the size are measured for each character, without a cue.
_MEASURED: Final = Cue("", Box(0.0, 0.0, 0.0, 0.0), weak=True)


@dataclass(slots=True)
class Cues:
    """The cues of each text of a page, by its address; `pixels`: it must be painted.

    `colours` are those of the texts in painting order.
    """

    found: dict[int, list[Cue]] = field(default_factory=lambda: defaultdict(list))
    texts: dict[int, Item] = field(default_factory=dict)
    colours: list[Colour | None] = field(default_factory=list)
    pixels: bool = False

    def add(self, item: Item, cue: Cue) -> None:
        """Keep one cue."""
        address = item.address
        self.texts[address] = item
        self.found[address].append(cue)
        self.pixels = self.pixels or cue is not _MEASURED


def cues_of(page: Handle, items: Items, frame: Box, *, layers: bool) -> Cues:
    """Return what speaks against text being seen; `layers`: some may be off."""
    cues = Cues()
    _of_texts(items, frame, cues, layers=layers)
    _of_overlaps(items, cues)
    _of_annotations(page, items, cues)
    return cues


def _of_texts(items: Items, frame: Box, cues: Cues, *, layers: bool) -> None:
    clips = 0
    for item in items.of(pdfium.FPDF_PAGEOBJ_TEXT):
        if pdfium.FPDFTextObj_GetTextRenderMode(item.handle) in _INVISIBLE:
            cues.add(item, Cue("不显示的文字（渲染模式为不可见）"))
        if layers:
            _of_layer(item, cues)
        _of_colour(item, cues)
        if _is_small(item) or not item.box.within(frame, 0):
            cues.add(item, _MEASURED)
        clip = pdfium.FPDFPageObj_GetClipPath(item.handle)
        paths = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
        if paths > 0:
            clips += 1
            cue = _cut(item, clip, paths) if clips <= _MAX_CLIPS else _CUT
            if cue is not None:
                cues.add(item, cue)


def _is_small(item: Item) -> bool:
    """Tell whether a text may be too small to read: a full stop alone is not."""
    if min(item.box.height, item.box.width) >= _SMALL:
        return False
    size = ctypes.c_float()
    if not pdfium.FPDFTextObj_GetFontSize(item.handle, size):
        return True
    matrix = times(matrix_of(item.handle), item.matrix)
    across = abs(size.value) * math.hypot(matrix[0], matrix[1])
    up = abs(size.value) * math.hypot(matrix[2], matrix[3])
    return min(across, up) < _SMALL


def _of_colour(item: Item, cues: Cues) -> None:
    """Note a text that is transparent or nearly white."""
    colour = fill_of(item.handle)
    cues.colours.append(colour)
    if colour is None:
        return
    if colour[3] < _FAINT_ALPHA:
        cues.add(item, Cue("完全透明的文字"))
    if min(colour[:3]) >= _NEAR_WHITE:
        cues.add(item, Cue("白色或近白色的文字"))


def _of_layer(item: Item, cues: Cues) -> None:
    """Note a text that belongs to a layer, which may be off."""
    if item.depth:
        cues.add(item, Cue("关闭的图层里的文字", weak=True, layer=True))
    for index in range(min(pdfium.FPDFPageObj_CountMarks(item.handle), 20)):
        mark = pdfium.FPDFPageObj_GetMark(item.handle, index)
        if _mark_name(mark) == "OC":
            name = _mark_text(mark, b"Name")
            shown = f"“{name}”" if name else ""
            cues.add(item, Cue(f"关闭的图层{shown}里的文字", layer=True))


def _mark_name(mark: Handle) -> str:
    buffer = (ctypes.c_ushort * 64)()
    length = ctypes.c_ulong()
    if not pdfium.FPDFPageObjMark_GetName(mark, buffer, 128, length):
        return ""
    return _text(buffer, length.value)


def _mark_text(mark: Handle, key: bytes) -> str:
    buffer = (ctypes.c_ushort * 128)()
    length = ctypes.c_ulong()
    good = pdfium.FPDFPageObjMark_GetParamStringValue(mark, key, buffer, 256, length)
    return _text(buffer, length.value) if good else ""


def _text(buffer: object, length: int) -> str:
    raw = bytes(memoryview(buffer))[:length]  # type: ignore[arg-type]  # a ctypes array
    return raw.decode("utf-16-le", "replace").strip("\x00")


def fill_of(handle: Handle) -> Colour | None:
    """Return red, green, blue and alpha of a filling, or nothing for a pattern."""
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(handle, *parts):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _cut(item: Item, clip: Handle, paths: int) -> Cue | None:
    """Return a cue where a text reaches out of what clips it."""
    if item.depth or paths > _FEW_CLIPS:
        return _CUT
    for number in range(paths):
        box = _rectangle(clip, number)
        if box is None:
            return _CUT
        if not item.box.within(box, _SLACK):
            return Cue(_CUT.reason, box, outside=True)
    return None


def _rectangle(clip: Handle, number: int) -> Box | None:
    """Return the box of a clipping path, or nothing when it has another shape."""
    count = pdfium.FPDFClipPath_CountPathSegments(clip, number)
    if not 0 < count <= 6:  # noqa: PLR2004 - a closed rectangle
        return None
    across, up = set(), set()
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = pdfium.FPDFClipPath_GetPathSegment(clip, number, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            return None
        across.add(round(x.value, 2))
        up.add(round(y.value, 2))
    if len(across) > 2 or len(up) > 2:  # noqa: PLR2004 - not upright
        return None
    return Box(min(across), min(up), max(across), max(up))


def _of_overlaps(items: Items, cues: Cues) -> None:
    """Note texts that something is painted over, or that stand on their own colour."""
    bands: dict[int, list[Item]] = defaultdict(list)
    grounds: dict[Colour | None, list[Box]] = {}
    colours = iter(cues.colours)
    meetings = 0
    for item in items.all:
        if item.kind == pdfium.FPDF_PAGEOBJ_TEXT:
            for band in _bands(item.box):
                bands[band].append(item)
            _on_ground(item, next(colours), grounds, cues)
            continue
        reason = _covers(item)
        if reason is None:
            continue
        colour = fill_of(item.handle) if item.kind == pdfium.FPDF_PAGEOBJ_PATH else None
        grounds.setdefault(colour, []).append(item.box)
        if meetings > _MAX_MEETINGS:
            # Too much to compare: whatever stands before it is looked at.
            cues_all = (text for band in bands.values() for text in band)
            _cover(cues_all, item.box, reason, cues)
            bands.clear()
            continue
        for band in _bands(item.box):
            meetings += len(bands.get(band, ()))
            _cover(bands.get(band, ()), item.box, reason, cues)


def _bands(box: Box) -> range:
    """Return the strips of the page that a box touches."""
    low = int(max(min(box.bottom, 20_000), -20_000) // _BAND)
    high = int(max(min(box.top, 20_000), -20_000) // _BAND)
    return range(low, high + 1)


def _cover(texts: Iterable[Item], box: Box, reason: str, cues: Cues) -> None:
    for text in texts:
        if text.box.meets(box):
            cues.add(text, Cue(reason, box))


def _covers(item: Item) -> str | None:
    """Return why a thing hides what it is painted on, or nothing."""
    small = item.box.area < _SMALL * _SMALL
    if small or min(item.box.width, item.box.height) < _RULING:
        return None
    if item.kind == pdfium.FPDF_PAGEOBJ_PATH:
        return _covers_as_path(item.handle)
    picture = item.kind == pdfium.FPDF_PAGEOBJ_IMAGE
    return "被图片遮住的文字" if picture else "被图形遮住的文字"


def _covers_as_path(handle: Handle) -> str | None:
    mode, stroke, width = ctypes.c_int(), ctypes.c_int(), ctypes.c_float()
    pdfium.FPDFPath_GetDrawMode(handle, mode, stroke)
    if mode.value:
        colour = fill_of(handle)
        if colour is None or colour[3] >= _OPAQUE:
            return "被色块遮住的文字"
    pdfium.FPDFPageObj_GetStrokeWidth(handle, width)
    return "被线条遮住的文字" if stroke.value and width.value >= _THICK else None


def _on_ground(
    text: Item,
    own: Colour | None,
    grounds: dict[Colour | None, list[Box]],
    cues: Cues,
) -> None:
    """Note a text that stands on a picture, or on a filling like its own colour."""
    own = own or _BLACK
    for colour, boxes in grounds.items():
        if colour is not None and any(
            abs(a - b) > _ALIKE for a, b in zip(own[:3], colour[:3], strict=True)
        ):
            continue
        for box in boxes[-_MAX_GROUNDS:]:
            if text.box.meets(box):
                cues.add(text, Cue("与背景同色的文字", box, weak=True))
                return


def _of_annotations(page: Handle, items: Items, cues: Cues) -> None:
    """Note texts that an annotation lies over: the commonest false blacking out."""
    count = min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_ANNOTATIONS)
    boxes = []
    for index in range(count):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        raw = pdfium.FS_RECTF()
        if (
            pdfium.FPDFAnnot_GetSubtype(annotation) in _COVERING
            and not pdfium.FPDFAnnot_GetFlags(annotation)
            & pdfium.FPDF_ANNOT_FLAG_HIDDEN
            and pdfium.FPDFAnnot_GetRect(annotation, raw)
        ):
            box = Box(
                min(raw.left, raw.right),
                min(raw.bottom, raw.top),
                max(raw.left, raw.right),
                max(raw.bottom, raw.top),
            )
            boxes.append(box)
        pdfium.FPDFPage_CloseAnnot(annotation)
    if not boxes:
        return
    for item in items.of(pdfium.FPDF_PAGEOBJ_TEXT):
        for box in boxes:
            if item.box.meets(box):
                cues.add(item, Cue("被批注或表单遮住的文字", box))
