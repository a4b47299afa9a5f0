"""Excel workbooks (xlsx, xlsm, xltx), read from their XML parts with lxml."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import Limits
from review.extract.ooxml.beside import Owner, beside
from review.extract.ooxml.ooxml import (
    R,
    Relationship,
    local,
    main_part,
    note,
    relationships,
)
from review.extract.package import Package, looks_like, open_package
from review.extract.sheets.cells import column_number, stream
from review.extract.sheets.comments import Commenters, comments
from review.extract.sheets.drawing import drawn
from review.extract.sheets.formats import whole
from review.extract.sheets.parts import Parts, table_words, workbook_traces
from review.extract.sheets.pivots import Tables
from review.extract.sheets.sheet import Book, Sheet, SheetReading, Styled
from review.extract.sheets.styles import WHITE_TEXT, Colour, formats_of, theme_colours
from review.spans import Location

_DEFAULT_NAME: Final = r"(?:Sheet|工作表|Chart)\d*"
_DAYS_OF_1904: Final = 1_462
_STYLED_TABLES: Final = 100
_CHUNK: Final = 20_000
_RANGE: Final = r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"


class Xlsx:
    """Workbooks of the OOXML kind."""

    format = "xlsx"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a package with a workbook in it."""
        return looks_like(data, "xl/") and not _is_binary(data)

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every sheet, hidden ones too, and what hangs on it.

        Raises:
            UnreadableError: The package or its workbook is damaged.
        """
        return _Reading(open_package(data, limits), limits).run()


def _is_binary(data: bytes) -> bool:
    """Tell a workbook whose sheets are binary (xlsb)."""
    try:
        return "xl/workbook.bin" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return b"xl/workbook.bin" in data


@dataclass(slots=True)
class _Reading:
    """One workbook while it is read."""

    package: Package
    limits: Limits
    book: Book = field(init=False)
    commenters: Commenters = field(default_factory=Commenters)
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    read_parts: set[str] = field(default_factory=set)
    owners: dict[str, Owner] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.book = Book(self.limits.cells)

    def run(self) -> Extraction:
        """Read the workbook, its sheets in order, and the rest."""
        main = main_part(self.package)
        root = self.package.xml(main)
        links = relationships(self.package, main)
        self.read_parts.add(main)
        self._shared(root, links)
        targets = {link.id: link for link in links}
        sheets = [e for e in root.iter() if local(e) == "sheet"]
        for index, element in enumerate(sheets, 1):
            name = element.get("name") or f"工作表{index}"
            sheet = Sheet(name, index, element.get("state") or "visible")
            self._attempt_sheet(sheet, targets.get(element.get(f"{R}id") or ""))
        self._strays(len(sheets))
        self._unused_strings()
        self.blocks.extend(workbook_traces(root))
        self._kept_tables()
        parts = Parts(self.package, self.limits)
        parts.run()
        rest = beside(
            self.package, frozenset(self.read_parts | parts.read), self.owners
        )
        return Extraction(
            (*self.blocks, *parts.blocks, *rest.blocks),
            (*self.gaps, *parts.gaps, *rest.gaps),
            rest.embedded,
            rest.pictures,
        )

    def _shared(self, root: etree._Element, links: tuple[Relationship, ...]) -> None:
        """Read strings, styles and names of commenters before the sheets."""
        since_1904 = any(
            e.get("date1904") in {"1", "true"}
            for e in root.iter()
            if local(e) == "workbookPr"
        )
        found = {
            link.kind: link.target
            for link in links
            if not link.external and self.package.has(link.target)
        }
        if strings := found.get("sharedStrings"):
            self.read_parts.add(strings)
            entries = stream(self.package.read(strings), strings, ("si",))
            self.book.strings.take(entries)
        if styles := found.get("styles"):
            self.read_parts.add(styles)
            self.book.formats = formats_of(
                self.package.xml(styles),
                self._colours(found.get("theme")),
                days_off=_DAYS_OF_1904 if since_1904 else 0,
            )
        for name in self.package.names:
            if name.startswith("xl/persons/") and name.endswith(".xml"):
                self._attempt(name, self.commenters.take)

    def _colours(self, theme: str | None) -> dict[str, Colour]:
        found: dict[str, Colour] = {}
        if theme is not None:
            self._attempt(theme, lambda root: found.update(theme_colours(root)))
        return found

    def _attempt_sheet(self, sheet: Sheet, link: Relationship | None) -> None:
        if not re.fullmatch(_DEFAULT_NAME, sheet.name):
            where, detail = sheet.where, sheet.detail
            self.blocks.append(
                Block(sheet.name, where, sheet.hidden, "heading", (), detail)
            )
        if link is None or link.external or not self.package.has(link.target):
            message = f"工作表“{sheet.name}”的内容缺失，未能读取。"
            self.gaps.append(Gap(sheet.where, "unreadable_part", message))
            return
        if link.target in self.read_parts:
            message = f"工作表“{sheet.name}”与另一工作表是同一部件，只读了一次。"
            self.gaps.append(Gap(sheet.where, "unreadable_part", message))
            return
        if "macro" in link.kind.lower():
            message = f"工作表“{sheet.name}”是宏表，宏未经检查。"
            self.gaps.append(Gap(sheet.where, "macro", message))
        self._read_sheet(sheet, link.target)

    def _read_sheet(self, sheet: Sheet, name: str) -> None:
        self.read_parts.add(name)
        try:
            links = relationships(self.package, name)
            beside_cells = self._beside_cells(sheet, links)
            SheetReading(sheet, self.book).run(self.package.read(name), name)
        except UnreadableError as error:
            beside_cells = ()
            message = f"工作表“{sheet.name}”未能全部读取：{error.message}"
            sheet.gaps.append(Gap(sheet.where, "unreadable_part", message))
        self.blocks.extend(sheet.finish())
        self.blocks.extend(beside_cells)
        self.gaps.extend(sheet.gaps)

    def _beside_cells(
        self, sheet: Sheet, links: tuple[Relationship, ...]
    ) -> tuple[Block, ...]:
        """Return comments and drawings of a sheet; keep its tables' styles."""
        found: list[Block] = []
        for link in links:
            if link.external or link.target in self.read_parts:
                continue
            if not self.package.has(link.target):
                continue
            if link.kind in {"comments", "threadedComment"}:
                found.extend(self._from(link.target, sheet, "comments"))
            elif link.kind == "drawing":
                found.extend(self._from(link.target, sheet, "drawing"))
                self._own(link.target, sheet)
            elif link.kind == "table":
                found.extend(self._from(link.target, sheet, "table"))
        return tuple(found)

    def _from(self, name: str, sheet: Sheet, kind: str) -> tuple[Block, ...]:
        """Read one part that hangs on a sheet; a damaged one is a gap."""
        self.read_parts.add(name)
        try:
            root = self.package.xml(name)
        except UnreadableError as error:
            sheet.gaps.append(Gap(sheet.where, "unreadable_part", error.message))
            return ()
        if kind == "comments":
            return tuple(comments(root, sheet.name, self.commenters))
        if kind == "drawing":
            return tuple(drawn(root, sheet.where))
        if (styled := _styled(root)) is not None and len(sheet.styled) < _STYLED_TABLES:
            sheet.styled.append(styled)
        for element in root:
            if local(element) == "autoFilter":
                sheet.filter(element)
        return tuple(table_words(root))

    def _own(self, drawing: str, sheet: Sheet) -> None:
        """Remember that what hangs on the drawing of a hidden sheet is hidden."""
        if sheet.hidden:
            for link in relationships(self.package, drawing):
                self.owners[link.target] = Owner(hidden=sheet.detail)

    def _strays(self, count: int) -> None:
        """Read the sheets that lie in the package and stand in no workbook."""
        for name in self.package.names:
            is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
            if is_sheet and name not in self.read_parts:
                count += 1
                label = name.rpartition("/")[2].removesuffix(".xml")
                self._read_sheet(Sheet(label, count, "工作簿没有列出的工作表"), name)

    def _unused_strings(self) -> None:
        """Tell what is left of cells that were deleted, and white or guiding strings."""
        strings = self.book.strings
        asides = [(text, WHITE_TEXT) for text in strings.pale]
        asides += [(text, "拼音指南") for text in strings.guides.values()]
        # Where a sheet was not read to its end, nobody knows which are in use.
        cut = {"too_large", "unreadable_part"}
        if not any(gap.where.sheet and gap.code in cut for gap in self.gaps):
            total = "\n".join(dict.fromkeys(strings.unused()))
            asides.append((total, "没有单元格用到的文字（可能是删去的内容）"))
        where = Location(part="hidden")
        for text, why in asides:
            for at in range(0, len(text), _CHUNK):
                self.blocks.append(note(text[at : at + _CHUNK], where, why))

    def _kept_tables(self) -> None:
        """Read pivot caches and the caches of linked workbooks."""
        tables = Tables(len(self.package.names), max(self.book.cells_left, 0))
        for name in self.package.names:
            if name.startswith("xl/pivotCache/pivotCacheDefinition"):
                self._attempt(name, self._pivot(tables, name))
            elif name.startswith("xl/externalLinks/") and name.endswith(".xml"):
                self._attempt(name, tables.external)
        if tables.cells_left < 0:
            message = "数据透视表或外部工作簿的缓存过大，未全部读取。"
            self.gaps.append(Gap(Location(part="hidden"), "too_large", message))
        self.blocks.extend(tables.blocks)

    def _pivot(self, tables: Tables, name: str) -> Callable[[etree._Element], object]:
        """Return what reads a pivot cache, with its records if nobody read them yet."""
        targets = [
            link.target
            for link in relationships(self.package, name)
            if link.kind == "pivotCacheRecords" and self.package.has(link.target)
        ]
        records = [target for target in targets if target not in self.read_parts]
        self.read_parts.update(records)
        return lambda root: tables.pivot(root, self.package, records)

    def _attempt(self, name: str, read: Callable[[etree._Element], object]) -> None:
        """Read a part with a function; a damaged one is a gap."""
        self.read_parts.add(name)
        try:
            read(self.package.xml(name))
        except UnreadableError as error:
            self._unread(error)

    def _unread(self, error: UnreadableError) -> None:
        self.gaps.append(Gap(Location(part="hidden"), "unreadable_part", error.message))


def _styled(table: etree._Element) -> Styled | None:
    """Return the cells whose ground a table's style colours.

    A dark style colours all rows, any other the heading.
    """
    style = next((e for e in table if local(e) == "tableStyleInfo"), None)
    name = "" if style is None else (style.get("name") or "")
    bounds = re.fullmatch(_RANGE, table.get("ref") or "")
    if not name or bounds is None:
        return None
    first = int(bounds[2])
    last = int(bounds[4]) if "Dark" in name else first
    last = last if "Dark" in name else first + whole(table.get("headerRowCount"), 1) - 1
    columns = range(column_number(bounds[1]), column_number(bounds[3]) + 1)
    return Styled(range(first, last + 1), columns)
