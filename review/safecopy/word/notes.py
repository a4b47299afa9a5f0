"""Headers that no page shows, and notes that nothing refers to."""

from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import R, all_text
from review.extract.word.styles import W, is_on
from review.safecopy.interface import Tally
from review.safecopy.ooxml.opc import Opc, Part
from review.safecopy.trees import drop

_SEPARATORS: Final = frozenset(
    {"separator", "continuationSeparator", "continuationNotice"}
)


def drop_unshown_headers(part: Part, opc: Opc, tally: Tally) -> list[str]:
    """Drop first and even headers where no page shows them; return their texts."""
    root = part.root
    if root is None:
        return []
    first = any(is_on(one) for one in root.iter(f"{W}titlePg"))
    even = any(is_on(one) for one in _settings(part, opc).iter(f"{W}evenAndOddHeaders"))
    gone: list[str] = []
    for name in ("headerReference", "footerReference"):
        for reference in list(root.iter(f"{W}{name}")):
            kind = reference.get(f"{W}type")
            if (kind == "first" and not first) or (kind == "even" and not even):
                drop(reference)
                gone += _texts(part, opc, reference.get(f"{R}id") or "")
                tally.add("没有显示的页眉页脚", "页眉页脚")
    return gone


def count_unused_headers(part: Part, tally: Tally) -> None:
    """Count the headers and footers of no section, which will stay behind."""
    if part.root is None:
        return
    used = {
        one.get(f"{R}id")
        for name in ("headerReference", "footerReference")
        for one in part.root.iter(f"{W}{name}")
    }
    for rel in part.rels.values():
        unused = rel.kind in {"header", "footer"} and rel.id not in used
        tally.add("没有用到的页眉页脚", "页眉页脚", unused)


def drop_unused_notes(part: Part, opc: Opc, tally: Tally) -> list[str]:
    """Drop the notes whose reference is gone; return their texts."""
    root = part.root
    if root is None:
        return []
    gone: list[str] = []
    for kind, note in (("footnotes", "footnote"), ("endnotes", "endnote")):
        used = {one.get(f"{W}id") for one in root.iter(f"{W}{note}Reference")}
        for notes in opc.behind(part, kind):
            for element in () if notes.root is None else list(notes.root):
                kept = element.get(f"{W}type") in _SEPARATORS
                if not kept and element.get(f"{W}id") not in used:
                    gone += _paragraphs(element)
                    drop(element)
                    tally.add("没有引用的脚注尾注", "脚注尾注")
    return gone


def _settings(part: Part, opc: Opc) -> etree._Element:
    for settings in opc.behind(part, "settings"):
        if settings.root is not None:
            return settings.root
    return etree.Element("none")


def _texts(part: Part, opc: Opc, reference: str) -> list[str]:
    rel = part.rels.get(reference)
    if rel is None or rel.external or not opc.has(rel.target):
        return []
    root = opc.part(rel.target).root
    return [] if root is None else _paragraphs(root)


def _paragraphs(root: etree._Element) -> list[str]:
    return [text for one in root.iter(f"{W}p") if (text := all_text(one))]
