"""Safe copies of workbooks: values instead of formulas, nothing behind the sheets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import CorruptError, UnsupportedError
from review.extract.interface import Block
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import R, is_true, local
from review.extract.sheets.xlsx import Xlsx
from review.safecopy.interface import Cleaned
from review.safecopy.ooxml.charts import clean_chart
from review.safecopy.ooxml.cleaning import OfficeCleaning
from review.safecopy.ooxml.drawing import Drawings
from review.safecopy.ooxml.opc import Keeping, Part, opened, rebuilt
from review.safecopy.sheets.leftovers import Leftovers
from review.safecopy.sheets.sheet import SheetCleaning
from review.safecopy.sheets.strings import Strings
from review.safecopy.trees import drop

_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
)
_ALWAYS: Final = frozenset({"styles", "theme", "sharedStrings"})
_NAMED: Final = frozenset(
    [
        "worksheet",
        "chartsheet",
        "drawing",
        "image",
        "chart",
        "chartUserShapes",
        "hyperlink",
        "table",
        "vmlDrawing",
        "diagramData",
        "diagramLayout",
        "diagramQuickStyle",
        "diagramColors",
        "diagramDrawing",
        "themeOverride",
    ]
)
_WORKBOOK: Final = frozenset(
    {"workbookPr", "bookViews", "sheets", "definedNames", "calcPr"}
)
_PRINTED: Final = frozenset({"_xlnm.Print_Area", "_xlnm.Print_Titles"})
_STORIES: Final = frozenset({"drawing", "chartUserShapes"})


class XlsxCleaner:
    """Workbooks of the OOXML kind; what comes out has no macros."""

    reads: Final = frozenset({"xlsx"})

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return the workbook as it looks, formulas frozen to their values.

        Raises:
            UnreadableError: It is damaged, or holds what cannot be taken out.
        """
        return _Cleaning(opened(data, limits), limits).run()


@dataclass(slots=True)
class _Cleaning(OfficeCleaning):
    """One workbook while it is cleaned."""

    strings: Strings = field(default_factory=Strings)
    styles: etree._Element | None = None
    numbers: dict[str, int] = field(default_factory=dict)

    def run(self) -> Cleaned:
        """Clean the sheets first: they decide which texts are still in use."""
        main = self.opc.part(self.opc.main)
        self._load(main)
        self._workbook(main)
        sheets = self._clean_sheets(main)
        drawings = Drawings(self.opc, self.tally, "xl")

        def clean(part: Part, kind: str) -> None:
            if part.root is None or part.root not in sheets.values():
                self._part(part, kind, drawings)

        main.type = _TYPE
        parts = rebuilt(self.opc, Keeping(_ALWAYS, _NAMED), clean, self.tally)
        leftovers = Leftovers(sheets, self.strings, self.styles)
        return self.finished(
            parts,
            Xlsx(),
            lambda hidden, shown: self._take_out(leftovers, hidden, shown),
        )

    def _load(self, main: Part) -> None:
        for part in self.opc.behind(main, "sharedStrings"):
            if part.root is not None:
                self.strings = Strings(part.root)

    def _workbook(self, main: Part) -> None:
        root = main.root
        if root is None:
            raise CorruptError("工作簿已损坏，请重新保存后再试。")
        root.attrib.pop("conformance", "")
        for element in list(root):
            name = local(element)
            if name not in _WORKBOOK:
                drop(element)
                saved = any(local(one) == "absPath" for one in element.iter())
                self.tally.add("保存路径", "工作簿", saved)
                told = name in {"workbookProtection", "fileSharing"}
                self.tally.add(
                    "保护口令或使用者", "工作簿", told and len(element.attrib)
                )
        places = self._sheets(root)
        for element in root.iter("{*}workbookPr"):
            for key in set(element.keys()) - {"date1904"}:
                del element.attrib[key]
        for element in root.iter("{*}workbookView"):
            element.attrib.pop("firstSheet", "")
            element.set("activeTab", "0")
            element.attrib.pop("visibility", "")
        self._names(root, places)

    def _sheets(self, root: etree._Element) -> dict[int, int]:
        """Drop hidden sheets; return where each sheet that stays now stands."""
        places: dict[int, int] = {}
        for at, sheet in enumerate(list(root.iter("{*}sheet"))):
            if (sheet.get("state") or "visible") != "visible":
                drop(sheet)
                self.tally.add("隐藏的工作表", "工作簿")
                continue
            sheet.attrib.pop("state", "")
            places[at] = len(places)
        if not places:
            raise UnsupportedError("工作簿里没有可见的工作表，没有生成安全副本。")
        return places

    def _names(self, root: etree._Element, places: dict[int, int]) -> None:
        for name in list(root.iter("{*}definedName")):
            sheet = name.get("localSheetId") or ""
            at = places.get(int(sheet)) if sheet.isdigit() else None
            plain = "[" not in (name.text or "") and "#REF" not in (name.text or "")
            if name.get("name") in _PRINTED and at is not None and plain:
                for key in ("comment", "description", "help", "customMenu"):
                    name.attrib.pop(key, "")
                name.set("localSheetId", str(at))
                continue
            drop(name)
            self.tally.add("定义的名称", "工作簿")
        for names in list(root.iter("{*}definedNames")):
            if not len(names):
                drop(names)

    def _clean_sheets(self, main: Part) -> dict[str, etree._Element]:
        """Clean every sheet that stays; return them by their names."""
        assert main.root is not None  # noqa: S101 - _workbook saw to it
        done: dict[str, etree._Element] = {}
        for number, sheet in enumerate(main.root.iter("{*}sheet"), 1):
            rel = main.rels.get(sheet.get(f"{R}id") or "")
            if rel is None or rel.external or not self.opc.has(rel.target):
                raise CorruptError("工作表的内容缺失，文件已损坏，请重新保存后再试。")
            if rel.kind not in {"worksheet", "chartsheet"}:
                raise UnsupportedError(
                    "工作簿里有宏表或对话框表，不能制作安全副本；请删除后再试。"
                )
            part = self.opc.part(rel.target)
            place = f"第 {number} 张工作表"
            cleaning = SheetCleaning(part, place, self.strings, self.tally, self.kept)
            cleaning.run()
            self.seen |= cleaning.seen
            if part.root is not None:
                done[sheet.get("name") or ""] = part.root
            self._count_comments(part, place)
        self.strings.finish(self.tally)
        return done

    def _count_comments(self, part: Part, place: str) -> None:
        """Count the comments, whose parts stay behind."""
        for comments in self.opc.behind(part, "comments", "threadedComment"):
            if comments.root is not None:
                found = list(comments.root.iter("{*}comment", "{*}threadedComment"))
                self.tally.add("批注", place, len(found))

    def _take_out(
        self, leftovers: Leftovers, hidden: Sequence[Block], shown: Sequence[Block]
    ) -> int:
        count = leftovers.take_out(hidden, shown)
        self.tally.add("白色、被盖住或格式遮住的单元格", "工作表", count)
        return count

    def _part(self, part: Part, kind: str, drawings: Drawings) -> None:
        self.forbid_depth(part)
        if kind == "image":
            drawings.picture(part, "图片")
        elif part.root is not None:
            self._other(part, part.root, kind, drawings)
        self.keep_links(part, "图形")

    def _other(
        self, part: Part, root: etree._Element, kind: str, drawings: Drawings
    ) -> None:
        if kind == "chart":
            clean_chart(part, self.tally)
            drawings.clean(part, "图表")
        elif kind in _STORIES or kind.startswith("diagram"):
            self.tally.add("隐藏的图形", "图形", _detach(part))
            drawings.clean(part, "图形")
        elif kind == "vmlDrawing":
            drawings.clean(part, "页眉页脚")
        elif kind == "table":
            self._table(root)
        elif kind == "styles":
            self.styles = root
            for element in list(root.iter("{*}extLst")):
                drop(element)

    def _table(self, table: etree._Element) -> None:
        """Leave of a table its look: where it stands and the names of its columns."""
        number = self.numbers["table"] = self.numbers.get("table", 0) + 1
        for key in ("comment", "tableType", "connectionId", "published"):
            table.attrib.pop(key, "")
        for key in ("name", "displayName"):
            table.set(key, f"表{number}")
        self.seen.add(f"表{number}")
        for name in ("extLst", "sortState", "filterColumn"):
            for element in list(table.iter(f"{{*}}{name}")):
                drop(element)
        for column in table.iter("{*}tableColumn"):
            for child in list(column):
                drop(child)
            for key in ("uniqueName", "queryTableFieldId", "totalsRowFunction"):
                column.attrib.pop(key, "")
            self.seen.add(column.get("name") or "")
            self.seen.add(column.get("totalsRowLabel") or "")


def _detach(part: Part) -> int:
    """Cut shapes off cells and macros; drop hidden ones, and return how many."""
    if part.root is None:
        return 0
    for element in list(part.root.iter()):
        for key in ("macro", "textlink"):
            if element.get(key):
                element.set(key, "")
    hidden = [one for one in part.root.iter("{*}cNvPr") if is_true(one.get("hidden"))]
    for properties in hidden:
        _drop_shape(properties)
    return len(hidden)


def _drop_shape(properties: etree._Element) -> None:
    """Drop the anchor or the shape of the group that these properties name."""
    for above in properties.iterancestors():
        parent = above.getparent()
        if parent is None:
            return
        if local(parent) in {"grpSp", "wsDr"} or local(above).endswith("Anchor"):
            drop(above)
            return
