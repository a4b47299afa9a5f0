"""The slides of an OpenDocument presentation, and the pages of a drawing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from lxml import etree

from review.extract.interface import Block
from review.extract.ooxml.ooxml import local
from review.extract.opendocument.scene import Findings, Scene
from review.extract.opendocument.styles import WHITE, Colour, attribute, filled, points
from review.extract.opendocument.walk import Walk

_UNFILLED = "none"


@dataclass(slots=True)
class Masters:
    """The master pages: how large a slide is, and what lies behind its text."""

    sizes: dict[str, tuple[float, float]] = field(default_factory=dict)
    elements: dict[str, etree._Element] = field(default_factory=dict)

    def take(self, roots: Iterable[etree._Element | None]) -> None:
        """Keep the layouts and master pages of the styles."""
        layouts: dict[str, tuple[float, float]] = {}
        for root in roots:
            for element in (
                () if root is None else root.iter("{*}page-layout", "{*}master-page")
            ):
                name = attribute(element, "name")
                if local(element) == "page-layout":
                    for one in element.iterchildren("{*}page-layout-properties"):
                        width = points(attribute(one, "page-width"))
                        height = points(attribute(one, "page-height"))
                        if width and height:
                            layouts[name] = (width, height)
                else:
                    self.elements[name] = element
        for name, element in self.elements.items():
            size = layouts.get(attribute(element, "page-layout-name"))
            if size is not None:
                self.sizes[name] = size


@dataclass(slots=True)
class Slides:
    """Read the slides in order."""

    found: Findings
    walk: Walk
    masters: Masters

    def run(self, presentation: etree._Element, *, whole_pages: bool) -> None:
        """Read every slide and what the presentation declares.

        `whole_pages` tells that what stands outside a slide is not seen.
        """
        number = 0
        for part in presentation:
            name = local(part)
            if name == "page":
                number += 1
                self._slide(part, number, whole_pages=whole_pages)
            elif name in {"header-decl", "footer-decl", "date-time-decl"}:
                self._declared(name, part)
            elif name == "settings":
                for show in part.iter("{*}show"):
                    text = f"{attribute(show, 'name')} {attribute(show, 'pages')}"
                    self.found.note(text, Scene(), "metadata", "自定义放映")
            else:
                self.walk.one(name, part, Scene())

    def _declared(self, name: str, part: etree._Element) -> None:
        """Read what stands on the slides that show a header or a footer."""
        text = " ".join((part.text or "").split())
        if text:
            scene = Scene(part="header" if name == "header-decl" else "footer")
            self.found.blocks.append(Block(text, scene.where()))

    def _slide(self, page: etree._Element, number: int, *, whole_pages: bool) -> None:
        master = attribute(page, "master-page-name")
        styles = self.found.styles
        look = styles.look("drawing-page", attribute(page, "style-name"))
        hidden = look.get("drawing-page.visibility") == "hidden"
        area = self.masters.sizes.get(master) if whole_pages else None
        scene = Scene(page=number, ground=self._ground(page, master), area=area)
        scene = scene.unseen("隐藏的幻灯片" if hidden else None)
        for part in page:
            name = local(part)
            if name == "notes":
                notes = replace(scene, part="notes", why="演讲者备注", area=None)
                self.walk.walk(part, replace(notes, ground=WHITE))
            elif name not in {"title", "desc"}:
                self.walk.one(name, part, scene)

    def _ground(self, page: etree._Element, master: str) -> Colour | None:
        """Return the colour behind a slide; `None` where pictures or shapes lie there."""
        styles = self.found.styles
        element = self.masters.elements.get(master)
        ground: Colour | None = WHITE
        if element is not None:
            look = styles.look("drawing-page", attribute(element, "style-name"))
            ground = filled(look, ground)
            if any(_is_decoration(one) for one in element):
                ground = None
        own = styles.look("drawing-page", attribute(page, "style-name"))
        if own.get("drawing-page.fill") == _UNFILLED:
            return ground
        ground = filled(own, ground)
        covers = any(
            local(one) in {"custom-shape", "rect", "frame", "g"} and not _has_text(one)
            for one in page
        )
        return None if covers else ground


def _is_decoration(part: etree._Element) -> bool:
    """Tell a shape of a master page that is drawn behind every slide."""
    drawn = local(part) in {"custom-shape", "rect", "frame", "g", "path", "polygon"}
    return drawn and attribute(part, "placeholder") != "true"


def _has_text(part: etree._Element) -> bool:
    return next(part.iter("{*}p"), None) is not None


def master_texts(masters: Masters, walk: Walk) -> None:
    """Read what the master pages say themselves, without their placeholders."""
    for name, element in masters.elements.items():
        scene = Scene(ground=None)
        for part in element:
            if local(part) == "notes" or attribute(part, "placeholder") == "true":
                continue
            if attribute(part, "class") in {
                "date-time",
                "footer",
                "page-number",
                "header",
            }:
                continue
            before = len(walk.found.blocks)
            walk.one(local(part), part, scene)
            for at in range(before, len(walk.found.blocks)):
                block = walk.found.blocks[at]
                detail = block.detail or f"母版“{name}”里的文字"
                walk.found.blocks[at] = replace(block, detail=detail)
