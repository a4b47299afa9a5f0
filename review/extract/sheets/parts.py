"""Parts of a workbook beside its sheets: revisions, connections, queries, printers."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Gap
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import R, local, note, relationships
from review.extract.package import Package, open_package
from review.extract.sheets.cells import rich_text
from review.extract.sheets.drawing import alternatives
from review.spans import Location

_PARTS: Final = (
    ("xl/connections.xml", "数据连接"),
    ("xl/queryTables/", "查询表"),
    ("xl/slicer", "切片器"),
    ("xl/timeline", "日程表"),
    ("xl/pivotTables/", "数据透视表"),
    ("xl/ctrlProps/", "控件"),
    ("xl/activeX/", "控件"),
    ("xl/xmlMaps.xml", "XML 映射"),
    ("xl/volatileDependencies.xml", "实时数据"),
    ("xl/richData/", "单元格数据类型"),
    ("xl/namedSheetViews/", "工作表视图"),
    ("xl/featurePropertyBag/", "单元格控件"),
    ("xl/documentTasks/", "任务"),
)
_ATTRIBUTES: Final = frozenset(
    [
        "v",
        "connection",
        "command",
        "sourceFile",
        "displayName",
        "caption",
        "name",
        "description",
        "url",
        "odcFile",
        "userName",
        "refreshedBy",
        "value",
        "title",
        "sourceName",
    ]
)
_HEADERS: Final = "xl/revisions/revisionHeaders.xml"
_CHUNK: Final = 50_000
_SHORT_NUMBER: Final = 6
_DEVICE_BYTES: Final = 64
_MASHUP_HEAD: Final = 8
_FIELD_ENDS: Final = ("oc", "nc")


@dataclass(slots=True)
class Parts:
    """The parts of one package while they are gone through."""

    package: Package
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    _revisers: dict[str, str] | None = None

    def run(self) -> None:
        """Read every part of these kinds; a damaged one is a gap."""
        for name in self.package.names:
            try:
                self._take(name)
            except UnreadableError as error:
                self.read.add(name)
                where = Location(part="hidden")
                self.gaps.append(Gap(where, "unreadable_part", error.message))

    def _take(self, name: str) -> None:
        blocks: Iterator[Block] | None = None
        if name.startswith("xl/printerSettings/"):
            blocks = _printer(self.package.read(name))
        elif name.startswith("xl/customProperty") and name.endswith(".bin"):
            blocks = _custom(self.package.read(name))
        elif name.endswith(".xml"):
            blocks = self._xml(name)
        if blocks is not None:
            self.blocks.extend(blocks)
            self.read.add(name)

    def _reviser(self, name: str) -> str:
        if self._revisers is None:
            self._revisers = _revisers(self.package)
        return self._revisers.get(name, "")

    def _xml(self, name: str) -> Iterator[Block] | None:
        if name.startswith("xl/revisions/"):
            return _revisions(self.package.xml(name), self._reviser(name))
        if name.startswith("customXml/item") and "Props" not in name:
            return _mashup(self.package.xml(name), self.limits)
        for start, read in _READERS:
            if name.startswith(start):
                return read(self.package.xml(name))
        for start, detail in _PARTS:
            if name.startswith(start):
                return _generic(self.package.xml(name), detail)
        return None


def workbook_traces(root: etree._Element) -> Iterator[Block]:
    """Yield what the workbook part tells: where it was saved, by whom, which views."""
    where = Location(part="metadata")
    for element in root.iter():
        tag = local(element)
        if tag == "absPath" and (url := element.get("url")):
            yield note(url, where, "保存路径")
        elif tag == "fileSharing" and (name := element.get("userName")):
            yield note(name, where, "设置保护的用户")
        elif tag == "customWorkbookView" and (name := element.get("name")):
            yield note(name, where, "自定义视图")
        elif tag == "definedName":
            yield from _defined_name(element)


def _defined_name(element: etree._Element) -> Iterator[Block]:
    name, text = element.get("name") or "", (element.text or "").strip()
    remark = " ".join(
        value
        for key in ("comment", "description", "help", "statusBar", "customMenu")
        if (value := element.get(key))
    )
    if name.startswith("_xlnm.") or not text:
        return
    is_constant = '"' in text or "!" not in text
    hidden = element.get("hidden") in {"1", "true"}
    detail = "隐藏的名称" if hidden else "定义的名称"
    part = Location(part="hidden" if is_constant else "metadata")
    yield note(f"{name}：{text} {remark}".strip(), part, detail)


def _generic(root: etree._Element, detail: str) -> Iterator[Block]:
    texts = dict.fromkeys(
        text for element in root.iter() for text in _texts_of(element)
    )
    total = "\n".join(texts)
    for at in range(0, len(total), _CHUNK):
        yield note(total[at : at + _CHUNK], Location(part="hidden"), detail)


def _texts_of(element: etree._Element) -> Iterator[str]:
    for key, value in element.items():
        name = str(key).rpartition("}")[2]
        if name in _ATTRIBUTES or (name == "val" and local(element) == "item"):
            yield from _worth(str(value))
    yield from _worth(element.text or "")


def _worth(raw: str) -> Iterator[str]:
    """Yield a text that says something: no bare short number, no mark of a type."""
    text = " ".join(raw.split())
    digits = text.replace(".", "").replace("-", "")
    if text and not (digits.isdigit() and len(text) < _SHORT_NUMBER):
        yield text


def _persons(root: etree._Element) -> Iterator[Block]:
    where = Location(part="metadata")
    for element in root.iter():
        if local(element) == "person":
            keys = ("displayName", "userId", "providerId")
            text = " ".join(value for key in keys if (value := element.get(key)))
            yield note(text, where, "批注者名单")


def _revisions(root: etree._Element, reviser: str) -> Iterator[Block]:
    """Yield the changes that a shared workbook remembers, with author and day."""
    detail = f"共享工作簿修订记录，{reviser}".rstrip("，")
    for element in root.iter():
        tag = local(element)
        if tag == "rcc":
            old, new = (_cell_text(element, end) for end in _FIELD_ENDS)
            for text, what in ((old, "修订前"), (new, "修订后")):
                if text:
                    where = Location(part="deletion", cell=_reference(element))
                    yield note(text, where, f"{detail}，{what}")
        elif tag in {"rsnm", "rdn", "rcmt", "userInfo", "header"}:
            keys = ("oldName", "newName", "name", "author", "userName", "dateTime")
            text = " ".join(value for key in keys if (value := element.get(key)))
            if text:
                yield note(text, Location(part="metadata"), detail)


def _revisers(package: Package) -> dict[str, str]:
    """Return author and day of each log of revisions."""
    if not package.has(_HEADERS):
        return {}
    logs = {link.id: link.target for link in relationships(package, _HEADERS)}
    return {
        logs.get(element.get(f"{R}id") or "", ""): "，".join(
            (
                f"作者{element.get('userName') or '不详'}",
                (element.get("dateTime") or "")[:10],
            )
        )
        for element in package.xml(_HEADERS).iter("{*}header")
    }


def _reference(element: etree._Element) -> str | None:
    return next((e.get("r") for e in element if local(e) in _FIELD_ENDS), None)


def _cell_text(change: etree._Element, end: str) -> str:
    for cell in change:
        if local(cell) == end:
            texts = [
                rich_text(e) if local(e) == "is" else (e.text or "")
                for e in cell
                if local(e) in {"v", "is", "f"}
            ]
            return " ".join(" ".join(texts).split())
    return ""


def _printer(data: bytes) -> Iterator[Block]:
    """Yield the printer's name of a DEVMODE record: its first 32 UTF-16 units."""
    name = data[:_DEVICE_BYTES].decode("utf-16-le", "replace").partition("\0")[0]
    if name.isprintable() and len(name) > 1:
        yield note(name, Location(part="metadata"), "打印机")


def _custom(data: bytes) -> Iterator[Block]:
    text = " ".join(data.decode("utf-16-le", "replace").replace("\0", " ").split())
    if text:
        yield note(text[:_CHUNK], Location(part="metadata"), "自定义属性")


def _mashup(root: etree._Element, limits: Limits) -> Iterator[Block] | None:
    """Return the queries of Power Query; `None` for other data."""
    if local(root) != "DataMashup":
        return None
    return _queries(root.text or "", limits)


def _queries(text: str, limits: Limits) -> Iterator[Block]:
    """Yield the formulas inside; the record is a version, a length, then a zip file.

    Raises:
        UnreadableError: The record is damaged.
    """
    try:
        data = base64.b64decode(text)
    except ValueError:
        data = b""
    size = int.from_bytes(data[4:_MASHUP_HEAD], "little")
    package = open_package(data[_MASHUP_HEAD : _MASHUP_HEAD + size], limits)
    for name in package.names:
        if name.startswith("Formulas/"):
            code = package.read(name).decode("utf-8", "replace")
            yield note(code[:_CHUNK], Location(part="hidden"), "Power Query 查询")


def table_words(root: etree._Element) -> Iterator[Block]:
    """Yield a table's own name and remark where they say something."""
    where = Location(part="metadata")
    for key, detail in (("displayName", "表格名称"), ("comment", "表格备注")):
        text = (root.get(key) or "").strip()
        if text and not re.fullmatch(r"(?:Table|表|List|列表)_?\d*", text):
            yield note(text, where, detail)
    if root.get("headerRowCount") == "0":
        for element in root.iter():
            if local(element) == "tableColumn" and (name := element.get("name")):
                yield note(name, Location(part="hidden"), "没有显示的列名")


def _cell_images(root: etree._Element) -> Iterator[Block]:
    return alternatives(root, Location(part="image"))


_READERS: Final = (("xl/persons/", _persons), ("xl/cellimages.xml", _cell_images))
