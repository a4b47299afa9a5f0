"""Walk the text of an OpenDocument file: paragraphs, lists, sections, tables, shapes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from review.extract.interface import Block, Gap, Role
from review.extract.ooxml.ooxml import local
from review.extract.opendocument.inline import DRAWN, Inline, Piece, joined
from review.extract.opendocument.objects import framed
from review.extract.opendocument.scene import Findings, Scene, signed
from review.extract.opendocument.styles import (
    Look,
    attribute,
    filled,
    ground_of,
    over,
    points,
)
from review.extract.sheets.formats import whole

if TYPE_CHECKING:
    from review.spans import Part

_DEEPEST: Final = 120
_SKIPPED: Final = frozenset(
    {
        "tracked-changes",
        "change-info",
        "soft-page-break",
        "note-citation",
        "title",
        "desc",
        "contour-polygon",
        "contour-path",
        "glue-point",
        "enhanced-geometry",
    }
)
_ROW_GROUPS: Final = frozenset(
    {"table-header-rows", "table-rows", "table-row-group", "soft-page-break"}
)
_MOST_CELLS: Final = 256
_TITLE_REACH: Final = 12
_TITLE_POINTS: Final = 18.0
_TITLE_LENGTH: Final = 80
_DULL_NAME: Final = (
    r"(?i)(?:frame|image|graphics?|object|shape|text ?frame|textbox|picture|control|line|group|"
    r"框架|图像|图片|图形|对象|形状|文本框|控件|直线|组合)[\s\d]*"
)


@dataclass(slots=True)
class Walk:
    """Read elements in order; everything goes into `found`."""

    found: Findings
    _depth: int = 0

    def walk(self, element: etree._Element, scene: Scene) -> None:
        """Read the children of an element."""
        self._depth += 1
        if self._depth > _DEEPEST:
            message = "文件的结构嵌套过深，有内容未予读取，请人工查看。"
            self.found.gaps.append(Gap(scene.where(), "too_deep", message))
        else:
            for part in element:
                name = local(part)
                if name and name not in _SKIPPED:
                    self.one(name, part, scene)
        self._depth -= 1

    def one(self, name: str, part: etree._Element, scene: Scene) -> None:
        """Read one element."""
        if name in {"p", "h"}:
            self._paragraph(part, scene)
        elif name == "list":
            self.walk(part, replace(scene, role=scene.role or "item"))
        elif name == "section":
            self._section(part, scene)
        elif name == "table":
            self._table(part, scene)
        elif name in DRAWN:
            self._shape(name, part, scene)
        else:
            self._aside(name, part, scene)

    def _aside(self, name: str, part: etree._Element, scene: Scene) -> None:
        """Read what is no text of its own place; anything unknown is looked through."""
        if name == "annotation":
            self.comment(part, scene)
        elif name in {"forms", "user-field-decls", "dde-connection-decls"}:
            self._declared(name, part, scene)
        elif name == "event-listeners":
            self.found.macros += 1
        else:
            if name == "a":
                self.found.link(attribute(part, "href"), scene, "链接地址")
            self.walk(part, scene)

    def inline(self, part: etree._Element, scene: Scene) -> Inline:
        """Read one paragraph without saying anything of it yet."""
        look = self._look(part, scene)
        ground = ground_of(look, "paragraph", scene.ground)
        hidden = any(
            attribute(e, "is-hidden") == "true"
            for e in part.iter("{*}hidden-paragraph")
        )
        why = scene.why or ("隐藏段落" if hidden else None)
        if ground != scene.ground:
            scene = replace(scene, ground=ground)
        inline = Inline(self.found, scene, why)
        inline.read(part, look)
        return inline

    def hang(self, inline: Inline, scene: Scene) -> None:
        """Say what hangs on a paragraph: hidden stretches, notes, boxes, fields."""
        if not scene.why:
            self._traces(inline.pieces, scene)
        for text, detail in dict.fromkeys(inline.asides):
            self.found.note(text, scene, "hidden", detail)
        for address in dict.fromkeys(inline.links):
            self.found.link(address, scene, "链接地址")
        for key in inline.deletions:
            self.deletion(key, scene)
        for part in inline.hanging:
            if local(part) == "note":
                self._note(part, scene)
            else:
                self.one(local(part), part, scene)

    def deletion(self, key: str, scene: Scene) -> None:
        """Say what was deleted here; once, wherever it is named."""
        element = self.found.deleted.pop(key, None)
        if element is not None:
            why = self.found.changes[key].detail
            self.walk(element, replace(scene, part="deletion", why=why))

    def comment(self, part: etree._Element, scene: Scene) -> None:
        """Say what an annotation says, by whom and when."""
        why = signed(part, "批注")
        self.walk(part, replace(scene, part="comment", why=why))

    def _look(self, part: etree._Element, scene: Scene) -> Look:
        """Return the look of a paragraph; a cell or a shape may say what it does not."""
        styles, name = self.found.styles, attribute(part, "style-name")
        if not scene.look:
            return styles.look("paragraph", name)
        base = over(styles.look("paragraph", None), scene.look)
        return over(base, styles.own("paragraph", name))

    def _paragraph(self, part: etree._Element, scene: Scene) -> None:
        inline = self.inline(part, scene)
        text = (
            "".join(one.text for one in inline.pieces) if scene.why else inline.shown
        ).strip()
        if text:
            hidden = scene.why is not None
            self.found.paragraphs += not hidden
            number = scene.paragraph if hidden else self.found.paragraphs
            where = scene.where(paragraph=number)
            role = scene.role or self._role(part, scene, text)
            block = Block(text, where, hidden, role, detail=scene.why)
            self.found.blocks.append(block)
            if not hidden and not scene.sheet:
                scene = replace(scene, paragraph=number)
        self.hang(inline, scene)

    def _role(self, part: etree._Element, scene: Scene, text: str) -> Role:
        """Return the title once; a big centred first line is one, unless a letterhead."""
        name = attribute(part, "style-name")
        styles = self.found.styles
        named = "Title" in styles.names("paragraph", name)
        if scene.part != "body" or scene.page or self.found.titled:
            return "heading" if named or local(part) == "h" else "paragraph"
        if named or self._looks_like_title(part, text):
            self.found.titled = True
            return "title"
        return "heading" if local(part) == "h" else "paragraph"

    def _looks_like_title(self, part: etree._Element, text: str) -> bool:
        """Tell the first centred big line that is no letterhead (红头)."""
        fits = 4 <= len(text) <= _TITLE_LENGTH  # noqa: PLR2004 - 通知 alone is no title
        if self.found.paragraphs > _TITLE_REACH or not fits:
            return False
        if text.endswith(("文件", "。", "；", "：")) or "\u3014" in text:
            return False
        name = attribute(part, "style-name")
        look = self.found.styles.look("paragraph", name)
        centred = look.get("paragraph.text-align") == "center"
        return centred and self._size(part, look) >= _TITLE_POINTS

    def _size(self, part: etree._Element, look: Look) -> float:
        """Return the size of a paragraph's largest letters, in points."""
        looks = [look]
        looks += [
            self.found.styles.look("text", attribute(span, "style-name"))
            for span in part.iterchildren("{*}span")
        ]
        return max(points(one.get("text.font-size")) or 0.0 for one in looks)

    def _traces(self, pieces: list[Piece], scene: Scene) -> None:
        for piece in joined(pieces):
            if piece.kind != "text":
                self.found.note(piece.text, scene, piece.kind, piece.detail or "")

    def _section(self, part: etree._Element, scene: Scene) -> None:
        display = attribute(part, "display")
        hidden = display == "none" or (
            display == "condition" and attribute(part, "is-hidden") == "true"
        )
        name = attribute(part, "name")
        for source in part.iterchildren("{*}section-source"):
            self.found.link(attribute(source, "href"), scene)
        for source in part.iterchildren("{*}dde-source"):
            self.found.link(" ".join(map(str, source.values())), scene)
        self.walk(part, scene.unseen(f"隐藏的区段（{name}）" if hidden else None))

    def _note(self, part: etree._Element, scene: Scene) -> None:
        for body in part.iterchildren("{*}note-body"):
            self.walk(body, replace(scene, part="footnote", role="note"))

    def _declared(self, name: str, part: etree._Element, scene: Scene) -> None:
        if name == "forms":
            controls(part, self.found, scene)
            return
        for one in part:
            values = (
                attribute(one, key)
                for key in ("name", "string-value", "value", "dde-application")
            )
            text = " ".join(value for value in values if value)
            self.found.note(text, scene, "hidden", "文档变量")

    def _table(self, table: etree._Element, scene: Scene) -> None:
        self.found.tables += 1
        number = self.found.tables
        place = replace(scene, part="table" if scene.part == "body" else scene.part)
        for index, (row, hidden) in enumerate(_rows(table), 1):
            one = place.unseen("隐藏的行" if hidden else None)
            self._row(row, one, number, index)

    def _row(self, row: etree._Element, scene: Scene, table: int, index: int) -> None:
        cells: list[str] = []
        after: list[tuple[Inline, Scene]] = []
        nested: list[tuple[etree._Element, Scene]] = []
        for cell in row:
            if local(cell) not in {"table-cell", "covered-table-cell"}:
                continue
            inside = self._cell_scene(cell, scene)
            lines = []
            for part in _cell_parts(cell):
                if local(part) not in {"p", "h"}:
                    nested.append((part, inside))
                    continue
                inline = self.inline(part, inside)
                after.append((inline, inside))
                seen = inline.shown if not inside.why else ""
                lines.append(seen or _unseen_text(inline, scene))
            text = " ".join(" ".join(lines).split())
            times = whole(attribute(cell, "number-columns-repeated"), 1)
            cells.extend([text] * max(min(times, _MOST_CELLS - len(cells)), 1))
        self._emit_row(cells, scene, table, index)
        for inline, inside in after:
            self.hang(inline, inside)
        for part, inside in nested:
            self.one(local(part), part, inside)

    def _cell_scene(self, cell: etree._Element, scene: Scene) -> Scene:
        look = self.found.styles.look("table-cell", attribute(cell, "style-name"))
        return replace(
            scene, ground=ground_of(look, "table-cell", scene.ground), role=None
        )

    def _emit_row(self, cells: list[str], scene: Scene, table: int, index: int) -> None:
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            where = scene.where(table=table, row=index)
            hidden, texts = scene.why is not None, tuple(cells)
            block = Block("\t".join(texts), where, hidden, "row", texts, scene.why)
            self.found.blocks.append(block)

    def _shape(self, name: str, part: etree._Element, scene: Scene) -> None:
        """Read a drawn thing: its words, its picture or object, its other texts."""
        self._alternatives(part, scene)
        look = self._shape_look(part)
        away = _off(part, scene.area)
        if attribute(part, "display") == "none":
            away = "隐藏的图形"
        inside = scene.unseen(away)
        inside = replace(
            inside, ground=filled(look, scene.ground), look=look, role=None
        )
        if scene.part in {"body", "table", "sheet"} and scene.page is None:
            inside = replace(inside, part="textbox")
        elif "title" in attribute(part, "class"):
            inside = replace(inside, role="heading")
        if name in {"frame", "a-frame"}:
            framed(part, inside, self.found, self)
        else:
            self.walk(part, inside)

    def _shape_look(self, part: etree._Element) -> Look:
        styles = self.found.styles
        for family in ("presentation", "graphic"):
            for key, value in part.items():
                space, _, name = str(key).rpartition("}")
                if name == "style-name" and space.endswith(
                    "presentation:1.0" if family == "presentation" else "drawing:1.0"
                ):
                    return styles.look(family, str(value))
        return {}

    def _alternatives(self, part: etree._Element, scene: Scene) -> None:
        for one in part:
            if local(one) in {"title", "desc"}:
                self.found.note(one.text or "", scene, "image", "替代文字")
        name = attribute(part, "name")
        if name and not re.fullmatch(_DULL_NAME, name):
            self.found.note(name, scene, "image", "图形名称")


def controls(forms: etree._Element, found: Findings, scene: Scene) -> None:
    """Say what the controls of a form show and hold."""
    shown = ("label", "value", "current-value")
    behind = ("title", "datasource", "command", "href", "help-message")
    for control in forms.iter():
        name = local(control)
        if name in {"event-listeners", "event-listener"}:
            found.macros += name == "event-listener"
            continue
        for key in shown:
            text = attribute(control, key).strip()
            if not text:
                continue
            if name in {"hidden", "password", "option", "item", "property"}:
                found.note(text, scene, "hidden", "控件的值")
            else:
                hidden = scene.why is not None
                part: Part = "hidden" if hidden else "textbox"
                where = replace(scene.where(), part=part)
                found.blocks.append(Block(text, where, hidden, detail="控件"))
        for key in behind:
            found.note(attribute(control, key), scene, "hidden", "控件的设置")


def _off(part: etree._Element, area: tuple[float, float] | None) -> str | None:
    """Tell a shape that stands wholly outside its page."""
    if area is None:
        return None
    x, y = points(attribute(part, "x")), points(attribute(part, "y"))
    width = points(attribute(part, "width")) or 0.0
    height = points(attribute(part, "height")) or 0.0
    if x is None or y is None or attribute(part, "transform"):
        return None
    outside = x >= area[0] or y >= area[1] or x + width <= 0 or y + height <= 0
    return "页面以外的图形" if outside else None


def _rows(
    table: etree._Element, *, hidden: bool = False
) -> Iterator[tuple[etree._Element, bool]]:
    for part in table:
        name = local(part)
        if name == "table-row":
            away = attribute(part, "visibility") in {"collapse", "filter"}
            yield part, hidden or away
        elif name in _ROW_GROUPS:
            closed = attribute(part, "display") == "false"
            yield from _rows(part, hidden=hidden or closed)


def _cell_parts(cell: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs, through lists, and everything else that a cell holds."""
    for part in cell:
        name = local(part)
        if name in {"list", "list-item", "list-header", "section"}:
            yield from _cell_parts(part)
        elif name and name not in _SKIPPED:
            yield part


def _unseen_text(inline: Inline, scene: Scene) -> str:
    """Return a cell's text in a row that nobody sees as a whole."""
    return "".join(one.text for one in inline.pieces) if scene.why else ""
