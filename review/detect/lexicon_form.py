"""Makes a rule of what somebody typed into a form, a text a field.

It is read as one row of the spreadsheet, by the same columns: what is good there is
good here, and what is wrong is said in the same words, at the field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from review.detect.lexicon import Lexicon
from review.detect.lexicon_columns import BY_FIELD, COLUMNS, EXAMPLE_MARK
from review.detect.lexicon_import import ImportedRule, rules_of
from review.detect.lexicon_sheet import Cell, Row, Sheet
from review.errors import RuleFormError

_WRONG: Final = "规则还有写得不对的地方，请按各项提示改正；什么也没有提出。"
_CLAUSE: Final = "clause"


@dataclass(frozen=True, slots=True)
class Typed:
    """The texts by field, as the spreadsheet's columns name them, and the day."""

    texts: tuple[tuple[str, str], ...]
    day: str


def typed(texts: Mapping[str, str], *, day: str) -> Typed:
    """Keep what somebody typed on that day, fields that there are and no others."""
    known = {field: text for field, text in texts.items() if field in BY_FIELD}
    return Typed(tuple(sorted(known.items())), day)


def read_form(form: Typed, known: Lexicon) -> ImportedRule:
    """Return the rule that was typed.

    Raises:
        RuleFormError: A field is wrong; all of them are named.
    """
    texts = dict(form.texts)
    # Each cell's place is its field, so that every problem says to which it belongs.
    cells = {
        one.field: Cell(one.field, texts.get(one.field, "").strip()) for one in COLUMNS
    }
    if cells[_CLAUSE].text.startswith(EXAMPLE_MARK):
        raise RuleFormError(_WRONG, ((_CLAUSE, "写法不对，应像 001:12(15)"),))
    sheet = Sheet(
        name="",
        saved=form.day,
        columns={one.field: one.field for one in COLUMNS},
        rows=(Row(1, cells),),
        problems=(),
    )
    found = rules_of(sheet, known, frozenset())
    if found.problems:
        raise RuleFormError(
            _WRONG, tuple((one.place, one.message) for one in found.problems)
        )
    return found.rules[0]
