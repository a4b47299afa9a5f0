"""The texts in an Office package that no format's own reader reads.

Properties, charts, diagrams, custom data, controls, names of people.
"""

import html
import re
from collections.abc import Callable, Iterator
from typing import Final

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local, note
from review.extract.package import Package
from review.spans import Location, Part

_PROPERTY_LABELS: Final = {
    "title": "标题",
    "subject": "主题",
    "creator": "作者",
    "keywords": "关键词",
    "description": "备注",
    "lastModifiedBy": "最后修改者",
    "category": "类别",
    "contentStatus": "状态",
    "identifier": "标识",
    "version": "版本",
    "revision": "保存次数",
    "created": "创建时间",
    "modified": "修改时间",
    "lastPrinted": "最后打印时间",
    "Company": "单位",
    "Manager": "负责人",
    "Template": "模板",
    "HyperlinkBase": "链接基址",
    "Application": "编辑程序",
    "TotalTime": "编辑时长（分钟）",
}
_PROPERTY_LISTS: Final = {"TitlesOfParts": "部件标题", "HLinks": "链接清单"}
_TEXT_PARTS: Final[tuple[tuple[str, Part, str], ...]] = (
    ("/charts/chart", "image", "图表"),
    ("/diagrams/data", "textbox", "图示"),
    ("/drawings/", "textbox", "图形"),
    ("customXml/item", "metadata", "自定义数据"),
    ("/activeX/", "hidden", "ActiveX 控件"),
    ("customUI/", "hidden", "自定义界面"),
    ("/tags/", "metadata", "标签"),
    ("/tasks", "metadata", "任务"),
    ("/documenttasks/", "metadata", "任务"),
    ("/changesInfos/", "metadata", "协作修改记录"),
)
_PEOPLE: Final = ("/people.xml", "/commentAuthors.xml", "/authors.xml")
# Attributes that carry what a person typed or is called.
_SPEAKING: Final = frozenset(
    {"name", "val", "value", "label", "author", "title", "userName", "screentip"}
)
_MAX_BLOCK: Final = 20_000
_GUID: Final = r"\{[0-9A-Fa-f-]{36}\}"


def texts(package: Package, name: str) -> list[Block] | None:
    """Return the text of a part that is known to hold some; `None` for others.

    Raises:
        UnreadableError: The part is damaged.
    """
    if name.endswith(".vml"):
        return _vml(package.read(name))
    if not name.endswith(".xml"):
        return None
    found: list[Block] | None = None
    if name.startswith("docProps/"):
        found = _properties(package.xml(name))
    elif name.endswith(_PEOPLE):
        found = _people(package.xml(name))
    for mark, part, detail in _TEXT_PARTS:
        if found is None and (mark in f"/{name}" or name.startswith(mark)):
            found = _part_text(package.xml(name), Location(part=part), detail)
    return found


def readable(data: bytes) -> str:
    """Return the UTF-16 texts that stand in a binary part, one a line."""
    found = re.findall(rb"(?:[\x20-\x7e]\x00|[\x00-\xff][\x4e-\x9f]){3,}", data)
    return "\n".join(dict.fromkeys(raw.decode("utf-16-le", "replace") for raw in found))


def _properties(root: etree._Element) -> list[Block]:
    """Return the core, extended or custom properties that carry text."""
    found = []
    for element in root:
        name = local(element)
        label = _PROPERTY_LABELS.get(name)
        text = " ".join("".join(map(str, element.itertext())).split())
        if name == "property":
            label = element.get("name") or "自定义属性"
        elif name in _PROPERTY_LISTS:
            label = _PROPERTY_LISTS[name]
            text = "；".join(dict.fromkeys(_strings(element)))
        if text and label:
            where = Location(part="metadata")
            found.append(note(f"{label}：{text}", where, "文件属性"))
    return found


def _strings(element: etree._Element) -> Iterator[str]:
    for entry in element.iter("{*}lpstr", "{*}lpwstr"):
        if text := " ".join((entry.text or "").split()):
            yield text


def _people(root: etree._Element) -> list[Block]:
    """Return who commented or changed: their names and how they sign in."""
    where = Location(part="metadata")
    found = []
    for element in root.iter():
        said = [
            str(value)
            for key, value in element.items()
            if str(key).rpartition("}")[2] in {"author", "name", "userId"}
        ]
        if text := " ".join(dict.fromkeys(one for one in said if one)):
            found.append(note(f"修订者：{text}", where, "修订者名单"))
    return list(dict.fromkeys(found))


def _vml(data: bytes) -> list[Block]:
    """Return the text of old drawings, which are often no well-formed XML."""
    text = data.decode("utf-8", "replace")
    found = [
        html.unescape(re.sub(r"<[^<>]*>", " ", box))
        for box in _between(text, "<v:textbox", "</v:textbox>")
    ]
    for pattern in (
        r"<v:textpath\b[^<>]{0,2000}?\bstring=\"([^\"<>]{1,4000})",
        r"\b(?:alt|o:title)=\"([^\"<>]{1,4000})",
    ):
        found += map(html.unescape, re.findall(pattern, text))
    where = Location(part="hidden")
    return [
        note(line, where, "控件或批注图形")
        for raw in found
        if (line := " ".join(raw.split()))
    ]


def _between(text: str, start: str, end: str) -> Iterator[str]:
    """Yield what stands between two marks, in one pass."""
    at = text.find(start)
    while at >= 0:
        stop = text.find(end, at)
        if stop < 0:
            return
        yield text[text.find(">", at) + 1 : stop]
        at = text.find(start, stop)


def _part_text(root: etree._Element, where: Location, detail: str) -> list[Block]:
    hidden = where.part in {"metadata", "hidden"}
    of_one: Callable[[etree._Element], Iterator[str]] = _data if hidden else _drawn
    lines = (line for element in root.iter() for line in of_one(element))
    kept = dict.fromkeys(line for raw in lines if (line := " ".join(raw.split())))
    total = "\n".join(kept)
    return [
        Block(total[at : at + _MAX_BLOCK], where, hidden, "note", (), detail)
        for at in range(0, len(total), _MAX_BLOCK)
    ]


def _drawn(element: etree._Element) -> Iterator[str]:
    """Yield what a drawing, a chart or a diagram shows by one element."""
    tag = local(element)
    if tag == "p":
        yield "".join(t.text or "" for t in element.iter() if local(t) == "t")
    elif tag == "v":
        yield element.text or ""
    elif tag == "cNvPr":
        yield element.get("descr") or ""
        yield element.get("title") or ""


def _data(element: etree._Element) -> Iterator[str]:
    """Yield what an element of a data part says, its speaking attributes too."""
    if not local(element):
        return
    yield element.text or ""
    for key, raw in element.items():
        value = str(raw)
        speaks = str(key).rpartition("}")[2] in _SPEAKING or not value.isascii()
        if speaks and not re.fullmatch(_GUID, value):
            yield value
