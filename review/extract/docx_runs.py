"""What stands in one Word paragraph: shown text, changes, hidden runs, fields."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from lxml import etree

from review.extract.docx_styles import Styles, W, child, hiding, is_on, value
from review.extract.ooxml import local

Kind: TypeAlias = Literal["text", "insertion", "deletion", "hidden"]

_SKIPPED: Final = frozenset(
    [
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "smartTagPr",
        "customXmlPr",
        "tblPr",
        "trPr",
        "tcPr",
        "fldData",
        "oMathParaPr",
        "ctrlPr",
        "proofErr",
        "bookmarkStart",
        "bookmarkEnd",
        "sectPr",
    ]
)
_CHANGES: Final[dict[str, Kind]] = {
    "ins": "insertion",
    "moveTo": "insertion",
    "del": "deletion",
    "moveFrom": "deletion",
}
_GRAPHICS: Final = frozenset({"drawing", "pict", "object"})
_SIGNS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}
_TRIVIAL_FIELDS: Final = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "PAGEREF",
        "REF",
        "TOC",
        "SEQ",
        "STYLEREF",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "FORMTEXT",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "NOTEREF",
        "SECTION",
        "LISTNUM",
        "AUTONUM",
        "SYMBOL",
        "ADVANCE",
        "SHAPE",
        "BIDIOUTLINE",
        "INDEX",
    ]
)
_SYMBOLS: Final = {0xF0FE: "☑", 0xF052: "☑", 0xF0A8: "☐", 0xF06F: "☐", 0xF0FD: "☒"}
_PRIVATE: Final = range(0xF020, 0xF100)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind; `detail` names author and date."""

    kind: Kind
    text: str
    detail: str | None = None


@dataclass(slots=True)
class _Field:
    """A field whose end has not been met."""

    code: list[str] = field(default_factory=list)
    in_code: bool = True


@dataclass(slots=True)
class Fields:
    """The open fields of a story; a field may span paragraphs."""

    stack: list[_Field] = field(default_factory=list)

    @property
    def in_code(self) -> bool:
        """Tell whether the text at hand is a field's code, not its result."""
        return any(entry.in_code for entry in self.stack)


@dataclass(slots=True)
class Inline:
    """Read one paragraph; texts and boxes gather in reading order."""

    styles: Styles
    fields: Fields
    hidden_style: bool = False
    pieces: list[Piece] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)

    def read(self, element: etree._Element, change: Piece | None = None) -> None:
        """Read everything below `element`; `change` is the tracked change around."""
        for part in element:
            name = local(part)
            if name and name not in _SKIPPED:
                self._part(name, part, change)

    def _part(self, name: str, part: etree._Element, change: Piece | None) -> None:
        if name == "r":
            self._run(part, change)
        elif name == "t":
            self._add(part.text or "", change, None)
        elif name == "AlternateContent":
            self.read(chosen(part), change)
            self.asides.extend(left_out(part))
        elif name in _GRAPHICS:
            self._graphic(part)
        elif name in _CHANGES and part.tag.startswith(W):
            self.read(part, _inner_change(part, change))
        else:
            if name == "fldSimple":
                self._code(part.get(f"{W}instr") or "")
            self.read(part, change)

    def _run(self, run: etree._Element, change: Piece | None) -> None:
        hidden = hiding(run, self.styles, paragraph=self.hidden_style)
        for part in run:
            self._run_part(part, change, hidden)

    def _run_part(
        self, part: etree._Element, change: Piece | None, hidden: str | None
    ) -> None:
        name = local(part)
        if name == "delText" and (change is None or change.kind != "deletion"):
            change = Piece("deletion", "")
        text = _text_of(part)
        if text is not None:
            self._add(text, change, hidden)
        elif name == "AlternateContent":
            for inner in chosen(part):
                self._run_part(inner, change, hidden)
            self.asides.extend(left_out(part))
        elif name in _GRAPHICS:
            self._graphic(part)
        elif name == "ruby":
            self._ruby(part, change)
        else:
            self._field_part(name, part)

    def _add(self, text: str, change: Piece | None, hidden: str | None) -> None:
        if not text:
            return
        if self.fields.in_code:
            self._field_code(text)
            return
        if change is not None and change.kind == "deletion":
            piece = Piece("deletion", text, change.detail)
        elif hidden:
            piece = Piece("hidden", text, hidden)
        elif change is not None:
            piece = Piece(change.kind, text, change.detail)
        else:
            piece = Piece("text", text)
        last = self.pieces[-1] if self.pieces else None
        if last and (last.kind, last.detail) == (piece.kind, piece.detail):
            self.pieces[-1] = Piece(last.kind, last.text + text, last.detail)
        else:
            self.pieces.append(piece)

    def _ruby(self, ruby: etree._Element, change: Piece | None) -> None:
        base, guide = child(ruby, "rubyBase"), child(ruby, "rt")
        if base is not None:
            self.read(base, change)
        if guide is not None and (text := all_text(guide)):
            self.asides.append(text)

    def _field_part(self, name: str, part: etree._Element) -> None:
        if name in {"instrText", "delInstrText"}:
            self._field_code(part.text or "")
        elif name == "fldChar":
            self._field_mark(part)

    def _field_mark(self, mark: etree._Element) -> None:
        kind, stack = mark.get(f"{W}fldCharType"), self.fields.stack
        if kind == "begin":
            stack.append(_Field())
            options = [value(entry) or "" for entry in mark.iter(f"{W}listEntry")]
            self.asides.extend(option for option in options if option)
        elif stack and kind == "separate":
            stack[-1].in_code = False
        elif stack and kind == "end":
            self._code("".join(stack.pop().code))

    def _field_code(self, text: str) -> None:
        if self.fields.stack:
            self.fields.stack[-1].code.append(text)
        else:
            self._code(text)

    def _code(self, code: str) -> None:
        code = " ".join(code.split())
        if code and code.split()[0].upper() not in _TRIVIAL_FIELDS:
            self.codes.append(code)

    def _graphic(self, element: etree._Element) -> None:
        """Find the text of a drawing: boxes, word art, alternative texts."""
        for part in element:
            name = local(part)
            if name == "txbxContent":
                self.boxes.append(part)
            elif name == "AlternateContent":
                self._graphic(chosen(part))
                self.asides.extend(left_out(part))
            else:
                self._shape(name, part)
                self._graphic(part)

    def _shape(self, name: str, part: etree._Element) -> None:
        if name in {"docPr", "cNvPr", "shape", "rect", "textbox"}:
            texts = ((part.get(key) or "").strip() for key in ("descr", "title", "alt"))
            self.alternatives.extend(text for text in texts if text)
        elif name == "textpath" and part.get("string"):
            self.shapes.append(part.get("string") or "")
        elif name == "t" and part.text:
            self.shapes.append(part.text)


def chosen(alternate: etree._Element) -> etree._Element:
    """Return the branch of an `mc:AlternateContent` that is read."""
    branches = [part for part in alternate if local(part) in {"Choice", "Fallback"}]
    with_text = [part for part in branches if all_text(part)]
    return (with_text or branches or [alternate[0] if len(alternate) else alternate])[0]


def left_out(alternate: etree._Element) -> tuple[str, ...]:
    """Return the text of the other branches where it says something else."""
    taken = chosen(alternate)
    own = "".join(all_text(taken).split())
    others = (all_text(p) for p in alternate if p is not taken and local(p))
    return tuple(text for text in others if "".join(text.split()) not in own)


def all_text(element: etree._Element) -> str:
    """Return all text runs below an element, joined."""
    texts = (part.text or "" for part in element.iter() if local(part) == "t")
    return "".join(texts).strip()


def signature(change: etree._Element) -> str | None:
    """Return author and day of a tracked change or a comment."""
    author = (change.get(f"{W}author") or "").strip()
    day = (change.get(f"{W}date") or "")[:10]
    return f"{author} {day}".strip() or None


def paragraph_hidden(paragraph: etree._Element, styles: Styles) -> bool:
    """Tell whether a paragraph's style hides its text."""
    return styles.hides(value(child(child(paragraph, "pPr"), "pStyle")))


def mark_deleted(paragraph: etree._Element) -> bool:
    """Tell whether the paragraph's end is deleted, so that the next one joins."""
    properties = child(child(paragraph, "pPr"), "rPr")
    if is_on(child(properties, "specVanish")):
        return True
    return child(properties, "del") is not None


def _inner_change(element: etree._Element, outer: Piece | None) -> Piece:
    """Return the change inside; what is inserted and then deleted is deleted."""
    kind = _CHANGES[local(element)]
    if outer is not None and outer.kind == "deletion":
        return outer
    detail = signature(element)
    if local(element).startswith("move"):
        detail = f"{detail or ''} 移动".strip()
    return Piece(kind, "", detail)


def _text_of(element: etree._Element) -> str | None:
    """Return the characters that an element of a run stands for."""
    name = local(element)
    if name in {"t", "delText"}:
        return element.text or ""
    return _symbol(element) if name == "sym" else _SIGNS.get(name)


def _symbol(element: etree._Element) -> str:
    try:
        code = int(element.get(f"{W}char") or "", 16)
    except ValueError:
        return ""
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    font = (element.get(f"{W}font") or "").lower()
    if code in _PRIVATE:
        pictures = any(name in font for name in ("wingdings", "symbol", "webdings"))
        return "□" if pictures else chr(code - 0xF000)
    return chr(code) if 0x20 <= code <= 0xFFFF and not 0xD800 <= code < 0xE000 else ""  # noqa: PLR2004 - Unicode bounds
