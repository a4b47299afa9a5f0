"""Whole Office packages, with the types and relationships that Office asks for."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias
from xml.sax.saxutils import quoteattr

from tests.golden.making.sample import still
from tests.unit.extract.office import REL, SPACES

Links: TypeAlias = tuple[tuple[str, str], ...]

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/"
_DEFAULTS: Final = {
    "rels": "application/vnd.openxmlformats-package.relationships+xml",
    "xml": "application/xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "bin": "application/vnd.ms-office.vbaProject",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "docx": f"{_OFFICE}wordprocessingml.document",
}
# Relationships that are not of the common family.
_KINDS: Final = {
    "core": f"{_PACKAGE}relationships/metadata/core-properties",
    "thumbnail": f"{_PACKAGE}relationships/metadata/thumbnail",
    "vbaProject": "http://schemas.microsoft.com/office/2006/relationships/vbaProject",
    "commentsExtended": (
        "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its type below the Office family or whole, and its relationships r1, r2 …"""

    kind: str | None
    content: str | bytes
    links: Links = ()


def xml(tag: str, inner: str, attributes: str = "") -> str:
    """Return a part's root with every namespace."""
    return f"{_HEAD}<{tag} {SPACES} {attributes}>{inner}</{tag}>"


def package(parts: Mapping[str, Part], top: Links) -> bytes:
    """Return the file; `top` are the relationships of the whole."""
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_type(one.kind)}"/>'
        for name, one in parts.items()
        if one.kind
    )
    defaults = "".join(
        f'<Default Extension="{ending}" ContentType="{kind}"/>'
        for ending, kind in _DEFAULTS.items()
    )
    types = f'<Types xmlns="{_PACKAGE}content-types">{defaults}{overrides}</Types>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _HEAD + types)
        archive.writestr("_rels/.rels", _relations(top))
        for name, one in parts.items():
            archive.writestr(name, one.content)
            if one.links:
                folder, _, last = name.rpartition("/")
                archive.writestr(f"{folder}/_rels/{last}.rels", _relations(one.links))
    return still(held.getvalue())


def core(author: str, *, title: str = "", more: str = "") -> Part:
    """Return the core properties."""
    spaces = (
        f'xmlns:cp="{_PACKAGE}metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    )
    inner = (
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>{more}"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2026-09-01T00:30:00Z</dcterms:created>'
    )
    return Part(
        "application/vnd.openxmlformats-package.core-properties+xml",
        f"{_HEAD}<cp:coreProperties {spaces}>{inner}</cp:coreProperties>",
    )


def application(inner: str) -> Part:
    """Return the properties that the program keeps."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    return Part(
        "extended-properties+xml",
        f'{_HEAD}<Properties xmlns="{space}">{inner}</Properties>',
    )


def custom(values: Mapping[str, str]) -> Part:
    """Return properties of one's own."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/"
    rows = "".join(
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="{number}" '
        f"name={quoteattr(name)}><vt:lpwstr>{value}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values.items(), 2)
    )
    return Part(
        "custom-properties+xml",
        f'{_HEAD}<Properties xmlns="{base}custom-properties" '
        f'xmlns:vt="{base}docPropsVTypes">{rows}</Properties>',
    )


def _type(kind: str | None) -> str:
    return kind if kind and "/" in kind else f"{_OFFICE}{kind}"


def _relations(links: Links) -> str:
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{_KINDS.get(kind, f"{REL}/{kind}")}" '
        f"Target={quoteattr(target)}"
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for number, (kind, target) in enumerate(links, 1)
    )
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}relationships">{rows}</Relationships>'
    )
