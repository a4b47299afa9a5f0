"""Number formats of a workbook: what they add to a value, mask or do not show."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Final

_DATE_MARKS: Final = ("yy", "mm", "dd", "d", "h:", "ss")
_DIGITS: Final = "0#?"
_MOST_MARKS: Final = 20
_SECTIONS: Final = 4
_TWO: Final = 2
_LONGEST_NUMBER: Final = 9
_COMPARE: Final = {
    "<=": le,
    ">=": ge,
    "<>": ne,
    "=": eq,
    "<": lt,
    ">": gt,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a format code; `value` tells that the value itself is shown."""

    before: str
    after: str
    value: bool
    condition: str = ""
    text: bool = False

    def shown(self, text: str) -> str:
        """Return what stands in the cell for a value."""
        return f"{self.before}{text if self.value else ''}{self.after}".strip()


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format code that shows other things than the value as it stands."""

    sections: tuple[Section, ...]

    def shown(self, text: str, number: Decimal | None) -> str:
        """Return what a reader sees of a value; empty where nothing is shown."""
        if number is None:
            return self._text_section().shown(text)
        section, signed = self._number_section(number)
        if not signed and text.startswith("-") and len(self.sections) > 1:
            text = text[1:]
        return section.shown(text)

    def _text_section(self) -> Section:
        last = self.sections[-1]
        if len(self.sections) == _SECTIONS or last.text:
            return last
        return Section("", "", value=True)

    def _number_section(self, number: Decimal) -> tuple[Section, bool]:
        """Return the section that counts, and whether it shows the sign."""
        sections = self.sections[:3]
        conditional = [one for one in sections if one.condition]
        if conditional:
            for one in conditional:
                if _holds(one.condition, number):
                    return one, True
            rest = [one for one in sections if not one.condition]
            return (rest[0] if rest else sections[-1]), True
        if number < 0 and len(sections) >= _TWO:
            return sections[1], False
        if number == 0 and len(sections) > _TWO:
            return sections[2], True
        return sections[0], True


def whole(text: str | None, otherwise: int = 0) -> int:
    """Return a number of an attribute; `otherwise` where it is none."""
    if text and len(text) <= _LONGEST_NUMBER and text.isascii() and text.isdigit():
        return int(text)
    return otherwise


def number_format(code: str) -> NumberFormat | None:
    """Return a format that adds, masks or hides text; `None` for any other."""
    if not any(mark in code for mark in '";\\[*') or code.count(";") > _MOST_MARKS:
        return None
    sections = tuple(_section(one) for one in _split(code))
    if is_date(code):
        return None
    odd = any(_says(one) or not one.value for one in sections)
    return NumberFormat(sections) if odd else None


def is_date(code: str) -> bool:
    """Tell whether a format code shows a date or a time."""
    first = next(iter(_split(code)), "")
    plain = "".join(text for kind, text in _tokens(first) if kind == "plain").lower()
    return "general" not in plain and any(mark in plain for mark in _DATE_MARKS)


def _says(section: Section) -> bool:
    """Tell whether a section adds words, not only signs such as a currency's."""
    return any(c.isalpha() for c in section.before + section.after)


def _section(code: str) -> Section:
    before, after, condition, seen, for_text = "", "", "", False, False
    for kind, text in _tokens(code):
        if kind == "bracket":
            condition = text if text[:1] in "<>=" and text else condition
            literal = text[1:].partition("-")[0] if text.startswith("$") else ""
        elif kind == "literal":
            literal = text
        else:
            literal = ""
            low = text.lower()
            for_text = for_text or "@" in low
            seen = (
                seen or for_text or "general" in low or any(c in low for c in _DIGITS)
            )
        if seen:
            after += literal
        else:
            before += literal
    return Section(before, after, seen, condition, for_text)


def _split(code: str) -> list[str]:
    """Return the sections of a code, at semicolons that stand outside quotes."""
    sections = [""]
    for kind, text in _tokens(code, keep=True):
        if kind == "plain":
            head, *rest = text.split(";")
            sections[-1] += head
            sections.extend(rest)
        else:
            sections[-1] += text
    return sections


def _tokens(code: str, *, keep: bool = False) -> Iterator[tuple[str, str]]:
    """Yield literals, bracketed parts and plain stretches; `keep` leaves the marks."""
    at, plain = 0, ""
    while at < len(code):
        letter = code[at]
        if letter not in '"[\\_*':
            plain += letter
            at += 1
            continue
        if plain:
            yield "plain", plain
            plain = ""
        kind, text, end = _marked(code, at)
        yield kind, code[at:end] if keep else text
        at = end
    if plain:
        yield "plain", plain


def _marked(code: str, at: int) -> tuple[str, str, int]:
    """Return kind, text and end of the quoted, bracketed or escaped part at `at`."""
    letter = code[at]
    if letter in '"[':
        close = code.find('"' if letter == '"' else "]", at + 1)
        close = len(code) if close < 0 else close
        kind = "literal" if letter == '"' else "bracket"
        return kind, code[at + 1 : close], close + 1
    following = code[at + 1 : at + 2]
    if letter == "_":
        return "literal", "", at + 2
    return "literal", following * 3 if letter == "*" else following, at + 2


def _holds(condition: str, number: Decimal) -> bool:
    for sign, compare in _COMPARE.items():
        if condition.startswith(sign):
            try:
                bound = Decimal(condition.removeprefix(sign).strip())
            except ArithmeticError:
                return False
            return bool(compare(number, bound)) if bound.is_finite() else False
    return False
