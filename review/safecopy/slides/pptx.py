"""Safe copies of presentations: only the slides of the show, without notes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import CorruptError, UnsupportedError
from review.extract.interface import Block
from review.extract.limits import Limits
from review.extract.ooxml.drawingml import A
from review.extract.ooxml.ooxml import R, is_false, local
from review.extract.slides.pptx import Pptx
from review.safecopy.interface import Cleaned
from review.safecopy.ooxml.charts import clean_chart
from review.safecopy.ooxml.cleaning import OfficeCleaning
from review.safecopy.ooxml.drawing import Drawings
from review.safecopy.ooxml.leftovers import take_out
from review.safecopy.ooxml.opc import Keeping, Part, opened, rebuilt
from review.safecopy.slides.slide import clean_slide, empty_run
from review.safecopy.trees import drop

_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
)
_ALWAYS: Final = frozenset({"theme", "tableStyles", "slideLayout", "slideMaster"})
_NAMED: Final = frozenset(
    [
        "slide",
        "image",
        "hyperlink",
        "chart",
        "chartUserShapes",
        "diagramData",
        "diagramLayout",
        "diagramQuickStyle",
        "diagramColors",
        "diagramDrawing",
        "font",
        "themeOverride",
    ]
)
_PRESENTATION: Final = frozenset(
    [
        "sldMasterIdLst",
        "sldIdLst",
        "sldSz",
        "notesSz",
        "embeddedFontLst",
        "defaultTextStyle",
        "kinsoku",
    ]
)
_WORDS: Final = {
    "custShowLst": "自定义放映",
    "custDataLst": "标记",
    "modifyVerifier": "修改口令",
    "extLst": "节名称等扩展信息",
}
_LAYOUT: Final = "slideLayout"


class PptxCleaner:
    """Presentations of the OOXML kind; what comes out has no macros."""

    reads: Final = frozenset({"pptx"})

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return the presentation as it is shown.

        Raises:
            UnreadableError: It is damaged, or holds what cannot be taken out.
        """
        return _Cleaning(opened(data, limits), limits).run()


@dataclass(slots=True)
class _Cleaning(OfficeCleaning):
    """One presentation while it is cleaned."""

    size: tuple[float, float] = (0.0, 0.0)
    numbers: dict[str, int] = field(default_factory=dict)

    def run(self) -> Cleaned:
        """Decide which slides stay, then clean all that hangs on them."""
        main = self.opc.part(self.opc.main)
        self._presentation(main)
        drawings = Drawings(self.opc, self.tally, "ppt")
        main.type = _TYPE
        parts = rebuilt(
            self.opc,
            Keeping(_ALWAYS, _NAMED),
            lambda part, kind: self._part(part, kind, drawings),
            self.tally,
        )
        return self.finished(
            parts, Pptx(), lambda hidden, _: self._take_out(parts, hidden)
        )

    def _presentation(self, main: Part) -> None:
        root = main.root
        if root is None:
            raise CorruptError("演示文稿已损坏，请重新保存后再试。")
        self._sections(root)
        layouts = self._slides(main, root)
        if not self.numbers:
            raise UnsupportedError("演示文稿里没有可见的幻灯片，没有生成安全副本。")
        for entry in list(root.iter("{*}sldMasterId")):
            self._master(main, entry, layouts)
        for rel in list(main.rels.values()):
            if rel.kind == "slideMaster" and rel.id not in main.used():
                del main.rels[rel.id]

    def _sections(self, root: etree._Element) -> None:
        for key in ("conformance", "bookmarkIdSeed", "removePersonalInfoOnSave"):
            root.attrib.pop(key, "")
        for element in list(root):
            name = local(element)
            if name not in _PRESENTATION:
                drop(element)
                self.tally.add(_WORDS.get(name, ""), "演示文稿")
        for size in root.iter("{*}sldSz"):
            self.size = (_number(size.get("cx")), _number(size.get("cy")))

    def _slides(self, main: Part, root: etree._Element) -> set[str]:
        """Drop the hidden slides; return the layouts of the others."""
        layouts: set[str] = set()
        for entry in list(root.iter("{*}sldId")):
            slide = self._named(main, entry)
            if slide.root is None or is_false(slide.root.get("show")):
                drop(entry)
                self.tally.add("隐藏的幻灯片", "演示文稿")
                continue
            self.numbers[slide.name] = len(self.numbers) + 1
            layouts |= {x.target for x in slide.rels.values() if x.kind == _LAYOUT}
        return layouts

    def _master(self, main: Part, entry: etree._Element, layouts: set[str]) -> None:
        """Keep of a master the layouts in use; without any it goes."""
        master = self._named(main, entry)
        own = [x for x in master.rels.values() if x.kind == _LAYOUT]
        used = {x.id for x in own if x.target in layouts}
        if not used:
            main.rels.pop(entry.get(f"{R}id") or "", None)
            drop(entry)
            return
        for layout in own:
            if layout.id not in used:
                del master.rels[layout.id]
        named = () if master.root is None else master.root.iter("{*}sldLayoutId")
        for layout_id in list(named):
            if layout_id.get(f"{R}id") not in used:
                drop(layout_id)

    def _named(self, main: Part, entry: etree._Element) -> Part:
        """Return the slide or the master that an entry names."""
        rel = main.rels.get(entry.get(f"{R}id") or "")
        if rel is None or rel.external or not self.opc.has(rel.target):
            raise CorruptError("演示文稿缺少部件，已损坏，请重新保存后再试。")
        return self.opc.part(rel.target)

    def _part(self, part: Part, kind: str, drawings: Drawings) -> None:
        self.forbid_depth(part)
        if kind == "image":
            drawings.picture(part, "图片")
        elif kind == "chart":
            clean_chart(part, self.tally)
            drawings.clean(part, "图表")
        elif kind in {"slide", "slideLayout", "slideMaster"}:
            place = self._place(part, kind)
            self._notes(part, place)
            clean_slide(part, self.size, self.tally, place)
            drawings.clean(part, place)
        elif kind.startswith("diagram") or kind in {"theme", "chartUserShapes"}:
            drawings.clean(part, "图示")
        self.keep_links(part, self._place(part, kind))

    def _place(self, part: Part, kind: str) -> str:
        if kind == "slide":
            return f"第 {self.numbers.get(part.name, 0)} 张幻灯片"
        return {"slideLayout": "版式", "slideMaster": "母版"}.get(kind, "图形")

    def _notes(self, part: Part, place: str) -> None:
        """Count the notes and comments, whose parts stay behind."""
        for rel in part.rels.values():
            if rel.external or not self.opc.has(rel.target):
                continue
            if rel.kind == "notesSlide":
                self.tally.add("演讲者备注", place)
            elif rel.kind == "comments" and "omment" in rel.target:
                root = self.opc.part(rel.target).root
                found = [] if root is None else list(root.iter("{*}cm"))
                self.tally.add("批注", place, len(found))

    def _take_out(self, parts: dict[str, Part], hidden: Sequence[Block]) -> int:
        """Take out letters that are white, tiny or of the colour of their ground."""
        count = 0
        for name, part in parts.items():
            number = self.numbers.get(name)
            if part.root is None:
                continue
            here = [one for one in hidden if one.where.page == number]
            taken = take_out(
                [part.root], here, paragraph=f"{A}p", run=f"{A}r", empty=empty_run
            )
            self.tally.add("白色、极小等看不见的文字", f"第 {number} 张幻灯片", taken)
            count += taken
        return count


def _number(raw: str | None) -> float:
    text = (raw or "").strip()
    return float(text[:12]) if text.isascii() and text.isdigit() else 0.0
