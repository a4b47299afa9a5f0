"""Which headers and footers of a Word file stand on its pages, and which wait unseen."""

from collections.abc import Iterable
from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import R, Relationship, local
from review.extract.word.styles import W, child, is_on

_REFERENCES: Final = (f"{W}headerReference", f"{W}footerReference")
_WORDS: Final = {"header": "页眉", "footer": "页脚"}
_UNUSED: Final = "没有用到的{}，页面上看不到"
_KINDS: Final = frozenset({"default", "first", "even"})
_WHY: Final = {
    "first": "首页的{}没有启用，页面上看不到",
    "even": "偶数页的{}没有启用，页面上看不到",
}


def unseen(
    body: etree._Element, links: Iterable[Relationship], *, even: bool
) -> dict[str, str]:
    """Return of each header and footer that no page shows why, by its part.

    A section without a reference of its own takes the one of the section before it.
    `even` tells that even pages have headers of their own.
    """
    waiting: dict[str, str] = {}
    shown: set[str] = set()
    current: dict[tuple[str, str], str] = {}
    for section in body.iter(f"{W}sectPr"):
        above = section.getparent()
        if above is not None and local(above) == "sectPrChange":
            continue
        for entry in section.iterchildren(*_REFERENCES):
            kind = entry.get(f"{W}type") or "default"
            if kind in _KINDS:
                current[local(entry), kind] = entry.get(f"{R}id") or ""
        title = is_on(child(section, "titlePg"))
        for (_where, kind), relation in current.items():
            if kind == "default" or (title if kind == "first" else even):
                shown.add(relation)
            else:
                waiting[relation] = _WHY[kind]
    parts = [one for one in links if one.kind in _WORDS and not one.external]
    seen = {one.target for one in parts if one.id in shown}
    return {
        one.target: waiting.get(one.id, _UNUSED).format(_WORDS[one.kind])
        for one in parts
        if one.target not in seen
    }
