"""Excel workbooks (xlsx, xlsm, xltx), read from their XML parts with lxml."""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.ooxml import (
    R,
    Relationship,
    beside,
    local,
    main_part,
    note,
    relationships,
)
from review.extract.package import Package, looks_like, open_package
from review.extract.xlsx_cells import (
    Cell,
    Formats,
    cells_of,
    formats_of,
    rich_text,
    stream,
)
from review.spans import Location

_WIDEST_GAP: Final = 256
_DEFAULT_NAME: Final = r"(?:Sheet|工作表|Chart)\d*"
_HEADER_CODES: Final = (
    r"&(?:\"[^\"]*\"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[BIUESXYPNDTGFAZ&])"
)
_SHEET_TAGS: Final = (
    "row",
    "col",
    "headerFooter",
    "dataValidation",
    "hyperlink",
    "sheetFormatPr",
)
_HIDDEN_PARTS: Final = (
    ("xl/pivotCache/", "数据透视表缓存"),
    ("xl/externalLinks/", "外部工作簿缓存"),
    ("xl/connections.xml", "数据连接"),
    ("xl/revisions/", "共享工作簿修订记录"),
    ("xl/queryTables/", "查询表"),
    ("xl/tables/", "表格名称"),
    ("xl/slicer", "切片器"),
    ("xl/pivotTables/", "数据透视表"),
    ("xl/persons/", "批注者名单"),
    ("xl/ctrlProps/", "控件"),
)
_TEXT_ATTRIBUTES: Final = frozenset(
    [
        "v",
        "connection",
        "command",
        "sourceFile",
        "displayName",
        "caption",
        "name",
        "description",
    ]
)
_HIDDEN_PART_TEXT: Final = 50_000


class Xlsx:
    """Workbooks of the OOXML kind."""

    format = "xlsx"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a package with a workbook in it."""
        return looks_like(data, "xl/") and b"xl/workbook.bin" not in data

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every sheet, hidden ones too, and what hangs on it.

        Raises:
            UnreadableError: The package or its workbook is damaged.
        """
        return _Reading(open_package(data, limits), limits.cells).run()


@dataclass(slots=True)
class _Sheet:
    """One sheet while it is read."""

    name: str
    index: int
    hidden: bool
    hidden_columns: set[int] = field(default_factory=set)
    hidden_rows: bool = False
    row: int = 0

    @property
    def where(self) -> Location:
        """Return the place of the sheet as a whole."""
        part = Location(part="sheet", sheet=self.name, table=self.index)
        return replace(part, part="hidden") if self.hidden else part


@dataclass(slots=True)
class _Reading:
    """One workbook while it is read."""

    package: Package
    cells_left: int
    strings: tuple[str, ...] = ()
    formats: Formats = field(default_factory=Formats)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    read_parts: set[str] = field(default_factory=set)

    def run(self) -> Extraction:
        """Read the workbook, its sheets in order, and the rest."""
        main = main_part(self.package)
        root = self.package.xml(main)
        links = relationships(self.package, main)
        self.read_parts.add(main)
        self._shared(links)
        targets = {link.id: link for link in links}
        sheets = [e for e in root.iter() if local(e) == "sheet"]
        for index, element in enumerate(sheets, 1):
            sheet = _Sheet(
                element.get("name") or f"工作表{index}",
                index,
                hidden=(element.get("state") or "visible") != "visible",
            )
            link = targets.get(element.get(f"{R}id") or "")
            self._attempt_sheet(sheet, link)
        self._defined_names(root)
        self._hidden_parts()
        rest = beside(self.package, frozenset(self.read_parts))
        blocks, gaps = (*self.blocks, *rest.blocks), (*self.gaps, *rest.gaps)
        return Extraction(blocks, gaps, rest.embedded)

    def _shared(self, links: tuple[Relationship, ...]) -> None:
        for link in links:
            if link.external or not self.package.has(link.target):
                continue
            if link.kind == "sharedStrings":
                self.read_parts.add(link.target)
                data = self.package.read(link.target)
                found = stream(data, link.target, ("si",))
                self.strings = tuple(rich_text(entry) for entry in found)
            elif link.kind == "styles":
                self.read_parts.add(link.target)
                self.formats = formats_of(self.package.xml(link.target))

    def _attempt_sheet(self, sheet: _Sheet, link: Relationship | None) -> None:
        if not re.fullmatch(_DEFAULT_NAME, sheet.name):
            name = Block(sheet.name, sheet.where, sheet.hidden, "heading")
            self.blocks.append(name)
        if link is None or link.external or not self.package.has(link.target):
            message = f"工作表“{sheet.name}”的内容缺失，未能读取。"
            self.gaps.append(Gap(sheet.where, "unreadable_part", message))
            return
        self.read_parts.add(link.target)
        if "macro" in link.kind.lower():
            message = f"工作表“{sheet.name}”是宏表，宏未经检查。"
            self.gaps.append(Gap(sheet.where, "macro", message))
        try:
            self._read_sheet(sheet, link.target)
            self._comments(sheet, link.target)
        except UnreadableError as error:
            message = f"工作表“{sheet.name}”未能全部读取：{error.message}"
            self.gaps.append(Gap(sheet.where, "unreadable_part", message))

    def _read_sheet(self, sheet: _Sheet, name: str) -> None:
        for element in stream(self.package.read(name), name, _SHEET_TAGS):
            tag = local(element)
            if tag == "row":
                self._row(sheet, element)
                if self.cells_left < 0:
                    message = f"工作表“{sheet.name}”的单元格过多，未全部读取。"
                    self.gaps.append(Gap(sheet.where, "too_large", message))
                    return
            elif tag == "col":
                _hide_columns(sheet, element)
            elif tag == "sheetFormatPr":
                sheet.hidden_rows = _is_true(element.get("zeroHeight"))
            elif tag == "headerFooter":
                self._header(sheet, element)
            else:
                self._prompts(sheet, element)

    def _row(self, sheet: _Sheet, element: etree._Element) -> None:
        number = element.get("r") or ""
        sheet.row = int(number) if number.isdigit() else sheet.row + 1
        cells = tuple(cells_of(element, self.strings, self.formats))
        self.cells_left -= len(cells)
        row_hidden = _is_true(element.get("hidden")) or element.get("ht") == "0"
        if (
            sheet.hidden_rows
            and element.get("hidden") is None
            and not element.get("ht")
        ):
            row_hidden = True
        shown: list[Cell] = []
        hidden: list[Cell] = []
        for cell in cells:
            if not cell.text:
                if cell.formula:
                    self._formula(sheet, cell.formula)
                continue
            away = row_hidden or cell.blank or cell.column in sheet.hidden_columns
            (hidden if away else shown).append(cell)
        where = replace(sheet.where, row=sheet.row)
        self._row_block(shown, where, "隐藏的工作表" if sheet.hidden else None)
        detail = "隐藏的行" if row_hidden else "隐藏的列或不显示的单元格"
        self._row_block(hidden, replace(where, part="hidden"), detail)

    def _row_block(
        self, cells: list[Cell], where: Location, detail: str | None
    ) -> None:
        if not cells:
            return
        texts = _spread(cells)
        hidden = where.part == "hidden"
        text = "\t".join(texts)
        self.blocks.append(Block(text, where, hidden, "row", texts, detail))

    def _formula(self, sheet: _Sheet, formula: str) -> None:
        where = Location(part="hidden", sheet=sheet.name, row=sheet.row)
        self.blocks.append(note(f"={formula}", where, "没有结果的公式"))

    def _header(self, sheet: _Sheet, element: etree._Element) -> None:
        for entry in element:
            text = re.sub(_HEADER_CODES, "", entry.text or "")
            text = re.sub(r"&[LCR]", "\t", text).strip()
            if text:
                header = "header" in local(entry).lower()
                at = replace(sheet.where, part="header" if header else "footer")
                self.blocks.append(Block(text, at, sheet.hidden))

    def _prompts(self, sheet: _Sheet, element: etree._Element) -> None:
        """Read what validations and links say beside the cell's own text."""
        reference = element.get("sqref") or element.get("ref")
        where = Location(part="hidden", sheet=sheet.name, cell=reference)
        texts = [
            element.get(key) or ""
            for key in ("promptTitle", "prompt", "errorTitle", "error", "tooltip")
        ]
        texts += [
            (e.text or "").strip('"')
            for e in element.iter()
            if local(e) in {"formula1", "formula2", "f"} and '"' in (e.text or "")
        ]
        for text in texts:
            if text.strip():
                self.blocks.append(note(text.strip(), where, "单元格提示或选项"))

    def _comments(self, sheet: _Sheet, name: str) -> None:
        for link in relationships(self.package, name):
            if link.external or link.kind not in {"comments", "threadedComment"}:
                continue
            if not self.package.has(link.target):
                continue
            self.read_parts.add(link.target)
            root = self.package.xml(link.target)
            authors = [e.text or "" for e in root.iter() if local(e) == "author"]
            for element in root.iter():
                if local(element) in {"comment", "threadedComment"}:
                    self._comment(sheet, element, authors)

    def _comment(
        self, sheet: _Sheet, element: etree._Element, authors: list[str]
    ) -> None:
        text = "".join(
            rich_text(e) or e.text or "" for e in element if local(e) == "text"
        ).strip()
        raw = element.get("authorId") or ""
        index = int(raw) if raw.isdigit() else len(authors)
        author = authors[index] if index < len(authors) else ""
        detail = f"{author} {(element.get('dT') or '')[:10]}".strip()
        if text:
            where = Location("comment", sheet=sheet.name, cell=element.get("ref"))
            self.blocks.append(note(text, where, detail or "批注"))

    def _defined_names(self, root: etree._Element) -> None:
        for element in root.iter():
            if local(element) != "definedName":
                continue
            name, text = element.get("name") or "", (element.text or "").strip()
            if name.startswith("_xlnm.") or not text:
                continue
            where = Location(part="metadata")
            remark = element.get("comment") or ""
            self.blocks.append(
                note(f"{name}：{text} {remark}".strip(), where, "定义的名称")
            )

    def _hidden_parts(self) -> None:
        for name in self.package.names:
            for start, detail in _HIDDEN_PARTS:
                if name.startswith(start) and name.endswith(".xml"):
                    self.read_parts.add(name)
                    self._hidden_part(name, detail)

    def _hidden_part(self, name: str, detail: str) -> None:
        where = Location(part="hidden")
        try:
            texts = dict.fromkeys(
                text
                for element in self.package.xml(name).iter()
                for text in _part_texts(element)
            )
        except UnreadableError as error:
            self.gaps.append(Gap(where, "unreadable_part", error.message))
            return
        total = "\n".join(texts)
        for at in range(0, len(total), _HIDDEN_PART_TEXT):
            block = note(total[at : at + _HIDDEN_PART_TEXT], where, detail)
            self.blocks.append(block)


def _part_texts(element: etree._Element) -> list[str]:
    texts = [
        str(value)
        for key, value in element.items()
        if str(key).rpartition("}")[2] in _TEXT_ATTRIBUTES
    ]
    texts.append(element.text or "")
    return [
        text for raw in texts if (text := " ".join(raw.split())) and not _is_plain(text)
    ]


def _is_plain(text: str) -> bool:
    """Tell text that says nothing: a bare number or truth value."""
    return text.replace(".", "").replace("-", "").isdigit() and len(text) < 6  # noqa: PLR2004 - phone numbers stay


def _hide_columns(sheet: _Sheet, element: etree._Element) -> None:
    if not (_is_true(element.get("hidden")) or element.get("width") == "0"):
        return
    first, last = element.get("min") or "", element.get("max") or ""
    if first.isdigit() and last.isdigit():
        end = min(int(last), 16_384)
        sheet.hidden_columns.update(range(int(first), end + 1))


def _is_true(value: str | None) -> bool:
    return value in {"1", "true", "on"}


def _spread(cells: list[Cell]) -> tuple[str, ...]:
    """Return the texts with empty ones between, so that columns line up."""
    last = max(cell.column for cell in cells)
    if last > _WIDEST_GAP:
        return tuple(cell.text for cell in cells)
    texts = [""] * last
    for cell in cells:
        texts[cell.column - 1] = cell.text
    return tuple(texts)
