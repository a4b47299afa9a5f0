"""XML trees, changed in place: what goes, what stays, and the bytes at the end."""

from typing import Final

from lxml import etree

_DEEPEST: Final = 256


def xml_bytes(root: etree._Element) -> bytes:
    """Return a tree as the bytes of a part."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def drop(element: etree._Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    for child in reversed(element):
        parent.insert(at + 1, child)
    drop(element)


def depth_is_sane(root: etree._Element, deepest: int = _DEEPEST) -> bool:
    """Tell whether a tree can be walked by functions that call themselves."""
    level = deep = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deep = max(deep, level)
    return deep <= deepest
