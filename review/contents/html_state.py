"""What an HTML element inherits from those around it: style, and being seen or not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from selectolax.lexbor import LexborNode

from review.contents import address, css, numerals
from review.contents.flow import Style
from review.contents.interface import Mark

_GONE: Final = frozenset(
    {"noscript", "datalist", "noembed", "noframes", "head", "rp", "canvas"}
)
_TAG_MARKS: Final[dict[str, Mark]] = {
    "sup": "sup",
    "sub": "sub",
    "s": "strike",
    "del": "strike",
    "strike": "strike",
    "rt": "rt",
}
_COUNTS: Final[dict[str, tuple[Callable[[int], str], str]]] = {
    "1": (str, "."),
    "a": (numerals.letters, "."),
    "A": (lambda n: numerals.letters(n).upper(), "."),
    "i": (numerals.roman, "."),
    "I": (lambda n: numerals.roman(n).upper(), "."),
    "decimal": (str, "."),
    "decimal-leading-zero": (numerals.padded, "."),
    "lower-alpha": (numerals.letters, "."),
    "lower-latin": (numerals.letters, "."),
    "upper-alpha": (lambda n: numerals.letters(n).upper(), "."),
    "upper-latin": (lambda n: numerals.letters(n).upper(), "."),
    "lower-roman": (numerals.roman, "."),
    "upper-roman": (lambda n: numerals.roman(n).upper(), "."),
    "lower-greek": (numerals.greek, "."),
    "cjk-ideographic": (numerals.chinese, "、"),
    "simp-chinese-informal": (numerals.chinese, "、"),
    "trad-chinese-informal": (numerals.chinese, "、"),
    "simp-chinese-formal": (numerals.legal, "、"),
    "cjk-heavenly-stem": (numerals.stems, "、"),
    "cjk-earthly-branch": (numerals.branches, "、"),
}
_LONGEST_NUMBER: Final = 6
_NO_NUMBER: Final = frozenset({"none", "disc", "circle", "square"})


@dataclass(slots=True)
class Numbering:
    """The list that items stand in; `style` is `None` where no number is shown."""

    style: str | None
    number: int = 1
    step: int = 1

    def take(self, own: str | None, style: str | None) -> str:
        """Return the next item's number as it is shown; `own` is its `value`."""
        if own is not None and (value := _integer(own)) is not None:
            self.number = value
        shown = self.style if style is None else style
        at, self.number = self.number, self.number + self.step
        if shown is None or shown in _NO_NUMBER:
            return ""
        if shown.startswith(("'", '"')):
            return shown.strip("'\"")
        count, suffix = _COUNTS.get(shown, _COUNTS["decimal"])
        return f"{count(at) or at}{suffix}"


class State(NamedTuple):
    """What holds at one place of the page."""

    style: Style = Style()
    gone: bool = False
    invisible: bool = False
    tiny: bool = False

    @property
    def hidden(self) -> bool:
        """Tell whether no reader sees what stands here."""
        return self.gone or self.invisible or self.tiny


class Element(NamedTuple):
    """An element with its attributes and styles taken apart once."""

    node: LexborNode
    tag: str
    attributes: Mapping[str, str | None]
    styles: Mapping[str, str]

    def get(self, name: str) -> str:
        """Return an attribute, empty where it is missing."""
        return self.attributes.get(name) or ""


def element_of(node: LexborNode) -> Element:
    """Take an element apart."""
    attributes = node.attributes
    styles = css.declarations(attributes.get("style"))
    return Element(node, (node.tag or "").lower(), attributes, styles)


def inside(element: Element, above: State, base: str, *, sheet_hides: bool) -> State:
    """Return what holds inside an element."""
    style = _marked(element, above.style)
    if element.tag == "a" and (target := target_of(element, base)):
        style = style._replace(link=target)
    visible, tiny = css.visibility(element.styles), css.tiny(element.styles)
    return State(
        style,
        above.gone or sheet_hides or _is_gone(element),
        above.invisible if visible is None else not visible,
        above.tiny if tiny is None else tiny,
    )


def target_of(element: Element, base: str) -> str:
    """Return where a link leads; empty for none and for places in this page."""
    raw = element.attributes.get("href") or element.attributes.get("xlink:href") or ""
    return "" if raw.strip().startswith("#") else address.canonical(raw, base)


def numbering_of(element: Element) -> Numbering:
    """Return how the items of a list are numbered."""
    style = _list_style(element)
    if element.tag != "ol":
        return Numbering(style)
    items = sum(child.tag == "li" for child in element.node.iter())
    backwards = "reversed" in element.attributes
    start = _integer(element.get("start"))
    if start is None:
        start = items if backwards else 1
    kind = element.get("type").strip() or "1"
    return Numbering(style or kind, start, -1 if backwards else 1)


def item_number(element: Element, numbering: Numbering | None) -> str:
    """Return the number that a list item shows."""
    if numbering is None:
        return ""
    own = _list_style(element) or (element.get("type").strip() or None)
    return numbering.take(element.attributes.get("value"), own)


def _marked(element: Element, style: Style) -> Style:
    if mark := _TAG_MARKS.get(element.tag):
        style = style.marked(mark)
    raised = element.styles.get("vertical-align")
    if raised in {"super", "sub"}:
        style = style.marked("sup" if raised == "super" else "sub")
    lines = element.styles.get("text-decoration", "")
    if "line-through" in lines + element.styles.get("text-decoration-line", ""):
        style = style.marked("strike")
    direction = element.styles.get("direction") or element.get("dir").strip().lower()
    if direction == "rtl":
        return style.marked("rtl")
    if direction == "ltr":
        return style._replace(marks=tuple(m for m in style.marks if m != "rtl"))
    return style


def _is_gone(element: Element) -> bool:
    if element.tag in _GONE or "hidden" in element.attributes:
        return True
    if element.tag == "dialog" and "open" not in element.attributes:
        return True
    return css.removes(element.styles)


def _list_style(element: Element) -> str | None:
    """Return the kind of numbers that an inline style asks for."""
    named = element.styles.get("list-style-type")
    if named:
        return named
    for word in element.styles.get("list-style", "").split():
        if word in _COUNTS or word in _NO_NUMBER:
            return word
    return None


def _integer(raw: str) -> int | None:
    text = raw.strip()
    digits = text.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _LONGEST_NUMBER:
        return None
    return int(text)
