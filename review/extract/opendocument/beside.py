"""What an OpenDocument file holds beside its text: properties, settings, page frames."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local, note
from review.extract.opendocument.scene import Findings, Scene
from review.extract.opendocument.styles import attribute
from review.extract.opendocument.walk import Walk
from review.spans import Location, Part

_LABELS: Final = {
    "title": "标题",
    "description": "备注",
    "subject": "主题",
    "keyword": "关键词",
    "initial-creator": "作者",
    "creator": "最后修改者",
    "printed-by": "打印者",
    "print-date": "最后打印时间",
    "creation-date": "创建时间",
    "date": "修改时间",
    "generator": "编辑程序",
    "editing-cycles": "编辑次数",
    "editing-duration": "编辑时长",
    "language": "语言",
}
_ADDRESSES: Final = {
    "template": "模板",
    "auto-reload": "自动载入地址",
    "hyperlink-behaviour": "链接行为",
}
# Settings that name a printer, a database or a file.
_SETTINGS: Final = {
    "PrinterName": "打印机",
    "CurrentDatabaseDataSource": "数据源",
    "CurrentDatabaseCommand": "数据源",
    "DatabaseConnection": "数据源",
    "ColorTableURL": "文件路径",
    "DashTableURL": "文件路径",
    "LineEndTableURL": "文件路径",
    "HatchTableURL": "文件路径",
    "GradientTableURL": "文件路径",
    "BitmapTableURL": "文件路径",
}
_FRAMES: Final[dict[str, tuple[Part, str | None]]] = {
    "header": ("header", None),
    "header-left": ("header", None),
    "header-first": ("header", None),
    "footer": ("footer", None),
    "footer-left": ("footer", None),
    "footer-first": ("footer", None),
}


def properties(root: etree._Element) -> Iterator[Block]:
    """Yield what `meta.xml` tells."""
    where = Location(part="metadata")
    for element in root.iter():
        name = local(element)
        text = " ".join((element.text or "").split())
        if name in _ADDRESSES:
            address = " ".join(
                value for key in ("title", "href") if (value := attribute(element, key))
            )
            text = f"{_ADDRESSES[name]}：{address}" if address else ""
        elif name == "user-defined":
            label = attribute(element, "name") or "自定义属性"
            text = f"{label}：{text}" if text else ""
        elif name in _LABELS:
            text = f"{_LABELS[name]}：{text}" if text else ""
        else:
            continue
        if text:
            yield note(text, where, "文件属性")


def settings(root: etree._Element) -> Iterator[Block]:
    """Yield the settings that name a printer, a database or a place."""
    where = Location(part="metadata")
    for element in root.iter("{*}config-item"):
        text = " ".join((element.text or "").split())
        name = attribute(element, "name")
        is_place = attribute(element, "type") == "string" and (
            "://" in text or "\\" in text or not text.isascii()
        )
        if text and (name in _SETTINGS or is_place):
            yield note(text, where, _SETTINGS.get(name, f"设置 {name}"))


def page_frames(root: etree._Element, walk: Walk) -> None:
    """Read headers and footers of the page styles; one that is off is hidden."""
    for master in root.iter("{*}master-page"):
        for part in master:
            found = _FRAMES.get(local(part))
            if found is None:
                continue
            scene = Scene(part=found[0])
            if attribute(part, "display") == "false":
                scene = replace(scene, why="没有启用的页眉页脚")
            walk.walk(part, scene)


def scripts(root: etree._Element, found: Findings) -> None:
    """Read the code that stands in the file itself."""
    for element in root.iter("{*}script", "{*}event-listener", "{*}module"):
        text = "".join(map(str, element.itertext())).strip()
        address = attribute(element, "href") or attribute(element, "macro-name")
        found.macros += 1
        found.note(text or address, Scene(), "hidden", "宏代码")


def dialogs(root: etree._Element, found: Findings) -> None:
    """Read the words of a macro's dialog."""
    texts = [
        value
        for element in root.iter()
        for key in ("value", "title", "help-text", "text")
        if (value := attribute(element, key)) and not value.isdigit()
    ]
    found.note("\n".join(dict.fromkeys(texts)), Scene(), "hidden", "宏的对话框")
