"""Masters and layouts: the ground that slides stand on, and texts of their own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.errors import UnreadableError
from review.extract.interface import Block, Gap
from review.extract.ooxml.drawingml import Fill, Theme, theme_of
from review.extract.ooxml.ooxml import Relationship, is_false, local, relationships
from review.extract.package import Package
from review.extract.slides.shapes import Box, Canvas, P, fill_of, shapes_of
from review.extract.slides.slide import Numbers, SlideText
from review.spans import Location

_FOLDERS: Final = (
    ("/slideLayouts/", "版式上的文字"),
    ("/slideMasters/", "母版上的文字"),
    ("/notesMasters/", "备注母版上的文字"),
    ("/handoutMasters/", "讲义母版上的文字"),
)
_SOLID_GROUND: Final = "1001"
_PAPER: Final = "FFFFFF"  # what a master shows that has no background
_TREE: Final = f"{P}cSld/{P}spTree"


@dataclass(slots=True)
class _Sheet:
    """One layout or master, with what it hangs on."""

    root: etree._Element
    above: "_Sheet | None" = None
    theme: Theme | None = None
    shown: bool = False

    def themed(self) -> Theme:
        """Return the theme that counts here."""
        if self.theme is not None:
            return self.theme
        return Theme() if self.above is None else self.above.themed()


@dataclass(slots=True)
class Masters:
    """All layouts and masters of a presentation, each read once."""

    package: Package
    gaps: list[Gap] = field(default_factory=list)
    read_parts: set[str] = field(default_factory=set)
    _sheets: dict[str, _Sheet | None] = field(default_factory=dict)
    _canvases: dict[int, Canvas] = field(default_factory=dict)

    def plain(self) -> Canvas:
        """Return a ground of which nothing is known."""
        return Canvas(None, "unknown", Theme())

    def canvas(
        self,
        slide: etree._Element,
        links: Iterable[Relationship],
        size: Box | None,
        *,
        shown: bool,
    ) -> Canvas:
        """Return what a slide stands on; what a shown slide uses is seen."""
        layout = self._named(links, "slideLayout")
        above = _shows_above(slide)
        if layout is None:
            canvas = Canvas(size, "unknown", Theme())
        else:
            _mark(layout if above else None, shown=shown)
            canvas = self._below(layout, size).copy()
        ground = _ground(slide, canvas.theme)
        canvas.ground = canvas.ground if ground is None else ground
        if not above:
            canvas.painted, canvas.covered = [], False
        return canvas

    def blocks(self, numbers: Numbers, size: Box | None) -> list[Block]:
        """Return the texts that stand on masters and layouts themselves."""
        found: list[Block] = []
        for folder, detail in _FOLDERS:
            for name in self.package.names:
                if folder in name and name.endswith(".xml"):
                    sheet = self._sheet(name)
                    if sheet is not None:
                        found.extend(_texts(sheet, detail, numbers, size))
        return list(dict.fromkeys(found))

    def _named(
        self, links: Iterable[Relationship], kind: str, *, last: bool = False
    ) -> _Sheet | None:
        for link in links:
            if link.kind == kind and self.package.has(link.target):
                return self._sheet(link.target, last=last)
        return None

    def _sheet(self, name: str, *, last: bool = False) -> _Sheet | None:
        """Read a layout or a master once; a damaged one is a gap.

        `last` says that nothing stands above it, whatever it claims.
        """
        if name not in self._sheets:
            self._sheets[name] = None
            self.read_parts.add(name)
            try:
                self._sheets[name] = self._read(name, last=last)
            except UnreadableError as error:
                message = f"版式或母版未能读取：{error.message}"
                self.gaps.append(Gap(Location(), "unreadable_part", message))
        return self._sheets[name]

    def _read(self, name: str, *, last: bool) -> _Sheet:
        root = self.package.xml(name)
        links = relationships(self.package, name)
        above = None if last else self._named(links, "slideMaster", last=True)
        sheet = _Sheet(root, above)
        for link in links:
            if link.kind == "theme" and self.package.has(link.target):
                mapping = root.find(f"{P}clrMap")
                sheet.theme = theme_of(self.package.xml(link.target), mapping)
                break
        return sheet

    def _below(self, sheet: _Sheet, size: Box | None) -> Canvas:
        """Return what a layout and its master paint, the master first."""
        if id(sheet) in self._canvases:
            return self._canvases[id(sheet)]
        theme = sheet.themed()
        if sheet.above is None:
            plain = _PAPER if local(sheet.root) == "sldMaster" else "unknown"
            canvas = Canvas(size, plain, theme)
        else:
            canvas = self._below(sheet.above, size).copy()
            if not _shows_above(sheet.root):
                canvas.painted, canvas.covered = [], False
        ground = _ground(sheet.root, theme)
        canvas.ground = canvas.ground if ground is None else ground
        for tree in sheet.root.iterfind(_TREE):
            for shape in shapes_of(tree):
                fill = fill_of(shape, theme)
                if shape.placeholder is None:
                    canvas.paint(shape, fill)
                elif fill != "none":
                    canvas.covered = True
        self._canvases[id(sheet)] = canvas
        return canvas


def _ground(root: etree._Element, theme: Theme) -> Fill | None:
    """Return the colour of a background; `None` where the sheet above decides."""
    background = root.find(f"{P}cSld/{P}bg")
    for part in () if background is None else background:
        if local(part) == "bgPr":
            return theme.fill(part) or "unknown"
        if local(part) == "bgRef":
            plain = part.get("idx") == _SOLID_GROUND
            return theme.colour(part) if plain else "unknown"
    return None


def _shows_above(root: etree._Element) -> bool:
    return not is_false(root.get("showMasterSp"))


def _mark(sheet: _Sheet | None, *, shown: bool) -> None:
    """Remember that what stands on a layout, and above it, is seen on a slide."""
    while sheet is not None and shown:
        sheet.shown = True
        sheet = sheet.above if _shows_above(sheet.root) else None


def _texts(
    sheet: _Sheet, detail: str, numbers: Numbers, size: Box | None
) -> Iterable[Block]:
    """Return the texts of shapes that are no placeholders."""
    why = None if sheet.shown else "没有幻灯片用到"
    canvas = Canvas(
        size, _ground(sheet.root, sheet.themed()) or "unknown", sheet.themed()
    )
    text = SlideText(canvas, numbers, None, "textbox", why, detail, frozenset())
    for tree in sheet.root.iterfind(_TREE):
        text.read(tree)
    return text.blocks
