"""Words inside formulas, headers and attributes of a workbook."""

import re
from typing import Final

_HEADER_CODES: Final = (
    r"&(?:\"[^\"]*\"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[BIUESXYPNDTGFAZ&])"
)
_LITERAL: Final = r"\"((?:[^\"]|\"\")*)\""
_SHORTEST_WORD: Final = 2
_DULL_FORMATS: Final = r"[0#,.%ymdhs:/\- 年月日时分秒]*"


def header_text(raw: str) -> str:
    """Return a header or footer without its codes; a tab between its thirds."""
    text = re.sub(_HEADER_CODES, "", raw)
    return re.sub(r"&[LCR]", "\t", text).strip()


def literals(formula: str) -> tuple[str, ...]:
    """Return the strings that a formula carries, without those that only format."""
    if '"' not in formula:
        return ()
    found = (text.replace('""', '"').strip() for text in re.findall(_LITERAL, formula))
    return tuple(
        dict.fromkeys(
            text
            for text in found
            if len(text) >= _SHORTEST_WORD and re.fullmatch(_DULL_FORMATS, text) is None
        )
    )
