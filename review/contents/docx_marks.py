"""What Word styles say of a run's marks and of a paragraph's list."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from review.contents.flow import Style
from review.extract.word.styles import W, child, is_on, value

_RAISED: Final = {"superscript": "sup", "subscript": "sub", "baseline": ""}


@dataclass(frozen=True, slots=True)
class Marks:
    """What one place says of marks and lists; `None` means: as below it."""

    raised: str | None = None
    strike: bool | None = None
    list_number: str | None = None
    list_level: int | None = None
    based_on: str | None = None

    def over(self, below: "Marks") -> "Marks":
        """Return these settings, filled up with those below."""
        return Marks(
            below.raised if self.raised is None else self.raised,
            below.strike if self.strike is None else self.strike,
            below.list_number if self.list_number is None else self.list_number,
            below.list_level if self.list_level is None else self.list_level,
        )


@dataclass(slots=True)
class MarkStyles:
    """The marks of every style by its id."""

    by_id: dict[str, Marks] = field(default_factory=dict)

    def read(self, root: etree._Element) -> None:
        """Read `word/styles.xml`."""
        for element in root.iter(f"{W}style"):
            own = marks_of(child(element, "rPr"), child(element, "pPr"))
            based_on = value(child(element, "basedOn"))
            self.by_id[element.get(f"{W}styleId") or ""] = Marks(
                own.raised, own.strike, own.list_number, own.list_level, based_on
            )

    def of(self, style_id: str | None) -> Marks:
        """Return what a style says, those that it is based on included."""
        found, seen = Marks(), set[str]()
        while style_id and style_id in self.by_id and style_id not in seen:
            seen.add(style_id)
            found = found.over(self.by_id[style_id])
            style_id = self.by_id[style_id].based_on
        return found

    def paragraph(self, paragraph: etree._Element) -> Marks:
        """Return what holds for a paragraph, by itself and by its style."""
        properties = child(paragraph, "pPr")
        styled = self.of(value(child(properties, "pStyle")))
        return marks_of(None, properties).over(styled)

    def run(self, run: etree._Element, paragraph: Marks, link: str) -> Style:
        """Return the style of a run's characters."""
        properties = child(run, "rPr")
        named = self.of(value(child(properties, "rStyle")))
        found = marks_of(properties, None).over(named).over(paragraph)
        style = Style(link)
        if found.raised == "sup":
            style = style.marked("sup")
        elif found.raised == "sub":
            style = style.marked("sub")
        return style.marked("strike") if found.strike else style


def marks_of(run: etree._Element | None, paragraph: etree._Element | None) -> Marks:
    """Return what run and paragraph properties say by themselves."""
    lines = [child(run, name) for name in ("strike", "dstrike")]
    given = [line for line in lines if line is not None]
    numbers = child(paragraph, "numPr")
    level = value(child(numbers, "ilvl"))
    return Marks(
        raised=_RAISED.get(value(child(run, "vertAlign")) or "none"),
        strike=any(is_on(line) for line in given) if given else None,
        list_number=value(child(numbers, "numId")),
        list_level=int(level) if level and level.isdigit() else None,
    )
