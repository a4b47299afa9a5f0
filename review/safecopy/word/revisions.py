"""Accept all tracked changes: what was inserted stays, what was deleted goes."""

from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import local
from review.extract.word.styles import W
from review.safecopy.interface import Tally
from review.safecopy.trees import drop, unwrap

_GONE: Final = frozenset({"del", "moveFrom"})
_IN: Final = frozenset({"ins", "moveTo"})
_MARKS: Final = frozenset({"rPr", "trPr", "tcPr", "ctrlPr"})
# Markers that say where a change or a move begins and ends, and how things looked.
_RANGES: Final = (
    "moveFromRangeStart",
    "moveFromRangeEnd",
    "moveToRangeStart",
    "moveToRangeEnd",
    "customXmlInsRangeStart",
    "customXmlInsRangeEnd",
    "customXmlDelRangeStart",
    "customXmlDelRangeEnd",
    "customXmlMoveFromRangeStart",
    "customXmlMoveFromRangeEnd",
    "customXmlMoveToRangeStart",
    "customXmlMoveToRangeEnd",
)
_LOOKS: Final = (
    "rPrChange",
    "pPrChange",
    "sectPrChange",
    "tblPrChange",
    "tblGridChange",
    "trPrChange",
    "tcPrChange",
    "tblPrExChange",
    "numberingChange",
    "cellMerge",
)
_DELETED: Final = "修订（已删除的内容）"
_INSERTED: Final = "修订标记（插入的内容保留）"
_LOOKED: Final = "修订标记（格式）"


def accept(root: etree._Element, tally: Tally, place: str) -> None:
    """Accept every tracked change of a story."""
    for name in _LOOKS:
        tally.add(_LOOKED, place, _drop_all(root, name))
    for name in _RANGES:
        _drop_all(root, name)
    _rows_and_cells(root, tally, place)
    ended = _paragraph_ends(root, tally, place)
    for element in list(root.iter(*(f"{W}{name}" for name in _GONE))):
        drop(element)
        tally.add(_DELETED, place)
    for element in list(root.iter(*(f"{W}{name}" for name in _IN))):
        unwrap(element)
        tally.add(_INSERTED, place)
    for name in ("delText", "delInstrText"):
        tally.add(_DELETED, place, _drop_all(root, name))
    for paragraph in ended:
        _join_next(paragraph)


def _drop_all(root: etree._Element, name: str) -> int:
    found = list(root.iter(f"{W}{name}"))
    for element in found:
        drop(element)
    return len(found)


def _rows_and_cells(root: etree._Element, tally: Tally, place: str) -> None:
    for row in list(root.iter(f"{W}tr")):
        properties = row.find(f"{W}trPr")
        marks = [] if properties is None else list(properties)
        if any(local(one) in _GONE for one in marks):
            _remove_and_what_it_empties(row)
            tally.add(_DELETED, place)
    for cell in list(root.iter(f"{W}tc")):
        if cell.find(f"{W}tcPr/{W}cellDel") is not None:
            _remove_and_what_it_empties(cell)
            tally.add(_DELETED, place)
    tally.add(_INSERTED, place, _drop_all(root, "cellIns"))


def _remove_and_what_it_empties(element: etree._Element) -> None:
    """Remove a cell or a row; a row without cells and a table without rows go too."""
    parent = element.getparent()
    drop(element)
    while parent is not None and local(parent) in {"tr", "tbl"}:
        inner = f"{W}tc" if local(parent) == "tr" else f"{W}tr"
        if next(parent.iter(inner), None) is not None:
            return
        element, parent = parent, parent.getparent()
        drop(element)


def _paragraph_ends(
    root: etree._Element, tally: Tally, place: str
) -> list[etree._Element]:
    """Take the marks off; return the paragraphs whose end was deleted."""
    ended: list[etree._Element] = []
    names = [f"{W}{name}" for name in (*_GONE, *_IN)]
    for mark in list(root.iter(*names)):
        holder = mark.getparent()
        if holder is None or local(holder) not in _MARKS:
            continue
        gone = local(mark) in _GONE
        above = holder.getparent()
        if gone and above is not None and local(above) == "pPr":
            paragraph = above.getparent()
            if paragraph is not None:
                ended.append(paragraph)
        drop(mark)
        tally.add(_DELETED if gone else _INSERTED, place)
    return ended


def _join_next(paragraph: etree._Element) -> None:
    """Join a paragraph whose end was deleted to the next one, as Word does."""
    following = paragraph.getnext()
    contents = [one for one in paragraph if local(one) != "pPr"]
    if following is None or local(following) != "p":
        alone = following is None and local(paragraph.getparent()) == "tc"  # type: ignore[arg-type]  # a paragraph stands in something
        if not contents and not alone:
            drop(paragraph)
        return
    at = 1 if len(following) and local(following[0]) == "pPr" else 0
    for child in reversed(contents):
        following.insert(at, child)
    drop(paragraph)
