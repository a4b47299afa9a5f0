"""The sheets of an OpenDocument spreadsheet."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from review.extract.interface import Block, Gap
from review.extract.limits import A_ROW
from review.extract.ooxml.ooxml import local
from review.extract.opendocument.inline import Inline
from review.extract.opendocument.scene import Findings, Scene, change_of
from review.extract.opendocument.styles import (
    WHITE,
    attribute,
    attributes,
    ground_of,
    over,
    points,
    why_unseen,
)
from review.extract.opendocument.walk import Walk
from review.extract.sheets.cells import Cell, column_name, spread
from review.extract.sheets.formats import whole
from review.extract.sheets.words import literals

if TYPE_CHECKING:
    from review.spans import Part

Said = Mapping[str, str]

_LAST_COLUMN: Final = 16_384
_MOST_COPIES: Final = 64
_NARROW_POINTS: Final = 1.0
_LONG_VALUE: Final = 6
_GROUPS: Final = frozenset(
    {
        "table-columns",
        "table-header-columns",
        "table-column-group",
        "table-rows",
        "table-header-rows",
        "table-row-group",
    }
)
_HIDDEN: Final = {"collapse": "隐藏的", "filter": "筛选掉的"}
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_VALUES: Final = ("string-value", "date-value", "time-value", "boolean-value", "value")
# Attributes with words beside the cells, by the element that carries them.
_SETTINGS: Final = {
    "content-validation": ("有效性规则", ("condition",)),
    "help-message": ("单元格提示或选项", ("title",)),
    "error-message": ("单元格提示或选项", ("title",)),
    "named-range": ("定义的名称", ("name", "cell-range-address")),
    "named-expression": ("定义的名称", ("name", "expression")),
    "filter-condition": ("筛选条件", ("value",)),
    "filter-set-item": ("筛选条件", ("value",)),
    "condition": ("条件格式里的文字", ("value",)),
    "database-source-sql": ("数据源", ("database-name", "sql-query-statement")),
    "database-source-query": ("数据源", ("database-name", "query-name")),
    "database-source-table": ("数据源", ("database-name", "database-table-name")),
    "database-range": ("数据区域", ("name",)),
    "data-pilot-table": ("数据透视表", ("name",)),
    "data-pilot-field": ("数据透视表", ("source-field-name",)),
    "data-pilot-member": ("数据透视表", ("name",)),
    "scenario": ("方案", ("comment",)),
}
_QUIET: Final = frozenset({"named-range", "database-range"})


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns up to `last` that are alike: the style of their cells, why they are away."""

    last: int
    style: str
    why: str | None


_PLAIN: Final = _Columns(0, "", None)


@dataclass(slots=True)
class _Sheet:
    """One sheet while it is read."""

    number: int
    scene: Scene
    columns: list[_Columns] = field(default_factory=list)
    row: int = 0
    shown: list[Block] = field(default_factory=list)
    away: list[Block] = field(default_factory=list)

    def column(self, number: int) -> _Columns:
        """Return what holds for a column."""
        at = bisect_left(self.columns, number, key=lambda one: one.last)
        return self.columns[at] if at < len(self.columns) else _PLAIN


@dataclass(slots=True)
class Sheets:
    """Read the sheets in order."""

    found: Findings
    walk: Walk
    _whys: dict[str, str | None] = field(default_factory=dict)

    def run(self, spreadsheet: etree._Element) -> None:
        """Read every sheet, then what the file says beside them."""
        number = 0
        for part in spreadsheet:
            name = local(part)
            if name == "table":
                number += 1
                self._sheet(part, number)
            elif name == "tracked-changes":
                self._changes(part)
            elif name == "forms":
                self.walk.one(name, part, Scene(part="sheet"))
        self._settings(spreadsheet)

    def _sheet(self, table: etree._Element, number: int) -> None:
        name = attribute(table, "name") or f"工作表{number}"
        look = self.found.styles.look("table", attribute(table, "style-name"))
        hidden = look.get("table.display") == "false"
        why = "隐藏的工作表" if hidden else None
        sheet = _Sheet(number, Scene(part="sheet", sheet=name, why=why))
        if not name.removeprefix("Sheet").removeprefix("工作表").isdigit():
            where = sheet.scene.where(table=number)
            block = Block(name, where, hidden, "heading", (), why)
            self.found.blocks.append(block)
        # What hangs on cells comes after the rows, so that these stay one table.
        before, self.found.blocks = self.found.blocks, []
        self._inside(table, sheet, None)
        self.found.blocks = [
            *before,
            *sheet.shown,
            *sheet.away,
            *self.found.blocks,
        ]

    def _inside(self, element: etree._Element, sheet: _Sheet, why: str | None) -> None:
        for part in element:
            name = local(part)
            if self.found.cells_left < 0:
                return
            if name == "table-row":
                self._row(part, sheet, why)
            elif name == "table-column":
                self._columns(part, sheet, why)
            elif name in _GROUPS:
                closed = attribute(part, "display") == "false"
                self._inside(part, sheet, "折叠的分组" if closed else why)
            else:
                self._beside(name, part, sheet.scene)

    def _beside(self, name: str, part: etree._Element, scene: Scene) -> None:
        if name in {"table-source", "cell-range-source"}:
            self.found.link(attribute(part, "href"), scene)
        elif name == "dde-source":
            self.found.link(" ".join(map(str, part.values())), scene)
        elif name in {"shapes", "forms"}:
            self.walk.one(name, part, scene)

    def _columns(self, part: etree._Element, sheet: _Sheet, why: str | None) -> None:
        look = self.found.styles.look("table-column", attribute(part, "style-name"))
        kind = _HIDDEN.get(attribute(part, "visibility"))
        if why is not None:
            why = f"{why}列"
        elif kind is not None:
            why = f"{kind}列"
        elif _is_small(look.get("table-column.column-width")):
            why = "列宽为零的列"
        times = max(whole(attribute(part, "number-columns-repeated"), 1), 1)
        before = sheet.columns[-1].last if sheet.columns else 0
        style = attribute(part, "default-cell-style-name")
        sheet.columns.append(_Columns(before + times, style, why))

    def _row(self, row: etree._Element, sheet: _Sheet, why: str | None) -> None:
        sheet.row += 1
        number = sheet.row
        sheet.row += max(whole(attribute(row, "number-rows-repeated"), 1) - 1, 0)
        cells: list[Cell] = []
        column = 1
        for part in row:
            if local(part) not in _CELLS:
                continue
            said = attributes(part)
            times = max(whole(said.get("number-columns-repeated"), 1), 1)
            if len(part) or "value-type" in said:
                cells.extend(self._cell(part, sheet, (number, column), said))
            column = min(column + times, _LAST_COLUMN)
        if not cells:
            return
        self.found.cells_left -= len(cells) + A_ROW
        if self.found.cells_left < 0:
            message = f"工作表“{sheet.scene.sheet}”的单元格过多，未全部读取。"
            self.found.gaps.append(Gap(sheet.scene.where(), "too_large", message))
            return
        self._emit(cells, sheet, number, self._row_why(row, why))

    def _row_why(self, row: etree._Element, why: str | None) -> str | None:
        if why is not None:
            return f"{why}行"
        kind = _HIDDEN.get(attribute(row, "visibility"))
        if kind is not None:
            return f"{kind}行"
        look = self.found.styles.look("table-row", attribute(row, "style-name"))
        is_flat = _is_small(look.get("table-row.row-height"))
        return "行高为零的行" if is_flat else None

    def _cell(
        self, part: etree._Element, sheet: _Sheet, at: tuple[int, int], said: Said
    ) -> Iterator[Cell]:
        """Yield a cell, as often as it stands there, and say what hangs on it."""
        row, column = at
        style = said.get("style-name") or sheet.column(column).style
        simple = _simple(part)
        if simple is None:
            text, why, is_empty = self._rich(part, sheet, at, style)
        else:
            text, why, is_empty = simple, self._style_why(style), not simple
        value = next((v for key in _VALUES if (v := said.get(key))), "")
        if "formula" in said:
            scene = replace(sheet.scene, cell=f"{column_name(column)}{row}")
            self._formula(said, scene, text or value)
        if not text and value:
            # Without any text it is left to the program to show the value.
            text, why = value, "不显示的单元格" if is_empty else None
        if local(part) == "covered-table-cell":
            why = why or "被合并单元格盖住的内容"
        if text:
            behind = value if _masks(text, value) else ""
            times = whole(said.get("number-columns-repeated"), 1)
            for copy in range(max(min(times, _MOST_COPIES), 1)):
                yield Cell(column + copy, text, why, behind=behind)

    def _rich(
        self, part: etree._Element, sheet: _Sheet, at: tuple[int, int], style: str
    ) -> tuple[str, str | None, bool]:
        """Return text, why it is not seen, and whether there is an empty text at all."""
        look = self.found.styles.look("table-cell", style)
        ground = ground_of(look, "table-cell", WHITE)
        name = f"{column_name(at[1])}{at[0]}"
        scene = replace(sheet.scene, cell=name, ground=ground, look=look)
        lines: list[str] = []
        unseen: dict[str, None] = {}
        for inner in part:
            if local(inner) != "p":
                self.walk.one(local(inner), inner, scene)
                continue
            inline = self.walk.inline(inner, scene)
            lines.append(_line(inline, unseen))
            self.walk.hang(inline, scene)
        text = " ".join(line for line in lines if line)
        return text, next(iter(unseen), None), bool(lines) and not text

    def _style_why(self, style: str) -> str | None:
        """Say why plain text in cells of this style is not seen."""
        if style not in self._whys:
            look = self.found.styles.look("table-cell", style)
            base = over(self.found.styles.look("paragraph", None), look)
            self._whys[style] = why_unseen(base, ground_of(look, "table-cell", WHITE))
        return self._whys[style]

    def _formula(self, said: Said, scene: Scene, result: str) -> None:
        formula = said["formula"]
        words = literals(formula)
        if not result and said.get("value-type") != "string":
            self.found.note(formula, scene, "hidden", "没有结果的公式")
        elif words and words not in self.found.said:
            self.found.said.add(words)
            self.found.note(formula, scene, "hidden", "公式里的文字")

    def _emit(
        self, cells: list[Cell], sheet: _Sheet, row: int, row_why: str | None
    ) -> None:
        """Keep the row as it is seen; and whole, where some of it is not."""
        scene = sheet.scene
        if scene.why:
            self._keep(sheet.away, cells, scene, (sheet.number, row))
            return
        cells = [_because(c, row_why or self._why(c, sheet)) for c in cells]
        shown = [cell for cell in cells if cell.why is None]
        self._keep(sheet.shown, shown, scene, (sheet.number, row))
        unseen = [cell for cell in cells if cell.why or cell.behind]
        if unseen:
            reasons = dict.fromkeys(c.why or "数字格式遮住的实际值" for c in unseen)
            detail = row_why or "、".join(reasons)
            detail += "（同行各格一并列出）" if shown else ""
            texts = [replace(c, text=c.behind or c.text) for c in cells]
            at = None if row_why else f"{column_name(unseen[0].column)}{row}"
            away = replace(scene, why=detail, cell=at)
            self._keep(sheet.away, texts, away, (sheet.number, row))

    def _why(self, cell: Cell, sheet: _Sheet) -> str | None:
        if why := sheet.column(cell.column).why:
            return f"{why} {column_name(cell.column)}"
        return cell.why

    def _keep(
        self, to: list[Block], cells: list[Cell], scene: Scene, at: tuple[int, int]
    ) -> None:
        if cells:
            texts = spread(cells)
            where = scene.where(table=at[0], row=at[1])
            hidden = scene.why is not None
            to.append(Block("\t".join(texts), where, hidden, "row", texts, scene.why))

    def _changes(self, changes: etree._Element) -> None:
        """Say what stood in cells before they were changed or deleted."""
        for part in changes:
            change = change_of(part)
            detail = change.detail if change else "修订"
            address = next((_address(e) for e in part.iter("{*}cell-address")), None)
            scene = Scene(part="deletion", cell=address, why=detail)
            for cell in part.iter("{*}change-track-table-cell"):
                lines = ["".join(map(str, e.itertext())) for e in cell.iter("{*}p")]
                text = " ".join(" ".join(lines).split())
                value = next((v for key in _VALUES if (v := attribute(cell, key))), "")
                self.found.note(text or value, scene, "deletion", detail)
                formula = attribute(cell, "formula")
                if literals(formula):
                    self.found.note(formula, scene, "deletion", detail)

    def _settings(self, spreadsheet: etree._Element) -> None:
        """Say what names, validations, filters and sources say."""
        for element in spreadsheet.iter(*(f"{{*}}{name}" for name in _SETTINGS)):
            detail, keys = _SETTINGS[local(element)]
            texts = [attribute(element, key) for key in keys]
            texts += [
                "".join(map(str, e.itertext())) for e in element.iterchildren("{*}p")
            ]
            text = " ".join(" ".join(texts).split())
            if local(element) in {"condition", "content-validation"} and not literals(
                text
            ):
                continue
            part: Part = "metadata" if local(element) in _QUIET else "hidden"
            where = attribute(element, "base-cell-address") or None
            self.found.note(text, Scene(cell=where), part, detail)


def _simple(part: etree._Element) -> str | None:
    """Return the text of a cell that holds one plain line and nothing else."""
    if len(part) != 1:
        return None
    line = part[0]
    if len(line) or line.attrib or local(line) != "p":
        return None
    return " ".join((line.text or "").split())


def _because(cell: Cell, why: str | None) -> Cell:
    return cell if why == cell.why else replace(cell, why=why)


def _line(inline: Inline, unseen: dict[str, None]) -> str:
    """Return the line of a cell; where none of it is seen keep why, and all of it."""
    if inline.shown.strip():
        return " ".join(inline.shown.split())
    whole_line = " ".join("".join(piece.text for piece in inline.pieces).split())
    unseen.update({p.detail or "": None for p in inline.pieces if p.text.strip()})
    inline.pieces.clear()
    return whole_line


def _masks(text: str, value: str) -> bool:
    """Tell whether a long value stands behind a text that shows none of its digits."""
    return (
        len(value) >= _LONG_VALUE
        and not any(c.isdigit() for c in text)
        and (value not in text)
    )


def _is_small(length: str | None) -> bool:
    size = points(length)
    return size is not None and size < _NARROW_POINTS


def _address(element: etree._Element) -> str:
    column = whole(attribute(element, "column")) + 1
    return f"{column_name(column)}{whole(attribute(element, 'row')) + 1}"
