"""What a frame holds: a text box, a picture, another document."""

import base64
from dataclasses import replace
from typing import Final, Protocol

from lxml import etree

from review.extract.interface import Embedded, Gap
from review.extract.ooxml.ooxml import local
from review.extract.opendocument.scene import Findings, Scene, is_outside
from review.extract.opendocument.styles import attribute
from review.spans import Location

_OUTSIDE: Final = frozenset({"plugin", "applet", "floating-frame"})


class Walking(Protocol):
    """Whoever walks the text inside a frame."""

    def walk(self, element: etree._Element, scene: Scene) -> None:
        """Read the children of an element."""
        ...

    def one(self, name: str, part: etree._Element, scene: Scene) -> None:
        """Read one element."""
        ...


def framed(
    frame: etree._Element, scene: Scene, found: Findings, walking: Walking
) -> None:
    """Read the contents of a frame; of a picture beside its object both are kept."""
    for part in frame:
        name = local(part)
        if name == "image":
            _image(part, scene, found)
            walking.walk(part, scene)
        elif name in {"object", "object-ole"}:
            _object(part, scene, found)
        elif name in _OUTSIDE:
            found.link(attribute(part, "href"), scene)
            walking.walk(part, scene)
        elif name == "text-box":
            walking.walk(part, scene)
        elif name == "table":
            walking.one(name, part, scene)
        elif name == "event-listeners":
            found.macros += 1


def _image(part: etree._Element, scene: Scene, found: Findings) -> None:
    address = attribute(part, "href")
    if is_outside(address):
        found.link(address, scene)
    elif address and scene.page:
        found.pages.setdefault(address.removeprefix("./"), scene.page)
    data = _inline_data(part, scene, found)
    if data:
        name = f"picture{len(found.images) + 1}"
        found.images.append((data, name, Location(part="image", page=scene.page)))


def _object(part: etree._Element, scene: Scene, found: Findings) -> None:
    address = attribute(part, "href")
    if is_outside(address):
        found.link(address, scene)
    elif address and scene.page:
        found.pages.setdefault(address.removeprefix("./"), scene.page)
    where = Location(part="attachment", page=scene.page)
    number = len(found.embedded) + 1
    for inner in part:
        if local(inner) in {"document", "math"}:
            data = etree.tostring(inner, encoding="utf-8", xml_declaration=True)
            found.embedded.append(Embedded(f"对象{number}.xml", data, where))
    inline = _inline_data(part, scene, found)
    if inline:
        found.embedded.append(Embedded(f"对象{number}", inline, where))


def _inline_data(part: etree._Element, scene: Scene, found: Findings) -> bytes | None:
    """Return the bytes that a flat file carries in place of a part."""
    for inner in part:
        if local(inner) == "binary-data":
            try:
                return base64.b64decode(inner.text or "")
            except ValueError:
                message = "内嵌的图片或对象已损坏，未能读取。"
                where = replace(scene.where(), part="image")
                found.gaps.append(Gap(where, "unreadable_part", message))
    return None
