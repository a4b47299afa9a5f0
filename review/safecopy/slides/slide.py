"""Clean one slide: shapes outside it, hidden shapes, embedded objects, tags."""

from collections.abc import Iterator
from math import hypot
from typing import Final, NamedTuple

from lxml import etree

from review.errors import UnsupportedError
from review.extract.ooxml.ooxml import local
from review.safecopy.characters import visible
from review.safecopy.interface import Tally
from review.safecopy.ooxml.opc import Part
from review.safecopy.trees import drop, unwrap

_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SHAPES: Final = frozenset({"sp", "pic", "graphicFrame", "cxnSp", "grpSp"})
_MEDIA: Final = ("audioFile", "videoFile", "wavAudioFile", "quickTimeFile", "audioCd")
_DROPPED: Final = {"custDataLst": "标记", "controls": "控件"}


class _Frame(NamedTuple):
    """How the inner units of a group become those of the slide."""

    across: float = 1.0
    down: float = 1.0
    left: float = 0.0
    top: float = 0.0


def clean_slide(
    part: Part, size: tuple[float, float], tally: Tally, place: str
) -> None:
    """Take out of a slide, a layout or a master what nobody sees.

    Raises:
        UnsupportedError: It holds sound or film, or an object without a picture.
    """
    root = part.root
    if root is None:
        return
    if any(local(one) in _MEDIA for one in root.iter()):
        raise UnsupportedError(
            "演示文稿里有音频或视频，里面的信息无法清除；请删除后再试。"
        )
    for name, word in _DROPPED.items():
        for element in list(root.iter(f"{_P}{name}")):
            drop(element)
            tally.add(word, place)
    for base in root.iter(f"{_P}cSld"):
        named = base.attrib.pop("name", "") and local(root) == "sld"
        tally.add("幻灯片名称", place, bool(named))
    _objects(root, tally, place)
    _ink(root, tally, place)
    for tree in root.iterfind(f"{_P}cSld/{_P}spTree"):
        for shape, why in list(_unseen(tree, size, _Frame())):
            drop(shape)
            tally.add(why, place)
    _covered_cells(root, tally, place)
    _animations(root)
    _letters(root, tally, place)


def _letters(root: etree._Element, tally: Tally, place: str) -> None:
    for text in root.iter(f"{_A}t"):
        if text.text:
            text.text, gone = visible(text.text)
            tally.add("零宽或控制字符", place, gone)


def empty_run(run: etree._Element) -> None:
    """Take out a run of text."""
    drop(run)


def _objects(root: etree._Element, tally: Tally, place: str) -> None:
    """Put in the place of an embedded object the picture that is seen."""
    for frame in list(root.iter(f"{_P}graphicFrame")):
        objects = list(frame.iter(f"{_P}oleObj"))
        if not objects:
            continue
        pictures = [one for each in objects for one in each.iter(f"{_P}pic")]
        parent = frame.getparent()
        if not pictures or parent is None:
            raise UnsupportedError(
                "演示文稿里有没有图片表示的内嵌对象，不能可靠分开；"
                "请转成图片或删除后再试。"
            )
        picture = pictures[-1]
        picture.tail = None
        parent.replace(frame, picture)
        tally.add("内嵌对象（只留下看得见的图片）", place)


def _ink(root: etree._Element, tally: Tally, place: str) -> None:
    """Put in the place of handwriting, whose strokes have their times, its picture.

    Raises:
        UnsupportedError: It has no picture.
    """
    for ink in list(root.iter("{*}contentPart")):
        choice = next(ink.iterancestors("{*}AlternateContent"), None)
        other = None if choice is None else choice.find("{*}Fallback")
        if choice is None or other is None or not len(other):
            raise UnsupportedError(
                "演示文稿里有手写墨迹，不能可靠清除；请转成图片后再试。"
            )
        unwrap(other)
        for one in list(choice):
            if local(one) == "Choice":
                drop(one)
        unwrap(choice)
        tally.add("墨迹笔画（只留下图片）", place)


def _unseen(
    tree: etree._Element, size: tuple[float, float], frame: _Frame
) -> Iterator[tuple[etree._Element, str]]:
    """Yield the shapes that are hidden or stand wholly outside the slide."""
    for shape in tree:
        if local(shape) == "AlternateContent":
            for branch in shape:
                yield from _unseen(branch, size, frame)
            continue
        if local(shape) not in _SHAPES:
            continue
        named = next(shape.iter(f"{_P}cNvPr"), None)
        if named is not None and named.get("hidden") in {"1", "true", "on"}:
            yield shape, "隐藏的形状"
        elif _is_off(shape, size, frame):
            yield shape, "页面之外的形状"
        elif local(shape) == "grpSp":
            yield from _unseen(shape, size, _inner(shape, frame))


def _place_of(shape: etree._Element) -> etree._Element | None:
    for path in (f"{_P}spPr/{_A}xfrm", f"{_P}grpSpPr/{_A}xfrm", f"{_P}xfrm"):
        if (found := shape.find(path)) is not None:
            return found
    return None


def _is_off(shape: etree._Element, size: tuple[float, float], frame: _Frame) -> bool:
    place = _place_of(shape)
    off = _pair(place, "off", "x", "y")
    extent = _pair(place, "ext", "cx", "cy")
    if off is None or extent is None or not all(size):
        return False
    left, top = frame.left + off[0] * frame.across, frame.top + off[1] * frame.down
    wide, high = abs(extent[0] * frame.across), abs(extent[1] * frame.down)
    if place is not None and place.get("rot") not in {None, "", "0"}:
        reach = hypot(wide, high) / 2
        left, top = left + wide / 2 - reach, top + high / 2 - reach
        wide = high = 2 * reach
    inside = left < size[0] and top < size[1] and left + wide > 0 and top + high > 0
    return not inside and bool(wide or high)


def _inner(group: etree._Element, frame: _Frame) -> _Frame:
    place = _place_of(group)
    off, extent = _pair(place, "off", "x", "y"), _pair(place, "ext", "cx", "cy")
    start, own = _pair(place, "chOff", "x", "y"), _pair(place, "chExt", "cx", "cy")
    if not (off and extent and start and own and own[0] and own[1]):
        return frame
    across = frame.across * extent[0] / own[0]
    down = frame.down * extent[1] / own[1]
    return _Frame(
        across,
        down,
        frame.left + off[0] * frame.across - start[0] * across,
        frame.top + off[1] * frame.down - start[1] * down,
    )


def _pair(
    place: etree._Element | None, name: str, first: str, second: str
) -> tuple[float, float] | None:
    entry = None if place is None else place.find(f"{_A}{name}")
    if entry is None:
        return None
    try:
        return float(int(entry.get(first) or "")), float(int(entry.get(second) or ""))
    except (ValueError, OverflowError):
        return None


def _covered_cells(root: etree._Element, tally: Tally, place: str) -> None:
    """Empty the cells that a merged cell covers."""
    for cell in root.iter(f"{_A}tc"):
        if not {cell.get("hMerge"), cell.get("vMerge")} & {"1", "true", "on"}:
            continue
        runs = list(cell.iter(f"{_A}r", f"{_A}fld"))
        for run in runs:
            drop(run)
        tally.add("合并单元格盖住的文字", place, bool(runs))


def _animations(root: etree._Element) -> None:
    """Drop the animations where one of them moves a shape that is gone."""
    ids = {one.get("id") for one in root.iter(f"{_P}cNvPr")}
    for timing in list(root.iter(f"{_P}timing")):
        targets = {one.get("spid") for one in timing.iter(f"{_P}spTgt")}
        if not targets <= ids:
            drop(timing)
