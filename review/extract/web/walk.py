"""Walk an HTML tree in reading order and gather blocks, shown and hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.extract.interface import Block, Role
from review.extract.web.beside import Beside
from review.extract.web.styles import Look, look_of
from review.spans import Location

_DROPPED: Final = frozenset({"script", "style", "title", "meta", "link"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS: Final = _HEADINGS | frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "head",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "br-br",
        "iframe",
        "button",
    ]
)
_ITEMS: Final = frozenset({"li", "dd", "dt", "option"})
# Many pages have no <p>: two <br>, or a <br> and an indent, end a paragraph.
_PARAGRAPH_BREAK: Final = r"\n[ \t]*\n|\n(?=[ ]?[\u3000\u00a0]{2})"
_LAYOUT_BLOCKS: Final = 4
_MOST_SPANNED: Final = 1000
_FILLERS: Final = 200_000
_TEMPLATES: Final = 4
_TEMPLATE: Final = "网页模板"


@dataclass(slots=True)
class _Row:
    """The table row that is being read; `why` nobody sees it, if so."""

    table: "_Table"
    number: int
    why: str | None
    taken: frozenset[int]
    cells: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """A table that holds data: its number, and columns that cells above reach into."""

    number: int
    rows: int = 0
    reaching: dict[int, int] = field(default_factory=dict)

    def start(self, why: str | None) -> _Row:
        """Begin the next row."""
        self.rows += 1
        taken = frozenset(self.reaching)
        self.reaching = {at: left - 1 for at, left in self.reaching.items() if left > 1}
        return _Row(self, self.rows, why, taken)


@dataclass(slots=True)
class Walk:
    """Gather the blocks of one page; `styles` is what style sheets say of elements."""

    styles: dict[int, str]
    beside: Beside = field(default_factory=Beside)
    base: Look = field(default_factory=Look)
    depth: int = 0
    blocks: list[Block] = field(default_factory=list)
    _paragraph: int = 0
    _titled: bool = False
    _text: list[str] = field(default_factory=list)
    _hidden_text: list[str] = field(default_factory=list)
    _looks: list[Look] = field(default_factory=list)
    _why: str | None = None
    _roles: list[Role] = field(default_factory=list)
    _rows: list[_Row] = field(default_factory=list)
    _tables: dict[int, _Table] = field(default_factory=dict)
    _layouts: dict[int, bool] = field(default_factory=dict)
    _fillers: int = _FILLERS
    _preformatted: int = 0

    def run(self, root: LexborNode) -> None:
        """Visit every node below `root` without recursion."""
        self._looks.append(self.base)
        self._turn(self.base.why)
        for node, leaving in _visit(root):
            if not node.is_element_node:
                self._leaf(node)
            elif leaving:
                self._leave(node)
            else:
                self._enter(node)
        self._turn(None)
        self._flush()
        self._release()

    def _leaf(self, node: LexborNode) -> None:
        if node.is_text_node:
            text = node.text_content or ""
            if not self._preformatted:
                text = re.sub(r"[ \t\r\n\f]+", " ", text)
            self._put(text)
        elif node.is_comment_node:
            self.beside.note(
                node.comment_content or "", Location(part="comment"), "网页注释"
            )

    def _enter(self, node: LexborNode) -> None:
        tag, attributes = node.tag or "", node.attributes
        style = f"{self.styles.get(node.mem_id, '')};{attributes.get('style') or ''}"
        look = look_of(self._looks[-1], tag, attributes, style)
        if tag in _BLOCKS:
            self._end_block(look)
        self._looks.append(look)
        self._turn(look.why)
        self.beside.attributes(tag, attributes)
        if tag in _HEADINGS:
            self._roles.append("heading")
        elif tag in _ITEMS:
            self._roles.append("item")
        elif tag == "tr":
            self._start_row(node)
        else:
            self._start_text(tag, node)

    def _start_text(self, tag: str, node: LexborNode) -> None:
        if tag in {"pre", "textarea"}:
            self._preformatted += 1
        elif tag == "br":
            self._put("\n")
        elif tag == "template":
            self._template(node)
        elif tag == "script":
            self.beside.script(node.text())
        elif tag == "style":
            self.beside.sheet(node.text())
        elif tag == "title" and node.parent is not None and node.parent.tag != "head":
            self.beside.note(node.text(), Location(part="hidden"), "网页标题")
        elif tag == "input":
            self._input(node.attributes)

    def _input(self, attributes: dict[str, str | None]) -> None:
        value = (attributes.get("value") or "").strip()
        if value and (attributes.get("type") or "text").lower() == "hidden":
            self.beside.note(value, Location(part="hidden"), "隐藏的表单值")
        elif value:
            self._put(f" {value} ")

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in {"td", "th", "tr"} and self._rows and self._row_owns(node):
            self._end_row() if tag == "tr" else self._end_cell(node)
        elif tag in _BLOCKS:
            self._end_block(self._looks[-1])
        if tag in _HEADINGS or tag in _ITEMS:
            self._roles.pop()
        if tag in {"pre", "textarea"}:
            self._preformatted -= 1
        self._looks.pop()
        self._turn(self._looks[-1].why)
        if not self._rows and self._why is None and not self._text:
            self._release()

    def _put(self, text: str) -> None:
        (self._text if self._why is None else self._hidden_text).append(text)

    def _turn(self, why: str | None) -> None:
        """Go on with text that is seen, or hidden for this reason."""
        if why == self._why:
            return
        if self._why is not None and not (self._rows and self._rows[-1].why):
            self._flush_hidden(self._why)
        self._why = why

    def _end_block(self, look: Look) -> None:
        """End the paragraph at hand; what is not laid out ends none."""
        if self._why is not None:
            self._hidden_text.append("\n")
        if look.gone is None:
            self._flush()

    def _template(self, node: LexborNode) -> None:
        """Walk what a template holds ready."""
        html = node.html or ""
        inner = html[html.find(">") + 1 : html.rfind("</")]
        tree = LexborHTMLParser(inner)
        if not inner.strip() or tree.root is None:
            return
        if self.depth >= _TEMPLATES:
            text = re.sub(r"<[^<>]*>", " ", inner)
            self.beside.note(text, Location(part="hidden"), _TEMPLATE)
            return
        held = Walk({}, self.beside, Look(gone=_TEMPLATE), self.depth + 1)
        held.run(tree.root)
        self.beside.notes.extend(held.blocks)

    def _start_row(self, node: LexborNode) -> None:
        table = _table_of(node)
        if table is None:
            return
        if table.mem_id not in self._layouts:
            self._layouts[table.mem_id] = _is_layout(table)
        if self._layouts[table.mem_id]:
            return
        if table.mem_id not in self._tables:
            self._tables[table.mem_id] = _Table(len(self._tables) + 1)
        if self._why is not None:
            self._flush_hidden(self._why)
        self._rows.append(self._tables[table.mem_id].start(self._why))

    def _row_owns(self, node: LexborNode) -> bool:
        table = _table_of(node)
        return table is not None and table.mem_id in self._tables

    def _end_cell(self, node: LexborNode) -> None:
        row = self._rows[-1]
        texts = self._text if row.why is None else self._hidden_text
        cell = " ".join("".join(texts).split())
        texts.clear()
        self._fill(row)
        wide, high = (_span(node, name) for name in ("colspan", "rowspan"))
        wide = max(1, min(wide, self._fillers))
        self._fillers -= wide - 1
        if high > 1:
            first = len(row.cells)
            row.table.reaching.update(
                dict.fromkeys(range(first, first + wide), high - 1)
            )
        row.cells += [cell, *[""] * (wide - 1)]

    def _fill(self, row: _Row) -> None:
        """Leave cells empty where a cell of a row above reaches down."""
        while len(row.cells) in row.taken and self._fillers > 0:
            row.cells.append("")
            self._fillers -= 1

    def _end_row(self) -> None:
        row = self._rows.pop()
        self._fill(row)
        if any(row.cells):
            cells = tuple(row.cells)
            where = Location(part="table", table=row.table.number, row=row.number)
            text = "\t".join(cells)
            hidden = row.why is not None
            self.blocks.append(Block(text, where, hidden, "row", cells, row.why))
        (self._text if row.why is None else self._hidden_text).clear()
        self._release()

    def _flush(self) -> None:
        """End the paragraph at hand; inside a table cell it only ends a line."""
        if self._rows:
            self._text.append(" ")
            return
        role: Role = self._roles[-1] if self._roles else "paragraph"
        for raw in re.split(_PARAGRAPH_BREAK, "".join(self._text)):
            if text := _tidy(raw):
                if role == "heading" and not self._titled:
                    role, self._titled = "title", True
                self._paragraph += 1
                where = Location(paragraph=self._paragraph)
                self.blocks.append(Block(text, where, role=role))
        self._text.clear()
        if self._why is None:
            self._release()

    def _release(self) -> None:
        """Put what was noted behind the text that it stands in."""
        self.blocks.extend(self.beside.notes)
        self.beside.notes.clear()

    def _flush_hidden(self, why: str) -> None:
        for line in "".join(self._hidden_text).split("\n"):
            self.beside.note(line, Location(part="hidden"), why)
        self._hidden_text.clear()


def _visit(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield every node on entering it and every element again on leaving it."""
    stack: list[tuple[LexborNode, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        yield node, leaving
        if leaving or not node.is_element_node:
            continue
        stack.append((node, True))
        if node.tag in _DROPPED:
            continue
        children = []
        child = node.first_child
        while child is not None:
            children.append(child)
            child = child.next
        stack.extend((child, False) for child in reversed(children))


def _table_of(node: LexborNode) -> LexborNode | None:
    above = node.parent
    while above is not None and above.tag != "table":
        above = above.parent
    return above


def _is_layout(table: LexborNode) -> bool:
    """Tell a table that only arranges a page from one that holds data."""
    if table.css_first("table table") is not None:
        return True
    cells = table.css("td, th")
    if len(cells) <= 1:
        return True
    return any(
        len(cell.css("p, div, h1, h2, h3, li")) >= _LAYOUT_BLOCKS for cell in cells
    )


def _span(node: LexborNode, name: str) -> int:
    raw = (node.attributes.get(name) or "1").strip()
    return min(int(raw), _MOST_SPANNED) if raw.isdecimal() and raw.isascii() else 1


def _tidy(text: str) -> str:
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
