"""What every Office package has: relationships, properties, parts beside the text."""

import html
import posixpath
import re
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import CorruptError, UnreadableError
from review.extract.interface import Block, Embedded, Gap
from review.extract.ole import MAGIC, CompoundFile, native_file
from review.extract.package import Package
from review.spans import Location, Part

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
_IMAGE_ENDINGS: Final = (
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".bmp",
    ".tif",
    ".tiff",
    ".emf",
    ".wmf",
    ".svg",
    ".webp",
    ".jfif",
    ".wdp",
)
_HARMLESS: Final = (
    "[Content_Types].xml",
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
_TEXT_PARTS: Final[tuple[tuple[str, Part, str], ...]] = (
    ("/charts/chart", "image", "图表"),
    ("/diagrams/data", "textbox", "图示"),
    ("/drawings/", "textbox", "图形"),
    ("customXml/item", "metadata", "自定义数据"),
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
    tag: object = element.tag
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


def _properties_of(root: etree._Element) -> list[Block]:
    """Return the core, extended or custom properties that carry text."""
    found = []
    for element in root:
        text = " ".join("".join(map(str, element.itertext())).split())
        label = _PROPERTY_LABELS.get(local(element))
        if local(element) == "property":
            label = element.get("name") or "自定义属性"
        if text and label:
            where = Location(part="metadata")
            found.append(note(f"{label}：{text}", where, "文件属性"))
    return found


def note(text: str, where: Location, detail: str) -> Block:
    """Return a hidden block for something beside the page."""
    return Block(text, where, hidden=True, role="note", detail=detail)


def beside(package: Package, read_parts: frozenset[str]) -> Beside:
    """Account for every part that the format's own reader did not read.

    Properties, charts, embedded files and links become blocks and files;
    pictures, macros and what nobody reads become gaps.
    """
    rest = _Rest(package)
    for name in package.names:
        if name not in read_parts:
            rest.take(name)
    return rest.done()


@dataclass(slots=True)
class _Rest:
    """The parts beside the text while they are gone through."""

    package: Package
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    images: int = 0
    linked: int = 0

    def take(self, name: str) -> None:
        """Account for one part; a damaged one is a gap."""
        try:
            self._take(name)
        except UnreadableError as error:
            self.gaps.append(Gap(Location(), "unreadable_part", error.message))

    def done(self) -> Beside:
        """Add what is told once for the whole file."""
        if self.images:
            message = (
                f"文件中有 {self.images} 张图片，图片里的文字未经机器检查，请人工查看。"
            )
            self.gaps.append(Gap(Location(part="image"), "image_without_text", message))
        if self.linked:
            message = f"文件引用了 {self.linked} 处外部内容，不在文件里，未经检查。"
            self.gaps.append(Gap(Location(), "external", message))
        for name in self.package.shadowed:
            message = f"文件包里有重名部件 {name}，只读了其中一个。"
            self.gaps.append(Gap(Location(), "unreadable_part", message))
        blocks = tuple(dict.fromkeys(self.blocks))
        return Beside(blocks, tuple(self.gaps), tuple(self.embedded))

    def _take(self, name: str) -> None:
        if name.endswith(".rels"):
            self._links(name)
        elif name.lower().endswith(_IMAGE_ENDINGS):
            self.images += 1
        elif "/embeddings/" in name:
            inner, paths = unwrap(self.package.read(name), posixpath.basename(name))
            self.embedded.extend(inner)
            self.blocks.extend(paths)
        elif name.endswith("vbaProject.bin"):
            message = "文件含有宏代码，宏未经检查，请删除宏后再提交。"
            self.gaps.append(Gap(Location(), "macro", message))
        elif (found := _texts(self.package, name)) is not None:
            self.blocks.extend(found)
        elif not _is_harmless(name):
            message = f"部件 {name} 的内容未能读取，请人工查看。"
            self.gaps.append(Gap(Location(), "unsupported_part", message))

    def _links(self, name: str) -> None:
        """Keep the addresses as hidden text, and count the linked contents."""
        part = name.replace("_rels/", "").removesuffix(".rels")
        for link in relationships(self.package, part):
            if link.external and link.target:
                is_link = link.kind == "hyperlink"
                self.linked += not is_link
                detail = "链接地址" if is_link else "外部引用"
                self.blocks.append(note(link.target, Location(part="hidden"), detail))


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
    if name.endswith(".vml"):
        return _vml_text(package.read(name))
    if not name.endswith(".xml"):
        return None
    if name.startswith("docProps/"):
        return _properties_of(package.xml(name))
    for mark, part, detail in _TEXT_PARTS:
        if mark in name and "itemProps" not in name:
            return _part_text(package.xml(name), Location(part=part), detail)
    return _people(package.xml(name)) if name.endswith("/people.xml") else None


def _people(root: etree._Element) -> list[Block]:
    names = (str(v) for e in root for k, v in e.items() if "author" in str(k))
    where = Location(part="metadata")
    return [note(f"修订者：{name}", where, "修订者名单") for name in names]


def _vml_text(data: bytes) -> list[Block]:
    """Return the text of old drawings, which are often no well-formed XML."""
    text = data.decode("utf-8", "replace")
    boxes = re.findall(r"<v:textbox\b.*?</v:textbox>", text, re.DOTALL)
    found = [html.unescape(re.sub(r"<[^>]*>", " ", box)) for box in boxes]
    found += map(
        html.unescape, re.findall(r"<v:textpath\b[^>]*\bstring=\"([^\"]*)", text)
    )
    where = Location(part="hidden")
    return [
        note(line, where, "控件或批注图形")
        for raw in found
        if (line := " ".join(raw.split()))
    ]


def _part_text(root: etree._Element, where: Location, detail: str) -> list[Block]:
    lines: list[str] = []
    hidden = where.part == "metadata"
    for element in root.iter():
        tag = local(element)
        if tag == "p":
            lines.append(
                "".join(t.text or "" for t in element.iter() if local(t) == "t")
            )
        elif hidden or tag == "v":
            lines.append(element.text or "")
        elif tag == "cNvPr":
            lines += (element.get("descr") or "", element.get("title") or "")
    kept = dict.fromkeys(line for raw in lines if (line := " ".join(raw.split())))
    total = "\n".join(kept)
    return [
        Block(total[at : at + _MAX_CHART_TEXT], where, hidden, "note", (), detail)
        for at in range(0, len(total), _MAX_CHART_TEXT)
    ]


def _is_harmless(name: str) -> bool:
    return any(mark in f"/{name}" or name.startswith(mark) for mark in _HARMLESS)
