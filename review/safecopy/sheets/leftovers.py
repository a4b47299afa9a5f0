"""Empty the cells that reading still finds hidden: white, covered, hidden by a format."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local
from review.extract.sheets.cells import column_number
from review.safecopy.sheets.strings import Strings

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The sheets of a cleaned workbook by their names, its shared texts and its styles."""

    sheets: Mapping[str, etree._Element]
    strings: Strings
    styles: etree._Element | None

    def take_out(self, hidden: Sequence[Block], shown: Sequence[Block]) -> int:
        """Empty what is hidden in the rows, and write what is shown as it is shown."""
        seen = {_row(one): one.cells for one in shown if one.cells}
        count = 0
        for block in hidden:
            sheet = self.sheets.get(block.where.sheet or "")
            if sheet is None or block.where.row is None or not block.cells:
                continue
            cells = _cells(sheet, block.where.row)
            beside = seen.get(_row(block), ())
            for at, text in enumerate(block.cells):
                look = beside[at] if at < len(beside) else ""
                cell = cells.get(at + 1)
                if text and text != look and cell is not None:
                    self._set(cell, look)
                    count += 1
        return count

    def _set(self, cell: etree._Element, text: str) -> None:
        value = next((one for one in cell if local(one) == "v"), None)
        if cell.get("t") == "s" and value is not None:
            self.strings.release(value.text or "")
        for part in list(cell):
            cell.remove(part)
        number = cell.attrib.pop("t", "n") == "n"
        if text and number and self.styles is not None:
            cell.set("s", _to_the_right(self.styles, cell.get("s") or "0"))
        if text:
            cell.set("t", "inlineStr")
            inner = etree.SubElement(cell, f"{{{_MAIN}}}is")
            etree.SubElement(inner, f"{{{_MAIN}}}t").text = text


def _to_the_right(styles: etree._Element, style: str) -> str:
    """Return the style that sets a text as this one sets a number: to the right."""
    looks = styles.find("{*}cellXfs")
    if looks is None or not style.isdigit() or int(style) >= len(looks):
        return style
    look = copy.deepcopy(looks[int(style)])
    alignment = look.find("{*}alignment")
    if alignment is None:
        alignment = etree.Element(f"{{{_MAIN}}}alignment")
        look.insert(0, alignment)
    elif alignment.get("horizontal", "general") != "general":
        return style
    alignment.set("horizontal", "right")
    look.set("applyAlignment", "1")
    source = etree.tostring(look)
    known = [etree.tostring(one) for one in looks]
    if source not in known:
        looks.append(look)
        looks.set("count", str(len(looks)))
        known.append(source)
    return str(known.index(source))


def _row(block: Block) -> tuple[str | None, int | None]:
    return block.where.sheet, block.where.row


def _cells(sheet: etree._Element, number: int) -> dict[int, etree._Element]:
    """Return the cells of a row by their columns."""
    at = 0
    for row in sheet.iterfind("{*}sheetData/{*}row"):
        given = row.get("r") or ""
        at = int(given) if given.isdigit() else at + 1
        if at == number:
            found, column = {}, 0
            for cell in row:
                column = column_number(cell.get("r") or "") or column + 1
                found[column] = cell
            return found
    return {}
