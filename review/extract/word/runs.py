"""What stands in one Word paragraph: shown text, changes, hidden runs, fields."""

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from lxml import etree

from review.extract.ooxml.ooxml import all_text, chosen, left_out, local
from review.extract.word.asides import Aside, control_of, form_field_of, tip_of
from review.extract.word.drawing import Drawn
from review.extract.word.fields import Fields, is_trivial
from review.extract.word.hiding import hiding
from review.extract.word.styles import Styles, W, child, is_on, value

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
_CHANGES: Final[dict[str, tuple[Kind, str]]] = {
    "ins": ("insertion", "修订插入"),
    "moveTo": ("insertion", "修订移动到此"),
    "del": ("deletion", "修订删除"),
    "moveFrom": ("deletion", "修订由此移走"),
}
_GRAPHICS: Final = frozenset({"drawing", "pict", "object"})
_SIGNS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}
_SYMBOLS: Final = {0xF0FE: "☑", 0xF052: "☑", 0xF0A8: "☐", 0xF06F: "☐", 0xF0FD: "☒"}
_PRIVATE: Final = range(0xF020, 0xF100)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind; `detail` names author and date."""

    kind: Kind
    text: str
    detail: str | None = None


_SEEN: Final = Piece("text", "")


@dataclass(slots=True)
class Inline:
    """Read one paragraph; texts and boxes gather in reading order."""

    styles: Styles
    fields: Fields
    hidden_style: bool = False
    drawn: Drawn = field(default_factory=Drawn)
    codes: list[str] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    _stretches: list[tuple[Piece, list[str]]] = field(default_factory=list)

    @property
    def pieces(self) -> list[Piece]:
        """Return what was read, one piece for each stretch of one kind."""
        return [
            Piece(mark.kind, "".join(texts), mark.detail)
            for mark, texts in self._stretches
        ]

    def read(self, element: etree._Element, change: Piece | None = None) -> None:
        """Read everything below `element`; `change` is the tracked change around."""
        for part in element:
            name = local(part)
            if name == "sdtPr":
                self.asides.extend(control_of(part))
            elif name and name not in _SKIPPED:
                self._part(name, part, change)

    def _part(self, name: str, part: etree._Element, change: Piece | None) -> None:
        if name == "r":
            self._run(part, change)
        elif name == "t":
            self._add(part.text or "", change, None)
        elif name == "AlternateContent":
            self.read(chosen(part), change)
            self._left_out(part)
        elif name in _GRAPHICS:
            self.drawn.read(part)
        elif name in _CHANGES and part.tag.startswith(W):
            self.read(part, _inner_change(part, change))
        else:
            if name == "fldSimple":
                self._code(part.get(f"{W}instr") or "")
            elif name == "hyperlink":
                self.asides.extend(tip_of(part))
            self.read(part, change)

    def _left_out(self, part: etree._Element) -> None:
        self.asides.extend(Aside(one, "hidden", "备用内容") for one in left_out(part))

    def _run(self, run: etree._Element, change: Piece | None) -> None:
        hidden = hiding(run, self.styles, paragraph=self.hidden_style)
        for part in run:
            self._run_part(part, change, hidden)

    def _run_part(
        self, part: etree._Element, change: Piece | None, hidden: str | None
    ) -> None:
        name = local(part)
        if name == "delText" and (change is None or change.kind != "deletion"):
            change = Piece("deletion", "", "修订删除")
        text = _text_of(part)
        if text is not None:
            self._add(text, change, hidden)
        elif name == "AlternateContent":
            for inner in chosen(part):
                self._run_part(inner, change, hidden)
            self._left_out(part)
        elif name in _GRAPHICS:
            self.drawn.read(part)
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
            mark = change
        elif hidden:
            mark = Piece("hidden", "", hidden)
        else:
            mark = change or _SEEN
        if self._stretches and self._stretches[-1][0] == mark:
            self._stretches[-1][1].append(text)
        else:
            self._stretches.append((mark, [text]))

    def _ruby(self, ruby: etree._Element, change: Piece | None) -> None:
        base, guide = child(ruby, "rubyBase"), child(ruby, "rt")
        if base is not None:
            self.read(base, change)
        if guide is not None and (text := all_text(guide)):
            self.asides.append(Aside(text, "hidden", "拼音指南"))

    def _field_part(self, name: str, part: etree._Element) -> None:
        if name in {"instrText", "delInstrText"}:
            self._field_code(part.text or "")
        elif name == "fldChar":
            self._field_mark(part)

    def _field_mark(self, mark: etree._Element) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.begin()
            self.asides.extend(form_field_of(mark))
        elif kind == "separate":
            self.fields.separate()
        elif kind == "end":
            code, shown = self.fields.end()
            self._code(code)
            self._add(shown, None, None)

    def _field_code(self, text: str) -> None:
        if self.fields.stack:
            self.fields.stack[-1].code.append(text)
        else:
            self._code(text)

    def _code(self, code: str) -> None:
        code = " ".join(code.split())
        if not is_trivial(code):
            self.codes.append(code)


def signed(what: str, element: etree._Element) -> str:
    """Return what a change or a comment is, with its author and its day."""
    author = (element.get(f"{W}author") or "").strip()
    day = (element.get(f"{W}date") or "")[:10]
    return "，".join(one for one in (what, author and f"作者{author}", day) if one)


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
    if outer is not None and outer.kind == "deletion":
        return outer
    kind, what = _CHANGES[local(element)]
    return Piece(kind, "", signed(what, element))


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
