"""Read an OFD package: every document, every version, every page and what is left."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import CorruptError, EncryptedError, UnreadableError
from review.extract.interface import Embedded, Extraction, Gap
from review.extract.limits import Limits
from review.extract.messages import shadowed
from review.extract.ofd import beside as ofd_beside
from review.extract.ofd.drawing import Drawing
from review.extract.ofd.page import PageReading, Repeats, plain_lines
from review.extract.ofd.parts import (
    Finds,
    Parts,
    child,
    children,
    folder_of,
    text_of,
)
from review.extract.ofd.resources import Resources
from review.extract.ofd.space import Box, box_of
from review.extract.ooxml.ooxml import local
from review.extract.package import Package
from review.extract.sniff import is_image
from review.extract.watching import at_page
from review.spans import Location

_A4: Final = Box(0.0, 0.0, 210.0, 297.0)
_FONTS: Final = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"\x01\x00\x04", b"%!")
_SIGNED: Final = (".dat", ".esl", ".cer", ".p7b")
_UNUSED: Final = "没有被任何页面引用的部件"
# Objects beyond these are not laid out: their text is then read as it stands.
_MOST_DRAWN: Final = 300_000
_LAYERS: Final = {"Background": 0, "Body": 1, "Custom": 1, "Foreground": 2}
_ANNOTATIONS: Final = {
    "Link": "链接",
    "Path": "图形批注",
    "Highlight": "高亮批注",
    "Stamp": "印章或文字批注",
    "Watermark": "水印",
}


def read_ofd(package: Package, limits: Limits) -> Extraction:
    """Read one package.

    Raises:
        EncryptedError: The file opens only with a password or a key.
        CorruptError: It names no document.
    """
    finds = Finds(Parts(package, limits))
    name = finds.parts.find("OFD.xml")
    if finds.parts.find("Encryptions.xml") or finds.parts.find("Encrypts.xml"):
        raise EncryptedError("OFD 文件已加密，请取消加密后再提交。")
    if name is None:
        raise CorruptError("OFD 文件缺少入口部件 OFD.xml，请重新导出后再提交。")
    root = finds.parts.xml(name)
    reading = _Reading(finds, limits, min(limits.cells, _MOST_DRAWN), limits.drawn)
    bodies = list(root.iter("{*}DocBody"))
    for body in bodies:
        reading.body(body)
    if not bodies:
        raise CorruptError("OFD 文件里没有任何文档，可能已损坏，请重新导出后再提交。")
    finds.blocks.extend(reading.repeats.blocks())
    _rest(finds)
    return Extraction(
        (*finds.blocks, *dict.fromkeys(finds.notes)),
        tuple(dict.fromkeys(finds.gaps)),
        tuple(finds.embedded),
        tuple(finds.pictures),
    )


@dataclass(slots=True)
class _Reading:
    """All documents of one package; their pages are numbered through."""

    finds: Finds
    limits: Limits
    # How many objects may still be drawn, and by units that are used again and again.
    _budget: int
    _again: int
    repeats: Repeats = field(default_factory=Repeats)
    _pages: int = 0
    _numbers: dict[str, int] = field(default_factory=dict)

    def body(self, body: etree._Element) -> None:
        """Read one document with its properties, versions and signatures."""
        ofd_beside.properties(child(body, "DocInfo"), self.finds)
        self._numbers = {}
        main = text_of(child(body, "DocRoot"))
        done = {self.finds.parts.find(main)}
        self._document(main, None)
        for version in body.iter("{*}Version"):
            self._version(version, done)
        for element in children(body, "Signatures"):
            ofd_beside.signatures(text_of(element), self._numbers, self.finds)

    def _version(self, version: etree._Element, done: set[str | None]) -> None:
        """Read a version of the document that its main root does not lead to."""
        opened = self.finds.root(version.get("BaseLoc"), "版本信息")
        if opened is None:
            return
        name, root = opened
        label = root.get("Name") or root.get("Version") or version.get("ID") or ""
        self.finds.note(f"版本 {label} {root.get('CreationDate') or ''}", "版本信息")
        reference = text_of(child(root, "DocRoot"))
        part = self.finds.parts.find(reference, folder_of(name))
        if not reference or part in done:
            return
        done.add(part)
        current = (version.get("Current") or "false").lower() in {"true", "1"}
        why = None if current else f"文件里保留的其他版本的内容（版本 {label}）"
        self._document(reference, why, folder_of(name))

    def _document(self, reference: str, old: str | None, *folders: str) -> None:
        opened = self.finds.root(reference, "文档", *folders)
        if opened is None:
            return
        name, root = opened
        _Document(self, name, root, old).read()

    @property
    def pages(self) -> int:
        """Return how many pages were begun."""
        return self._pages

    def next_page(self) -> int:
        """Return the number of the page that comes next."""
        self._pages += 1
        return self._pages

    def page_known(self, number: int, page: str) -> None:
        """Remember which number a page has got."""
        self._numbers.setdefault(page, number)

    def drawing(self, resources: Resources) -> Drawing:
        """Return an empty drawing with what is left of the budgets."""
        return Drawing(resources, self._budget, self._again)

    def spend(self, drawing: Drawing) -> None:
        """Take what a drawing needed from the budgets."""
        self._budget, self._again = drawing.budget, drawing.again


@dataclass(slots=True)
class _Document:
    """One document while it is read."""

    reading: _Reading
    name: str
    root: etree._Element
    old: str | None
    _templates: dict[str, tuple[str, str]] = field(default_factory=dict)
    _drawn: dict[str, etree._Element | None] = field(default_factory=dict)
    _notes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def finds(self) -> Finds:
        """Return what was found so far."""
        return self.reading.finds

    def read(self) -> None:
        """Read the pages in order, then what stands beside them."""
        folder = folder_of(self.name)
        resources = Resources(self.finds)
        common = child(self.root, "CommonData")
        for element in children(common, "PublicRes", "DocumentRes"):
            resources.load(text_of(element), folder)
        for element in children(common, "TemplatePage"):
            place = (element.get("BaseLoc") or "", element.get("ZOrder") or "")
            self._templates[element.get("ID") or ""] = place
        for element in children(self.root, "Annotations"):
            self._annotations(text_of(element), folder)
        self._pages(PageReading(self.finds, resources, self.reading.repeats, self.old))
        ofd_beside.outlines(self.root, self.finds)
        ofd_beside.actions(self.root, self.finds)
        ofd_beside.permissions(self.root, self.finds)
        for element in children(self.root, "Attachments"):
            ofd_beside.attachments(text_of(element), folder, self.finds)
        for element in children(self.root, "CustomTags"):
            ofd_beside.tags(text_of(element), folder, self.finds)
        for element in children(self.root, "Extensions"):
            ofd_beside.extensions(text_of(element), folder, self.finds)

    def _pages(self, reader: PageReading) -> None:
        pages = children(child(self.root, "Pages"), "Page")
        if not pages:
            self.finds.miss("OFD 文档没有列出任何页面，未能读取。")
        most = max(0, self.reading.limits.pages - self.reading.pages)
        for element in pages[:most]:
            number = self.reading.next_page()
            at_page(number, len(pages))
            self.reading.page_known(number, element.get("ID") or "")
            self._page(element, reader, number)
        if len(pages) > most:
            message = f"OFD 文档共 {len(pages)} 页，只读了前 {most} 页。"
            self.finds.gaps.append(Gap(Location(), "too_large", message))

    def _page(self, element: etree._Element, reader: PageReading, number: int) -> None:
        folder = folder_of(self.name)
        opened = self.finds.root(
            element.get("BaseLoc"), f"第 {number} 页", folder, page=number
        )
        if opened is None:
            return
        name, root = opened
        for resource in children(root, "PageRes"):
            reader.resources.load(text_of(resource), folder_of(name), folder)
        drawing = self.reading.drawing(reader.resources)
        roots = [root]
        below, above = self._used_templates(root, number)
        for template in below:
            roots.append(template)
            _draw(template, drawing)
        _draw(root, drawing)
        for template in above:
            roots.append(template)
            _draw(template, drawing)
        notes: list[tuple[str, int, int]] = []
        for part in self._notes.get(element.get("ID") or "", ()):
            self._annotated(part, drawing, notes, number)
        self.reading.spend(drawing)
        reader.take(drawing, notes, roots, self._box(root), number)
        ofd_beside.actions(root, self.finds, number)

    def _used_templates(
        self, root: etree._Element, number: int
    ) -> tuple[list[etree._Element], list[etree._Element]]:
        """Return the templates that are drawn below a page and above it."""
        below: list[etree._Element] = []
        above: list[etree._Element] = []
        for element in children(root, "Template"):
            key = element.get("TemplateID") or ""
            reference, order = self._templates.get(key, ("", ""))
            if key not in self._drawn:
                opened = self.finds.root(
                    reference, "页面模板", folder_of(self.name), page=number
                )
                self._drawn[key] = None if opened is None else opened[1]
            template = self._drawn[key]
            front = (element.get("ZOrder") or order) == "Foreground"
            if template is not None:
                (above if front else below).append(template)
        return below, above

    def _box(self, root: etree._Element) -> Box:
        """Return the area of a page that is shown."""
        area = child(root, "Area")
        if area is None:
            area = child(child(self.root, "CommonData"), "PageArea")
        for kind in ("ApplicationBox", "PhysicalBox"):
            box = box_of(text_of(child(area, kind)))
            if box is not None and box.area:
                return box
        return _A4

    def _annotations(self, reference: str, folder: str) -> None:
        opened = self.finds.root(reference, "批注清单", folder)
        if opened is None:
            return
        name, root = opened
        for page in children(root, "Page"):
            raw = text_of(child(page, "FileLoc"))
            part = self.finds.parts.find(raw, folder_of(name), folder)
            if part is None:
                self.finds.miss(f"批注部件（{raw}）不在文件里，未能读取。")
            else:
                self._notes.setdefault(page.get("PageID") or "", []).append(part)

    def _annotated(
        self,
        part: str,
        drawing: Drawing,
        notes: list[tuple[str, int, int]],
        number: int,
    ) -> None:
        """Draw the annotations of a page and keep what they say beside it."""
        opened = self.finds.root(part, "批注", page=number)
        if opened is None:
            return
        root = opened[1]
        where = Location(part="annotation", page=number)
        for element in root.iter("{*}Annot"):
            kind = element.get("Type") or ""
            what = _ANNOTATIONS.get(kind, "批注")
            who = "，".join(
                filter(None, (element.get("Creator"), element.get("LastModDate")))
            )
            detail = f"{what}，{who}" if who else what
            self.finds.note(text_of(child(element, "Remark")), detail, where)
            for one in element.iter("{*}Parameter"):
                text = f"{one.get('Name') or ''}：{text_of(one)}"
                self.finds.note(text if text_of(one) else "", detail, where)
            start, fills = len(drawing.pieces), len(drawing.fills)
            hidden = (element.get("Visible") or "true").lower() in {"false", "0"}
            for look in children(element, "Appearance"):
                drawing.add(look, at=box_of(look.get("Boundary")), hidden=hidden)
            if kind == "Highlight":
                # Readers let the text shine through.
                del drawing.fills[fills:]
            notes.append((what, start, len(drawing.pieces)))
        ofd_beside.actions(root, self.finds, number)


def _draw(root: etree._Element, drawing: Drawing) -> None:
    """Draw the layers of a page from the lowest to the topmost."""
    layers = [
        layer
        for content in children(root, "Content")
        for layer in children(content, "Layer")
    ]
    layers.sort(key=lambda layer: _LAYERS.get(layer.get("Type") or "Body", 1))
    for layer in layers:
        drawing.add(layer)


def _rest(finds: Finds) -> None:
    """Account for every part that nothing led to."""
    for name in finds.parts.package.names:
        if name in finds.parts.used or name.lower().endswith(_SIGNED):
            continue
        try:
            _left(name, finds)
        except UnreadableError as error:
            finds.miss(f"没有被引用的部件 {name} 未能读取：{error.message}")
    for name in finds.parts.package.shadowed:
        finds.miss(shadowed(name))
    for comment in finds.parts.comments:
        finds.note(comment, "XML 注释", Location(part="comment"))


def _left(name: str, finds: Finds) -> None:
    where = Location(part="hidden")
    if name.lower().endswith(".xml"):
        root = finds.parts.xml(name)
        limits = finds.parts.limits
        drawing = Drawing(Resources(finds), limits.cells, limits.drawn)
        if local(root) == "Page":
            _draw(root, drawing)
        texts = plain_lines(drawing) or ofd_beside.texts_of(root)
        for text in texts:
            finds.note(text, _UNUSED, where)
        return
    data = finds.parts.data(name)
    if is_image(data):
        ofd_beside.picture(finds, name, Location(part="image"), "未引用的图片")
    elif data and not data.startswith(_FONTS):
        finds.embedded.append(Embedded(name.rpartition("/")[2], data))
