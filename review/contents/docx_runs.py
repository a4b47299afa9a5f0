"""What stands in one Word paragraph: characters with their marks, links, objects."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.contents import address, numerals
from review.contents.docx_fields import Fields, link_of
from review.contents.docx_graphics import Graphics
from review.contents.docx_marks import Marks
from review.contents.docx_parts import Part, WordFile
from review.contents.flow import Flow, Style
from review.contents.hidden import Hidden
from review.extract.ooxml.ooxml import R, chosen, is_true, local
from review.extract.word.hiding import hiding
from review.extract.word.styles import W, child

_SKIPPED: Final = frozenset(
    {"pPr", "rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "fldData"}
) | {"proofErr", "bookmarkStart", "bookmarkEnd", "sectPr", "del", "moveFrom"}
_GRAPHICS: Final = frozenset({"drawing", "pict", "object"})
_SIGNS: Final = {"tab": " ", "ptab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
_TICKS: Final = {0xF0FE: "☑", 0xF052: "☑", 0xF0A8: "☐", 0xF06F: "☐", 0xF0FD: "☒"}
_PRIVATE: Final = range(0xF020, 0xF100)
_PICTURE_FONTS: Final = ("wingdings", "symbol", "webdings")
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MATH_PROPERTIES: Final = frozenset({"rPr", "ctrlPr", "oMathParaPr"})


@dataclass(slots=True)
class Runs:
    """One paragraph while it is read into `flow`."""

    flow: Flow
    part: Part
    file: WordFile
    hidden: Hidden
    fields: Fields
    paragraph: Marks
    hidden_style: bool
    sign: str
    notes: dict[str, list[str]]
    graphics: Graphics = field(init=False)

    def __post_init__(self) -> None:
        """Prepare for the drawings of the paragraph."""
        self.graphics = Graphics(self.flow, self.part)

    def read(self, element: etree._Element, link: str = "") -> None:
        """Read everything below `element`; what was deleted is not seen."""
        for below in element:
            name = local(below)
            if not name or name in _SKIPPED:
                continue
            if name == "r":
                self._run(below, link or self.fields.link)
            elif name == "hyperlink":
                self._hyperlink(below, link)
            elif name == "AlternateContent":
                self.read(chosen(below), link)
            else:
                self._rare(name, below, link)

    def _rare(self, name: str, element: etree._Element, link: str) -> None:
        if name == "t":
            self.flow.text(element.text or "", Style(link))
        elif name == "fldSimple":
            self.read(element, link_of(element.get(f"{W}instr") or "") or link)
        elif name == "oMath":
            self.flow.put("math", _formula(element), link)
        elif name in _GRAPHICS:
            self.graphics.read(element, link)
        else:
            self.read(element, link)

    def _hyperlink(self, element: etree._Element, link: str) -> None:
        relation = self.part.links.get(element.get(f"{R}id") or "")
        anchor = element.get(f"{W}anchor") or ""
        target = "" if relation is None else relation.target
        if target and anchor:
            target = f"{target}#{anchor}"
        before = self.flow.seen
        own = address.canonical(target) if target and target[0] != "#" else ""
        self.read(element, own or link)
        if own and self.flow.seen == before:
            self.flow.put("link", own)

    def _run(self, run: etree._Element, link: str) -> None:
        if hiding(run, self.file.styles, paragraph=self.hidden_style):
            self._hide_objects(run)
            return
        style = self.file.marks.run(run, self.paragraph, link)
        for part in run:
            self._run_part(part, style)

    def _run_part(self, part: etree._Element, style: Style) -> None:
        name = local(part)
        if name == "fldChar":
            self.fields.mark(part)
        elif name == "instrText":
            self.fields.code(part.text or "")
        elif self.fields.in_code:
            return
        elif name == "t":
            self.flow.text(part.text or "", style)
        elif name in _SIGNS:
            self.flow.text(_SIGNS[name], style)
        elif name == "sym":
            self.flow.text(_symbol(part), style)
        else:
            self._rare_part(name, part, style)

    def _rare_part(self, name: str, part: etree._Element, style: Style) -> None:
        if name in _GRAPHICS:
            self.graphics.read(part, style.link)
        elif name == "AlternateContent":
            for inner in chosen(part):
                self._run_part(inner, style)
        elif name == "ruby":
            self._ruby(part, style)
        elif name in {"footnoteReference", "endnoteReference"}:
            self._note(name.removesuffix("Reference"), part, style)
        elif name in {"footnoteRef", "endnoteRef"}:
            self.flow.text(self.sign, style.marked("sup"))

    def _ruby(self, ruby: etree._Element, style: Style) -> None:
        for name, mark in (("rubyBase", False), ("rt", True)):
            below = child(ruby, name)
            for run in () if below is None else below.iter(f"{W}r"):
                own = self.file.marks.run(run, self.paragraph, style.link)
                for part in run:
                    self._run_part(part, own.marked("rt") if mark else own)

    def _note(self, tag: str, reference: etree._Element, style: Style) -> None:
        found = self.notes.setdefault(tag, [])
        found.append(reference.get(f"{W}id") or "")
        if is_true(reference.get(f"{W}customMarkFollows")):
            return
        self.flow.text(note_sign(tag, len(found)), style.marked("sup"))

    def _hide_objects(self, run: etree._Element) -> None:
        """Keep the pictures of a hidden run as hidden; its text `read` tells."""
        flow = Flow()
        graphics = Graphics(flow, self.part)
        for part in run:
            if local(part) == "fldChar":
                self.fields.mark(part)
            elif local(part) == "instrText":
                self.fields.code(part.text or "")
            elif local(part) in _GRAPHICS:
                graphics.read(part, "")
        self.hidden.pieces(flow.finish())


def note_sign(tag: str, number: int) -> str:
    """Return the number that stands for a note; endnotes count in Roman letters."""
    return str(number) if tag == "footnote" else numerals.roman(number)


def _symbol(element: etree._Element) -> str:
    """Return a symbol; one of a picture font keeps its private code."""
    try:
        code = int(element.get(f"{W}char") or "", 16)
    except ValueError:
        return ""
    if code in _TICKS:
        return _TICKS[code]
    font = (element.get(f"{W}font") or "").lower()
    if code in _PRIVATE and not any(name in font for name in _PICTURE_FONTS):
        code -= 0xF000
    surrogate = 0xD800 <= code < 0xE000  # noqa: PLR2004 - Unicode bounds
    return "" if surrogate or not 0x20 <= code <= 0xFFFF else chr(code)  # noqa: PLR2004 - as above


def _formula(element: etree._Element) -> str:
    """Spell out a formula: its structure is what tells a half from twelve."""
    name = local(element)
    if name == "t":
        return element.text or ""
    inner = "".join(
        _formula(part) for part in element if local(part) not in _MATH_PROPERTIES
    )
    if name == "r":
        return inner
    sign = element.get(f"{_MATH}val")
    return f"<{name}{'' if sign is None else f' {sign}'}>{inner}</{name}>"
