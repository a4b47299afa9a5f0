"""What every Office package has: relationships, properties, parts beside the text."""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from review.errors import CorruptError, UnreadableError
from review.extract.interface import Block, Embedded, Gap
from review.extract.ole import MAGIC, CompoundFile, native_file
from review.extract.package import Package
from review.spans import Location

R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
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
    "Company": "单位",
    "Manager": "负责人",
    "Template": "模板",
    "HyperlinkBase": "链接基址",
}
_IMAGE_ENDINGS: Final = tuple(
    [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".webp", ".jfif", ".wdp"]
)
_HARMLESS: Final = (
    "[Content_Types].xml",
    "_rels/",
    "/theme/",
    "fontTable.xml",
    "webSettings.xml",
    "stylesWithEffects.xml",
    "/fonts/",
    "printerSettings",
    "calcChain.xml",
    "tableStyles.xml",
    "commentsIds.xml",
    "commentsExtended.xml",
    "commentsExtensible.xml",
    "tasks.xml",
    "/styles.xml",
    "/numbering.xml",
    "/settings.xml",
    "viewProps.xml",
    "presProps.xml",
    "/charts/style",
    "/charts/colors",
    "/diagrams/layout",
    "/diagrams/quickStyle",
    "/diagrams/colors",
    "/diagrams/drawing",
    "_xmlsignatures/",
    "docMetadata/",
    "metadata.xml",
    "/keyMapCustomizations",
    "vbaData.xml",
    "customXml/itemProps",
)
_MAX_CHART_TEXT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Relationship:
    """One link from a part to another part or to the outside."""

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """What was found in a package beside its main text."""

    blocks: tuple[Block, ...] = ()
    gaps: tuple[Gap, ...] = ()
    embedded: tuple[Embedded, ...] = ()


def local(element: etree._Element) -> str:
    """Return the tag without its namespace; empty for anything but elements."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def relationships(package: Package, part: str) -> tuple[Relationship, ...]:
    """Return the relationships of a part, targets resolved to package names."""
    folder, _, name = part.rpartition("/")
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if not package.has(rels):
        return ()
    found = []
    for element in package.xml(rels).iter("{*}Relationship"):
        external = element.get("TargetMode") == "External"
        target = element.get("Target") or ""
        if not external:
            joined = target if target.startswith("/") else f"{folder}/{target}"
            target = posixpath.normpath(joined).lstrip("/")
        kind = (element.get("Type") or "").rpartition("/")[2]
        found.append(Relationship(element.get("Id") or "", kind, target, external))
    return tuple(found)


def main_part(package: Package) -> str:
    """Return the name of the part that holds the document itself.

    Raises:
        CorruptError: The package names no such part.
    """
    for link in relationships(package, ""):
        if link.kind == "officeDocument" and package.has(link.target):
            return link.target
    for name in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"):
        if package.has(name):
            return name
    raise CorruptError("Office 文件缺少正文部件，已损坏，请重新保存后再提交。")


def properties(package: Package) -> tuple[Block, ...]:
    """Return the core, extended and custom properties that carry text."""
    blocks: list[Block] = []
    for name in package.names:
        if name.startswith("docProps/") and name.endswith(".xml"):
            blocks.extend(_properties_of(package.xml(name)))
    return tuple(blocks)


def _properties_of(root: etree._Element) -> Iterable[Block]:
    for element in root:
        text = " ".join("".join(map(str, element.itertext())).split())
        label = _PROPERTY_LABELS.get(local(element))
        if local(element) == "property":
            label = element.get("name") or "自定义属性"
        if text and label:
            yield note(f"{label}：{text}", Location(part="metadata"), "文件属性")


def note(text: str, where: Location, detail: str) -> Block:
    """Return a hidden block for something beside the page."""
    return Block(text, where, hidden=True, role="note", detail=detail)


def beside(package: Package, read_parts: frozenset[str]) -> Beside:
    """Account for every part that the format's own reader did not read."""
    blocks: list[Block] = []
    gaps: list[Gap] = []
    embedded: list[Embedded] = []
    images = 0
    for name in package.names:
        if name in read_parts or (
            name.startswith("docProps/") and name.endswith(".xml")
        ):
            continue
        if name.lower().endswith(_IMAGE_ENDINGS):
            images += 1
        elif "/embeddings/" in name:
            inner, paths = unwrap(package.read(name), posixpath.basename(name))
            embedded.extend(inner)
            blocks.extend(paths)
        elif name.endswith("vbaProject.bin"):
            message = "文件含有宏代码，宏未经检查，请删除宏后再提交。"
            gaps.append(Gap(Location(), "macro", message))
        elif (found := _texts(package, name)) is not None:
            blocks.extend(found)
        elif not _is_harmless(name):
            message = f"部件 {name} 的内容未能读取，请人工查看。"
            gaps.append(Gap(Location(), "unsupported_part", message))
    if images:
        message = f"文件中有 {images} 张图片，图片里的文字未经机器检查，请人工查看。"
        gaps.append(Gap(Location(part="image"), "image_without_text", message))
    links, outside = _outside(package)
    shadowed = tuple(
        Gap(
            Location(),
            "unreadable_part",
            f"文件包里有重名部件 {name}，只读了其中一个。",
        )
        for name in package.shadowed
    )
    return Beside((*blocks, *links), (*gaps, *outside, *shadowed), tuple(embedded))


def unwrap(data: bytes, name: str) -> tuple[tuple[Embedded, ...], tuple[Block, ...]]:
    """Take the files out of an embedded object, with their source paths."""
    if not data.startswith(MAGIC):
        return (Embedded(name, data),), ()
    try:
        container = CompoundFile(data)
        natives = container.streams("\x01Ole10Native")
        packages = container.streams("Package", "CONTENTS", "EmbeddedOdf")
    except UnreadableError:
        return (Embedded(name, data),), ()
    files: list[Embedded] = [Embedded(name, inner) for inner in packages if inner]
    blocks: list[Block] = []
    for stream in natives:
        if (native := native_file(stream)) is not None:
            inner_name = native[0].rpartition("/")[2] or name
            files.append(Embedded(inner_name, native[1]))
            where = Location(part="attachment", path=inner_name)
            blocks.append(note(native[0], where, "内嵌文件的原路径"))
    return tuple(files) or (Embedded(name, data),), tuple(blocks)


def _texts(package: Package, name: str) -> list[Block] | None:
    """Return the text of charts, diagrams and data parts; `None` for others."""
    if "/charts/chart" in name or "/charts/chartEx" in name:
        return _part_text(package, name, Location(part="image"), "图表")
    if "/diagrams/data" in name:
        return _part_text(package, name, Location(part="textbox"), "图示")
    if "/drawings/" in name and name.endswith(".xml"):
        return _part_text(package, name, Location(part="textbox"), "图形")
    if name.startswith("customXml/item") and name.endswith(".xml"):
        if "itemProps" in name:
            return None
        return _part_text(package, name, Location(part="metadata"), "自定义数据")
    if name.endswith(".vml"):
        return _part_text(package, name, Location(part="hidden"), "控件或批注图形")
    if name.endswith("/people.xml"):
        return [
            note(f"修订者：{who}", Location(part="metadata"), "修订者名单")
            for element in package.xml(name)
            if (who := next((str(v) for k, v in element.items() if "author" in k), ""))
        ]
    return None


def _part_text(
    package: Package, name: str, where: Location, detail: str
) -> list[Block]:
    root = package.xml(name)
    lines: list[str] = []
    for paragraph in root.iter():
        tag = local(paragraph)
        if tag == "p":
            text = "".join(
                str(t.text or "") for t in paragraph.iter() if local(t) == "t"
            )
            lines.append(text)
        elif where.part in {"metadata", "hidden"} or tag == "v":
            lines.append(paragraph.text or "")
    kept = tuple(
        dict.fromkeys(line for raw in lines if (line := " ".join(raw.split())))
    )
    hidden = where.part in {"metadata", "hidden"}
    total = "\n".join(kept)
    return [
        Block(total[at : at + _MAX_CHART_TEXT], where, hidden, "note", (), detail)
        for at in range(0, len(total), _MAX_CHART_TEXT)
    ]


def _outside(package: Package) -> tuple[tuple[Block, ...], tuple[Gap, ...]]:
    """Return link addresses as hidden text, and a gap for linked contents."""
    links: dict[str, str] = {}
    linked = 0
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        part = name.replace("_rels/", "").removesuffix(".rels")
        for link in relationships(package, part):
            if link.external and link.kind != "hyperlink":
                linked += 1
                links[link.target] = "外部引用"
            elif link.external:
                links.setdefault(link.target, "链接地址")
    blocks = tuple(
        note(target, Location(part="hidden"), kind)
        for target, kind in links.items()
        if target
    )
    if not linked:
        return blocks, ()
    message = f"文件引用了 {linked} 处外部内容，这些内容不在文件里，未经检查。"
    return blocks, (Gap(Location(), "external", message),)


def _is_harmless(name: str) -> bool:
    return any(mark in f"/{name}" or name.startswith(mark) for mark in _HARMLESS)
