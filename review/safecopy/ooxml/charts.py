"""Charts that keep only the numbers they draw: no workbook behind them."""

from typing import Final

from lxml import etree

from review.errors import UnsupportedError
from review.extract.ooxml.ooxml import local
from review.safecopy.interface import Tally
from review.safecopy.ooxml.opc import Part
from review.safecopy.trees import drop

_C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_LITERAL: Final = {"numRef": ("numCache", "numLit"), "strRef": ("strCache", "strLit")}
_NAMES: Final = frozenset({"tx"})


def clean_chart(part: Part, tally: Tally) -> None:
    """Cut a chart off its data; what it shows stays.

    Raises:
        UnsupportedError: It does not hold what it shows.
    """
    root = part.root
    if root is None:
        return
    for name in ("externalData", "pivotSource", "protection", "printSettings"):
        for element in list(root.iter(f"{_C}{name}")):
            drop(element)
            if name == "externalData":
                tally.add("图表后面的数据表", "图表")
    for element in list(root.iter(f"{_C}multiLvlStrRef")):
        _drop_formula(element)
    for kind, (cache, literal) in _LITERAL.items():
        for element in list(root.iter(f"{_C}{kind}")):
            _freeze(element, element.find(f"{_C}{cache}"), literal)


def _freeze(
    reference: etree._Element, cache: etree._Element | None, literal: str
) -> None:
    """Put the shown values in the place of the cells they came from.

    Raises:
        UnsupportedError: They are not in the chart.
    """
    parent = reference.getparent()
    if parent is None:
        return
    if cache is None:
        raise UnsupportedError(
            "图表里没有保存数值；请用 WPS 或 Office 打开文件并保存一次后再试。"
        )
    if local(parent) in _NAMES and literal == "strLit":
        _name(parent, reference, cache)
        return
    cache.tag = f"{_C}{literal}"
    parent.replace(reference, cache)


def _name(
    parent: etree._Element, reference: etree._Element, cache: etree._Element
) -> None:
    """Write the name of a series; a title keeps its reference without a source."""
    above = parent.getparent()
    texts = [each.text or "" for each in cache.iter(f"{_C}v")]
    if above is not None and local(above) == "ser":
        value = etree.Element(f"{_C}v")
        value.text = " ".join(texts)
        parent.replace(reference, value)
        return
    _drop_formula(reference)


def _drop_formula(reference: etree._Element) -> None:
    """Empty the address of the cells, which must be there."""
    for formula in reference.findall(f"{_C}f"):
        formula.text = ""
