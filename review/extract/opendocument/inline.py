"""One paragraph of an OpenDocument file: its text in stretches, and what hangs on it."""

from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import etree

from review.extract.ooxml.ooxml import local
from review.extract.opendocument.scene import Change, Findings, Scene
from review.extract.opendocument.styles import Look, attribute, over, why_unseen
from review.extract.sheets.formats import whole
from review.extract.sheets.words import literals

Kind = Literal["text", "insertion", "hidden"]

_MOST_SPACES: Final = 64
_SKIPPED: Final = frozenset(
    {
        "soft-page-break",
        "annotation-end",
        "bookmark",
        "bookmark-start",
        "bookmark-end",
        "reference-mark",
        "reference-mark-start",
        "reference-mark-end",
        "note-citation",
        "tracked-changes",
        "change-info",
    }
)
# Attributes of fields and marks that carry words of their own.
_ASIDES: Final = {
    "string-value-if-true": "条件文字",
    "string-value-if-false": "条件文字",
    "condition": "字段条件",
    "formula": "字段公式",
    "description": "字段说明",
    "connection-name": "字段数据源",
    "database-name": "字段数据源",
    "table-name": "字段数据源",
}
_MARKS: Final = frozenset(
    {
        "alphabetical-index-mark",
        "alphabetical-index-mark-start",
        "toc-mark",
        "toc-mark-start",
        "user-index-mark",
        "user-index-mark-start",
    }
)
DRAWN: Final = frozenset(
    {
        "frame",
        "g",
        "rect",
        "line",
        "polyline",
        "polygon",
        "regular-polygon",
        "path",
        "circle",
        "ellipse",
        "connector",
        "caption",
        "measure",
        "control",
        "custom-shape",
        "scene",
        "page-thumbnail",
        "a-frame",
    }
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind; `detail` says in Chinese what is special."""

    kind: Kind
    text: str
    detail: str | None = None


@dataclass(slots=True)
class Inline:
    """Read one paragraph; what hangs on it gathers in reading order."""

    found: Findings
    scene: Scene
    why: str | None = None
    pieces: list[Piece] = field(default_factory=list)
    hanging: list[etree._Element] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    asides: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def read(self, element: etree._Element, look: Look) -> None:
        """Read everything below an element of this look."""
        why = self.why or why_unseen(look, self.scene.ground)
        self._add(element.text, why)
        for part in element:
            name = local(part)
            if name and name not in _SKIPPED:
                self._part(name, part, look, why)
            self._add(part.tail, why)

    @property
    def shown(self) -> str:
        """Return the text that a reader sees."""
        return "".join(one.text for one in self.pieces if one.kind != "hidden")

    def _part(
        self, name: str, part: etree._Element, look: Look, why: str | None
    ) -> None:
        if name == "span":
            own = self.found.styles.look("text", attribute(part, "style-name"))
            self.read(part, over(look, own))
        elif name == "s":
            self._keep(" " * min(whole(attribute(part, "c"), 1), _MOST_SPACES), why)
        elif name in {"tab", "line-break"}:
            self._keep("\t" if name == "tab" else "\n", why)
        elif name in {"note", "annotation"} or name in DRAWN:
            self.hanging.append(part)
        elif name in {"change-start", "change-end", "change"}:
            self._change(name, attribute(part, "change-id"))
        elif name == "hidden-text":
            self._hidden_text(part, why)
        else:
            self._field(name, part, look)

    def _change(self, name: str, key: str) -> None:
        if name == "change":
            self.deletions.append(key)
        elif name == "change-start" and key in self.found.changes:
            if key in self.found.deleted:
                self.deletions.append(key)
            else:
                self.found.open_changes[key] = self.found.changes[key]
        elif name == "change-end":
            self.found.open_changes.pop(key, None)

    def _field(self, name: str, part: etree._Element, look: Look) -> None:
        """Read a field, a link or any other wrapper of text."""
        self._attributes(part)
        if name == "a":
            self.links.append(attribute(part, "href"))
            self.read(part, look)
        elif name == "ruby":
            self._ruby(part, look)
        elif name in _MARKS:
            self.asides.append((attribute(part, "string-value"), "索引标记"))
        elif name in {"script", "execute-macro", "event-listeners"}:
            self.found.macros += 1
            self.asides.append((part.text or attribute(part, "href"), "脚本"))
        elif name == "bibliography-mark":
            self._bibliography(part, look)
        elif attribute(part, "display") == "none":
            text = attribute(part, "string-value") or attribute(part, "value")
            self.asides.append((text or _all_text(part), "不显示的字段"))
        else:
            self.read(part, look)

    def _attributes(self, part: etree._Element) -> None:
        for key, value in part.items():
            detail = _ASIDES.get(str(key).rpartition("}")[2])
            text = str(value)
            says = literals(text) if detail in {"字段条件", "字段公式"} else (text,)
            if detail and says:
                self.asides.append((text, detail))
        for option in part:
            if local(option) == "label":
                self.asides.append((attribute(option, "value"), "下拉选项"))

    def _hidden_text(self, part: etree._Element, why: str | None) -> None:
        text = attribute(part, "string-value") or _all_text(part)
        if attribute(part, "is-hidden") == "false":
            self._keep(text, why)
        elif text:
            self.pieces.append(Piece("hidden", text, "隐藏文字字段"))

    def _ruby(self, part: etree._Element, look: Look) -> None:
        for inner in part:
            if local(inner) == "ruby-base":
                self.read(inner, look)
            elif local(inner) == "ruby-text":
                self.asides.append((_all_text(inner), "拼音指南"))

    def _bibliography(self, part: etree._Element, look: Look) -> None:
        self.asides.append((" ".join(map(str, part.values())), "书目信息"))
        self.read(part, look)

    def _add(self, raw: str | None, why: str | None) -> None:
        """Keep text; white space counts as one space, as the format has it."""
        if raw:
            head = " " if raw[0].isspace() else ""
            tail = " " if raw[-1].isspace() else ""
            text = " ".join(raw.split())
            self._keep(f"{head}{text}{tail}" if text else " ", why)

    def _keep(self, text: str, why: str | None) -> None:
        change = next(iter(self.found.open_changes.values()), None)
        self.pieces.append(_piece(text, why, change))


def _piece(text: str, why: str | None, change: Change | None) -> Piece:
    if why:
        return Piece("hidden", text, why)
    if change is not None:
        return Piece("insertion", text, change.detail)
    return Piece("text", text)


def joined(pieces: list[Piece]) -> list[Piece]:
    """Join neighbours of one kind; spaces alone are no stretch of their own."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last and (last.kind, last.detail) == (piece.kind, piece.detail):
            found[-1] = Piece(last.kind, last.text + piece.text, last.detail)
        else:
            found.append(piece)
    return [piece for piece in found if piece.text.strip()]


def _all_text(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
