"""Clean one worksheet: hidden rows and columns emptied, formulas frozen."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import CorruptError, UnsupportedError
from review.extract.ooxml.ooxml import R, is_true, local
from review.extract.sheets.cells import column_number
from review.safecopy.interface import Tally
from review.safecopy.links import is_public
from review.safecopy.ooxml.opc import Part
from review.safecopy.sheets.strings import Strings, clean_text
from review.safecopy.trees import drop

_KEPT: Final = frozenset(
    [
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetFormatPr",
        "cols",
        "sheetData",
        "autoFilter",
        "mergeCells",
        "conditionalFormatting",
        "hyperlinks",
        "printOptions",
        "pageMargins",
        "pageSetup",
        "headerFooter",
        "rowBreaks",
        "colBreaks",
        "drawing",
        "drawingHF",
        "legacyDrawingHF",
        "picture",
        "tableParts",
    ]
)
_WORDS: Final = {
    "dataValidations": "数据有效性（提示和选项）",
    "sheetProtection": "工作表保护",
    "protectedRanges": "工作表保护",
    "customSheetViews": "自定义视图",
    "legacyDrawing": "批注的图形",
    "scenarios": "方案",
    "phoneticPr": "拼音设置",
    "sortState": "排序条件",
    "customProperties": "自定义属性",
    "webPublishItems": "发布设置",
}
_FORBIDDEN: Final = frozenset({"oleObjects", "controls"})
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_MOST_COLUMNS: Final = 16_384


@dataclass(slots=True)
class SheetCleaning:
    """One sheet while it is cleaned."""

    part: Part
    place: str
    strings: Strings
    tally: Tally
    kept: Tally
    seen: set[str] = field(default_factory=set)
    _hidden_columns: set[int] = field(default_factory=set)
    _zero_height: bool = False

    def run(self) -> None:
        """Clean the sheet in place.

        Raises:
            UnsupportedError: What it shows cannot be told from what it hides.
            CorruptError: It is damaged.
        """
        root = self.part.root
        if root is None:
            raise CorruptError("工作表已损坏，请重新保存后再试。")
        self._sections(root)
        self._columns(root)
        for row in root.iterfind("{*}sheetData/{*}row"):
            self._row(row)
        self._links(root)
        self._rules(root)
        self._filters(root)
        self._views(root)
        self._headers(root)

    def _sections(self, root: etree._Element) -> None:
        for element in list(root):
            self._forbid(element)
            name = local(element)
            if name not in _KEPT:
                drop(element)
                count = len(element) if name == "dataValidations" else 1
                self.tally.add(_WORDS.get(name, ""), self.place, count)
        for element in list(root.iter("{*}extLst")):
            drop(element)
        for element in root.iter("{*}pageSetup"):
            element.attrib.pop(f"{R}id", "")

    def _forbid(self, element: etree._Element) -> None:
        """Refuse what is seen and cannot be parted from what is not.

        Raises:
            UnsupportedError: It is such a thing.
        """
        if any(local(one) in _FORBIDDEN for one in (element, *element)):
            raise UnsupportedError(
                "工作表里有内嵌对象或控件，不能与看得见的内容可靠分开；"
                "请删除或转成图片后再试。"
            )
        if local(element) == "extLst" and any(
            local(one) == "sparklineGroups" for one in element.iter()
        ):
            raise UnsupportedError(
                "工作表里有迷你图，它的数据不能可靠清除；请转成图片或删除后再试。"
            )

    def _columns(self, root: etree._Element) -> None:
        for element in root.iter("{*}sheetFormatPr"):
            self._zero_height = is_true(element.get("zeroHeight"))
        for column in root.iter("{*}col"):
            if not is_true(column.get("hidden")) and not _is_zero(column.get("width")):
                continue
            first, last = column.get("min") or "", column.get("max") or ""
            if first.isdigit() and last.isdigit():
                end = min(int(last), _MOST_COLUMNS)
                self._hidden_columns.update(range(int(first), end + 1))

    def _row(self, row: etree._Element) -> None:
        away = is_true(row.get("hidden")) or _is_zero(row.get("ht"))
        if self._zero_height and row.get("hidden") is None and not row.get("ht"):
            away = True
        column = 0
        for cell in [one for one in row if local(one) == "c"]:
            column = column_number(cell.get("r") or "") or column + 1
            why = self._why_hidden(column, row_hidden=away)
            if why is not None:
                if _says(cell):
                    self.tally.add(why, self.place)
                self._blank(cell, in_row=not away)
            elif len(cell):
                self._freeze(cell)

    def _why_hidden(self, column: int, *, row_hidden: bool) -> str | None:
        if row_hidden:
            return "隐藏行里的单元格"
        return "隐藏列里的单元格" if column in self._hidden_columns else None

    def _empty(self, cell: etree._Element) -> None:
        for part in list(cell):
            cell.remove(part)
        for key in ("t", "cm", "vm"):
            cell.attrib.pop(key, "")

    def _blank(self, cell: etree._Element, *, in_row: bool) -> None:
        """Empty a hidden cell; in a row that is seen a space keeps its place.

        Long text beside an empty cell would run over it, and show what was cut off.
        """
        held = in_row and len(cell) > 0
        self._empty(cell)
        if held:
            cell.set("t", "inlineStr")
            inner = etree.SubElement(cell, f"{{{_MAIN}}}is")
            text = etree.SubElement(inner, f"{{{_MAIN}}}t")
            text.text = " "
            text.set(_SPACE, "preserve")

    def _freeze(self, cell: etree._Element) -> None:
        """Put the value in the place of its formula; number its text anew."""
        if cell.get("vm"):
            raise UnsupportedError(
                "单元格里嵌有图片或动态数据，不能可靠清除；请改为浮动图片后再试。"
            )
        cell.attrib.pop("cm", "")
        value = next((one for one in cell if local(one) == "v"), None)
        self._formula(cell, value)
        if cell.get("t") == "s" and value is not None:
            number = self.strings.number(value.text or "")
            if number is None:
                self._empty(cell)
            else:
                value.text = str(number)
        for part in list(cell):
            if local(part) == "is":
                clean_text(part, self.tally)
            elif local(part) != "v":
                cell.remove(part)

    def _formula(self, cell: etree._Element, value: etree._Element | None) -> None:
        """Take the formula out of a cell, and leave its result.

        Raises:
            UnsupportedError: It has none: what a reader would see is not in the file.
        """
        formula = next((one for one in cell if local(one) == "f"), None)
        if formula is None:
            return
        if value is None or not (value.text or cell.get("t") == "str"):
            raise UnsupportedError(
                "有公式还没有计算结果；请用 WPS 或 Excel 打开并保存一次后再试。"
            )
        cell.remove(formula)
        self.tally.add("公式（改为数值）", self.place)

    def _links(self, root: etree._Element) -> None:
        """Keep links of cells that are seen to public pages."""
        shown = self._shown(root)
        for link in list(root.iter("{*}hyperlink")):
            for key in ("tooltip", "display"):
                if link.attrib.pop(key, "") and key == "tooltip":
                    self.tally.add("链接提示", self.place)
            rel = self.part.rels.get(link.get(f"{R}id") or "")
            here = (link.get("ref") or "").partition(":")[0] in shown
            if rel is None or not is_public(rel.target) or not here:
                drop(link)
                self.tally.add("指向内部或没有文字的链接", self.place)
                continue
            link.attrib.pop("location", "")
            self.seen.add(rel.target)
            self.kept.add("可见链接的网址", self.place)
        for links in list(root.iter("{*}hyperlinks")):
            if not len(links):
                drop(links)

    def _shown(self, root: etree._Element) -> frozenset[str]:
        return frozenset(
            cell.get("r") or ""
            for cell in root.iterfind("{*}sheetData/{*}row/{*}c")
            if _says(cell)
        )

    def _rules(self, root: etree._Element) -> None:
        """Drop the rules of colouring that carry text or ask other sheets."""
        for rules in list(root.iter("{*}conditionalFormatting")):
            for rule in list(rules):
                formulas = [one.text or "" for one in rule.iter("{*}formula")]
                told = any('"' in text or "!" in text for text in formulas)
                if told or rule.get("text"):
                    drop(rule)
                    self.tally.add("带文字的条件格式", self.place)
            if not any(local(one) == "cfRule" for one in rules):
                drop(rules)

    def _filters(self, root: etree._Element) -> None:
        for element in list(root.iter("{*}filterColumn", "{*}sortState")):
            drop(element)
            self.tally.add("筛选条件", self.place)

    def _headers(self, root: etree._Element) -> None:
        """Drop the headers and footers that no page shows."""
        for element in root.iter("{*}headerFooter"):
            unused = tuple(
                kind
                for kind, key in (
                    ("even", "differentOddEven"),
                    ("first", "differentFirst"),
                )
                if not is_true(element.get(key))
            )
            for entry in [one for one in element if local(one).startswith(unused)]:
                drop(entry)
                told = bool((entry.text or "").strip())
                self.tally.add("没有启用的页眉页脚", self.place, told)

    def _views(self, root: etree._Element) -> None:
        for element in root.iter("{*}sheetPr"):
            for key in list(element.keys()):
                if str(key) != "filterMode":
                    del element.attrib[key]
        for view in root.iter("{*}sheetView"):
            for child in list(view):
                if local(child) not in {"pane", "selection"}:
                    drop(child)
            view.attrib.pop("tabSelected", "")


def _says(cell: etree._Element) -> bool:
    """Tell whether a cell holds more than blanks."""
    return any(isinstance(text, str) and text.strip() for text in cell.itertext())


def _is_zero(value: str | None) -> bool:
    try:
        return value is not None and float(value) == 0
    except ValueError:
        return False
