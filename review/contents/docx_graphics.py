"""Pictures, charts, embedded files and text boxes inside a Word run."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.contents import fold
from review.contents.docx_parts import Part
from review.contents.flow import Flow
from review.contents.interface import Kind
from review.extract.ooxml.ooxml import R, chosen, local

# Element → the attributes that lead to what it shows.
_SHOWN: Final[dict[str, tuple[Kind, tuple[str, ...]]]] = {
    "blip": ("image", ("embed", "link")),
    "svgBlip": ("image", ("embed", "link")),
    "imagedata": ("image", ("id", "href", "pict")),
    "fill": ("image", ("id",)),
    "chart": ("object", ("id",)),
    "relIds": ("object", ("dm",)),
    "OLEObject": ("object", ("id",)),
    "videoFile": ("media", ("link",)),
    "audioFile": ("media", ("link",)),
    "control": ("object", ("id",)),
}
_NAMED: Final = frozenset({"docPr", "shape", "rect", "imagedata"})
_WORDS: Final = ("descr", "alt")


@dataclass(slots=True)
class Graphics:
    """What the drawings of one paragraph show; boxes are read after it."""

    flow: Flow
    part: Part
    boxes: list[etree._Element] = field(default_factory=list)

    def read(self, element: etree._Element, link: str) -> None:
        """Read a drawing and everything below it."""
        names: list[str] = []
        self._below(element, link, names)
        for name in dict.fromkeys(names):
            self.flow.put("alt", name, link)

    def _below(self, element: etree._Element, link: str, names: list[str]) -> None:
        self._show(element, link)
        names += _alternatives(element)
        for part in element:
            tag = local(part)
            if tag == "txbxContent":
                self.boxes.append(part)
            elif tag == "AlternateContent":
                self._below(chosen(part), link, names)
            elif tag:
                self._below(part, link, names)

    def _show(self, element: etree._Element, link: str) -> None:
        tag = local(element)
        if tag in _SHOWN:
            kind, attributes = _SHOWN[tag]
            for attribute in attributes:
                if target := self.part.target(element.get(f"{R}{attribute}")):
                    self.flow.put(kind, target, link)
                    return
        elif tag == "textpath":
            self.flow.gap()
            self.flow.text(element.get("string") or "")
            self.flow.gap()
        elif tag == "t":
            self.flow.text(element.text or "")


def _alternatives(element: etree._Element) -> list[str]:
    """Return the words that stand for a picture."""
    if local(element) not in _NAMED:
        return []
    found = (fold.plain(element.get(name) or "") for name in _WORDS)
    return [text for text in found if text]
