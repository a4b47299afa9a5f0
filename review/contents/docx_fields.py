"""Fields of Word: what is code, what is result, and where a HYPERLINK leads."""

from dataclasses import dataclass, field
from typing import Final

import regex
from lxml import etree

from review.contents import address
from review.extract.word.styles import W

_HYPERLINK: Final = regex.compile(r"\s*HYPERLINK\b", regex.I)
_WORDS: Final = regex.compile(r"\"((?:[^\"\\]|\\.)*)\"|(\\[a-zA-Z])|(\S+)")


@dataclass(slots=True)
class _Field:
    """A field whose end has not been met."""

    code: str = ""
    in_code: bool = True
    link: str = ""


@dataclass(slots=True)
class Fields:
    """The open fields of a story; a field may span paragraphs."""

    stack: list[_Field] = field(default_factory=list)

    @property
    def in_code(self) -> bool:
        """Tell whether the text at hand is a field's code, not its result."""
        return any(entry.in_code for entry in self.stack)

    @property
    def link(self) -> str:
        """Return where the innermost link field leads, empty for nowhere."""
        return next((entry.link for entry in reversed(self.stack) if entry.link), "")

    def code(self, text: str) -> None:
        """Add to the code of the field at hand."""
        if self.stack:
            self.stack[-1].code += text

    def mark(self, element: etree._Element) -> None:
        """Begin, divide or end a field."""
        kind = element.get(f"{W}fldCharType")
        if kind == "begin":
            self.stack.append(_Field())
        elif self.stack and kind == "separate":
            self.stack[-1].in_code = False
            self.stack[-1].link = link_of(self.stack[-1].code)
        elif self.stack and kind == "end":
            self.stack.pop()


def link_of(code: str) -> str:
    """Return where a HYPERLINK code leads; empty for places in this document."""
    if not (start := _HYPERLINK.match(code)):
        return ""
    target, anchor, expects = "", "", ""
    for quoted, switch, bare in _WORDS.findall(code[start.end() :]):
        word = (quoted or bare).replace('\\"', '"').replace("\\\\", "\\")
        if switch:
            expects = switch.lower() if switch.lower() in {"\\l", "\\o", "\\t"} else ""
        elif expects:
            anchor = word if expects == "\\l" else anchor
            expects = ""
        elif not target:
            target = word
    if not target:
        return ""
    return address.canonical(f"{target}#{anchor}" if anchor else target)
