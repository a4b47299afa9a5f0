"""What a workbook keeps of other tables: pivot caches and linked workbooks.

A pivot table shows totals while its cache may hold every row that they were made of.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local, note
from review.extract.package import Package
from review.extract.sheets.cells import Cell, column_number, spread, stream
from review.extract.sheets.formats import whole
from review.spans import Location

_CACHE: Final = "数据透视表缓存"
_LINKED: Final = "外部工作簿缓存"
_VALUES: Final = frozenset({"s", "n", "d", "b", "e", "m", "x"})
_CHUNK: Final = 20_000


@dataclass(slots=True)
class _Field:
    """One column of a cache: its name, its shared values, and which rows use them."""

    name: str
    items: tuple[str, ...]
    used: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.used = bytearray(len(self.items))

    def value(self, entry: etree._Element) -> str:
        """Return the value of a record's entry."""
        raw = entry.get("v") or ""
        if local(entry) != "x":
            return " ".join(raw.split())
        index = whole(raw, -1)
        if not 0 <= index < len(self.items):
            return ""
        self.used[index] = 1
        return self.items[index]

    @property
    def rest(self) -> str:
        """Return the shared values that stand in no record."""
        values = (v for v, used in zip(self.items, self.used, strict=True) if not used)
        return "\n".join(dict.fromkeys(value for value in values if value))


@dataclass(slots=True)
class Tables:
    """Tables that no sheet shows, numbered after the sheets; `cells_left` counts down."""

    number: int
    cells_left: int
    blocks: list[Block] = field(default_factory=list)

    def pivot(
        self, root: etree._Element, package: Package, records: Iterable[str]
    ) -> None:
        """Read a pivot cache and the parts that hold its records.

        Raises:
            UnreadableError: A part is damaged.
        """
        self.number += 1
        self._say_source(root)
        elements = [e for e in root.iter() if local(e) == "cacheField"]
        fields = [_field(e) for e in elements]
        stored = [
            one
            for one, e in zip(fields, elements, strict=True)
            if e.get("databaseField") not in {"0", "false"}
        ]
        for name in records:
            self._records(stored, stream(package.read(name), name, ("r",)))
        where = Location(part="hidden", table=self.number)
        for one in fields:
            text = one.rest
            for at in range(0, len(text), _CHUNK):
                line = f"{one.name}：{text[at : at + _CHUNK]}"
                self.blocks.append(note(line, where, _CACHE))

    def _say_source(self, root: etree._Element) -> None:
        texts = [
            value
            for e in root.iter()
            if local(e) in {"worksheetSource", "rangeSet", "pivotCacheDefinition"}
            for key in ("sheet", "ref", "name", "refreshedBy")
            if (value := e.get(key))
        ]
        if texts:
            where = Location(part="metadata")
            self.blocks.append(note(" ".join(texts), where, f"{_CACHE}的来源和刷新者"))

    def _records(self, fields: list[_Field], records: Iterable[etree._Element]) -> None:
        self._row(1, [one.name for one in fields], _CACHE)
        for row, record in enumerate(records, 2):
            entries = [e for e in record if local(e) in _VALUES]
            pairs = zip(fields, entries, strict=False)
            self._row(row, [one.value(entry) for one, entry in pairs], _CACHE)
            if self.cells_left < 0:
                return

    def external(self, root: etree._Element) -> None:
        """Read the cached cells, names and topics of a linked workbook."""
        names = [e.get("val") or "" for e in root.iter() if local(e) == "sheetName"]
        where = Location(part="hidden")
        texts = list(dict.fromkeys([*names, *_topics(root)]))
        if any(texts):
            self.blocks.append(note("\n".join(filter(None, texts)), where, _LINKED))
        for data in (e for e in root.iter() if local(e) == "sheetData"):
            self.number += 1
            index = whole(data.get("sheetId"), -1)
            label = names[index] if 0 <= index < len(names) else ""
            detail = f"{_LINKED}（{label}）" if label else _LINKED
            for count, row in enumerate(data, 1):
                cells = list(_cells(row))
                if cells:
                    number = whole(row.get("r"), count)
                    self._row(number, list(spread(cells)), detail)
                if self.cells_left < 0:
                    return

    def _row(self, number: int, texts: list[str], detail: str) -> None:
        self.cells_left -= len(texts)
        if any(texts) and self.cells_left >= 0:
            where = Location(part="hidden", table=self.number, row=number)
            cells = tuple(texts)
            self.blocks.append(
                Block("\t".join(cells), where, True, "row", cells, detail)  # noqa: FBT003 - hidden
            )


def _field(element: etree._Element) -> _Field:
    shared = next((e for e in element if local(e) == "sharedItems"), None)
    items = [] if shared is None else [e for e in shared if local(e) in _VALUES]
    texts = tuple(" ".join((e.get("v") or "").split()) for e in items)
    return _Field(element.get("caption") or element.get("name") or "", texts)


def _cells(row: etree._Element) -> Iterator[Cell]:
    for at, cell in enumerate(row, 1):
        text = " ".join("".join(e.text or "" for e in cell if local(e) == "v").split())
        if text:
            yield Cell(column_number(cell.get("r") or "") or at, text)


def _topics(root: etree._Element) -> Iterator[str]:
    """Yield names, topics of live links, and their cached values."""
    for element in root.iter():
        tag = local(element)
        if tag == "definedName":
            yield f"{element.get('name') or ''}：{element.get('refersTo') or ''}"
        elif tag in {"ddeLink", "oleLink"}:
            keys = ("ddeService", "ddeTopic", "progId")
            yield " ".join(value for key in keys if (value := element.get(key)))
        elif tag in {"ddeItem", "oleItem"}:
            yield element.get("name") or ""
        elif tag == "val":
            yield element.text or ""
