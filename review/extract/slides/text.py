"""The text of a shape, paragraph by paragraph, what nobody can see kept apart."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.extract.ooxml.drawingml import A, Fill, Theme, alike, is_faint, is_pale
from review.extract.ooxml.ooxml import below, chosen, local

_TINY: Final = 200  # hundredths of a point
_LEVELS: Final = frozenset("012345678")
_BULLETS: Final = ("buChar", "buAutoNum", "buBlip")


@dataclass(slots=True)
class Paragraph:
    """One paragraph: what is seen, and pieces that are not with the reason."""

    item: bool = False
    pieces: list[str] = field(default_factory=list)
    hidden: list[tuple[list[str], str]] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what is seen of it."""
        return "".join(self.pieces).strip()

    @property
    def unseen(self) -> list[tuple[str, str]]:
        """Return what is not, each stretch with the reason."""
        joined = [("".join(pieces).strip(), why) for pieces, why in self.hidden]
        return [(text, why) for text, why in joined if text]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a text stands on."""

    theme: Theme
    fill: Fill = "unknown"


def paragraphs_of(body: etree._Element, ground: Ground) -> list[Paragraph]:
    """Read every paragraph of a `txBody`."""
    levels = below(body, f"{A}lstStyle")
    found = []
    for element in body.iter(f"{A}p"):
        paragraph = _read(element, ground, levels)
        if paragraph.pieces or paragraph.hidden or paragraph.tips:
            found.append(paragraph)
    return found


def _read(
    element: etree._Element, ground: Ground, levels: etree._Element | None
) -> Paragraph:
    paragraph = Paragraph()
    properties = below(element, f"{A}pPr")
    level = "0" if properties is None else properties.get("lvl") or "0"
    number = int(level) + 1 if level in _LEVELS else 1
    style = below(levels, f"{A}lvl{number}pPr", f"{A}defRPr")
    if properties is not None:
        paragraph.item = any(local(part) in _BULLETS for part in properties)
    for part in element:
        _part(paragraph, part, ground, style)
    return paragraph


def _part(
    paragraph: Paragraph,
    part: etree._Element,
    ground: Ground,
    style: etree._Element | None,
) -> None:
    name = local(part)
    if name == "br":
        paragraph.pieces.append("\n")
    elif name in {"r", "fld"}:
        _run(paragraph, part, ground, style)
    elif name == "AlternateContent":
        for below in chosen(part):
            _part(paragraph, below, ground, style)
    elif name and name not in {"pPr", "endParaRPr"}:
        # Formulas keep their text in runs of their own.
        paragraph.pieces.extend(one.text or "" for one in part.iter("{*}t"))


def _run(
    paragraph: Paragraph,
    run: etree._Element,
    ground: Ground,
    style: etree._Element | None,
) -> None:
    properties = below(run, f"{A}rPr")
    text = "".join(one.text or "" for one in run.iter(f"{A}t"))
    why = _unseen(properties, style, ground)
    if why is None:
        paragraph.pieces.append(text)
    elif paragraph.hidden and paragraph.hidden[-1][1] == why:
        paragraph.hidden[-1][0].append(text)
    else:
        paragraph.hidden.append(([text], why))
    for link in () if properties is None else properties.iter("{*}hlinkClick"):
        if tip := (link.get("tooltip") or "").strip():
            paragraph.tips.append(tip)


def _unseen(
    properties: etree._Element | None, style: etree._Element | None, ground: Ground
) -> str | None:
    """Say in Chinese why nobody sees a run; `None` for one that is seen."""
    own = [one for one in (properties, style) if one is not None]
    size = next((s for one in own if (s := one.get("sz"))), "")
    if size.isascii() and size.isdigit() and int(size[:9]) <= _TINY:
        return "极小字号"
    for one in own:
        if below(one, f"{A}noFill") is not None:
            return None if _outlined(one) else "无填充的文字"
        fill = below(one, f"{A}solidFill")
        if fill is not None:
            return _coloured(fill, ground)
    return None


def _coloured(fill: etree._Element, ground: Ground) -> str | None:
    """Say why nobody sees a text of this colour on its ground."""
    if is_faint(fill):
        return "透明文字"
    colour = ground.theme.colour(fill)
    if not alike(colour, ground.fill):
        return None
    return "白色文字" if is_pale(colour) else "与底色相同的文字"


def _outlined(properties: etree._Element) -> bool:
    line = properties.find(f"{A}ln")
    return line is not None and line.find(f"{A}noFill") is None and len(line) > 0
