"""Old workbooks (xls, xlt, et): cells with xlrd, all else from the records themselves."""

import io
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

import xlrd

from review.errors import CorruptError, EncryptedError
from review.extract.interface import Block, Extraction, Gap
from review.extract.limits import A_ROW, Limits
from review.extract.old.ole_parts import Parts, opened, parts_of
from review.extract.old.xls_beside import BesideCells, caches_of
from review.extract.old.xls_records import BOF, BOUND_SHEET, EOF, FILE_PASS, records_in
from review.extract.ole.ole import MAGIC, CompoundFile
from review.extract.sheets.cells import column_name
from review.spans import Location

_DEFAULT_NAME: Final = r"(?:Sheet|工作表|Chart)\d*"
_STREAMS: Final = ("Workbook", "Book")
# Books of Excel 2 to 4 stand alone, without a compound file around them.
_ALONE: Final = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
# What xlrd raises on bytes that no program wrote.
_FAULTS: Final = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    xlrd.formula.FormulaError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
_DAMAGED: Final = "表格文件已损坏，无法打开，请用 WPS 或 Excel 重新保存后再提交。"
_WHITE: Final = (255, 255, 255)
_TINY: Final = 40  # twentieths of a point
_EPOCHS: Final = (datetime(1899, 12, 30), datetime(1904, 1, 1))  # noqa: DTZ001 - a spreadsheet day has no zone
_LAST_DAY: Final = 2_958_465
_WHOLE: Final = 1e15
_SHEET, _HIDDEN, _DEEPLY_HIDDEN = 0, 1, 2
_AUTOMATIC: Final = 64  # colour indexes from here on are the system's


class Xls:
    """Workbooks of the old binary kinds, those of WPS included."""

    format = "xls"

    def recognizes(self, data: bytes) -> bool:
        """Tell whether the bytes are a book, in a compound file or alone."""
        if data.startswith(_ALONE):
            return True
        if not data.startswith(MAGIC):
            return False
        try:
            return _book_in(CompoundFile(data)) is not None
        except CorruptError:
            return False

    def extract(self, data: bytes, limits: Limits) -> Extraction:
        """Read every sheet, hidden ones too, and what hangs on the book.

        Raises:
            EncryptedError: It opens only with a password.
            CorruptError: It is damaged.
        """
        beside, rest = BesideCells(), Parts()
        stream: bytes | None = data
        if data.startswith(MAGIC):
            container = opened(data)
            stream = _book_in(container)
            rest = parts_of(container, limits)
            streams = {
                entry.path: container.stream(entry)
                for entry in container.inside()
                if len(entry.path) > 1 and entry.path[0].lower().startswith("_sx_db")
            }
            for cache in caches_of(streams):
                beside.read_cache(cache)
        if stream is None or not stream:
            raise CorruptError(_DAMAGED)
        _check(stream)
        cells = _Reading(limits.cells).run(stream)
        beside.read(stream)
        return Extraction(
            tuple(
                dict.fromkeys(
                    (*cells.blocks, *beside.blocks, *beside.media.blocks, *rest.blocks)
                )
            ),
            (*cells.gaps, *beside.gaps, *beside.media.gaps(), *rest.gaps),
            rest.embedded,
            (*beside.media.pictures, *rest.pictures),
        )


def _book_in(container: CompoundFile) -> bytes | None:
    for name in _STREAMS:
        stream = container.named(name)
        if stream:
            return stream
    return None


def _check(stream: bytes) -> None:
    """Refuse a book that is encrypted, or that lists the same sheet twice.

    Raises:
        EncryptedError: It opens only with a password.
        CorruptError: Its sheets lie in each other, or it is no book.
    """
    places: set[bytes] = set()
    for record in records_in(stream):
        if record.kind == FILE_PASS:
            raise EncryptedError(
                "表格已加密或设有密码保护，请取消密码和工作簿保护后再提交。"
            )
        if record.kind == BOUND_SHEET:
            if record.data[:4] in places:
                raise CorruptError(_DAMAGED)
            places.add(record.data[:4])
        if record.kind == EOF:
            return
    if int.from_bytes(stream[:2], "little") & 0xFF != BOF & 0xFF:
        raise CorruptError(_DAMAGED)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One filled cell, and how it is hidden."""

    column: int
    text: str
    hiding: str | None


@dataclass(slots=True)
class _Reading:
    """The cells of one book while they are read."""

    cells_left: int
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    def run(self, stream: bytes) -> "_Reading":
        """Read the sheets in their order.

        Raises:
            CorruptError: The book as a whole cannot be opened.
        """
        try:
            book = xlrd.open_workbook(
                file_contents=stream,
                formatting_info=True,
                on_demand=True,
                ragged_rows=True,
                logfile=io.StringIO(),
            )
        except _FAULTS as fault:
            raise CorruptError(_DAMAGED) from fault
        for index in range(book.nsheets):
            if self.cells_left < 0:
                message = "表格的单元格过多，后面的工作表未读取，请拆分后再提交。"
                self.gaps.append(Gap(Location(), "too_large", message))
                break
            self._attempt(book, index)
        self._names(book)
        return self

    def _attempt(self, book: Any, index: int) -> None:
        name = book.sheet_names()[index]
        where = Location(part="sheet", sheet=name, table=index + 1)
        try:
            sheet = book.sheet_by_index(index)
            self._sheet(book, sheet, where)
            book.unload_sheet(index)
        except _FAULTS:
            message = f"工作表“{name}”已损坏，未能全部读取，请人工查看。"
            self.gaps.append(Gap(where, "unreadable_part", message))

    def _sheet(self, book: Any, sheet: Any, where: Location) -> None:
        detail = None
        if sheet.visibility != _SHEET:
            deep = sheet.visibility == _DEEPLY_HIDDEN
            detail = "深度隐藏的工作表" if deep else "隐藏的工作表"
            where = replace(where, part="hidden")
        if not re.fullmatch(_DEFAULT_NAME, sheet.name):
            hidden = detail is not None
            self.blocks.append(Block(sheet.name, where, hidden, "heading", (), detail))
        looks = _Looks(book, sheet)
        for row in range(sheet.nrows):
            cells = tuple(looks.cells(row))
            self.cells_left -= len(cells) + (A_ROW if cells else 1)
            if cells:
                self._row(cells, replace(where, row=row + 1), detail)
            if self.cells_left < 0:
                message = f"工作表“{sheet.name}”的单元格过多，未全部读取。"
                self.gaps.append(Gap(where, "too_large", message))
                return
        self._notes(sheet, where)
        self._links(sheet, where)

    def _row(self, cells: Sequence[_Cell], where: Location, detail: str | None) -> None:
        """Give the cells that are seen in one row, and the others by how they are hidden."""
        kinds = dict.fromkeys(cell.hiding for cell in cells)
        for hiding in (None, *(kind for kind in kinds if kind)):
            kept = [cell for cell in cells if cell.hiding == hiding]
            if not kept:
                continue
            hidden = bool(hiding or detail)
            at = replace(where, part="hidden") if hidden else where
            why, texts = hiding or detail, _spread(kept)
            if hiding and len(kept) < len(cells):
                # a number without the name beside it tells nobody whose it is
                why, texts = f"{hiding}（同行各格一并列出）", _spread(cells)
                at = replace(at, cell=_name_of((at.row or 1) - 1, kept[0].column - 1))
            self.blocks.append(Block("\t".join(texts), at, hidden, "row", texts, why))

    def _notes(self, sheet: Any, where: Location) -> None:
        for (row, column), note in sorted(sheet.cell_note_map.items()):
            text = " ".join(note.text.split())
            detail = f"批注 {note.author}".strip() if note.author else "批注"
            at = Location("comment", sheet=where.sheet, cell=_name_of(row, column))
            if text:
                self.blocks.append(Block(text, at, True, "note", (), detail))  # noqa: FBT003 - hidden

    def _links(self, sheet: Any, where: Location) -> None:
        for link in sheet.hyperlink_list:
            target = link.url_or_path or link.textmark or ""
            if isinstance(target, bytes):
                target = target.decode("gb18030", "replace")
            cell = _name_of(link.frowx or 0, link.fcolx or 0)
            at = Location("hidden", sheet=where.sheet, cell=cell)
            for text in (target, link.quicktip or ""):
                if plain := " ".join(text.replace("\0", " ").split()):
                    self.blocks.append(Block(plain, at, True, "note", (), "链接地址"))  # noqa: FBT003 - hidden

    def _names(self, book: Any) -> None:
        for name in book.name_obj_list:
            result = getattr(name.result, "text", None) or ""
            value = getattr(name.result, "value", None)
            text = f"{value}" if isinstance(value, str) else result
            hidden = "（隐藏）" if name.hidden else ""
            if name.builtin or not text:
                continue
            where = Location(part="metadata")
            line = f"{name.name}{hidden}：{text}"
            self.blocks.append(Block(line, where, True, "note", (), "定义的名称"))  # noqa: FBT003 - hidden


@dataclass(slots=True)
class _Looks:
    """The cells of one sheet as a reader sees them, or does not."""

    book: Any
    sheet: Any
    _styles: dict[int, str | None] = field(default_factory=dict)

    def cells(self, row: int) -> Iterator[_Cell]:
        """Yield the filled cells of a row."""
        info = self.sheet.rowinfo_map.get(row)
        away = None
        if info is None:
            away = "隐藏的行" if self.sheet.default_row_hidden else None
        elif info.hidden or (not info.has_default_height and info.height == 0):
            away = "隐藏的行"
        kinds, values = self.sheet.row_types(row), self.sheet.row_values(row)
        for column, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            text = self._text(kind, value)
            if text:
                hiding = away or self._column(column) or self._style(row, column)
                yield _Cell(column + 1, text, hiding)

    def _text(self, kind: int, value: Any) -> str:
        if kind == xlrd.XL_CELL_TEXT:
            return " ".join(value.split())
        if kind == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if value else "FALSE"
        if kind == xlrd.XL_CELL_DATE:
            return _moment(value, self.book.datemode)
        if kind == xlrd.XL_CELL_NUMBER:
            return _number(value)
        return ""

    def _column(self, column: int) -> str | None:
        info = self.sheet.colinfo_map.get(column)
        if info is not None and (info.hidden or info.width == 0):
            return "隐藏的列"
        return None

    def _style(self, row: int, column: int) -> str | None:
        index = self.sheet.cell_xf_index(row, column)
        if index not in self._styles:
            self._styles[index] = self._hiding(index)
        return self._styles[index]

    def _hiding(self, index: int) -> str | None:
        """Say how a style hides what it formats."""
        style = self.book.xf_list[index]
        shown = self.book.format_map.get(style.format_key)
        code = shown.format_str if shown else ""
        if code.replace(" ", "").startswith(";;;"):
            return "不显示的单元格"
        font = self.book.font_list[style.font_index]
        if 0 < font.height <= _TINY:
            return "极小字号"
        colours = self.book.colour_map
        if font.colour_index < _AUTOMATIC and (
            colours.get(font.colour_index) == _WHITE
        ):
            ground = style.background
            on_white = colours.get(ground.pattern_colour_index) == _WHITE
            if not ground.fill_pattern or on_white:
                return "白色文字"
        return None


def _moment(value: float, mode: int) -> str:
    """Return a date or a time as the tables of the new kind do."""
    if not 0 <= value <= _LAST_DAY:
        return _number(value)
    moment = _EPOCHS[mode] + timedelta(days=value)
    moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if value < 1:
        return moment.strftime("%H:%M")
    return moment.strftime("%Y-%m-%d" if value == int(value) else "%Y-%m-%d %H:%M")


def _number(value: float) -> str:
    if abs(value) < _WHOLE and value == int(value):
        return str(int(value))
    return f"{value:.15g}"


def _spread(cells: Sequence[_Cell]) -> tuple[str, ...]:
    """Return the texts with empty ones between, so that columns line up."""
    texts = [""] * max(cell.column for cell in cells)
    for cell in cells:
        texts[cell.column - 1] = cell.text
    return tuple(texts)


def _name_of(row: int, column: int) -> str:
    return f"{column_name(column + 1)}{row + 1}"
