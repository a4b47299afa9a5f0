"""The drawings of a Word text: boxes, word art, and which of them nobody sees."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from review.extract.ooxml.ooxml import chosen, is_true, left_out, local
from review.extract.word.asides import Aside, described

# No page of Word is wider or higher (22 inches, in EMU).
_LARGEST: Final = 20_116_800


class Box(NamedTuple):
    """A text box; `why` says in Chinese why nobody sees it."""

    content: etree._Element
    why: str | None


@dataclass(slots=True)
class Drawn:
    """What the drawings of one paragraph hold."""

    boxes: list[Box] = field(default_factory=list)
    shapes: list[tuple[str, str | None]] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def read(self, element: etree._Element, why: str | None = None) -> None:
        """Find the text of a drawing: boxes, word art, alternative texts."""
        for part in element:
            name = local(part)
            if name == "txbxContent":
                self.boxes.append(Box(part, why))
            elif name == "AlternateContent":
                self.read(chosen(part), why)
                self.asides.extend(
                    Aside(text, "hidden", "备用内容") for text in left_out(part)
                )
            else:
                self.asides.extend(described(name, part))
                if name == "textpath" and part.get("string"):
                    self.shapes.append((part.get("string") or "", why))
                elif name == "t" and part.text:
                    self.shapes.append((part.text, why))
                self.read(part, why or hides(name, part))


def hides(name: str, part: etree._Element) -> str | None:
    """Say in Chinese how a drawing, or a part of one, hides what is in it."""
    named = part.iterchildren("{*}docPr", "{*}cNvPr")
    if any(is_true(one.get("hidden")) for one in named):
        return "隐藏的图形"
    style = "".join((part.get("style") or "").split()).lower()
    if "visibility:hidden" in style:
        return "隐藏的图形"
    if name == "anchor" and _is_off(part):
        return "页面之外的图形"
    return None


def _is_off(anchor: etree._Element) -> bool:
    """Tell whether a drawing is anchored where no page reaches."""
    extent = anchor.find("{*}extent")
    for side, size in (("positionH", "cx"), ("positionV", "cy")):
        place = anchor.find(f"{{*}}{side}")
        offset = None if place is None else place.find("{*}posOffset")
        if place is None or offset is None or extent is None:
            continue
        try:
            start, long = int(offset.text or ""), int(extent.get(size) or "")
        except ValueError:
            continue
        # From a margin or a column it may reach back over the page's edge.
        back = 0 if place.get("relativeFrom") == "page" else -_LARGEST
        if start + long <= back or start >= _LARGEST:
            return True
    return False
