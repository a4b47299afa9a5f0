"""Walk a page in reading order and gather what a reader sees and does not see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from review.contents import css, html_objects
from review.contents.flow import Flow
from review.contents.hidden import Hidden
from review.contents.html_state import (
    Element,
    Numbering,
    State,
    element_of,
    inside,
    item_number,
    numbering_of,
)
from review.contents.interface import Piece
from review.contents.resources import Resources
from review.contents.table import Cell, Table, write
from review.errors import TooLargeError

_BLOCKS: Final = (
    frozenset(
        {"address", "article", "aside", "blockquote", "body", "button", "caption"}
    )
    | {"center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset"}
    | {"figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"header", "hgroup", "hr", "html", "iframe", "legend", "li", "listing", "main"}
    | {"menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre", "search"}
    | {"section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot"}
    | {"th", "thead", "tr", "ul", "xmp"}
)
_BLOCK_DISPLAYS: Final = frozenset(
    {"block", "flex", "grid", "table", "list-item", "flow-root", "table-row"}
) | {"table-cell", "table-caption"}
_INLINE_DISPLAYS: Final = frozenset(
    ["inline", "inline-block", "inline-flex", "inline-grid", "inline-table", "contents"]
)
_DEEPEST: Final = 60
_LISTS: Final = frozenset({"ol", "ul", "menu", "dir"})
_CELLS: Final = frozenset({"td", "th"})

_Task: TypeAlias = tuple[LexborNode, State] | Callable[[], None]


@dataclass(slots=True)
class Walk:
    """One page while it is read; `flows` holds the page and the open cells."""

    resources: Resources
    hidden_nodes: frozenset[int]
    hidden: Hidden
    flows: list[Flow] = field(default_factory=lambda: [Flow()])
    _unseen: Flow = field(default_factory=Flow)
    _tables: list[Table] = field(default_factory=list)
    _lists: list[Numbering] = field(default_factory=list)
    _tasks: list[_Task] = field(default_factory=list)

    def run(self, tree: LexborHTMLParser) -> tuple[Piece, ...]:
        """Visit every node, without recursion, and return the body."""
        for top in reversed(_top_nodes(tree)):
            self._tasks.append((top, State()))
        while self._tasks:
            task = self._tasks.pop()
            if callable(task):
                task()
            else:
                self._visit(*task)
        return self.flows[0].finish()

    def _visit(self, node: LexborNode, above: State) -> None:
        if node.is_text_node:
            self._flow(above).text(node.text_content or "", above.style)
        elif node.is_comment_node:
            self.hidden.comment(node.comment_content or "")
        elif node.is_element_node:
            self._enter(element_of(node), above)

    def _flow(self, state: State) -> Flow:
        return self._unseen if state.hidden else self.flows[-1]

    def _enter(self, element: Element, above: State) -> None:
        sheet_hides = element.node.mem_id in self.hidden_nodes
        state = inside(element, above, self.resources.base, sheet_hides=sheet_hides)
        for text in html_objects.hidden_texts(element):
            self.hidden.text(text)
        if state.hidden and not above.hidden:
            self._tasks.append(self._harvest)
        if html_objects.is_opaque(element.tag):
            self._opaque(element, state)
            return
        if _is_block(element):
            self._flow(state).gap()
            self._tasks.append(self._flow(state).gap)
        self._structure(element, state)
        self._objects(element, state)
        if element.tag == "a" and state.style.link != above.style.link:
            flow = self._flow(state)
            self._tasks.append(
                partial(_keep_empty_link, flow, flow.seen, state.style.link)
            )
        self._tasks.extend((child, state) for child in reversed(_children(element)))

    def _harvest(self) -> None:
        """Keep what a hidden element held as one text."""
        self.hidden.pieces(self._unseen.finish())
        self._unseen = Flow()

    def _opaque(self, element: Element, state: State) -> None:
        piece = html_objects.opaque_piece(element)
        if piece is None:
            return
        # What runs does so wherever it stands, seen or not.
        seen = piece.kind in {"active", "style"} or not state.hidden
        flow = self.flows[-1] if seen else self._unseen
        flow.put(piece.kind, piece.value, state.style.link)
        for handler in html_objects.pieces_of(element, self.resources):
            if handler.kind == "active":
                self.flows[-1].put("active", handler.value)

    def _structure(self, element: Element, state: State) -> None:
        tag, flow = element.tag, self._flow(state)
        if tag == "br":
            flow.text(" ", state.style)
        elif tag == "q":
            flow.text("“", state.style)
            self._tasks.append(partial(flow.text, "”", state.style))
        elif tag in _LISTS:
            self._lists.append(numbering_of(element))
            self._tasks.append(self._end_list)
        elif tag == "li":
            # An item that is not displayed is not counted either.
            counted = bool(self._lists) and not state.gone
            numbering = self._lists[-1] if counted else None
            if number := item_number(element, numbering):
                flow.text(f"{number} ", state.style)
        elif not state.hidden:
            self._grid(element)

    def _end_list(self) -> None:
        self._lists.pop()

    def _grid(self, element: Element) -> None:
        if element.tag == "table":
            if len(self._tables) >= _DEEPEST:
                raise TooLargeError("表格嵌套过深，请简化后再提交。")
            self._tables.append(Table())
            self._tasks.append(self._end_table)
        elif element.tag == "tr" and self._tables:
            self._tables[-1].add_row()
        elif element.tag in _CELLS and self._tables:
            self.flows.append(Flow())
            columns, rows = _span(element, "colspan"), _span(element, "rowspan")
            self._tasks.append(partial(self._end_cell, Cell((), columns, rows)))

    def _end_table(self) -> None:
        write(self._tables.pop(), self.flows[-1])

    def _end_cell(self, cell: Cell) -> None:
        cell.pieces = self.flows.pop().finish()
        self._tables[-1].add_cell(cell)

    def _objects(self, element: Element, state: State) -> None:
        head = html_objects.head_piece(element, self.resources.base)
        if head is not None:
            self.flows[-1].put(head.kind, head.value)
        if not element.attributes:
            return  # most elements of an editor's page: nothing more to look at
        for piece in html_objects.pieces_of(element, self.resources):
            seen = piece.kind == "active" or not state.hidden
            flow = self.flows[-1] if seen else self._unseen
            link = "" if piece.kind in {"active", "link"} else state.style.link
            flow.put(piece.kind, piece.value, link)
        if text := html_objects.form_text(element):
            self._flow(state).text(f" {text} ", state.style)


def _keep_empty_link(flow: Flow, seen: int, target: str) -> None:
    """Keep a link that has nothing in it to be seen; it still leads somewhere."""
    if flow.seen == seen:
        flow.put("link", target)


def _is_block(element: Element) -> bool:
    display = element.styles.get("display")
    if display in _INLINE_DISPLAYS and element.tag not in _CELLS:
        return False
    return element.tag in _BLOCKS or display in _BLOCK_DISPLAYS


def _span(element: Element, name: str) -> int:
    raw = element.get(name).strip()
    if not raw.isascii() or not raw.isdigit() or len(raw) > 5:  # noqa: PLR2004 - no page has 100000 rows
        return 1
    value = int(raw)
    if value == 0 and name == "rowspan":
        return 65_534  # to the end of the table
    return value


def _children(element: Element) -> list[LexborNode]:
    return list(_siblings(element.node.first_child))


def _siblings(node: LexborNode | None) -> Iterator[LexborNode]:
    while node is not None:
        yield node
        node = node.next


def _top_nodes(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return the root with the comments that stand before and after it."""
    first = tree.root
    while first is not None and first.prev is not None:
        first = first.prev
    return list(_siblings(first))


def walk(text: str, resources: Resources, hidden: Hidden) -> tuple[Piece, ...]:
    """Return the canonical body of a page or fragment; hidden texts are added."""
    tree = LexborHTMLParser(text.replace("\x00", ""))
    base = tree.css_first("base[href]")
    if base is not None:
        resources.base = (base.attributes.get("href") or "").strip()
    return Walk(resources, css.hidden_nodes(tree), hidden).run(tree)
