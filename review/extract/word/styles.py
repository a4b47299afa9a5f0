"""Word styles, as far as they tell headings, list items and what is not seen."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from lxml import etree

from review.extract.interface import Role
from review.extract.ooxml.ooxml import is_false, is_true

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The children of an element by their tags; of equal ones the last.
Children: TypeAlias = dict[str, etree._Element]  # noqa: SLF001 - lxml names its class so

_VALUE: Final = f"{W}val"
_COLOUR: Final = f"{W}color"
_SIZE: Final = f"{W}sz"
_HIGHLIGHT: Final = f"{W}highlight"
_SHADE: Final = f"{W}shd"
_BODY_LEVEL: Final = 9
_LEVELS: Final = frozenset("0123456789")
_TITLE_NAMES: Final = frozenset({"title", "标题", "文档标题", "公文标题"})
_DEEPEST: Final = 50
_IMAGE_DATA: Final = "{urn:schemas-microsoft-com:vml}imagedata"
# How Word calls the colours of its highlighter.
_HIGHLIGHTS: Final = {"white": "FFFFFF", "black": "000000", "none": None}


@dataclass(frozen=True, slots=True)
class Style:
    """What matters of one style, its ancestors' settings not included.

    `size` counts half points; `ground` is the colour behind its text, and `shaded`
    tells that it colours cells of tables.
    """

    name: str
    based_on: str | None = None
    level: int | None = None
    numbered: bool | None = None
    hidden: bool | None = None
    colour: str | None = None
    size: int | None = None
    ground: str | None = None
    shaded: bool = False


@dataclass(slots=True)
class Place:
    """What one paragraph gives to its runs; the ground once somebody asked for it."""

    paragraph: etree._Element | None
    size: int | None
    colour: str | None
    shade: str | None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class Styles:
    """All styles of a document by their id.

    `default` is the style of a paragraph that names none; `backdrop` tells that
    pictures lie behind the text of every page.
    """

    by_id: dict[str, Style] = field(default_factory=dict)
    default: str | None = None
    defaults: Style = field(default_factory=lambda: Style(""))
    backdrop: bool = False
    places: dict[str, Place] = field(default_factory=dict, repr=False, compare=False)
    _chains: dict[str, tuple[Style, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _grounds: dict[etree._Element, tuple[bool, bool]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def of_paragraph(self, paragraph: etree._Element | None) -> tuple[Style, ...]:
        """Return what a paragraph takes its looks from, the nearest first."""
        named = value(child(child(paragraph, "pPr"), "pStyle"))
        return (*self.chain(named or self.default), self.defaults)

    def place(self, paragraph: etree._Element | None) -> Place:
        """Return what a paragraph gives to its runs; the last one is remembered."""
        last = self.places.get("last")
        if last is None or last.paragraph is not paragraph:
            styles = self.of_paragraph(paragraph)
            last = Place(
                paragraph,
                next((one.size for one in styles if one.size is not None), None),
                next((one.colour for one in styles if one.colour), None),
                next((one.ground for one in styles if one.ground), None),
            )
            self.places["last"] = last
        return last

    def chain(self, style_id: str | None) -> tuple[Style, ...]:
        """Return a style and the styles that it is based on."""
        if not style_id:
            return ()
        if style_id not in self._chains:
            self._chains[style_id] = self._chain(style_id)
        return self._chains[style_id]

    def _chain(self, style_id: str | None) -> tuple[Style, ...]:
        found: list[Style] = []
        seen: set[str] = set()
        while style_id in self.by_id and style_id not in seen and len(seen) < _DEEPEST:
            seen.add(style_id)
            found.append(self.by_id[style_id])
            style_id = found[-1].based_on
        return tuple(found)

    def hides(self, style_id: str | None) -> bool:
        """Tell whether a paragraph's style makes its text hidden."""
        for style in (*self.chain(style_id or self.default), self.defaults):
            if style.hidden is not None:
                return style.hidden
        return False

    def has_ground(self, root: etree._Element, *, in_box: bool) -> bool:
        """Tell whether a text in this part may stand on something else than paper.

        `in_box` asks for a text in a box that is seen through, which may lie on any
        picture.
        """
        if root not in self._grounds:
            self._grounds[root] = (_has_backdrop(root), _has_pictures(root))
        behind, pictured = self._grounds[root]
        return self.backdrop or behind or (in_box and pictured)

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
        if own is not None and own in _LEVELS:
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
    default: str | None = None
    for element in root.iter(f"{W}style"):
        style_id = element.get(f"{W}styleId") or ""
        found[style_id] = _style(element)
        is_paragraph = element.get(f"{W}type") == "paragraph"
        if is_paragraph and is_true(element.get(f"{W}default")):
            default = style_id
    run = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    defaults = Style("", hidden=_toggle(run), colour=colour_of(run), size=size_of(run))
    return Styles(found, default, defaults)


def _style(element: etree._Element) -> Style:
    paragraph, run = child(element, "pPr"), child(element, "rPr")
    level = value(child(paragraph, "outlineLvl")) or ""
    numbering = child(paragraph, "numPr")
    numbered = None if numbering is None else value(child(numbering, "numId")) != "0"
    own = ground_of(run)
    return Style(
        name=value(child(element, "name")) or "",
        based_on=value(child(element, "basedOn")),
        level=int(level) if level in _LEVELS else None,
        numbered=numbered,
        hidden=_toggle(run),
        colour=colour_of(run),
        size=size_of(run),
        ground=ground_of(paragraph) if own is None else own,
        shaded=any(ground_of(cell) for cell in element.iter(f"{W}tcPr", f"{W}tblPr")),
    )


def _toggle(run: etree._Element | None) -> bool | None:
    vanish = child(run, "vanish")
    return None if vanish is None else is_on(vanish)


def colour_of(run: etree._Element | None) -> str | None:
    """Return the colour that run properties set, as RRGGBB or `AUTO`."""
    return colour_in(children(run))


def size_of(run: etree._Element | None) -> int | None:
    """Return the size that run properties set, in half points."""
    return size_in(children(run))


def ground_of(properties: etree._Element | None) -> str | None:
    """Return the colour that properties put behind a text: `UNKNOWN` for patterns."""
    return ground_in(children(properties))


def children(properties: etree._Element | None) -> Children:
    """Return the children by their tags: quicker than asking for one after another."""
    return {} if properties is None else {part.tag: part for part in properties}


def colour_in(own: Children) -> str | None:
    """Return the colour among the children of run properties."""
    found = value(own.get(_COLOUR))
    return found.upper() if found else None


def size_in(own: Children) -> int | None:
    """Return the size among the children of run properties, in half points."""
    found = (value(own.get(_SIZE)) or "").split(".")[0]
    return int(found[:6]) if found.isascii() and found.isdigit() else None


def ground_in(own: Children) -> str | None:
    """Return the colour behind a text among the children of properties."""
    marker = value(own.get(_HIGHLIGHT))
    if marker:
        return _HIGHLIGHTS.get(marker, "UNKNOWN")
    shade = own.get(_SHADE)
    if shade is None:
        return None
    fill = (shade.get(f"{W}fill") or "auto").upper()
    if value(shade) not in {"clear", "nil", None}:
        return "UNKNOWN"
    return None if fill == "AUTO" else fill


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of this name."""
    if element is None:
        return None
    return next(element.iterchildren(f"{W}{name}"), None)


def value(element: etree._Element | None) -> str | None:
    """Return the `w:val` of an element."""
    return None if element is None else element.get(_VALUE)


def is_on(element: etree._Element | None) -> bool:
    """Tell whether a toggle such as `w:vanish` is present and on."""
    return element is not None and not is_false(value(element))


def _has_backdrop(root: etree._Element) -> bool:
    """Tell whether a part puts a colour or a picture behind the text."""
    if _is_coloured(root.find(f"{W}background")):
        return True
    if any(is_true(one.get("behindDoc")) for one in root.iter("{*}anchor")):
        return True
    shapes = (one.getparent() for one in root.iter(_IMAGE_DATA))
    return any("z-index:-" in (x.get("style") or "") for x in shapes if x is not None)


def _is_coloured(paper: etree._Element | None) -> bool:
    """Tell whether the page's own background is anything but white."""
    if paper is None:
        return False
    colour = (paper.get(f"{W}color") or "auto").upper()
    return len(paper) > 0 or colour not in {"AUTO", "FFFFFF"}


def _has_pictures(root: etree._Element) -> bool:
    return next(root.iter("{*}blip", _IMAGE_DATA), None) is not None
