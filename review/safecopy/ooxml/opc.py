"""An Office package as parts that hang on each other; what hangs on nothing goes."""

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import CorruptError, UnsupportedError
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import R, local, main_part
from review.extract.package import Package, open_package
from review.safecopy.interface import Tally
from review.safecopy.trees import xml_bytes

# What the types of links begin with.
_KINDS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES_PART: Final = "[Content_Types].xml"
_OFFICE: Final = f"{_KINDS}/officeDocument"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX_FILE: Final = 0o600 << 16
_DEEPEST: Final = 64
# Kinds of parts that a person knows by name when they are left out.
_KNOWN: Final = {
    "vbaProject": "宏",
    "customXml": "自定义数据",
    "core-properties": "文件属性",
    "extended-properties": "文件属性",
    "custom-properties": "自定义属性",
    "thumbnail": "缩略图",
    "oleObject": "内嵌对象",
    "package": "内嵌文件",
    "attachedTemplate": "模板路径",
    "glossaryDocument": "自动图文集",
    "comments": "批注文件",
    "people": "修订者名单",
    "person": "批注者名单",
    "printerSettings": "打印机设置",
    "connections": "数据连接",
    "queryTable": "查询表",
    "externalLink": "外部链接",
    "pivotTable": "数据透视表",
    "pivotCacheDefinition": "数据透视表缓存",
    "notesMaster": "备注母版",
    "notesSlide": "演讲者备注",
    "handoutMaster": "讲义母版",
    "tags": "标记",
    "slicer": "切片器",
    "slicerCache": "切片器",
    "control": "控件",
    "ctrlProp": "控件",
    "hyperlink": "没有文字的链接",
    "image": "没有显示的图片",
    "slideLayout": "没有用到的版式",
    "digital-signature": "电子签名",
    "origin": "电子签名",
}


@dataclass(frozen=True, slots=True)
class Rel:
    """A link from one part to another part, or to an address outside."""

    id: str
    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """Return the last word of the type."""
        return self.type.rpartition("/")[2]


@dataclass(slots=True)
class Part:
    """One part: a tree where it is XML, its links by their ids."""

    name: str
    type: str
    data: bytes
    root: etree._Element | None = None
    rels: dict[str, Rel] = field(default_factory=dict)

    def used(self) -> frozenset[str]:
        """Return the ids of the links that the tree refers to."""
        if self.root is None:
            return frozenset()
        return frozenset(
            str(value)
            for element in self.root.iter()
            for key, value in element.items()
            if str(key).startswith(R)
        )

    def link(self, kind: str, target: str) -> str:
        """Add a link to another part, and return its id."""
        number = 1
        while f"rIdSafe{number}" in self.rels:
            number += 1
        name = f"rIdSafe{number}"
        self.rels[name] = Rel(name, f"{_KINDS}/{kind}", target, external=False)
        return name


@dataclass(slots=True)
class Opc:
    """A package whose parts are opened when they are asked for."""

    package: Package
    parts: dict[str, Part] = field(default_factory=dict)
    _defaults: dict[str, str] = field(default_factory=dict)
    _overrides: dict[str, str] = field(default_factory=dict)

    @property
    def main(self) -> str:
        """Return the name of the part that holds the document itself."""
        return main_part(self.package)

    def part(self, name: str) -> Part:
        """Return a part, with its tree where it is XML.

        Raises:
            UnreadableError: It is missing or damaged.
        """
        if name not in self.parts:
            data = self.package.read(name)
            part = Part(name, self._type(name), data, rels=self.links_of(name))
            if part.type.endswith(("+xml", "/xml")) and not name.endswith(".svg"):
                part.root = self.package.xml(name)
            self.parts[name] = part
        return self.parts[name]

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return name in self.parts or self.package.has(name)

    def behind(self, part: Part, *kinds: str) -> Iterator[Part]:
        """Yield the parts inside that links of these kinds lead to, as far as they exist."""
        for rel in part.rels.values():
            if rel.kind in kinds and not rel.external and self.has(rel.target):
                yield self.part(rel.target)

    def add(self, name: str, kind: str, data: bytes) -> Part:
        """Add a part that was not there; `kind` is its content type."""
        self.parts[name] = Part(name, kind, data)
        return self.parts[name]

    def _type(self, name: str) -> str:
        own = self._overrides.get(f"/{name}".lower())
        if own is not None:
            return own
        return self._defaults.get(posixpath.splitext(name)[1].lower(), "")

    def links_of(self, name: str) -> dict[str, Rel]:
        """Return the links of a part, by their ids; those of the whole for ``."""
        folder, _, base = name.rpartition("/")
        source = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.package.has(source):
            return {}
        found = {}
        for element in self.package.xml(source).iter("{*}Relationship"):
            external = element.get("TargetMode") == "External"
            target = element.get("Target") or ""
            if not external:
                joined = target if target.startswith("/") else f"{folder}/{target}"
                target = posixpath.normpath(joined).lstrip("/")
            rel = Rel(
                element.get("Id") or "", element.get("Type") or "", target, external
            )
            found[rel.id] = rel
        return found

    def learn_types(self) -> None:
        """Read which part is of which type."""
        for element in self.package.xml(_TYPES_PART):
            kind = element.get("ContentType") or ""
            if local(element) == "Default":
                self._defaults[f".{element.get('Extension') or ''}".lower()] = kind
            else:
                self._overrides[(element.get("PartName") or "").lower()] = kind


def opened(data: bytes, limits: Limits) -> Opc:
    """Open an Office package.

    Raises:
        UnreadableError: It is damaged, or a part of the same name stands twice.
    """
    package = open_package(data, limits)
    opc = Opc(package)
    opc.learn_types()
    return opc


@dataclass(frozen=True, slots=True)
class Keeping:
    """Which links are followed.

    `always` are kept though no tree names them, `named` only where one does.
    """

    always: frozenset[str]
    named: frozenset[str]


def rebuilt(
    opc: Opc, keeping: Keeping, clean: Callable[[Part, str], None], tally: Tally
) -> dict[str, Part]:
    """Return the main part and what hangs on it once it is clean.

    `clean` changes a part in place, given the kind of link that leads to it.

    Raises:
        UnsupportedError: A part still refers to one that is left out.
    """
    kept: dict[str, Part] = {}
    waiting: list[tuple[str, str]] = [(opc.main, "officeDocument")]
    while waiting:
        name, kind = waiting.pop(0)
        if name in kept:
            continue
        if not opc.has(name):
            raise CorruptError("文件包缺少部件，已损坏，请重新保存后再试。")
        part = kept[name] = opc.part(name)
        clean(part, kind)
        part.rels = _followed(part, keeping)
        waiting += [(r.target, r.kind) for r in part.rels.values() if not r.external]
    for word in _left_out(opc, kept):
        tally.add(word, "文件包")
    return kept


def _followed(part: Part, keeping: Keeping) -> dict[str, Rel]:
    used, found = part.used(), {}
    for name, rel in part.rels.items():
        allowed = rel.kind in keeping.named and name in used
        if allowed or (rel.kind in keeping.always and not rel.external):
            found[name] = rel
    for name in used - found.keys():
        kind = part.rels[name].kind if name in part.rels else ""
        if name:
            word = _KNOWN.get(kind, "暂不能处理的内容")
            raise UnsupportedError(
                f"文件里有{word}，不能与正文可靠分开，没有生成安全副本；"
                "请在原来的软件里删除后再试。"
            )
    return found


def _left_out(opc: Opc, kept: Mapping[str, Part]) -> Iterator[str]:
    """Yield the parts that did not come along, in words."""
    kinds = {
        rel.target: rel.kind
        for name in ("", *opc.package.names)
        if not name.endswith(".rels")
        for rel in opc.links_of(name).values()
    }
    for name in opc.package.names:
        if name in kept or name.endswith(".rels") or name == _TYPES_PART:
            continue
        kind = kinds.get(name, "")
        if kind in _KNOWN or not kind:
            yield _KNOWN.get(kind, "没有引用的部件")


def written(parts: Mapping[str, Part], main: str) -> bytes:
    """Return parts as a package: the same parts give the same bytes."""
    names = _new_names(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, _TYPES_PART, _types(parts, names))
        root = {"rId1": Rel("rId1", _OFFICE, main, external=False)}
        _write(archive, "_rels/.rels", _rels_xml("", root, names))
        for name, part in parts.items():
            data = part.data if part.root is None else xml_bytes(part.root)
            _write(archive, names[name], data)
            if part.rels:
                folder, _, base = names[name].rpartition("/")
                source = posixpath.join(folder, "_rels", f"{base}.rels")
                _write(archive, source, _rels_xml(names[name], part.rels, names))
    return buffer.getvalue()


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = _UNIX_FILE
    info.create_system = 0
    archive.writestr(info, data)


def _new_names(parts: Mapping[str, Part]) -> dict[str, str]:
    """Number the pictures: their names may be those of the files they came from."""
    names, pictures = {}, 0
    for name in parts:
        folder, _, base = name.rpartition("/")
        if folder.endswith("/media"):
            pictures += 1
            base = f"image{pictures}{posixpath.splitext(base)[1].lower()}"
        names[name] = posixpath.join(folder, base)
    return names


def _types(parts: Mapping[str, Part], names: Mapping[str, str]) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})  # type: ignore[dict-item]  # the stubs know no default
    for ending, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        default = etree.SubElement(root, f"{{{_TYPES}}}Default")
        default.set("Extension", ending)
        default.set("ContentType", kind)
    for name, part in parts.items():
        override = etree.SubElement(root, f"{{{_TYPES}}}Override")
        override.set("PartName", f"/{names[name]}")
        override.set("ContentType", part.type)
    return xml_bytes(root)


def _rels_xml(source: str, rels: Mapping[str, Rel], names: Mapping[str, str]) -> bytes:
    root = etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})  # type: ignore[dict-item]  # the stubs know no default
    folder = posixpath.dirname(source)
    for rel in rels.values():
        element = etree.SubElement(root, f"{{{_RELS}}}Relationship")
        element.set("Id", rel.id)
        element.set("Type", rel.type)
        if rel.external:
            element.set("Target", rel.target)
            element.set("TargetMode", "External")
        else:
            target = names[rel.target]
            element.set("Target", posixpath.relpath(target, folder or "."))
    return xml_bytes(root)
