"""The numbers that Word writes before paragraphs by itself: 一、, （二）, 3.1."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import regex
from lxml import etree

from review.contents import numerals
from review.extract.word.styles import W, child, value

_COUNTS: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": numerals.padded,
    "upperRoman": lambda n: numerals.roman(n).upper(),
    "lowerRoman": numerals.roman,
    "upperLetter": lambda n: numerals.repeated_letters(n).upper(),
    "lowerLetter": numerals.repeated_letters,
    "chineseCounting": numerals.chinese,
    "chineseCountingThousand": numerals.chinese,
    "japaneseCounting": numerals.chinese,
    "taiwaneseCounting": numerals.chinese,
    "taiwaneseCountingThousand": numerals.chinese,
    "ideographDigital": numerals.chinese,
    "chineseLegalSimplified": numerals.legal,
    "ideographLegalTraditional": numerals.legal,
    "ideographTraditional": numerals.stems,
    "ideographZodiac": numerals.branches,
    "decimalEnclosedCircle": numerals.circled,
    "decimalEnclosedCircleChinese": numerals.circled,
}
_UNSEEN: Final = frozenset({"bullet", "none"})
_LEVELS: Final = 9
_PLACE: Final = regex.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list counts, and what it writes around the number."""

    start: int = 1
    kind: str = "decimal"
    text: str = ""
    digits_only: bool = False


@dataclass(slots=True)
class Numbering:
    """All lists of a document, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)
    _restarts: dict[str, dict[int, int]] = field(default_factory=dict)

    def read(self, root: etree._Element) -> None:
        """Read `word/numbering.xml`."""
        abstract = {
            one.get(f"{W}abstractNumId") or "": _levels(one)
            for one in root.iter(f"{W}abstractNum")
        }
        for one in root.iter(f"{W}num"):
            number = one.get(f"{W}numId") or ""
            source = value(child(one, "abstractNumId")) or ""
            self.abstract_of[number] = source
            self.levels[number] = dict(abstract.get(source, {}))
            for change in one.iter(f"{W}lvlOverride"):
                self._override(number, change)

    def _override(self, number: str, change: etree._Element) -> None:
        level = _integer(change.get(f"{W}ilvl"), 0)
        if (own := child(change, "lvl")) is not None:
            self.levels[number][level] = _level(own)
        if (start := child(change, "startOverride")) is not None:
            restarts = self._restarts.setdefault(number, {})
            restarts[level] = _integer(value(start), 1)

    def take(self, number: str, level: int) -> str:
        """Return what stands before the next paragraph of this list and level."""
        levels = self.levels.get(number)
        if levels is None or level not in levels:
            return ""
        counts = self._counts.setdefault(self.abstract_of[number], {})
        first = (number, level) not in self._begun
        self._begun.add((number, level))
        restart = self._restarts.get(number, {}).get(level)
        if first and restart is not None:
            counts[level] = restart
        else:
            counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        own = levels[level]
        if own.kind in _UNSEEN:
            # A bullet only decorates; a level without numbers may still say 附件.
            return own.text if own.kind == "none" and "%" not in own.text else ""
        return _PLACE.sub(
            lambda found: _written(levels, counts, int(found[1]) - 1, own), own.text
        )


def _written(
    levels: dict[int, Level], counts: dict[int, int], at: int, own: Level
) -> str:
    level = levels.get(at, Level())
    number = counts.get(at, level.start)
    if own.digits_only or level.kind not in _COUNTS:
        return "" if level.kind in _UNSEEN else str(number)
    return _COUNTS[level.kind](number)


def _levels(abstract: etree._Element) -> dict[int, Level]:
    found = abstract.iterchildren(f"{W}lvl")
    return {_integer(one.get(f"{W}ilvl"), 0): _level(one) for one in found}


def _level(element: etree._Element) -> Level:
    return Level(
        start=_integer(value(child(element, "start")), 1),
        kind=value(child(element, "numFmt")) or "decimal",
        text=value(child(element, "lvlText")) or "",
        digits_only=child(element, "isLgl") is not None,
    )


def _integer(raw: str | None, default: int) -> int:
    text = (raw or "").strip()
    if text.isascii() and text.isdigit() and len(text) < _LEVELS:
        return int(text)
    return default
