"""Draws bordered tables into a docx: one grid of 24 units, repeated headers.

The elements are written directly: python-docx has no spans of a grid and no
borders, and takes seconds over 200 findings.
"""

import io
from collections.abc import Mapping
from typing import Final

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table as DocxTable
from lxml import etree

from review.paper import docx_styles as styles
from review.paper.layout import UNITS, Align, Cell, Line, Row, Table
from review.paper.qr import picture
from review.paper.text import clean

# 24 units make 169.3 mm, between margins of 20 mm.
_UNIT: Final = 400
_LINE: Final = 300
_CODE_WIDTH: Final = Mm(34)
_JUSTIFIED: Final[Mapping[Align, str]] = {
    "left": "left",
    "centre": "center",
    "right": "right",
}
_SIDES: Final = ("top", "left", "bottom", "right", "insideH", "insideV")
_ROOM: Final = (("top", "50"), ("left", "60"), ("bottom", "50"), ("right", "60"))
# Characters for each unit of width: a row with fewer stays on one page.
_KEPT: Final = 25


def add_table(document: Document, table: Table) -> None:
    """Add a table; its cells carry spans of the grid, as Word writes them."""
    drawn = document.add_table(rows=0, cols=UNITS)
    _frame(drawn)
    for column in drawn._tbl.tblGrid.gridCol_lst:  # noqa: SLF001 - no other way
        column.set(qn("w:w"), str(_UNIT))
    for number, row in enumerate(table.rows):
        header = number < table.header
        element = _row(document, row, header=header, small=table.small)
        drawn._tbl.append(element)  # noqa: SLF001 - add_row copies 24 cells


def _frame(drawn: DocxTable) -> None:
    """Set borders, width and the room between text and border."""
    properties = drawn._tbl.tblPr  # noqa: SLF001 - python-docx knows no borders
    for old in list(properties):
        properties.remove(old)
    # The schema wants this order.
    properties.append(_element("w:tblW", w=str(_UNIT * UNITS), type="dxa"))
    borders = OxmlElement("w:tblBorders")
    for side in _SIDES:
        borders.append(
            _element(f"w:{side}", val="single", sz="4", space="0", color="000000")
        )
    properties.append(borders)
    properties.append(_element("w:tblLayout", type="fixed"))
    margins = OxmlElement("w:tblCellMar")
    for side, size in _ROOM:
        margins.append(_element(f"w:{side}", w=size, type="dxa"))
    properties.append(margins)


def _row(document: Document, row: Row, *, header: bool, small: bool) -> etree._Element:
    element = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    if header or _is_short(row):
        properties.append(OxmlElement("w:cantSplit"))
    lines = max(cell.height for cell in row.cells)
    if lines > 1:
        properties.append(
            _element("w:trHeight", val=str(lines * _LINE), hRule="atLeast")
        )
    if header:
        properties.append(OxmlElement("w:tblHeader"))
    element.append(properties)
    for cell in row.cells:
        element.append(_cell(document, cell, small=small))
    return element


def _is_short(row: Row) -> bool:
    """Return whether the row surely fits on a page; a longer one may break."""
    return all(
        sum(len(line.text) for line in cell.lines) < _KEPT * cell.span
        and not any("\n" in line.text for line in cell.lines)
        for cell in row.cells
    )


def _cell(document: Document, cell: Cell, *, small: bool) -> etree._Element:
    element = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    properties.append(_element("w:tcW", w=str(_UNIT * cell.span), type="dxa"))
    properties.append(_element("w:gridSpan", val=str(cell.span)))
    if cell.label:
        properties.append(_element("w:shd", val="clear", color="auto", fill="F2F2F2"))
    properties.append(_element("w:vAlign", val="center"))
    element.append(properties)
    style = _style(cell, small=small)
    for line in cell.lines:
        element.append(_line(line, style))
    if cell.code:
        element.append(_code(document, cell.code))
    elif not cell.lines:
        # Word refuses a cell without a paragraph.
        element.append(_line(Line(""), style))
    return element


def _line(line: Line, style: str) -> etree._Element:
    """Return a paragraph with its own line breaks."""
    paragraph = OxmlElement("w:p")
    properties = OxmlElement("w:pPr")
    properties.append(_element("w:pStyle", val=style))
    if line.align != "left":
        properties.append(_element("w:jc", val=_JUSTIFIED[line.align]))
    paragraph.append(properties)
    run = OxmlElement("w:r")
    for number, text in enumerate(clean(line.text).split("\n")):
        if number > 0:
            run.append(OxmlElement("w:br"))
        piece = OxmlElement("w:t")
        piece.set(qn("xml:space"), "preserve")
        piece.text = text
        run.append(piece)
    paragraph.append(run)
    return paragraph


def _style(cell: Cell, *, small: bool) -> str:
    if cell.label:
        return styles.SMALL_LABEL if small else styles.LABEL
    return styles.SMALL if small else styles.VALUE


def _code(document: Document, text: str) -> etree._Element:
    """Return a paragraph with the QR code, taken from the document's end."""
    paragraph = document.add_paragraph(style=styles.VALUE)
    paragraph.alignment = styles.ALIGNMENTS["centre"]
    paragraph.add_run().add_picture(io.BytesIO(picture(text)), width=_CODE_WIDTH)
    return paragraph._p  # noqa: SLF001 - moved into its cell


def _element(name: str, **attributes: str) -> etree._Element:
    element = OxmlElement(name)
    for key, text in attributes.items():
        element.set(qn(f"w:{key}"), text)
    return element
