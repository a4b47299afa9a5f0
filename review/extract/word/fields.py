"""Fields of a Word text: their codes, and what some of them show by the code alone."""

import re
from dataclasses import dataclass, field
from typing import Final

_TRIVIAL: Final = frozenset(
    [
        "PAGE",
        "NUMPAGES",
        "SECTIONPAGES",
        "PAGEREF",
        "REF",
        "TOC",
        "SEQ",
        "STYLEREF",
        "DATE",
        "TIME",
        "CREATEDATE",
        "SAVEDATE",
        "PRINTDATE",
        "FORMTEXT",
        "FORMCHECKBOX",
        "FORMDROPDOWN",
        "NOTEREF",
        "SECTION",
        "LISTNUM",
        "AUTONUM",
        "SYMBOL",
        "ADVANCE",
        "SHAPE",
        "BIDIOUTLINE",
        "INDEX",
    ]
)
_OUTSIDE: Final = frozenset(
    ["INCLUDETEXT", "INCLUDEPICTURE", "IMPORT", "INCLUDE", "LINK", "DDE", "DDEAUTO"]
) | {"DATABASE", "RD"}
# Longer codes are no formulas that a person wrote.
_LONGEST: Final = 2_000
_GENERAL: Final = r"\\\*\s*(?:\"[^\"]*\"|\S+)"
_SWITCH: Final = r"\\[a-zA-Z]+\s*\d*"
# What is drawn around a character.
_RINGS: Final = frozenset("○□△◇")


@dataclass(slots=True)
class _Field:
    """A field whose end has not been met."""

    code: list[str] = field(default_factory=list)
    in_code: bool = True


@dataclass(slots=True)
class Fields:
    """The open fields of a story; a field may span paragraphs."""

    stack: list[_Field] = field(default_factory=list)
    _codes_open: int = 0

    @property
    def in_code(self) -> bool:
        """Tell whether the text at hand is a field's code, not its result."""
        return self._codes_open > 0

    def begin(self) -> None:
        """Open a field: its code comes first."""
        self.stack.append(_Field())
        self._codes_open += 1

    def separate(self) -> None:
        """Go over to the result of the innermost field."""
        if self.stack and self.stack[-1].in_code:
            self.stack[-1].in_code = False
            self._codes_open -= 1

    def end(self) -> tuple[str, str]:
        """Close the innermost field; return its code and what that alone shows."""
        has_result = bool(self.stack) and not self.stack[-1].in_code
        self.separate()
        code = "".join(self.stack.pop().code) if self.stack else ""
        return code, "" if has_result else shown_by(code)


def is_trivial(code: str) -> bool:
    """Tell a field that discloses nothing beside its result."""
    words = code.split(None, 1)
    return not words or words[0].upper() in _TRIVIAL


def is_outside(code: str) -> bool:
    """Tell a field whose result comes from another file."""
    words = code.split(None, 1)
    return bool(words) and words[0].upper() in _OUTSIDE


def shown_by(code: str) -> str:
    """Return what a formula (EQ) shows: Chinese drafts ring characters with it."""
    words = code.split(None, 1)
    if len(code) > _LONGEST or len(words) < 2 or words[0].upper() != "EQ":  # noqa: PLR2004 - name and formula
        return ""
    head, _, rest = re.sub(_GENERAL, " ", words[1]).partition("(")
    parts = [_plain(one) for one in _arguments(rest.rpartition(")")[0])]
    shown = [one for one in parts if one]
    if "\\o" not in head.lower():
        return " ".join(shown)
    # One over another: guides and rings come first, the character itself last.
    letters = [one for one in shown if one not in _RINGS]
    return letters[-1] if letters else ""


def _arguments(text: str) -> list[str]:
    """Split at the commas that stand in no inner bracket."""
    found, depth, start = [], 0, 0
    for at, sign in enumerate(text):
        if sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign in ",;" and not depth:
            found.append(text[start:at])
            start = at + 1
    return [*found, text[start:]]


def _plain(argument: str) -> str:
    return re.sub(_SWITCH, "", argument).replace("(", "").replace(")", "").strip()
