"""Shapes of a Word text that nobody sees: hidden, or off every page."""

from typing import Final

from lxml import etree

from review.extract.ooxml.ooxml import local
from review.extract.word.drawing import hides
from review.safecopy.interface import Tally
from review.safecopy.trees import drop

# What holds one drawing of a text, in the new way and in the old one.
_HOLDERS: Final = frozenset({"drawing", "pict", "object"})
_OLD_SHAPES: Final = frozenset(
    ["shape", "rect", "roundrect", "oval", "line", "polyline", "arc", "curve", "image"]
)


def drop_unseen_shapes(root: etree._Element, tally: Tally, place: str) -> None:
    """Take out the shapes that the extraction, too, says nobody sees."""
    for element in list(root.iter()):
        why = hides(local(element), element)
        if why is not None and _is_in(element, root):
            drop(_whole(element))
            tally.add(why, place)


def _is_in(element: etree._Element, root: etree._Element) -> bool:
    """Tell whether an element did not go with one around it."""
    return next(element.iterancestors(root.tag), None) is root


def _whole(element: etree._Element) -> etree._Element:
    """Return all that goes with what hides: the shape, its holder, its other form."""
    shape = element
    if local(element).startswith("nv") and (parent := element.getparent()) is not None:
        shape = parent
    holder = next(
        (one for one in shape.iterancestors() if local(one) in _HOLDERS), None
    )
    if holder is None or not _is_all(shape, holder):
        return shape
    branch = holder.getparent()
    if branch is None or local(branch) != "Choice":
        return holder
    # What other programs show instead stands in for the same shape.
    both = branch.getparent()
    return holder if both is None else both


def _is_all(shape: etree._Element, holder: etree._Element) -> bool:
    """Tell whether nothing would be drawn without a shape."""
    above = shape.getparent()
    if local(shape) in {"anchor", "inline"}:
        return True
    if above is not None and local(above) == "graphicData":
        return True
    drawn = [one for one in holder.iter() if local(one) in _OLD_SHAPES]
    return drawn == [shape]
