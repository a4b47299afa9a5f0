"""One worksheet: the rows that are seen, those that are not, and what hangs on cells."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from review.extract.interface import Block, Gap
from review.extract.limits import A_ROW
from review.extract.ooxml.ooxml import is_true, local, note
from review.extract.sheets.cells import (
    Cell,
    Strings,
    cells_of,
    column_name,
    column_number,
    spread,
    stream,
)
from review.extract.sheets.formats import whole
from review.extract.sheets.styles import Formats
from review.extract.sheets.words import header_text, literals
from review.spans import Location

_TAGS: Final = (
    "row",
    "col",
    "headerFooter",
    "dataValidation",
    "hyperlink",
    "sheetFormatPr",
    "autoFilter",
    "cfRule",
    "scenario",
    "protectedRange",
    "webPublishItem",
)
_LAST_COLUMN: Final = 16_384
_NARROW: Final = 0.2
_LOW: Final = 1.0
_MERGED_ROWS: Final = 200_000
_MERGES_A_ROW: Final = 256
_FILTERS: Final = 100
_MERGE: Final = (
    rb"<(?:\w{1,20}:)?mergeCell\s[^>]{0,80}?ref\s*=\s*[\"']"
    rb"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})[\"']"
)
_TEXTS: Final = {
    "dataValidation": ("promptTitle", "prompt", "errorTitle", "error"),
    "hyperlink": ("tooltip",),
    "cfRule": ("text",),
    "scenario": ("name", "user", "comment"),
    "protectedRange": ("name",),
    "webPublishItem": ("title", "destinationFile", "sourceObject"),
}
_DETAILS: Final = {
    "dataValidation": "单元格提示或选项",
    "hyperlink": "单元格提示或选项",
    "cfRule": "条件格式里的文字",
    "scenario": "方案",
    "protectedRange": "受保护区域",
    "webPublishItem": "网页发布设置",
}
_FORMULAS: Final = frozenset({"formula1", "formula2", "formula", "f"})
_STATES: Final = {"hidden": "隐藏的工作表", "veryHidden": "深度隐藏的工作表"}
_MAKES_TEXT: Final = r"[&\"]|(?:CONCAT|TEXT|CHAR|LOOKUP|INDEX|INDIRECT|CHOOSE)\w*\("


@dataclass(slots=True)
class Book:
    """What the sheets of a workbook share; `cells_left` counts down."""

    cells_left: int
    strings: Strings = field(default_factory=Strings)
    formats: Formats = field(default_factory=Formats)


@dataclass(frozen=True, slots=True)
class Styled:
    """Columns of rows whose ground a table's style colours."""

    rows: range
    columns: range


@dataclass(slots=True)
class Sheet:
    """One sheet while it is read."""

    name: str
    index: int
    state: str = "visible"
    blocks: list[Block] = field(default_factory=list)
    away: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    styled: list[Styled] = field(default_factory=list)
    filtered: dict[range, None] = field(default_factory=dict)

    @property
    def hidden(self) -> bool:
        """Tell whether the sheet is not shown."""
        return self.state != "visible"

    @property
    def detail(self) -> str | None:
        """Say in Chinese how the sheet is hidden."""
        return _STATES.get(self.state, self.state) if self.hidden else None

    @property
    def where(self) -> Location:
        """Return the place of the sheet as a whole."""
        part = Location(part="sheet", sheet=self.name, table=self.index)
        return replace(part, part="hidden") if self.hidden else part

    def at(self, cell: str | None) -> Location:
        """Return the place of something that nobody sees, at a cell."""
        return Location(part="hidden", sheet=self.name, cell=cell)

    def finish(self) -> Iterator[Block]:
        """Yield the rows that are seen, then those that are not, then the rest."""
        yield from self.blocks
        for block in self.away:
            row = block.where.row or 0
            if block.detail == "隐藏的行" and any(row in one for one in self.filtered):
                yield replace(block, detail="筛选掉的行")
            else:
                yield block
        yield from self.notes

    def filter(self, element: etree._Element) -> None:
        """Keep the rows of a filter that is on, and what it asks for."""
        texts = [
            value
            for e in element.iter()
            if local(e) in {"filter", "customFilter"} and (value := e.get("val"))
        ]
        if not any(local(e) == "filterColumn" for e in element):
            return
        bounds = re.fullmatch(
            r"\$?[A-Z]+\$?(\d{1,7}):\$?[A-Z]+\$?(\d{1,7})", _ref(element)
        )
        if bounds and len(self.filtered) < _FILTERS:
            self.filtered[range(int(bounds[1]), int(bounds[2]) + 1)] = None
        if texts:
            where = self.at(_ref(element))
            self.notes.append(note("\n".join(texts), where, "筛选条件"))


@dataclass(slots=True)
class SheetReading:
    """The rows and settings of one sheet part while they stream by."""

    sheet: Sheet
    book: Book
    _columns: dict[int, str] = field(default_factory=dict)
    _merged: dict[int, list[tuple[int, int, bool]]] = field(default_factory=dict)
    _rows_hidden: bool = False
    _row: int = 0
    _said: set[tuple[str, ...]] = field(default_factory=set)
    _open_formulas: int = 0

    def run(self, data: bytes, name: str) -> None:
        """Read the part.

        Raises:
            UnreadableError: The part is damaged.
        """
        self._merged = _merged_rows(data)
        try:
            for element in stream(data, name, _TAGS, "c"):
                self._take(local(element), element)
                if self.book.cells_left < 0:
                    message = f"工作表“{self.sheet.name}”的单元格过多，未全部读取。"
                    self.sheet.gaps.append(Gap(self.sheet.where, "too_large", message))
                    return
        finally:
            self._say_open()

    def _take(self, tag: str, element: etree._Element) -> None:
        if tag == "row":
            self._read_row(element)
        elif tag == "col":
            self._column(element)
        elif tag == "sheetFormatPr":
            self._rows_hidden = is_true(element.get("zeroHeight"))
        elif tag == "headerFooter":
            self._header(element)
        elif tag == "autoFilter":
            self.sheet.filter(element)
        else:
            self._settings(tag, element)

    def _column(self, element: etree._Element) -> None:
        width = element.get("width")
        if is_true(element.get("hidden")):
            grouped = whole(element.get("outlineLevel")) > 0
            why = "折叠的分组列" if grouped else "隐藏的列"
        elif width is not None and _below(width, _NARROW):
            why = "列宽为零的列"
        else:
            return
        first, last = whole(element.get("min")), whole(element.get("max"))
        for number in range(max(first, 1), min(last, _LAST_COLUMN) + 1):
            if number in self._columns:
                return
            self._columns[number] = why

    def _read_row(self, element: etree._Element) -> None:
        self._row = whole(element.get("r"), self._row + 1)
        cells = tuple(cells_of(element, self.book.strings, self.book.formats))
        if not cells:
            return
        self.book.cells_left -= len(cells) + A_ROW
        row_why = self._row_why(element)
        filled: list[Cell] = []
        for cell in cells:
            if cell.formula:
                self._formula(cell)
            if cell.text:
                why = row_why or self._why(cell)
                filled.append(cell if why == cell.why else replace(cell, why=why))
        self._emit(filled, row_why)

    def _row_why(self, element: etree._Element) -> str | None:
        hidden, height = element.get("hidden"), element.get("ht")
        if is_true(hidden):
            grouped = whole(element.get("outlineLevel")) > 0
            return "折叠的分组行" if grouped else "隐藏的行"
        if height is not None and _below(height, _LOW):
            return "行高为零的行"
        return "隐藏的行" if self._rows_hidden and not (hidden or height) else None

    def _why(self, cell: Cell) -> str | None:
        """Say why a cell of a row that is shown is not seen."""
        if why := self._columns.get(cell.column):
            return f"{why} {column_name(cell.column)}"
        for first, last, is_first_row in self._merged.get(self._row, ()):
            anchor = is_first_row and cell.column == first
            if first <= cell.column <= last and not anchor:
                return "被合并单元格盖住的内容"
        if cell.why is not None and self._is_on_colour(cell):
            return None
        return cell.why

    def _is_on_colour(self, cell: Cell) -> bool:
        """Tell whether a table's style colours the ground under white text."""
        return "色" in (cell.why or "") and any(
            self._row in one.rows and cell.column in one.columns
            for one in self.sheet.styled
        )

    def _emit(self, cells: list[Cell], row_why: str | None) -> None:
        """Add the row as it is seen; and whole, where some of it is not.

        What stands beside tells whose value it is: a hidden column of numbers needs the names.
        """
        sheet = self.sheet
        where = replace(sheet.where, row=self._row)
        if sheet.hidden:
            self._row_block(sheet.away, cells, where, sheet.detail)
            return
        shown = [cell for cell in cells if cell.why is None]
        self._row_block(sheet.blocks, shown, where, None)
        unseen = [cell for cell in cells if cell.why or cell.behind]
        if not unseen:
            return
        reasons = dict.fromkeys(c.why or "数字格式遮住的实际值" for c in unseen)
        detail = row_why or "、".join(reasons)
        if shown:
            detail += "（同行各格一并列出）"
        first = None if row_why else f"{column_name(unseen[0].column)}{self._row}"
        place = replace(where, part="hidden", cell=first)
        whole_row = [replace(c, text=c.behind or c.text) for c in cells]
        self._row_block(sheet.away, whole_row, place, detail)

    def _row_block(
        self, to: list[Block], cells: list[Cell], where: Location, detail: str | None
    ) -> None:
        if cells:
            texts = spread(cells)
            hidden = where.part == "hidden"
            to.append(Block("\t".join(texts), where, hidden, "row", texts, detail))

    def _formula(self, cell: Cell) -> None:
        """Keep a formula that carries words, or whose result nobody saved."""
        formula = cell.formula or ""
        where = self.sheet.at(f"{column_name(cell.column)}{self._row}")
        where = replace(where, row=self._row)
        if cell.open:
            self.sheet.notes.append(note(f"={formula}", where, "没有结果的公式"))
            self._open_formulas += bool(re.search(_MAKES_TEXT, formula))
            return
        words = literals(formula)
        if words and words not in self._said:
            self._said.add(words)
            self.sheet.notes.append(note(f"={formula}", where, "公式里的文字"))

    def _say_open(self) -> None:
        if self._open_formulas:
            message = (
                f"工作表“{self.sheet.name}”有 {self._open_formulas} 个公式没有保存结果，"
                "打开后显示的文字未经检查，请用 Excel 或 WPS 打开并保存后再提交。"
            )
            self.sheet.gaps.append(Gap(self.sheet.where, "unsupported_part", message))

    def _header(self, element: etree._Element) -> None:
        """Read headers and footers, those of other views and pages too."""
        parent = element.getparent()
        of_view = parent is not None and local(parent) == "customSheetView"
        shown = {"odd"}
        shown |= {"even"} if is_true(element.get("differentOddEven")) else set()
        shown |= {"first"} if is_true(element.get("differentFirst")) else set()
        for entry in element:
            text = header_text(entry.text or "")
            if not text:
                continue
            kind = local(entry)
            unused = not any(kind.startswith(name) for name in shown)
            at = replace(
                self.sheet.where, part="header" if "Header" in kind else "footer"
            )
            hidden = self.sheet.hidden or of_view or unused
            detail = "自定义视图的页眉页脚" if of_view else None
            detail = detail or ("没有启用的页眉页脚" if unused else None)
            self.sheet.notes.append(Block(text, at, hidden, detail=detail))

    def _settings(self, tag: str, element: etree._Element) -> None:
        """Read what validations, links, rules and scenarios say."""
        where = self.sheet.at(_ref(element) or None)
        texts = [element.get(key) or "" for key in _TEXTS[tag]]
        for part in element.iter():
            name = local(part)
            if name in _FORMULAS and '"' in (part.text or ""):
                texts.append((part.text or "").strip('"'))
            elif name == "inputCells":
                texts.append(f"{part.get('r') or ''} {part.get('val') or ''}")
        for text in dict.fromkeys(texts):
            if text.strip():
                self.sheet.notes.append(note(text.strip(), where, _DETAILS[tag]))


def _ref(element: etree._Element) -> str:
    return element.get("sqref") or element.get("ref") or ""


def _below(text: str, bound: float) -> bool:
    try:
        return float(text) < bound
    except ValueError:
        return False


def _merged_rows(data: bytes) -> dict[int, list[tuple[int, int, bool]]]:
    """Return the merged columns of each row; they are listed after all rows.

    So many rows at most; what a larger merge covers is read as seen.
    """
    end = data.rfind(b"sheetData>")
    tail = data[end:] if end >= 0 else b""
    merges = sorted(_merges(tail), key=lambda one: len(one.rows))
    found: dict[int, list[tuple[int, int, bool]]] = {}
    left = _MERGED_ROWS
    for one in merges:
        left -= len(one.rows)
        if left < 0:
            break
        for row in one.rows:
            first, last = one.columns[0], one.columns[-1]
            known = found.setdefault(row, [])
            if len(known) < _MERGES_A_ROW:
                known.append((first, last, row == one.rows[0]))
    return found


def _merges(tail: bytes) -> Iterable[Styled]:
    for match in re.finditer(_MERGE, tail):
        left, top, right, bottom = (one.decode("ascii") for one in match.groups())
        rows = range(int(top), int(bottom) + 1)
        columns = range(column_number(left), column_number(right) + 1)
        if rows and columns:
            yield Styled(rows, columns)
