"""Safe copies of Word documents."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from review.errors import UnsupportedError
from review.extract.interface import Block
from review.extract.limits import Limits
from review.extract.ooxml.ooxml import all_text, local
from review.extract.word.docx import Docx
from review.extract.word.styles import W
from review.safecopy.interface import Cleaned, Tally
from review.safecopy.ooxml.charts import clean_chart
from review.safecopy.ooxml.cleaning import OfficeCleaning
from review.safecopy.ooxml.drawing import Drawings
from review.safecopy.ooxml.leftovers import take_out
from review.safecopy.ooxml.opc import Keeping, Part, opened, rebuilt
from review.safecopy.trees import drop
from review.safecopy.word.fields import Freezing
from review.safecopy.word.notes import (
    count_unused_headers,
    drop_unshown_headers,
    drop_unused_notes,
)
from review.safecopy.word.revisions import accept
from review.safecopy.word.shapes import drop_unseen_shapes
from review.safecopy.word.story import (
    clean_story,
    empty_run,
    forbid_subdocuments,
    revision_ids,
)
from review.safecopy.word.wml import HiddenStyles

_TYPE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
)
_ALWAYS: Final = frozenset(
    ["styles", "numbering", "settings", "fontTable", "theme", "footnotes", "endnotes"]
)
_NAMED: Final = frozenset(
    [
        "header",
        "footer",
        "image",
        "hyperlink",
        "font",
        "chart",
        "chartUserShapes",
        "diagramData",
        "diagramLayout",
        "diagramQuickStyle",
        "diagramColors",
        "diagramDrawing",
        "themeOverride",
    ]
)
_STORIES: Final = {
    "officeDocument": "正文",
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
}
# Settings that decide how pages look; all others tell about the office or its files.
_SETTINGS: Final = frozenset(
    [
        "displayBackgroundShape",
        "mirrorMargins",
        "alignBordersAndEdges",
        "bordersDoNotSurroundHeader",
        "bordersDoNotSurroundFooter",
        "gutterAtTop",
        "defaultTabStop",
        "autoHyphenation",
        "consecutiveHyphenLimit",
        "hyphenationZone",
        "doNotHyphenateCaps",
        "evenAndOddHeaders",
        "bookFoldRevPrinting",
        "bookFoldPrinting",
        "bookFoldPrintingSheets",
        "drawingGridHorizontalSpacing",
        "drawingGridVerticalSpacing",
        "displayHorizontalDrawingGridEvery",
        "displayVerticalDrawingGridEvery",
        "characterSpacingControl",
        "printTwoOnOne",
        "strictFirstAndLastChars",
        "noLineBreaksAfter",
        "noLineBreaksBefore",
        "footnotePr",
        "endnotePr",
        "compat",
        "mathPr",
        "themeFontLang",
        "clrSchemeMapping",
        "decimalSymbol",
        "listSeparator",
    ]
)
_TOLD_SETTINGS: Final = {
    "docVars": "文档变量",
    "attachedTemplate": "模板路径",
    "mailMerge": "邮件合并的数据源",
    "documentProtection": "保护口令或使用者",
    "writeProtection": "保护口令或使用者",
}


class DocxCleaner:
    """Word documents of the OOXML kind; what comes out has no macros."""

    reads: Final = frozenset({"docx"})

    def clean(self, data: bytes, limits: Limits) -> Cleaned:
        """Return the document as it is printed, all changes accepted.

        Raises:
            UnreadableError: It is damaged, or holds what cannot be taken out.
        """
        return _Cleaning(opened(data, limits), limits).run()


@dataclass(slots=True)
class _Cleaning(OfficeCleaning):
    """One document while it is cleaned."""

    unseen: list[str] = field(default_factory=list)
    styles: HiddenStyles = field(default_factory=HiddenStyles)

    def run(self) -> Cleaned:
        """Clean the parts that hang on the document; the rest stays behind."""
        main = self.opc.part(self.opc.main)
        forbid_subdocuments(main)
        for part in self.opc.behind(main, "styles"):
            if part.root is not None:
                self.styles = HiddenStyles.of(part.root)
        drawings = Drawings(self.opc, self.tally, "word")
        main.type = _TYPE
        parts = rebuilt(
            self.opc,
            Keeping(_ALWAYS, _NAMED),
            lambda part, kind: self._part(part, kind, drawings),
            self.tally,
        )
        made = self.finished(
            parts, Docx(), lambda hidden, _: self._take_out(parts, hidden)
        )
        return replace(made, unseen=tuple(self.unseen))

    def _take_out(self, parts: dict[str, Part], hidden: Sequence[Block]) -> int:
        """Take out letters that are white, tiny or of the colour of their ground."""
        roots = [one.root for one in parts.values() if one.root is not None]
        count = take_out(roots, hidden, paragraph=f"{W}p", run=f"{W}r", empty=empty_run)
        self.tally.add("白色、极小等看不见的文字", "正文", count)
        return count

    def _part(self, part: Part, kind: str, drawings: Drawings) -> None:
        self.forbid_depth(part)
        if kind in _STORIES:
            self._story(part, _STORIES[kind], drawings)
        elif kind == "settings":
            self._settings(part)
        elif kind == "image":
            drawings.picture(part, "图片")
        elif part.root is not None:
            self._other(part, part.root, kind, drawings)
        self.keep_links(part, "正文和图形")

    def _other(
        self, part: Part, root: etree._Element, kind: str, drawings: Drawings
    ) -> None:
        if kind == "styles":
            self.tally.add("修订标识（rsid）", "样式", revision_ids(root))
        elif kind == "numbering":
            _numbering(root)
            drawings.clean(part, "编号")
        elif kind == "chart":
            clean_chart(part, self.tally)
            drawings.clean(part, "图表")
        elif kind.startswith("diagram") or kind in {"theme", "chartUserShapes"}:
            drawings.clean(part, "图示")

    def _story(self, part: Part, place: str, drawings: Drawings) -> None:
        root = part.root
        if root is None:
            return
        root.attrib.pop(f"{W}conformance", "")
        accept(root, self.tally, place)
        drop_unseen_shapes(root, self.tally, place)
        _objects(root, self.tally, place)
        drawings.clean(part, place)
        Freezing(self.tally, place, self.seen).run(root)
        clean_story(part, self.styles, self.tally, place)
        for guide in root.iter(f"{W}rt"):
            self.seen.add(all_text(guide))
        if place == "正文":
            count_unused_headers(part, self.tally)
            self.unseen += drop_unshown_headers(part, self.opc, self.tally)
            self.unseen += drop_unused_notes(part, self.opc, self.tally)

    def _settings(self, part: Part) -> None:
        if part.root is None:
            return
        for element in list(part.root):
            name = local(element)
            if name not in _SETTINGS:
                drop(element)
                word = _TOLD_SETTINGS.get(name)
                if name == "rsids":
                    self.tally.add("修订标识（rsid）", "设置", len(element))
                elif word:
                    self.tally.add(word, "设置", max(1, len(element)))
        revision_ids(part.root)


def _objects(root: etree._Element, tally: Tally, place: str) -> None:
    """Leave of an embedded object or a control only the picture that is seen.

    Raises:
        UnsupportedError: It has no picture.
    """
    for holder in list(root.iter(f"{W}object")):
        inner = [
            one
            for one in holder
            if local(one) in {"OLEObject", "control", "objectEmbed", "objectLink"}
        ]
        if inner and not any(
            local(one) in {"imagedata", "blip"} for one in holder.iter()
        ):
            raise UnsupportedError(
                "文档里有没有图片表示的内嵌对象或控件，不能与正文可靠分开；"
                "请删除或转成图片后再试。"
            )
        for one in inner:
            drop(one)
            tally.add("内嵌对象（只留下看得见的图片）", place)
        holder.tag = f"{W}pict"
        holder.attrib.clear()


def _numbering(root: etree._Element) -> None:
    """Drop the ids that link lists to the documents they were copied from."""
    revision_ids(root)
    for name in ("nsid", "tmpl", "name"):
        for element in list(root.iter(f"{W}{name}")):
            drop(element)
