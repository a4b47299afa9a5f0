"""What OFD pages draw with: pictures, colours, drawing parameters, composite units."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.extract.ofd.parts import Finds, child, children, folder_of
from review.extract.ofd.space import number, numbers
from review.extract.ooxml.ooxml import local

# Red, green, blue from 0 to 1, and how opaque it is.
_DEPTH: Final = 8
_NOTHING: Final = 0.04
_KINDS: Final = {1: "GRAY", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True, slots=True)
class Colour:
    """A plain colour, each part from 0 to 1."""

    red: float = 0.0
    green: float = 0.0
    blue: float = 0.0
    alpha: float = 1.0

    @property
    def invisible(self) -> bool:
        """Tell whether it is so transparent that nothing shows."""
        return self.alpha <= _NOTHING

    def near(self, other: "Colour") -> bool:
        """Tell whether nobody sees one on the other."""
        return (
            max(
                abs(self.red - other.red),
                abs(self.green - other.green),
                abs(self.blue - other.blue),
            )
            < 0.07  # noqa: PLR2004 - 18 of 255: paler than any printed grey
        )


BLACK: Final = Colour()
WHITE: Final = Colour(1.0, 1.0, 1.0)


@dataclass(slots=True)
class Resources:
    """The resources of one document by their number."""

    finds: Finds
    media: dict[str, tuple[str, str]] = field(default_factory=dict)
    units: dict[str, etree._Element] = field(default_factory=dict)
    parameters: dict[str, etree._Element] = field(default_factory=dict)
    spaces: dict[str, etree._Element] = field(default_factory=dict)
    _loaded: set[str] = field(default_factory=set)

    def load(self, reference: str, *folders: str) -> None:
        """Add the resources of one part, once."""
        found = self.finds.parts.find(reference, *folders)
        if found is not None and found in self._loaded:
            return
        opened = self.finds.root(reference, "资源部件", *folders)
        if opened is None:
            return
        name, root = opened
        self._loaded.add(name)
        base = root.get("BaseLoc") or ""
        for element in root.iter("{*}*"):
            self._take(element, name, base)

    def _take(self, element: etree._Element, name: str, base: str) -> None:
        kind, number_ = local(element), element.get("ID") or ""
        if kind == "MultiMedia":
            raw = child(element, "MediaFile")
            reference = (raw.text or "").strip() if raw is not None else ""
            folder = folder_of(name)
            found = self.finds.parts.find(reference, f"{folder}/{base}", base, folder)
            self.media[number_] = (found or "", reference)
            if (element.get("Type") or "Image") != "Image" and found:
                self.finds.miss(f"多媒体文件 {reference} 未能检查，请人工查看。")
        elif kind == "CompositeGraphicUnit":
            self.units[number_] = element
        elif kind == "DrawParam":
            self.parameters[number_] = element
        elif kind == "ColorSpace":
            self.spaces[number_] = element
        elif kind == "FontFile":
            raw_font = (element.text or "").strip()
            folder = folder_of(name)
            font = self.finds.parts.find(raw_font, f"{folder}/{base}", base, folder)
            if font is not None:
                self.finds.parts.used.add(font)

    def colour(
        self, owner: etree._Element, kind: str, parameter: str | None
    ) -> Colour | None:
        """Return the colour an object is drawn with; `None` where it is no plain one.

        `kind` is `FillColor` or `StrokeColor`; a drawing parameter may stand in.
        """
        element = child(owner, kind)
        seen: set[str] = set()
        following = owner.get("DrawParam") or parameter
        while element is None and following and following not in seen:
            seen.add(following)
            holder = self.parameters.get(following)
            element = child(holder, kind)
            following = None if holder is None else holder.get("Relative")
        return BLACK if element is None else self._colour(element)

    def _colour(self, element: etree._Element) -> Colour | None:
        if len(element) and children(
            element, "Pattern", "AxialShd", "RadialShd", "GouraudShd", "LaGouraudShd"
        ):
            return None
        space = self.spaces.get(element.get("ColorSpace") or "")
        raw = element.get("Value")
        if raw is None and space is not None:
            raw = _from_palette(space, element.get("Index"))
        alpha = number(element.get("Alpha"), 255.0) / 255.0
        parts = _values(raw, space)
        kind = _KINDS.get(len(parts))
        if kind == "GRAY":
            return Colour(parts[0], parts[0], parts[0], alpha)
        if kind == "RGB":
            return Colour(parts[0], parts[1], parts[2], alpha)
        if kind == "CMYK":
            key = 1.0 - parts[3]
            red, green, blue = ((1.0 - part) * key for part in parts[:3])
            return Colour(red, green, blue, alpha)
        return Colour(alpha=alpha)


def _values(raw: str | None, space: etree._Element | None) -> tuple[float, ...]:
    bits = number(None if space is None else space.get("BitsPerComponent"), _DEPTH)
    full = 2 ** max(1, min(int(bits), 16)) - 1
    found = []
    for word in (raw or "").split():
        if word.startswith("#"):
            try:
                value = float(int(word[1:], 16))
            except ValueError:
                return ()
        elif not (plain := numbers(word)):
            return ()
        else:
            value = plain[0]
        found.append(min(max(value / full, 0.0), 1.0))
    return tuple(found)


def _from_palette(space: etree._Element, index: str | None) -> str | None:
    values = children(child(space, "Palette"), "CV")
    at = int(number(index, -1))
    return values[at].text if 0 <= at < len(values) else None
