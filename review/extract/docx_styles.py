"""Word styles, as far as they tell headings, list items and hidden text."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.extract.interface import Role
from review.extract.ooxml import local

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF: Final = frozenset({"0", "false", "off"})
_BODY_LEVEL: Final = 9
_TITLE_NAMES: Final = frozenset({"title", "标题", "文档标题", "公文标题"})
_WHITE: Final = frozenset({"FFFFFF", "FEFEFE", "FDFDFD"})
_TINY_HALF_POINTS: Final = 2


@dataclass(frozen=True, slots=True)
class Style:
    """What matters of one style, its ancestors' settings not included."""

    name: str
    based_on: str | None = None
    level: int | None = None
    numbered: bool | None = None
    hidden: bool | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles of a document by their id."""

    by_id: dict[str, Style] = field(default_factory=dict)

    def chain(self, style_id: str | None) -> tuple[Style, ...]:
        """Return a style and the styles that it is based on."""
        found: list[Style] = []
        seen: set[str] = set()
        while style_id and style_id in self.by_id and style_id not in seen:
            seen.add(style_id)
            found.append(self.by_id[style_id])
            style_id = found[-1].based_on
        return tuple(found)

    def hides(self, style_id: str | None) -> bool:
        """Tell whether a style makes its text hidden."""
        for style in self.chain(style_id):
            if style.hidden is not None:
                return style.hidden
        return False

    def role(self, properties: etree._Element | None) -> Role:
        """Return the role of a paragraph with these properties."""
        chain = self.chain(value(child(properties, "pStyle")))
        if any(style.name.lower() in _TITLE_NAMES for style in chain):
            return "title"
        if self._is_heading(properties, chain):
            return "heading"
        numbering = child(properties, "numPr")
        if numbering is not None:
            return "paragraph" if value(child(numbering, "numId")) == "0" else "item"
        numbered = next((s.numbered for s in chain if s.numbered is not None), False)
        return "item" if numbered else "paragraph"

    def _is_heading(
        self, properties: etree._Element | None, chain: tuple[Style, ...]
    ) -> bool:
        own = value(child(properties, "outlineLvl"))
        if own is not None and own.isdigit():
            return int(own) < _BODY_LEVEL
        for style in chain:
            if style.level is not None:
                return style.level < _BODY_LEVEL
            if style.name.lower().startswith(("heading ", "标题 ")):
                return True
        return False


def styles_of(root: etree._Element) -> Styles:
    """Read `word/styles.xml`."""
    found: dict[str, Style] = {}
    for element in root.iter(f"{W}style"):
        paragraph, run = child(element, "pPr"), child(element, "rPr")
        level = value(child(paragraph, "outlineLvl"))
        numbering = child(paragraph, "numPr")
        vanish = child(run, "vanish")
        found[element.get(f"{W}styleId") or ""] = Style(
            name=value(child(element, "name")) or "",
            based_on=value(child(element, "basedOn")),
            level=int(level) if level and level.isdigit() else None,
            numbered=None
            if numbering is None
            else value(child(numbering, "numId")) != "0",
            hidden=None if vanish is None else is_on(vanish),
        )
    return Styles(found)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of this name."""
    return None if element is None else element.find(f"{W}{name}")


def value(element: etree._Element | None) -> str | None:
    """Return the `w:val` of an element."""
    return None if element is None else element.get(f"{W}val")


def is_on(element: etree._Element | None) -> bool:
    """Tell whether a toggle such as `w:vanish` is present and on."""
    return element is not None and value(element) not in _OFF


def hiding(run: etree._Element, styles: Styles, *, paragraph: bool) -> str | None:
    """Say in Chinese how a run is hidden; `None` for text that is seen.

    `paragraph` tells that the paragraph's own style hides its text.
    """
    properties = child(run, "rPr")
    if properties is None:
        return "隐藏文字" if paragraph else None
    vanish = child(properties, "vanish")
    if vanish is not None:
        if is_on(vanish):
            return "隐藏文字"
    elif paragraph or styles.hides(value(child(properties, "rStyle"))):
        return "隐藏文字"
    size = value(child(properties, "sz"))
    if size and size.isdigit() and int(size) <= _TINY_HALF_POINTS:
        return "极小字号"
    colour = (value(child(properties, "color")) or "").upper()
    return "白色文字" if colour in _WHITE and not _on_colour(run) else None


def _on_colour(run: etree._Element) -> bool:
    """Tell whether white text may stand on a coloured ground and be seen."""
    properties = child(run, "rPr")
    if (
        child(properties, "shd") is not None
        or child(properties, "highlight") is not None
    ):
        return True
    for above in run.iterancestors():
        name = local(above)
        if name in {"tc", "txbxContent"}:
            return True
        if name == "p":
            paragraph = child(above, "pPr")
            if child(paragraph, "shd") is not None:
                return True
    return False
