"""Walk an HTML tree in reading order and gather blocks, shown and hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborNode

from review.extract.interface import Block, Role
from review.spans import Location

_DROPPED: Final = frozenset({"script", "style", "title", "meta", "link"})
_HIDDEN_TAGS: Final = frozenset({"noscript", "datalist", "noembed", "noframes"})
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
_HIDING: Final = (
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)"
    r"|font-size\s*:\s*0(?:\.\d+)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)"
    r"|(?:^|;)\s*opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|text-indent\s*:\s*-\d{3,}"
    r"|(?:left|top)\s*:\s*-\d{3,}px|mso-hide\s*:\s*all"
)
_SHOWN_ATTRIBUTES: Final = ("alt", "title", "aria-label", "placeholder", "summary")
# Many pages have no <p>: two <br>, or a <br> and an indent, end a paragraph.
_PARAGRAPH_BREAK: Final = r"\n[ \t]*\n|\n(?=[ ]?[\u3000\u00a0]{2})"
_LAYOUT_BLOCKS: Final = 4


@dataclass(slots=True)
class _Row:
    """The table row that is being read."""

    table: int
    number: int
    cells: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Walk:
    """Gather the blocks of one page."""

    hidden_nodes: frozenset[int]
    blocks: list[Block] = field(default_factory=list)
    images: int = 0
    _paragraph: int = 0
    _tables: int = 0
    _titled: bool = False
    _text: list[str] = field(default_factory=list)
    _hidden_text: list[str] = field(default_factory=list)
    _hidden_depth: int = 0
    _roles: list[Role] = field(default_factory=list)
    _rows: list[_Row] = field(default_factory=list)
    _table_rows: dict[int, int] = field(default_factory=dict)
    _layouts: dict[int, bool] = field(default_factory=dict)
    _later: list[Block] = field(default_factory=list)
    _preformatted: int = 0

    def run(self, root: LexborNode) -> None:
        """Visit every node below `root` without recursion."""
        for node, leaving in _visit(root):
            if not node.is_element_node:
                self._leaf(node)
            elif leaving:
                self._leave(node)
            else:
                self._enter(node)
        self._flush()
        self.blocks.extend(self._later)
        self._later.clear()

    def _leaf(self, node: LexborNode) -> None:
        if node.is_text_node:
            text = node.text_content or ""
            if not self._preformatted:
                text = re.sub(r"[ \t\r\n\f]+", " ", text)
            (self._hidden_text if self._hidden_depth else self._text).append(text)
        elif node.is_comment_node:
            comment = " ".join((node.comment_content or "").split())
            if comment:
                self._note(comment, Location(part="comment"), "网页注释")

    def _enter(self, node: LexborNode) -> None:
        tag, attributes = node.tag or "", node.attributes
        if tag in _BLOCKS:
            self._flush()
        self._hidden_depth += self._hides(node, attributes)
        self._attributes(tag, attributes)
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
            (self._hidden_text if self._hidden_depth else self._text).append("\n")
        elif tag == "template":
            self._template(node)

    def _leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag in {"td", "th", "tr"} and self._rows and self._row_owns(node):
            self._end_row() if tag == "tr" else self._end_cell()
        elif tag in _BLOCKS:
            self._flush()
        if tag in _HEADINGS or tag in _ITEMS:
            self._roles.pop()
        if tag in {"pre", "textarea"}:
            self._preformatted -= 1
        if self._hides(node, node.attributes):
            self._hidden_depth -= 1
            if not self._hidden_depth:
                self._flush_hidden()

    def _hides(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        if node.tag in _HIDDEN_TAGS or "hidden" in attributes:
            return True
        style = attributes.get("style")
        if style and re.search(_HIDING, style, re.IGNORECASE):
            return True
        return node.mem_id in self.hidden_nodes

    def _attributes(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "img" or (tag == "input" and attributes.get("type") == "image"):
            self.images += 1
        for name in _SHOWN_ATTRIBUTES:
            if text := " ".join((attributes.get(name) or "").split()):
                self._note(text, Location(part="image"), f"{name} 属性")
        if tag == "input" and (value := (attributes.get("value") or "").strip()):
            kind = (attributes.get("type") or "text").lower()
            if kind == "hidden":
                self._note(value, Location(part="hidden"), "隐藏的表单值")
            elif not self._hidden_depth:
                self._text.append(f" {value} ")
            else:
                self._hidden_text.append(f" {value} ")

    def _template(self, node: LexborNode) -> None:
        text = re.sub(r"<[^>]*>", " ", node.html or "")
        if text := " ".join(text.split()):
            self._note(text, Location(part="hidden"), "网页模板")

    def _note(self, text: str, where: Location, detail: str) -> None:
        block = Block(text, where, hidden=True, role="note", detail=detail)
        self._later.append(block)

    def _start_row(self, node: LexborNode) -> None:
        table = _table_of(node)
        if table is None or self._hidden_depth:
            return
        if table.mem_id not in self._layouts:
            self._layouts[table.mem_id] = _is_layout(table)
        if self._layouts[table.mem_id]:
            return
        if table.mem_id not in self._table_rows:
            self._tables += 1
            self._table_rows[table.mem_id] = 0
        self._table_rows[table.mem_id] += 1
        self._rows.append(_Row(self._tables, self._table_rows[table.mem_id]))

    def _row_owns(self, node: LexborNode) -> bool:
        table = _table_of(node)
        return table is not None and table.mem_id in self._table_rows

    def _end_cell(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text.clear()
        self._rows[-1].cells.append(text)

    def _end_row(self) -> None:
        row = self._rows.pop()
        if any(row.cells):
            where = Location(part="table", table=row.table, row=row.number)
            text = "\t".join(row.cells)
            self.blocks.append(Block(text, where, role="row", cells=tuple(row.cells)))
        self._text.clear()
        self.blocks.extend(self._later)
        self._later.clear()

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
        if not self._hidden_depth:
            self.blocks.extend(self._later)
            self._later.clear()
        elif self._hidden_text:
            self._hidden_text.append("\n")

    def _flush_hidden(self) -> None:
        for line in "".join(self._hidden_text).split("\n"):
            if text := " ".join(line.split()):
                self._note(text, Location(part="hidden"), "隐藏的网页元素")
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


def _tidy(text: str) -> str:
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
