"""One slide, or the notes below it: its shapes as blocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.extract.interface import Block, Role
from review.extract.ooxml.drawingml import A, Fill, crop_of, crop_text
from review.extract.ooxml.ooxml import below, is_true, local, note
from review.extract.slides.shapes import Canvas, P, Shape, fill_of, shapes_of
from review.extract.slides.text import Ground, Paragraph, paragraphs_of
from review.spans import Location, Part

_TITLES: Final = frozenset({"title", "ctrTitle"})
# Alternative texts that PowerPoint itself thinks up say nothing of the draft.
_FILE_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".mp4", ".mp3")


@dataclass(slots=True)
class Numbers:
    """What counts through a whole presentation."""

    tables: int = 0
    titled: bool = False


@dataclass(slots=True)
class SlideText:
    """The blocks of one slide, as they gather.

    `why` says that nobody sees the slide at all; `part` and `detail` are those of
    its blocks; `pictures` names the files that its relationships stand for.
    """

    canvas: Canvas
    numbers: Numbers
    page: int | None = None
    part: Part = "body"
    why: str | None = None
    detail: str | None = None
    placeholders: frozenset[str] | None = None
    pictures: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    _paragraph: int = 0

    def read(self, tree: etree._Element) -> None:
        """Read a `p:spTree`, from the lowest shape to the topmost."""
        for shape in shapes_of(tree):
            if shape.aside:
                self._note(shape.aside, "hidden", "备用内容")
                continue
            self._beside(shape)
            if shape.kind != "grpSp" and self._is_wanted(shape):
                self._shape(shape)

    def _is_wanted(self, shape: Shape) -> bool:
        """Tell whether a placeholder of this kind is read; other shapes are."""
        held = shape.placeholder
        return self.placeholders is None or held is None or held[0] in self.placeholders

    def _shape(self, shape: Shape) -> None:
        fill = fill_of(shape, self.canvas.theme)
        why = self.why
        if why is None and shape.hidden:
            why = "隐藏的形状"
        elif why is None and self.canvas.is_off(shape.box):
            why = "页面之外的形状"
        seen = self.canvas.below(shape.box) if fill == "none" else fill
        for body in shape.element.iterchildren("{*}txBody"):
            self._body(body, shape, why, seen)
        held = below(shape.element, f"{A}graphic", f"{A}graphicData")
        for table in () if held is None else held.iterchildren(f"{A}tbl"):
            self._table(table, why)
        self.canvas.paint(shape, fill)

    def _body(
        self, body: etree._Element, shape: Shape, why: str | None, fill: Fill
    ) -> None:
        held = shape.placeholder
        title = held is not None and held[0] in _TITLES
        for paragraph in paragraphs_of(body, Ground(self.canvas.theme, fill)):
            role: Role = "item" if paragraph.item else "paragraph"
            if title:
                role = "heading" if self.numbers.titled else "title"
            if paragraph.text:
                self._emit(paragraph.text, role, why)
                self.numbers.titled = self.numbers.titled or (title and why is None)
            self._unseen(paragraph)

    def _emit(self, text: str, role: Role, why: str | None) -> None:
        self._paragraph += 1
        hidden = why is not None
        part = self.part if self.part != "body" or not hidden else "hidden"
        where = Location(part=part, page=self.page, paragraph=self._paragraph)
        detail = "，".join(one for one in (self.detail, why) if one) or None
        self.blocks.append(Block(text, where, hidden, role, detail=detail))

    def _unseen(self, paragraph: Paragraph) -> None:
        for text, why in paragraph.unseen:
            self._note(text, "hidden", why)
        for tip in paragraph.tips:
            self._note(tip, "hidden", "链接提示")

    def _note(self, text: str, part: Part, detail: str) -> None:
        where = Location(part=part, page=self.page)
        self.blocks.append(note(text, where, detail))

    def _table(self, table: etree._Element, why: str | None) -> None:
        self.numbers.tables += 1
        for index, row in enumerate(table.iterchildren(f"{A}tr"), 1):
            cells = []
            for cell in row.iterchildren(f"{A}tc"):
                text, paragraphs = self._cell(cell)
                if is_true(cell.get("hMerge")) or is_true(cell.get("vMerge")):
                    if text:
                        self._note(text, "hidden", "合并单元格盖住的文字")
                    text = ""
                cells.append(text)
                for paragraph in paragraphs:
                    self._unseen(paragraph)
            if any(cells):
                self._row(tuple(cells), index, why)

    def _cell(self, cell: etree._Element) -> tuple[str, list[Paragraph]]:
        """Return the text of a cell on one line, and its paragraphs."""
        theme = self.canvas.theme
        fill = theme.fill(cell.find(f"{A}tcPr"))
        ground = Ground(theme, "unknown" if fill in {None, "none"} else fill or "")
        found: list[Paragraph] = []
        for body in cell.iterchildren(f"{A}txBody"):
            found.extend(paragraphs_of(body, ground))
        text = " ".join(one.text for one in found if one.text)
        return " ".join(text.split()), found

    def _row(self, cells: tuple[str, ...], index: int, why: str | None) -> None:
        part: Part = "table" if self.part == "body" else self.part
        if why is not None and self.part == "body":
            part = "hidden"
        where = Location(part, self.page, table=self.numbers.tables, row=index)
        detail = "，".join(one for one in (self.detail, why) if one) or None
        hidden = why is not None
        text = "\t".join(cells)
        self.blocks.append(Block(text, where, hidden, "row", cells, detail))

    def _beside(self, shape: Shape) -> None:
        """Read what hangs on a shape: other texts, tips, what was cropped away."""
        for entry in _descriptions(shape):
            self._described(entry)
        for entry in shape.element.iter(f"{A}srcRect") if shape.kind != "grpSp" else ():
            if (cut := crop_of(entry)) is not None:
                name = self.pictures.get(cut[0], "")
                self._note(crop_text(name, cut[1]), "image", "裁剪的图片")

    def _described(self, entry: etree._Element) -> None:
        texts = [(entry.get(key) or "").strip() for key in ("descr", "title")]
        name = (entry.get("name") or "").strip()
        if name.lower().endswith(_FILE_ENDINGS):
            texts.append(name)
        for text in dict.fromkeys(one for one in texts if one):
            self._note(text, "image", "替代文字")
        for link in entry.iterchildren():
            tip = (link.get("tooltip") or "").strip()
            if tip and local(link) in {"hlinkClick", "hlinkHover"}:
                self._note(tip, "hidden", "链接提示")


def _descriptions(shape: Shape) -> Iterator[etree._Element]:
    """Yield the entries that name a shape, not those of the shapes in a group."""
    if shape.kind == "grpSp":
        own = below(shape.element, f"{P}nvGrpSpPr", f"{P}cNvPr")
        if own is not None:
            yield own
    else:
        yield from shape.element.iter(f"{P}cNvPr")
