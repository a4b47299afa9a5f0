"""Clean one slide: shapes outside it, hidden shapes, embedded objects, tags."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from review.errors import UnsupportedError
from review.extract.ooxml.drawingml import A
from review.extract.ooxml.ooxml import is_true, local
from review.extract.slides.shapes import Box, Frame, P, box_of, inner_frame
from review.safecopy.characters import visible
from review.safecopy.interface import Tally
from review.safecopy.ooxml.opc import Part
from review.safecopy.trees import drop, unwrap

_SHAPES: Final = frozenset({"sp", "pic", "graphicFrame", "cxnSp", "grpSp"})
_MEDIA: Final = ("audioFile", "videoFile", "wavAudioFile", "quickTimeFile", "audioCd")
_DROPPED: Final = {"custDataLst": "标记", "controls": "控件"}


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
        for element in list(root.iter(f"{P}{name}")):
            drop(element)
            tally.add(word, place)
    for base in root.iter(f"{P}cSld"):
        named = base.attrib.pop("name", "") and local(root) == "sld"
        tally.add("幻灯片名称", place, bool(named))
    _objects(root, tally, place)
    _ink(root, tally, place)
    slide = Box(0.0, 0.0, *size) if all(size) else None
    for tree in root.iterfind(f"{P}cSld/{P}spTree"):
        for shape, why in list(_unseen(tree, slide, Frame())):
            drop(shape)
            tally.add(why, place)
    _covered_cells(root, tally, place)
    _animations(root)
    _letters(root, tally, place)


def _letters(root: etree._Element, tally: Tally, place: str) -> None:
    for text in root.iter(f"{A}t"):
        if text.text:
            text.text, gone = visible(text.text)
            tally.add("零宽或控制字符", place, gone)


def empty_run(run: etree._Element) -> None:
    """Take out a run of text."""
    drop(run)


def _objects(root: etree._Element, tally: Tally, place: str) -> None:
    """Put in the place of an embedded object the picture that is seen."""
    for frame in list(root.iter(f"{P}graphicFrame")):
        objects = list(frame.iter(f"{P}oleObj"))
        if not objects:
            continue
        pictures = [one for each in objects for one in each.iter(f"{P}pic")]
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
    tree: etree._Element, slide: Box | None, frame: Frame
) -> Iterator[tuple[etree._Element, str]]:
    """Yield the shapes that are hidden or stand wholly outside the slide."""
    for shape in tree:
        if local(shape) == "AlternateContent":
            for branch in shape:
                yield from _unseen(branch, slide, frame)
            continue
        if local(shape) not in _SHAPES:
            continue
        named = next(shape.iter(f"{P}cNvPr"), None)
        if named is not None and is_true(named.get("hidden")):
            yield shape, "隐藏的形状"
        elif _is_off(shape, slide, frame):
            yield shape, "页面之外的形状"
        elif local(shape) == "grpSp":
            yield from _unseen(shape, slide, inner_frame(shape, frame))


def _is_off(shape: etree._Element, slide: Box | None, frame: Frame) -> bool:
    """Tell a shape that stands wholly outside the slide; one without any room is none."""
    box = box_of(shape, frame)
    if slide is None or box is None or box[:2] == box[2:]:
        return False
    return not slide.meets(box)


def _covered_cells(root: etree._Element, tally: Tally, place: str) -> None:
    """Empty the cells that a merged cell covers."""
    for cell in root.iter(f"{A}tc"):
        if not (is_true(cell.get("hMerge")) or is_true(cell.get("vMerge"))):
            continue
        runs = list(cell.iter(f"{A}r", f"{A}fld"))
        for run in runs:
            drop(run)
        tally.add("合并单元格盖住的文字", place, bool(runs))


def _animations(root: etree._Element) -> None:
    """Drop the animations where one of them moves a shape that is gone."""
    ids = {one.get("id") for one in root.iter(f"{P}cNvPr")}
    for timing in list(root.iter(f"{P}timing")):
        targets = {one.get("spid") for one in timing.iter(f"{P}spTgt")}
        if not targets <= ids:
            drop(timing)
