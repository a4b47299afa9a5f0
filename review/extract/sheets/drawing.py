"""What is drawn on a sheet: text boxes, shapes, their alternative texts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local, note
from review.extract.sheets.cells import column_name
from review.extract.sheets.formats import whole
from review.spans import Location

_ANCHORS: Final = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"})
_SHAPES: Final = frozenset({"sp", "cxnSp", "pic", "graphicFrame"})
_DULL_NAME: Final = (
    r"(?i)(?:picture|image|chart|textbox|text box|shape|rectangle|oval|line|group|object|comment|"
    r"table|straight|connector|图片|图像|图表|图形|文本框|矩形|椭圆|直线|组合|对象|圆角矩形|直接连接符|ID_)"
    r"[\w\s-]{0,40}"
)
_WHITE: Final = frozenset({"FFFFFF", "bg1", "lt1", "window"})


def drawn(root: etree._Element, sheet: Location) -> Iterator[Block]:
    """Yield what the shapes of a drawing say, at the cell where each begins."""
    for anchor in root.iter():
        if local(anchor) in _ANCHORS:
            where = replace(sheet, table=None, cell=_start(anchor))
            yield from _shapes(anchor, where)


def alternatives(root: etree._Element, where: Location) -> Iterator[Block]:
    """Yield names and alternative texts of everything drawn below `root`."""
    for element in root.iter():
        if local(element) == "cNvPr":
            yield from _alternative(element, where)


def _start(anchor: etree._Element) -> str | None:
    for part in anchor:
        if local(part) == "from":
            numbers = {local(e): whole((e.text or "").strip()) for e in part}
            return (
                f"{column_name(numbers.get('col', 0) + 1)}{numbers.get('row', 0) + 1}"
            )
    return None


def _shapes(element: etree._Element, where: Location) -> Iterator[Block]:
    """Yield the shapes below; of alternatives only the first is read."""
    for part in element:
        tag = local(part)
        if tag in _SHAPES:
            yield from _shape(part, where)
        elif tag == "AlternateContent":
            for branch in list(part)[:1]:
                yield from _shapes(branch, where)
            yield from _left_out(part, where)
        elif tag:
            yield from _shapes(part, where)


def _left_out(alternate: etree._Element, where: Location) -> Iterator[Block]:
    """Yield what the branches say that are not read, where it is something else."""
    own = "".join(_line(branch) for branch in list(alternate)[:1])
    for branch in list(alternate)[1:]:
        text = _line(branch)
        if text and text not in own:
            yield note(text, replace(where, part="hidden"), "备用内容")


def _shape(shape: etree._Element, where: Location) -> Iterator[Block]:
    properties = next((e for e in shape.iter() if local(e) == "cNvPr"), None)
    why = None if properties is None else _hidden(properties)
    why = why or ("隐藏的工作表" if where.part == "hidden" else None)
    lines = [_line(e) for e in shape.iter() if local(e) == "p"]
    text = "\n".join(line for line in lines if line)
    if text:
        why = why or ("白色文字" if _is_white(shape) else None)
        part = replace(where, part="hidden" if why else "textbox")
        yield Block(text, part, why is not None, detail=why or "图形")
    if link := shape.get("textlink"):
        yield note(link, replace(where, part="hidden"), "图形引用的单元格")
    if properties is not None:
        yield from _alternative(properties, where)


def _alternative(properties: etree._Element, where: Location) -> Iterator[Block]:
    at = replace(where, part="image")
    for key in ("descr", "title"):
        if text := (properties.get(key) or "").strip():
            yield note(text, at, "替代文字")
    name = (properties.get("name") or "").strip()
    if name and not re.fullmatch(_DULL_NAME, name):
        yield note(name, at, "图形名称")
    for link in properties:
        if tip := (link.get("tooltip") or "").strip():
            yield note(tip, at, "图形提示")


def _hidden(properties: etree._Element) -> str | None:
    return "隐藏的图形" if properties.get("hidden") in {"1", "true"} else None


def _line(paragraph: etree._Element) -> str:
    texts = (e.text or "" for e in paragraph.iter() if local(e) == "t")
    return " ".join("".join(texts).split())


def _is_white(shape: etree._Element) -> bool:
    """Tell whether all text of a shape without a ground of its own is white."""
    for part in shape:
        if local(part) == "style":
            return False
        if local(part) == "spPr" and any(
            local(e) in {"solidFill", "gradFill", "blipFill", "pattFill"} for e in part
        ):
            return False
    runs = [e for e in shape.iter() if local(e) == "rPr"]
    return bool(runs) and all(_run_colour(run) in _WHITE for run in runs)


def _run_colour(run: etree._Element) -> str:
    fill = next((e for e in run if local(e) == "solidFill"), None)
    return "" if fill is None or not len(fill) else (fill[0].get("val") or "")
