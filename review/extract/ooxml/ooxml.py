"""What every Office package has: parts that hang together by relationships."""

import posixpath
from dataclasses import dataclass
from typing import Final

from lxml import etree

from review.errors import CorruptError
from review.extract.interface import Block
from review.extract.messages import NO_MAIN_PART
from review.extract.package import Package
from review.spans import Location

_ON: Final = frozenset({"1", "true", "on"})
_OFF: Final = frozenset({"0", "false", "off"})
R: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True, slots=True)
class Relationship:
    """One link from a part to another part or to the outside."""

    id: str
    kind: str
    target: str
    external: bool


def is_true(value: str | None) -> bool:
    """Tell whether an attribute says that something is on."""
    return value in _ON


def is_false(value: str | None) -> bool:
    """Tell whether an attribute says that something is off."""
    return value in _OFF


def local(element: etree._Element) -> str:
    """Return the tag without its namespace; empty for anything but elements."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def below(element: etree._Element | None, *tags: str) -> etree._Element | None:
    """Return what stands below, one child after another; quicker than `find`."""
    for tag in tags:
        if element is None:
            return None
        element = next(element.iterchildren(tag), None)
    return element


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
    raise CorruptError(NO_MAIN_PART)


def note(text: str, where: Location, detail: str) -> Block:
    """Return a hidden block for something beside the page."""
    return Block(text, where, hidden=True, role="note", detail=detail)


def chosen(alternate: etree._Element) -> etree._Element:
    """Return the branch of an `mc:AlternateContent` that is read."""
    branches = [part for part in alternate if local(part) in {"Choice", "Fallback"}]
    with_text = [part for part in branches if all_text(part)]
    return (with_text or branches or [alternate[0] if len(alternate) else alternate])[0]


def left_out(alternate: etree._Element) -> tuple[str, ...]:
    """Return the text of the other branches where it says something else."""
    taken = chosen(alternate)
    own = "".join(all_text(taken).split())
    others = (all_text(p) for p in alternate if p is not taken and local(p))
    return tuple(text for text in others if "".join(text.split()) not in own)


def all_text(element: etree._Element) -> str:
    """Return all text runs below an element, joined."""
    texts = (part.text or "" for part in element.iter("{*}t"))
    return "".join(texts).strip()
